import { connect as connectPlainly, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectEncrypted } from 'node:tls';

import { AbstractConnector, Redis, type RedisOptions } from 'ioredis';

import type { RedisAddress, RedisHost } from './redis-address.ts';

export interface ClusterRoute extends Pick<RedisAddress, 'hosts' | 'isEncrypted' | 'login'> {
  /** The key whose slot is meant. */
  readonly key: string;
  readonly pauseBefore: (attempt: number) => number;
}

const ANSWER_WITHIN_MS = 1000;

/**
 * What a node says that does not hold a key, `MOVED slot host:port`
 * (redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec).
 */
const MOVED = /^MOVED \d+ (?<host>.*):(?<port>\d+)$/;

/**
 * Finds the node of a cluster that holds one slot, as ioredis' own connector finds the master that sentinels know.
 * All our keys live in one slot, so one plain connection is all that is needed: blocking reads, scripts, time limits and
 * the number of connections are the same as with a single server.
 */
export function clusterConnector(route: ClusterRoute) {
  return class ClusterConnector extends AbstractConnector {
    private readonly nodes = [...route.hosts];
    private turn = 0;
    private refusal = '';

    constructor(options: unknown) {
      super((options as { disconnectTimeout: number }).disconnectTimeout);
    }

    override async connect(report: (event: string, error: Error) => void): Promise<Socket> {
      this.connecting = true;
      for (let attempt = 1; ; attempt += 1) {
        const owner = await this.findOwner();
        if (!this.connecting) throw new Error('Connection is closed.');
        if (owner !== undefined) return (this.stream = this.open(owner));
        report('error', new Error(`No node of the Redis cluster knows who holds the keys: ${this.refusal}`));
        await sleep(route.pauseBefore(attempt));
      }
    }

    private open({ host, port }: RedisHost): Socket {
      const stream = route.isEncrypted ? connectEncrypted({ host, port }) : connectPlainly({ host, port });
      stream.once('error', (error: Error) => {
        this.firstError = error;
      });
      return stream;
    }

    /** Asks one node after the other, each time beginning with another one: the last answer may have been out of date. */
    private async findOwner(): Promise<RedisHost | undefined> {
      for (let asked = 0; asked < this.nodes.length && this.connecting; asked += 1) {
        const node = this.nodes[this.turn++ % this.nodes.length];
        const owner = node && (await this.ask(node));
        if (owner !== undefined) return owner;
      }
      return undefined;
    }

    private async ask(node: RedisHost): Promise<RedisHost | undefined> {
      const client = new Redis(questionsTo(node, route));
      client.on('error', () => undefined);
      try {
        const others = clusterSlots(client).then((slots) => this.learn(slots));
        others.catch(() => undefined); // it may be forbidden; then those of REDIS_URL are all we know
        await client.exists(route.key);
        return node;
      } catch (error) {
        const { host, port } = MOVED.exec((error as Error).message)?.groups ?? {};
        this.refusal = (error as Error).message;
        // Without a name it is the same host at another port.
        return port === undefined ? undefined : { host: nameOf(host) ?? node.host, port: Number(port) };
      } finally {
        client.disconnect();
      }
    }

    /** So that a cluster is still found when every node that REDIS_URL names has been replaced. */
    private learn(slots: Awaited<ReturnType<typeof clusterSlots>>): void {
      for (const [, , ...nodes] of slots) {
        for (const [name, port] of nodes) {
          const host = nameOf(name);
          if (host === undefined || this.nodes.some((node) => node.host === host && node.port === port))
            continue;
          this.nodes.push({ host, port });
        }
      }
    }
  };
}

const clusterSlots = (client: Redis) => client.cluster('SLOTS');

const nameOf = (host: string | null | undefined): string | undefined =>
  host === null || host === undefined || host === '' || host === '?' ? undefined : host;

const questionsTo = (node: RedisHost, { login, isEncrypted }: ClusterRoute): RedisOptions => ({
  ...node,
  ...login,
  family: 0,
  ...(isEncrypted ? { tls: {} } : {}),
  connectTimeout: ANSWER_WITHIN_MS,
  commandTimeout: ANSWER_WITHIN_MS,
  enableReadyCheck: false,
  maxRetriesPerRequest: 0,
  retryStrategy: () => null,
});
