import { readFile } from 'node:fs/promises';

import { Redis } from 'ioredis';
import { Client } from 'pg';

import { EmbeddedPostgres } from '../../apps/standalone/embedded-postgres.ts';
import { freePort } from '../support/free-port.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { AppProcess, type AppName } from '../support/processes.ts';
import { RedisServer } from '../support/redis-server.ts';
import { temporaryFolder } from '../support/run-folder.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { ADMIN_KEY, type Shape } from '../support/world.ts';

/** Seconds after the press, and whom each step tells. */
export const STEPS = [
  { stepNo: 0, afterSeconds: 0, targets: ['guard', 'control'] },
  { stepNo: 1, afterSeconds: 3, targets: ['manager'] },
  { stepNo: 2, afterSeconds: 6, targets: ['crisis'] },
] as const;

const JUMPING_CLOCK = new URL('../support/jumping-clock.mjs', import.meta.url).href;

export const device = (n: number): string => `KEY-NUMBER-${n}`;

const seed = (devices: number): object => ({
  sites: [{ id: 'town', name: 'Town' }],
  rooms: [{ id: 'room', site_id: 'town', label: 'Room' }],
  persons: [{ id: 'ada', display_name: 'Ada' }],
  devices: Array.from({ length: devices }, (_, n) => ({
    id: `phone-${n}`,
    device_token: device(n),
    person_id: 'ada',
    room_id: 'room',
  })),
  escalation_policy: { id: 'default', name: 'Town', repeat_after_seconds: 10 },
  escalation_targets: [
    { id: 'guard', label: 'Guard', channel: 'sms', address: '+49151000001' },
    { id: 'control', label: 'Control room', channel: 'webhook', address: '' },
    { id: 'manager', label: 'Manager', channel: 'sms', address: '+49151000002' },
    { id: 'crisis', label: 'Crisis team', channel: 'sms', address: '+49151000003' },
  ],
  escalation_steps: STEPS.map(({ stepNo, afterSeconds, targets }) => ({
    policy_id: 'default',
    step_no: stepNo,
    after_seconds: afterSeconds,
    target_ids: targets,
  })),
});

/** One of several processes of a kind, behind a port that stays the same when it is replaced. */
interface Post {
  readonly name: AppName;
  readonly port: number;
  process: AppProcess;
}

/**
 * A whole installation of real processes: PostgreSQL that really writes to disk, Redis with its append-only file,
 * two apis, two workers, two gateways, and the lines between them.
 */
export class Town {
  readonly posts: Record<'api' | 'worker', Post[]> = { api: [], worker: [] };
  readonly sms = new Gateway();
  readonly control = new Gateway();
  readonly redis = new RedisServer({ persistent: true });
  /** Every process that ever ran, for their logs. */
  readonly processes: AppProcess[] = [];
  private postgres: EmbeddedPostgres | undefined;
  private environment!: Record<string, string>;
  private lines: { readonly database: TcpProxy; readonly sms: TcpProxy } | undefined;
  private databaseUrl = '';
  redisUrl = '';

  static async build(shape: Shape, devices: number): Promise<Town> {
    const town = new Town();
    try {
      await town.start(shape, devices);
      return town;
    } catch (error) {
      await town.close();
      throw error;
    }
  }

  private async start(shape: Shape, devices: number): Promise<void> {
    const postgres = new EmbeddedPostgres({
      folder: await temporaryFolder('town'),
      database: 'town',
      user: 'broker',
      settings: { max_connections: '200' },
    });
    this.postgres = postgres;
    [this.databaseUrl] = await Promise.all([postgres.start(), this.sms.open(), this.control.open()]);
    if (shape === 'Redis') this.redisUrl = await this.redis.start();
    this.lines = {
      database: await TcpProxy.start(address(this.databaseUrl)),
      sms: await TcpProxy.start(address(this.sms.url)),
    };
    this.environment = {
      DATABASE_URL: through(this.databaseUrl, this.databaseLine),
      DATABASE_POOL_SIZE: '8',
      DATABASE_MAX_OVERFLOW: '8',
      ADMIN_API_KEY: ADMIN_KEY,
      BASE_URL: 'http://town.test',
      LISTEN_HOST: '127.0.0.1',
      RATE_LIMIT_PER_MINUTE: '10000',
      WORKER_CONCURRENCY: '20',
      SENDXMS_ENABLED: 'true',
      SENDXMS_BASE_URL: through(this.sms.url, this.smsLine),
      WEBHOOK_ENABLED: 'true',
      WEBHOOK_URL: this.control.url,
      WEBHOOK_ALLOWED_HOSTS: '127.0.0.1',
      WEBHOOK_RETRY_DELAY_SECONDS: '2',
      WEBHOOK_MAX_RETRIES: '5',
      NODE_OPTIONS: `--import=${JUMPING_CLOCK}`,
      ...(this.redisUrl === '' ? {} : { REDIS_URL: this.redisUrl }),
    };
    const migrated = await (await AppProcess.start('migrate', this.environment)).exited;
    if (migrated.code !== 0) throw new Error('The town could not be migrated.');
    for (const name of ['api', 'worker', 'api', 'worker'] as const) {
      const port = await freePort();
      this.posts[name].push({ name, port, process: await this.man(name, port) });
    }
    await this.ready();
    const answer = await fetch(`${this.api(0)}/v1/admin/seed`, {
      method: 'POST',
      headers: { 'X-Admin-Key': ADMIN_KEY, 'Content-Type': 'application/json' },
      body: JSON.stringify(seed(devices)),
    });
    if (answer.status !== 200) throw new Error(`The town could not be seeded: ${await answer.text()}`);
  }

