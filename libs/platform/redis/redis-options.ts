import { Redis, type RedisOptions } from 'ioredis';

import { clusterConnector } from './cluster-connector.ts';
import { redisAddress, type RedisAddress } from './redis-address.ts';

/** One hash tag for all keys, so that they live in one slot of a Redis Cluster. */
export const REDIS_PREFIX = '{alarm-broker}';

const CONNECT_WITHIN_MS = 2000;
/** A server that is frozen does not say goodbye. */
const DISCONNECT_WITHIN_MS = 300;
const LONGEST_PAUSE_MS = 2000;

/** What a server answers that is not, or no longer, the one to ask. */
const NOT_HERE = /^(READONLY|MOVED|CLUSTERDOWN|MASTERDOWN|UNBLOCKED)\b/;

/**
 * How to connect to what REDIS_URL names: the one place that knows. In every form it is a single connection to
 * the server that holds our keys, and it finds that server again after a fail-over.
 */
export function redisOptions(url: string): RedisOptions {
  const address = redisAddress(url);
  return {
    ...address.login,
    db: address.database,
    family: 0,
    ...(address.isEncrypted ? { tls: {} } : {}),
    connectTimeout: CONNECT_WITHIN_MS,
    disconnectTimeout: DISCONNECT_WITHIN_MS,
    retryStrategy: pauseBefore,
    reconnectOnError: (error) => (NOT_HERE.test(error.message) ? 2 : false),
    ...route(address),
  };
}

/**
 * Opens a connection. When one closes, ioredis leaves the timer of its `socketTimeout` running, which then breaks the
 * next connection or keeps the process from ending; here it ends with the connection it belongs to.
 */
export function openRedis(options: RedisOptions): Redis {
  const client = new Redis(options);
  client.on('close', () => {
    clearTimeout(Reflect.get(client, 'socketTimeoutTimer') as NodeJS.Timeout | undefined);
    Reflect.set(client, 'socketTimeoutTimer', undefined);
  });
  return client;
}

/** Never gives up: whoever gives up has to be restarted by hand. */
const pauseBefore = (attempt: number): number => Math.min(50 * 2 ** Math.min(attempt, 10), LONGEST_PAUSE_MS);

function route({ form, hosts, isEncrypted, login, master, sentinelLogin }: RedisAddress): RedisOptions {
  if (form === 'cluster') {
    const Connector = clusterConnector({ hosts, isEncrypted, login, key: REDIS_PREFIX, pauseBefore });
    return { Connector };
  }
  if (form === 'single') return { ...hosts[0] };
  return {
    sentinels: [...hosts],
    name: master,
    sentinelUsername: sentinelLogin.username,
    sentinelPassword: sentinelLogin.password,
    sentinelRetryStrategy: pauseBefore,
    sentinelCommandTimeout: CONNECT_WITHIN_MS,
    updateSentinels: true,
    ...(isEncrypted ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
  };
}
