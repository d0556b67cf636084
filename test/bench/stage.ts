import { readFile } from 'node:fs/promises';

import { Client } from 'pg';

import { EmbeddedPostgres } from '../../apps/standalone/embedded-postgres.ts';
import { freePort } from '../support/free-port.ts';
import { AppProcess } from '../support/processes.ts';
import { RedisServer } from '../support/redis-server.ts';
import { temporaryFolder } from '../support/run-folder.ts';
import { GatewayProcess } from './gateway-process.ts';
import { OPTIONS } from './options.ts';

export type Shape = 'PostgreSQL' | 'Redis';

export interface StageWishes {
  readonly shape: Shape;
  /** Keys that can be pressed. */
  readonly devices: number;
  /** How many webhooks each step tells, and when, in seconds after the press. */
  readonly steps: readonly { readonly afterSeconds: number; readonly targets: number }[];
}

const ADMIN_KEY = 'a key for benchmarks';
const FILL_AT_ONCE = 20_000;
/** Clock ticks of `/proc/…/stat` in a second; the same on every Linux in use. */
const TICKS = 100;

export const DEVICE_PREFIX = 'BENCH-KEY-';
/** The token of the n-th key. */
export const device = (n: number): string => `${DEVICE_PREFIX}${n}`;

/**
 * A whole broker as an operator runs it: PostgreSQL with its defaults, which writes every commit to disk, one api, one
 * worker, and a gateway. Settings are the defaults, too, but for the limit of alarms for a device and the channel's
 * concurrency.
 */
export class Stage {
  private readonly postgres: EmbeddedPostgres;
  private readonly redis: RedisServer | undefined;
  readonly gateway: GatewayProcess;
  databaseUrl = '';
  private environment: Record<string, string> = {};
  private seedUrl = '';
  private processes: { readonly name: string; readonly app: AppProcess; readonly url: string }[] = [];

  static async build(wishes: StageWishes): Promise<Stage> {
    const postgres = new EmbeddedPostgres({
      folder: await temporaryFolder('bench'),
      database: 'bench',
      user: 'broker',
      settings: {
        max_connections: '200',
        ...(OPTIONS.statements ? { shared_preload_libraries: 'pg_stat_statements' } : {}),
      },
    });
    const redis = wishes.shape === 'Redis' ? new RedisServer({ persistent: true }) : undefined;
    const stage = new Stage(postgres, redis, await GatewayProcess.start());
    await stage.prepare(wishes);
    return stage;
  }

  private constructor(postgres: EmbeddedPostgres, redis: RedisServer | undefined, gateway: GatewayProcess) {
    this.postgres = postgres;
    this.redis = redis;
    this.gateway = gateway;
  }

