import { Redis } from 'ioredis';

import { RedisServer } from './redis-server.ts';
import { until } from './until.ts';

const MASTER = 'town';
const PASSWORD = 'a/password:with@everything';
const SENTINEL_PASSWORD = 'the word of the sentinels';

const PASSWORDS = ['--requirepass', PASSWORD, '--masterauth', PASSWORD];
const SETTINGS = [...PASSWORDS, '--repl-diskless-sync-delay', '0'];

/** A master, two replicas and three sentinels, which replace a master that has been silent for half a second. */
export class RedisSentinels {
  readonly #servers = [1, 2, 3].map(() => new RedisServer({ persistent: true, settings: SETTINGS }));
  #sentinels: readonly RedisServer[] = [];

  /** Returns once every sentinel knows everybody. */
  async start(): Promise<string> {
    await Promise.all(this.#servers.map((server) => server.start()));
    const [master, ...replicas] = this.#servers;
    const port = master?.port ?? 0;
    await Promise.all(
      replicas.map((replica) => ask(replica.port, PASSWORD, (redis) => redis.replicaof('127.0.0.1', port))),
    );
    await until('the replicas follow', async () => {
      const answers = await Promise.all(replicas.map((replica) => follows(replica, port)));
      return answers.every(Boolean);
    });
    const config = [
      `sentinel monitor ${MASTER} 127.0.0.1 ${port} 2`,
      `sentinel auth-pass ${MASTER} ${PASSWORD}`,
      `sentinel down-after-milliseconds ${MASTER} 500`,
      `sentinel failover-timeout ${MASTER} 2000`,
      `requirepass "${SENTINEL_PASSWORD}"`,
      `sentinel sentinel-pass "${SENTINEL_PASSWORD}"`,
    ];
    this.#sentinels = [1, 2, 3].map(() => new RedisServer({ settings: ['--sentinel'], config }));
    await Promise.all(this.#sentinels.map((sentinel) => sentinel.start()));
    await until('the sentinels know each other', async () => {
      const answers = await Promise.all(this.#sentinels.map(({ port }) => knowledgeOf(port)));
      return answers.every(
        (about) => about.get('num-other-sentinels') === '2' && about.get('num-slaves') === '2',
      );
    });
    return this.url;
  }

  get url(): string {
    const hosts = this.#sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',');
    const login = `sentinel_password=${encodeURIComponent(SENTINEL_PASSWORD)}`;
    return `redis-sentinel://:${encodeURIComponent(PASSWORD)}@${hosts}/${MASTER}/1?${login}`;
  }

  /** The server the sentinels name. */
  async master(): Promise<RedisServer> {
    const [sentinel] = this.#sentinels;
    const port = (await knowledgeOf(sentinel?.port ?? 0)).get('port');
    const master = this.#servers.find((server) => String(server.port) === port);
    if (master === undefined) throw new Error(`The sentinels name a master at port ${port}.`);
    return master;
  }

  /** Asks the sentinels to replace the master in good order. */
  async failOver(): Promise<void> {
    const [sentinel] = this.#sentinels;
    await ask(sentinel?.port ?? 0, SENTINEL_PASSWORD, (redis) => redis.call('SENTINEL', 'FAILOVER', MASTER));
  }

  /** Returns once there is somebody again who could take the place of the master. */
  async recover(): Promise<void> {
    const { port } = await this.master();
    const replicas = this.#servers.filter((server) => server.isRunning && server.port !== port);
    await until('a replica follows the new master', async () => {
      const answers = await Promise.all(replicas.map((replica) => follows(replica, port)));
      return answers.includes(true);
    });
  }

  /** The names of all keys where the master keeps those of the broker. */
  async keys(): Promise<string[]> {
    const { port } = await this.master();
    return ask(port, PASSWORD, async (redis) => {
      await redis.select(1);
      return redis.keys('*');
    });
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#servers, ...this.#sentinels].map((server) => server.kill()));
  }
}

const follows = ({ port }: RedisServer, master: number): Promise<boolean> =>
  ask(port, PASSWORD, async (redis) => {
    const about = await redis.info('replication');
    return about.includes('master_link_status:up') && about.includes(`master_port:${master}`);
  });

async function knowledgeOf(port: number): Promise<Map<string, string>> {
  const words = await ask(port, SENTINEL_PASSWORD, (redis) => redis.call('SENTINEL', 'MASTER', MASTER));
  const list = words as readonly string[];
  return new Map(list.flatMap((word, i) => (i % 2 === 0 ? [[word, list[i + 1] ?? '']] : [])));
}

async function ask<T>(port: number, secret: string, question: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(port, '127.0.0.1', { password: secret, enableReadyCheck: false });
  try {
    return await question(redis);
  } finally {
    redis.disconnect();
  }
}
