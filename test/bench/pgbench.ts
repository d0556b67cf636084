import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { Client } from 'pg';

import { findProgram, PGBENCH } from '../support/programs.ts';
import { temporaryFolder } from '../support/run-folder.ts';
import { device, DEVICE_PREFIX, type Stage } from './stage.ts';

const run = promisify(execFile);

type Marked = { readonly time: number } | { readonly value: unknown };

interface RecordedStatement {
  readonly text: string;
  readonly values: readonly Marked[];
}

export interface PgbenchResult {
  readonly perSecond: number;
  /** Of one transaction, in milliseconds. */
  readonly latency: number;
}

/** Ids and secrets made for one press, and the key it came from: each has to be another one each time. */
const MADE_FOR_ONE =
  /[0-9a-f]{64}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?<![\w-])[\w-]{43}(?![\w-])/g;
const TOKEN_HASH = `encode(sha256(convert_to('${DEVICE_PREFIX}' || :n::text, 'UTF8')), 'hex')`;

/**
 * What PostgreSQL itself can do with the very statements of a press, as pgbench makes it do them: prepared, in one round
 * trip, for random keys. Only the values that belong to one press are made by expressions.
 */
export class Pgbench {
  private readonly url: string;
  private readonly script: string;

  static async of(stage: Stage, devices: number): Promise<Pgbench> {
    const recorded = await recordPress(stage);
    const statements = await Promise.all(recorded.map((one) => asScript(one, stage, recorded)));
    const script = join(await temporaryFolder('pgbench'), 'press.sql');
    const lines = [
      `\\set n random(0, ${devices - 1})`,
      '\\set id random(1, 9000000000000000000)',
      '\\startpipeline',
      ...statements.map((text) => `${text.replace(/\s+/g, ' ').trim()};`),
      '\\endpipeline',
    ];
    await writeFile(script, `${lines.join('\n')}\n`);
    return new Pgbench(stage.databaseUrl, script);
  }

  private constructor(url: string, script: string) {
    this.url = url;
    this.script = script;
  }

  async run(clients: number, seconds: number): Promise<PgbenchResult> {
    const options = ['-n', '-M', 'prepared', '-c', String(clients), '-j', '1', '-T', String(seconds)];
    const { stdout } = await run(await findProgram(PGBENCH), [...options, '-f', this.script, this.url]);
    const failed = Number(/failed transactions: (\d+)/.exec(stdout)?.[1] ?? 0);
    if (failed > 0) throw new Error(`pgbench: ${failed} transactions failed.\n${stdout}`);
    return {
      perSecond: Number(/tps = ([\d.]+)/.exec(stdout)?.[1]),
      latency: Number(/latency average = ([\d.]+) ms/.exec(stdout)?.[1]),
    };
  }
}

async function recordPress(stage: Stage): Promise<RecordedStatement[]> {
  const { stdout } = await run(process.execPath, [new URL('./recorded-press.ts', import.meta.url).pathname], {
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: stage.databaseUrl,
      RATE_LIMIT_PER_MINUTE: '10000',
      BENCH_KEY: device(0),
    },
    maxBuffer: 16 * 1024 * 1024,
  });
  return JSON.parse(stdout) as RecordedStatement[];
}

/** The statement with an expression in place of each parameter, of the type PostgreSQL gives it. */
async function asScript(
  { text, values }: RecordedStatement,
  stage: Stage,
  all: readonly RecordedStatement[],
): Promise<string> {
  if (values.length === 0) return text;
  const types = await parameterTypes(stage, text);
  const pressedAt = Math.max(...times(all).filter((time) => time <= Date.now()));
  return text.replace(/\$(\d+)/g, (_, index: string) => {
    const value = values[Number(index) - 1];
    return `(${expression(value, pressedAt)})::${types[Number(index) - 1]}`;
  });
}

const times = (all: readonly RecordedStatement[]): number[] =>
  all.flatMap(({ values }) => values.flatMap((value) => ('time' in value ? [value.time] : [])));

function expression(marked: Marked | undefined, pressedAt: number): string {
  if (marked === undefined) throw new Error('A parameter has no value.');
  if ('time' in marked) return `now() + interval '${marked.time - pressedAt} ms'`;
  const { value } = marked;
  if (value === null) return 'NULL';
  if (Array.isArray(value))
    return `ARRAY[${value.map((one) => expression({ value: one }, pressedAt)).join()}]`;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const made = [...new Set(text.match(MADE_FOR_ONE) ?? [])];
  if (made.length === 1 && made[0] === text) return another(text);
  return made.reduce((sql, one) => `replace(${sql}, '${one}', ${another(one)})`, quoted(text));
}

/** The same for every place that names the same thing, and another one for each press. */
function another(one: string): string {
  if (one.length === 64) return TOKEN_HASH;
  const id = `md5(:id::text || '${one}')`;
  return one.length === 36 ? `${id}::uuid::text` : id;
}

// pgbench would take a colon before a letter for one of its variables; an escape keeps it apart.
const quoted = (text: string): string =>
  `E'${text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "''")
    .replace(/:(?=\w)/g, '\\x3a')}'`;

async function parameterTypes(stage: Stage, text: string): Promise<string[]> {
  const client = new Client({ connectionString: stage.databaseUrl });
  await client.connect();
  try {
    await client.query(`PREPARE press AS ${text}`);
    const { rows } = await client.query<{ types: string[] }>(
      `SELECT parameter_types::text[] AS types FROM pg_prepared_statements WHERE name = 'press'`,
    );
    return rows[0]?.types ?? [];
  } finally {
    await client.end();
  }
}