  private async prepare({ devices, steps }: StageWishes): Promise<void> {
    this.databaseUrl = await this.postgres.start();
    const redisUrl = await this.redis?.start();
    this.environment = {
      DATABASE_URL: this.databaseUrl,
      ADMIN_API_KEY: ADMIN_KEY,
      BASE_URL: 'http://alarm.example.org',
      LISTEN_HOST: '127.0.0.1',
      ...(OPTIONS.profile === undefined
        ? {}
        : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${OPTIONS.profile}` }),
      RATE_LIMIT_PER_MINUTE: '10000',
      WORKER_CONCURRENCY: OPTIONS.concurrency,
      WEBHOOK_ALLOWED_HOSTS: '127.0.0.1',
      ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
    };
    const migrated = await (await AppProcess.start('migrate', this.environment)).exited;
    if (migrated.code !== 0) throw new Error('The database could not be migrated.');
    const api = await this.start('api');
    this.seedUrl = `${api}/v1/admin/seed`;
    await this.load(this.seed(steps));
    await this.sql(
      `INSERT INTO devices (id, vendor, token_hash, person_id, room_id, created_at, updated_at)
       SELECT 'phone-' || n, 'yealink', encode(sha256(convert_to('${DEVICE_PREFIX}' || n, 'UTF8')), 'hex'),
              'ada', 'office', now(), now()
       FROM generate_series(0, ${devices - 1}) n`,
    );
    if (OPTIONS.statements) await this.sql('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    await this.sql('VACUUM ANALYZE devices');
  }

  private async load(seed: object): Promise<void> {
    const answer = await fetch(this.seedUrl, {
      method: 'POST',
      headers: { 'X-Admin-Key': ADMIN_KEY, 'Content-Type': 'application/json' },
      body: JSON.stringify(seed),
    });
    if (answer.status !== 200) throw new Error(`The seed was refused: ${await answer.text()}`);
  }

  private seed(steps: StageWishes['steps'], policy = 'default'): object {
    const targets = steps.flatMap(({ targets: count }, step) =>
      Array.from({ length: count }, (_, n) => ({ id: `target-${step}-${n}`, step })),
    );
    return {
      sites: [{ id: 'north', name: 'North campus' }],
      rooms: [{ id: 'office', site_id: 'north', label: 'Office 12', floor: '1' }],
      persons: [{ id: 'ada', display_name: 'Ada Lovelace', role: 'Registrar' }],
      escalation_policy: { id: policy, name: 'Campus' },
      escalation_targets: targets.map(({ id }) => ({
        id,
        label: `Desk ${id}`,
        channel: 'webhook',
        address: `${this.gateway.url}/${id}`,
      })),
      escalation_steps: steps.map(({ afterSeconds }, stepNo) => ({
        policy_id: policy,
        step_no: stepNo,
        after_seconds: afterSeconds,
        target_ids: targets.filter(({ step }) => step === stepNo).map(({ id }) => id),
      })),
    };
  }

  /** Starts an api or a worker. @returns where it answers, once it is ready. */
  async start(name: 'api' | 'worker'): Promise<string> {
    const port = await freePort();
    const own = name === 'api' ? { PORT: String(port) } : { WORKER_PORT: String(port) };
    const app = await AppProcess.start(name, { ...this.environment, ...own });
    const url = `http://127.0.0.1:${port}`;
    await app.waitForReady(`${url}/readyz`);
    this.processes.push({ name, app, url });
    return url;
  }

  /** From now on so many keys, from the n-th on, tell one webhook so many seconds after the press. */
  async later(afterSeconds: number, first: number, count: number): Promise<void> {
    await this.load(this.seed([{ afterSeconds, targets: 1 }], 'later'));
    await this.sql(
      `UPDATE devices SET escalation_policy_id = 'later'
       WHERE id IN (SELECT 'phone-' || n FROM generate_series(${first}, ${first + count - 1}) n)`,
    );
  }

  /** Alarms as years leave them behind, the numbers so and so of so many. */
  async fill(first: number, last: number, of: number): Promise<void> {
    const script = new URL('../../scripts/fill-database.mjs', import.meta.url).href;
    const { FILL } = (await import(script)) as { readonly FILL: readonly string[] };
    const client = new Client({ connectionString: this.databaseUrl });
    await client.connect();
    for (let n = first; n <= last; n += FILL_AT_ONCE)
      for (const sql of FILL) await client.query(sql, [n, Math.min(last, n + FILL_AT_ONCE - 1), of]);
    await client.query('VACUUM (ANALYZE)');
    await client.query('CHECKPOINT');
    await client.end();
  }

  /** Memory in use and processor time spent so far by the process that answers there. */
  async footprint(url: string): Promise<{ readonly megabytes: number; readonly cpuSeconds: number }> {
    const pid = this.processes.find((one) => one.url === url)?.app.pid;
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    return {
      megabytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024,
      cpuSeconds: await cpuSeconds(pid ?? 0),
    };
  }

  /** Prints what the database has been busy with since it was last asked, the dearest first; if that is wanted. */
  async statements(): Promise<void> {
    if (!OPTIONS.statements) return;
    console.table(
      await this.sql(
        `SELECT calls, round(total_exec_time)::int AS ms, round(mean_exec_time::numeric, 3)::float AS mean, rows,
                wal_bytes::bigint / 1024 AS wal_kb, left(regexp_replace(query, '\\s+', ' ', 'g'), 90) AS query
         FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT 24`,
      ),
    );
    await this.sql('SELECT pg_stat_statements_reset()');
  }

  /** Processor seconds each part of the house has used so far. */
  async cpu(): Promise<Record<string, number>> {
    const pids = await childrenOf(this.postgres.pid ?? 0);
    const database = await Promise.all([this.postgres.pid ?? 0, ...pids].map(cpuSeconds));
    const apps = await Promise.all(
      this.processes.map(async ({ app, name }) => [name, await cpuSeconds(app.pid ?? 0)] as const),
    );
    return {
      ...Object.fromEntries(apps),
      PostgreSQL: database.reduce((sum, seconds) => sum + seconds, 0),
      gateway: await cpuSeconds(this.gateway.pid),
      load: await cpuSeconds(process.pid),
    };
  }

  async sql<Row extends object>(text: string): Promise<Row[]> {
    const client = new Client({ connectionString: this.databaseUrl });
    await client.connect();
    try {
      return (await client.query<Row>(text)).rows;
    } finally {
      await client.end();
    }
  }

  /** Ends what answers there. */
  async end(url: string): Promise<void> {
    await this.processes.find((one) => one.url === url)?.app.kill('SIGTERM');
    this.processes = this.processes.filter((one) => one.url !== url);
  }

  async tearDown(): Promise<void> {
    await Promise.all(this.processes.map(({ app }) => app.kill('SIGTERM')));
    this.gateway.stop();
    await this.redis?.kill();
    await this.postgres.stop();
  }
}

/** User and system time of a process and of those of its children that have ended. */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = (await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')).split(') ')[1]?.split(' ') ?? [];
  return [11, 12, 13, 14].reduce((sum, field) => sum + Number(stat[field] ?? 0), 0) / TICKS;
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.trim().split(' ').filter(Boolean).map(Number);
}
