import { existsSync } from 'node:fs';
import { glob, mkdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

import { Client } from 'pg';

import { REDIS_CONNECTIONS_TO_WORK, settingNames } from '#platform';

import { DebianPostgres } from './support/debian-postgres.ts';
import { freePort } from './support/free-port.ts';
import { anchors, codeBlocks, inlineCode, type CodeBlock } from './support/markdown.ts';
import { AppProcess } from './support/processes.ts';
import { testRedisUrl } from './support/redis-databases.ts';
import { temporaryFolder } from './support/run-folder.ts';
import { shell } from './support/shell.ts';
import { ADMIN_KEY } from './support/world.ts';

const ROOT = join(import.meta.dirname, '..');
const PAGE = join(ROOT, 'docs/operations.md');
const read = (path: string) => readFile(join(ROOT, path), 'utf8');

/** Doors that openapi.json does not describe, because they are no affair of programs that raise alarms. */
const PUBLIC_PATHS = ['/metrics'];

/** Folders and files of the system that are named like addresses. */
const SYSTEM_PATHS = /^\/(etc|var|opt|tmp)\//;

/** Brought by parts that are being built: checked as soon as they are there, and then to be taken off here. */
const AWAITED_FILES = [
  'docker/compose.yaml',
  'docker/prometheus/alerts.yaml',
  'docs/deployment.md',
  'docs/metrics.md',
  'docs/upgrades.md',
];
const AWAITED_SETTINGS = ['RETENTION_ALARMS_DAYS', 'RETENTION_SIMULATED_DAYS', 'DATABASE_SLOW_MS'];

let page: string;
let blocks: CodeBlock[];
const textOf = (...languages: string[]) =>
  blocks.filter(({ language }) => languages.includes(language)).map(({ text }) => text);

beforeAll(async () => {
  page = await readFile(PAGE, 'utf8');
  blocks = codeBlocks(page);
});

describe('docs/operations.md names only what there is', () => {
  it('says of every block what it is', () => {
    expect([...new Set(blocks.map(({ language }) => language))].sort()).toEqual(
      ['bash', 'cron', 'ini', 'sql', 'text', 'yaml'].sort(),
    );
  });

  it('settings', () => {
    const inBlocks = textOf('ini').flatMap((text) =>
      text.split('\n').map((line) => line.split('=')[0] ?? ''),
    );
    const inText = inlineCode(page).flatMap(
      (code) => /^([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=.*)?$/.exec(code)?.[1] ?? [],
    );
    const named = new Set([...inBlocks, ...inText]);

    expect(named.size).toBeGreaterThan(10);
    const known: readonly string[] = [...settingNames(), ...AWAITED_SETTINGS];
    expect([...named].filter((name) => !known.includes(name))).toEqual([]);
  });

  it('npm scripts', async () => {
    const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> };
    const named = [...page.matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(([, name = '']) => name);

    expect(new Set(named)).toContain('doctor');
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it('commands of migrate', async () => {
    const words = [...page.matchAll(/npm run migrate -- (\S+)/g)].map(([, word = '']) => word);
    // Until there are any, migrate takes no words at all.
    const usage = existsSync(join(ROOT, 'apps/migrate/command.ts'))
      ? await read('apps/migrate/command.ts')
      : words.join(' ');

    expect(words.length).toBeGreaterThan(2);
    expect(words.filter((word) => !usage.includes(word))).toEqual([]);
  });

  it('how many connections to Redis a worker needs', () => {
    expect(page).toContain(`An api needs 3, a worker ${REDIS_CONNECTIONS_TO_WORK};`);
  });

  it('addresses, with the methods they have', async () => {
    const { paths } = JSON.parse(await read('openapi.json')) as { paths: Record<string, object> };
    const words = [
      ...inlineCode(page),
      ...textOf('bash').flatMap((text) => text.match(/localhost:\d+\S*/g) ?? []),
    ];
    const named = words.flatMap((word) => {
      const [, method = 'get', path] =
        /^(?:(GET|POST|PUT|DELETE) |localhost:\d+)?(\/[\w/{}-]+)/.exec(word) ?? [];
      return path === undefined || SYSTEM_PATHS.test(path) ? [] : [{ method: method.toLowerCase(), path }];
    });
    const isThere = ({ method, path }: { method: string; path: string }) => {
      const operations = paths[path];
      if (operations === undefined) return PUBLIC_PATHS.includes(path);
      return method === 'get' || method in operations;
    };

    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((address) => !isThere(address))).toEqual([]);
  });

  it('files, and headings in them', async () => {
    const links = [...page.matchAll(/\]\(([^)#\s]*)(?:#([^)]*))?\)/g)];
    for (const [, file = '', anchor] of links) {
      const path = file === '' ? PAGE : join(dirname(PAGE), file);
      if (AWAITED_FILES.includes(relative(ROOT, path)) && !existsSync(path)) continue;
      expect([file, existsSync(path)]).toEqual([file, true]);
      if (anchor !== undefined) expect(anchors(await readFile(path, 'utf8'))).toContain(anchor);
    }
    const mentioned = [...page.matchAll(/\b(?:docker|docs|test|dist)\/[\w/.-]+\.\w+/g)].map(([path]) => path);
    const missing = mentioned
      .map((path) => path.replace(/^dist\/(.*)\.js$/, '$1.ts'))
      .filter((path) => !existsSync(join(ROOT, path)) && !path.includes('override'));
    expect(missing.filter((path) => !AWAITED_FILES.includes(path))).toEqual([]);
  });

  it('words of the log and of answers, as they stand in the code', async () => {
    const sources: string[] = [];
    for await (const file of glob('{apps,libs}/**/*.ts', { cwd: ROOT }))
      if (!file.endsWith('.spec.ts')) sources.push(await read(file));
    const code = sources.join('\n');
    const messages = textOf('text').flatMap((text) => text.split('\n'));

    expect(messages.length).toBeGreaterThan(4);
    expect(messages.filter((message) => !code.includes(`'${message}'`))).toEqual([]);
  });

  it('a heading for every alert that sends its readers here', async () => {
    const rules = existsSync(join(ROOT, 'docker/prometheus/alerts.yaml'))
      ? await read('docker/prometheus/alerts.yaml')
      : '';
    const wanted = [...rules.matchAll(/operations\.md#([\w-]+)/g)].map(([, anchor]) => anchor);

    expect(anchors(page)).toEqual(expect.arrayContaining(wanted));
    expect(anchors(page).filter((anchor) => anchor.startsWith('alert-'))).not.toEqual([]);
  });
});

describe('docs/operations.md can be followed from top to bottom', () => {
  let postgres: DebianPostgres;
  let folder: string;
  let environment: Record<string, string>;

  /**
   * Puts our addresses in the place of those on the page. Docker and npm are only written down: what they would start
   * is tried elsewhere.
   */
  const PRELUDE = `
    curl() { local a=("\${@//localhost:8080/$API}"); command curl --fail-with-body "\${a[@]//localhost:9464/$WORKER}"; }
    redis-cli() { command redis-cli -p "$REDIS_PORT" "$@"; }
    docker() { echo "docker $*" >> "$CALLS"; }
    npm() { echo "npm $*" >> "$CALLS"; }
  `;

  beforeAll(async () => {
    [postgres, folder] = await Promise.all([
      DebianPostgres.start('shared_preload_libraries=pg_stat_statements'),
      temporaryFolder('operations'),
    ]);
    const url = await postgres.create('alarm');
    expect((await (await AppProcess.start('migrate', { DATABASE_URL: url })).exited).code).toBe(0);
    const [port, workerPort] = [String(await freePort()), String(await freePort())];
    const settings = { DATABASE_URL: url, ADMIN_API_KEY: ADMIN_KEY, DATABASE_POOL_SIZE: '5' };
    const api = await AppProcess.start('api', { ...settings, PORT: port, SIMULATION_ENABLED: 'true' });
    // In earnest, so that it has the metrics of real channels.
    const worker = await AppProcess.start('worker', { ...settings, WORKER_PORT: workerPort });
    await api.waitForReady(`http://127.0.0.1:${port}/readyz`);
    await worker.waitForReady(`http://127.0.0.1:${workerPort}/readyz`);
    const redis = new URL(await testRedisUrl({ empty: false }));
    environment = {
      ...postgres.environment,
      ADMIN_API_KEY: ADMIN_KEY,
      API: `127.0.0.1:${port}`,
      WORKER: `127.0.0.1:${workerPort}`,
      REDIS_PORT: redis.port,
      CALLS: join(folder, 'calls.log'),
    };
  });

  afterAll(async () => {
    await postgres.stop();
  });

  const follow = (lines: string) => shell(PRELUDE + lines, { cwd: folder, env: environment });

  it('every command, in the order of the page', async () => {
    for (const { text, heading } of blocks.filter(({ language }) => language === 'bash')) {
      const outcome = await follow(text).then(
        () => 'done',
        (error: Error & { stderr?: string }) => error.stderr ?? error.message,
      );
      expect([heading, text, outcome]).toEqual([heading, text, 'done']);
    }
    // The restored copy is what it was made from.
    const alarms = 'SELECT count(*)::text AS migrations FROM migrations';
    expect(await rowsOf(postgres.url('alarm_restored'), alarms)).toEqual(
      await rowsOf(postgres.url('alarm'), alarms),
    );
  }, 60_000);

  it('every statement', async () => {
    for (const text of textOf('sql'))
      expect((await rowsOf(postgres.url('alarm'), text)).length).toBeGreaterThan(0);
  });

  it('every line for cron', async () => {
    await mkdir(join(folder, 'backups'));
    await follow(`mkdir redis; touch redis/dump.rdb`);
    for (const line of textOf('cron').flatMap((text) => text.split('\n'))) {
      const [, times, user, command = ''] = /^((?:[\d*]+ ){5})(\w+) (.*)$/.exec(line) ?? [];
      expect([line, times, user]).toEqual([
        line,
        expect.any(String),
        expect.stringMatching(/^(root|postgres|alarm)$/),
      ]);
      // A percent sign ends the command unless a backslash takes that meaning away.
      expect(command).not.toMatch(/[^\\]%/);
      const here = command
        .replaceAll('\\%', '%')
        .replaceAll('/tmp/', `${folder}/`)
        .replaceAll('/var/backups/alarm-broker', `${folder}/backups`)
        .replaceAll('/var/lib/redis', `${folder}/redis`)
        .replaceAll('/opt/alarm-broker', folder);
      await follow(here);
    }
    const made: string[] = [];
    for await (const file of glob('*', { cwd: join(folder, 'backups') }))
      made.push(file.replace(/\d{8}/, 'DATE'));
    expect(made.sort()).toEqual(['alarm_DATE.dump', 'redis_DATE.rdb']);
  });

  it('every metric is in a scrape', async () => {
    const text = await follow('curl -sS localhost:8080/metrics localhost:9464/metrics');
    const scraped = new Set([...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name));
    const named = page.match(/\b(?:alarm_broker_|process_)\w+/g) ?? [];

    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !scraped.has(name))).toEqual([]);
  });

  it('every service Docker is asked about, and every script npm is asked for', async () => {
    const calls = await readFile(environment['CALLS'] ?? '', 'utf8');
    const services = [
      ...calls.matchAll(/^docker compose .*? (?:exec -T|logs|kill)(?: -\S+(?: SIG\w+)?| --\S+)* (.*)$/gm),
    ];
    const named = services
      .flatMap(([, words = '']) => words.split(' ').slice(0, 1))
      .filter((word) => /^\w+$/.test(word));
    expect(new Set(named)).toEqual(new Set(['api', 'db', 'redis']));
    if (!existsSync(join(ROOT, 'docker/compose.yaml'))) return;
    const compose = await read('docker/compose.yaml');
    for (const service of named) expect(compose).toMatch(new RegExp(`^  ${service}:$`, 'm'));
  });
});

async function rowsOf(url: string, sql: string): Promise<object[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const results: { rows: object[] } | { rows: object[] }[] = await client.query(sql);
    return Array.isArray(results) ? (results.at(-1)?.rows ?? []) : results.rows;
  } finally {
    await client.end();
  }
}
