import {
  createPostgresBackend,
  setDefaultBackendFactory,
  type QueueOptions,
  type RedisOptions,
} from 'bullmq';

import { SettingsError } from '../config/read-settings.ts';
import type { Settings } from '../config/settings.ts';
import { databaseUrl } from '../database/database.module.ts';

/** One hash tag for all keys, so that they live in one slot of a Redis Cluster. */
export const REDIS_PREFIX = '{alarm-broker}';

/** A ring may cost this much and no more; whoever it did not reach is found by the sweep. */
const RING_TIMEOUT_MS = 500;

/** Connections of one BullMQ queue or worker to PostgreSQL, without the one it listens on. */
const POSTGRES_CONNECTIONS = 2;

/** Connections to Redis a process opens: short questions and one for each queue it rings. */
export const REDIS_CONNECTIONS_TO_RING = 3;
/** A worker takes jobs as well: one to ask and one to wait for each queue. */
export const REDIS_CONNECTIONS_TO_WORK = REDIS_CONNECTIONS_TO_RING + 4;

/** @throws SettingsError when REDIS_MAX_CONNECTIONS allows fewer than this process needs. */
export function requireRedisConnections(settings: Settings, needed: number): void {
  if (settings.REDIS_URL === undefined || settings.REDIS_MAX_CONNECTIONS >= needed) return;
  throw new SettingsError(`REDIS_MAX_CONNECTIONS must be at least ${needed}: this process needs as many.`);
}

/** Chooses where BullMQ keeps its jobs. Must run before any queue exists. */
export function selectJobBackend(settings: Settings): void {
  if (settings.REDIS_URL === undefined) setDefaultBackendFactory(createPostgresBackend);
  else setDefaultBackendFactory(undefined);
}

/** For those who ring. On Redis the combination that neither hangs nor stays broken after an outage. */
export function producerOptions(settings: Settings): QueueOptions {
  if (settings.REDIS_URL === undefined) {
    return { connection: postgres(settings, { query_timeout: RING_TIMEOUT_MS * 4 }) };
  }
  return {
    connection: { url: settings.REDIS_URL, commandTimeout: RING_TIMEOUT_MS, skipVersionCheck: true },
    skipWaitingForReady: true,
    prefix: REDIS_PREFIX,
  };
}

/** For those who wait for a ring: commands that block must not time out. */
export function consumerOptions(settings: Settings): QueueOptions {
  if (settings.REDIS_URL === undefined) return { connection: postgres(settings) };
  return { connection: { url: settings.REDIS_URL, maxRetriesPerRequest: null }, prefix: REDIS_PREFIX };
}

function postgres(settings: Settings, options: object = {}): RedisOptions {
  return {
    connectionString: databaseUrl(settings),
    max: POSTGRES_CONNECTIONS,
    application_name: 'alarm-broker jobs',
    keepAlive: true,
    ...options,
  };
}
