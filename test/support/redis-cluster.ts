import { Redis } from 'ioredis';

import { freePort } from './free-port.ts';
import { RedisServer } from './redis-server.ts';
import { until } from './until.ts';

const MASTERS = 3;
const SLOTS = 16_384;
/** It may touch nothing but the broker's keys and use nothing that is dangerous, `INFO` and `CONFIG` included. */
const USER = ['broker', 'on', '>word', '~{alarm-broker}*', '+@all', '-@dangerous'];
const CLUSTER = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000'];
const SETTINGS = [...CLUSTER, '--repl-diskless-sync-delay', '0', '--user', ...USER];

/** Three masters, each with a replica that takes its place when it has been silent for a second. */
export class RedisCluster {
  #servers: RedisServer[] = [];

  /** Returns once every slot is served and every replica follows. */
  async start(): Promise<string> {
    // By itself the port of the bus would be one that nobody has looked at.
    const buses = await Promise.all(Array.from({ length: 2 * MASTERS }, () => freePort()));
    this.#servers = buses.map((bus) => {
      const settings = [...SETTINGS, '--cluster-port', String(bus)];
      return new RedisServer({ persistent: true, settings });
    });
    await Promise.all(this.#servers.map((server) => server.start()));
    const [first] = this.#servers;
    for (const [n, { port }] of this.#servers.entries()) {
      await ask(port, async (redis) => {
        await redis.cluster('SET-CONFIG-EPOCH', n + 1);
        if (n < MASTERS) await redis.call('CLUSTER', 'ADDSLOTSRANGE', firstSlot(n), firstSlot(n + 1) - 1);
        await redis.call('CLUSTER', 'MEET', '127.0.0.1', first?.port ?? 0, buses[0] ?? 0);
      });
    }
    await this.#everywhere('everybody is known', async (redis) =>
      (await redis.cluster('INFO')).includes(`cluster_known_nodes:${this.#servers.length}`),
    );
    for (const [n, { port }] of this.#servers.entries()) {
      if (n < MASTERS) continue;
      const id = await ask(this.#servers[n - MASTERS]?.port ?? 0, (redis) => redis.cluster('MYID'));
      await ask(port, (redis) => redis.cluster('REPLICATE', id));
    }
    await this.#everywhere('the cluster is whole', async (redis) => {
      const follows = /role:master|master_link_status:up/.test(await redis.info('replication'));
      const nodes = String(await redis.cluster('NODES'));
      return (
        follows &&
        nodes.match(/\bslave\b/g)?.length === MASTERS &&
        (await redis.cluster('INFO')).includes('cluster_state:ok')
      );
    });
    return this.url;
  }

  /** Names two of the nodes; the others have to be found. */
  get url(): string {
    const hosts = this.#servers.slice(0, 2).map(({ port }) => `127.0.0.1:${port}`);
    return `redis-cluster://broker:word@${hosts.join(',')}`;
  }

  /** The node that holds the keys of the broker. */
  async master(): Promise<RedisServer> {
    for (const server of this.#servers.filter(({ isRunning }) => isRunning)) {
      const holds = await ask(server.port, (redis) =>
        redis.exists('{alarm-broker}').then(
          () => true,
          () => false,
        ),
      ).catch(() => false);
      if (holds) return server;
    }
    throw new Error('Nobody holds the keys of the broker.');
  }

  /** Asks a replica of the node that holds the keys to take its place in good order. */
  async failOver(): Promise<void> {
    const { port } = await this.master();
    const replica = await ask(port, async (redis) =>
      /^slave0:.*?port=(\d+)/m.exec(await redis.info('replication')),
    );
    await ask(Number(replica?.[1]), (redis) => redis.cluster('FAILOVER'));
  }

  /** Starts a server that was killed, and returns once it could take the place of the one that took its place. */
  async recover(server: RedisServer): Promise<void> {
    if (!server.isRunning) await server.start();
    await until('it follows', () =>
      ask(server.port, async (redis) => (await redis.info('replication')).includes('master_link_status:up')),
    );
  }

  /** The names of all keys in the cluster. */
  async keys(): Promise<string[]> {
    const found = await Promise.all(this.#servers.map(({ port }) => ask(port, (redis) => redis.keys('*'))));
    return [...new Set(found.flat())];
  }

  async stop(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.kill()));
  }

  #everywhere(what: string, isSo: (redis: Redis) => Promise<boolean>): Promise<void> {
    return until(what, async () => {
      const answers = await Promise.all(this.#servers.map(({ port }) => ask(port, isSo)));
      return answers.every(Boolean);
    });
  }
}

const firstSlot = (n: number): number => Math.floor((n * SLOTS) / MASTERS);

async function ask<T>(port: number, question: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(port, '127.0.0.1', {
    enableReadyCheck: false,
    commandTimeout: 1000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined);
  try {
    return await question(redis);
  } finally {
    redis.disconnect();
  }
}