  get databaseLine(): TcpProxy {
    if (this.lines === undefined) throw new Error('The town has not been built.');
    return this.lines.database;
  }

  get smsLine(): TcpProxy {
    if (this.lines === undefined) throw new Error('The town has not been built.');
    return this.lines.sms;
  }

  /** Where an api answers. */
  api(n: number): string {
    const posts = this.posts.api;
    return `http://127.0.0.1:${posts[n % posts.length]?.port}`;
  }

  /** Kills a process and puts another in its place. */
  async replace(post: Post, signal: NodeJS.Signals, downMs = 0): Promise<void> {
    await post.process.kill(signal);
    await pause(downMs);
    post.process = await this.man(post.name, post.port);
    await post.process.waitForReady(readiness(post));
  }

  async crashPostgres(downMs: number): Promise<void> {
    await this.postgres?.kill();
    await pause(downMs);
    await this.postgres?.start();
  }

  async withRedis<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(this.redisUrl, { lazyConnect: true });
    redis.on('error', () => undefined);
    try {
      return await work(redis);
    } finally {
      redis.disconnect();
    }
  }

  /** Asks PostgreSQL past every line. */
  async query<Row extends object>(sql: string): Promise<Row[]> {
    const client = new Client({ connectionString: this.databaseUrl });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async ready(): Promise<void> {
    const posts = [...this.posts.api, ...this.posts.worker];
    await Promise.all(posts.map((post) => post.process.waitForReady(readiness(post))));
  }

  /** Everything any process wrote, for whoever wants to know why. */
  async output(): Promise<string> {
    const texts = await Promise.all(this.processes.map((app) => readFile(app.outputFile, 'utf8')));
    return texts.join('');
  }

  async close(): Promise<void> {
    const posts = [...this.posts.api, ...this.posts.worker];
    await Promise.all(posts.map((post) => post.process.kill('SIGKILL')));
    await Promise.all([
      this.lines?.database.close(),
      this.lines?.sms.close(),
      this.sms.close(),
      this.control.close(),
    ]);
    await this.redis.kill();
    await this.postgres?.stop();
  }

  private async man(name: AppName, port: number): Promise<AppProcess> {
    const own = name === 'api' ? { PORT: String(port) } : { WORKER_PORT: String(port) };
    const app = await AppProcess.start(name, { ...this.environment, ...own });
    this.processes.push(app);
    return app;
  }
}

/** One message that arrived at a gateway. */
export interface Arrival {
  readonly notificationId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly body: string;
}

/** A gateway that remembers when what arrived. */
export class Gateway {
  readonly arrivals: Arrival[] = [];
  private server: HttpReceiver | undefined;
  /** Told of each arrival. */
  onArrival: (arrival: Arrival) => void = () => undefined;

  get url(): string {
    return this.server?.url ?? '';
  }

  async open(): Promise<void> {
    this.server = await HttpReceiver.start();
    this.server.answer(({ headers, body }) => {
      const id = headers['idempotency-key'] ?? headers['webhook-id'];
      const arrival = { notificationId: String(id), at: Date.now(), body: body.toString('utf8') };
      this.arrivals.push(arrival);
      this.onArrival(arrival);
      return { status: 200, body: { id: `message-${this.arrivals.length}` } };
    });
  }

  async close(): Promise<void> {
    await this.server?.close();
  }
}

const readiness = ({ port }: Post): string => `http://127.0.0.1:${port}/readyz?exclude=redis`;

const address = (url: string): { host: string; port: number } => {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
};

function through(url: string, line: TcpProxy): string {
  const changed = new URL(url);
  changed.port = String(line.port);
  return changed.href.replace(/\/$/, '');
}

/** A fault lasts as long as it lasts: here time itself is what is tested. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
