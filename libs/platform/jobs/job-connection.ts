import {
  createIORedisClient,
  RedisConnection,
  setDefaultBackendFactory,
  type IRedisClient,
  type QueueOptions,
  type RedisOptions,
} from 'bullmq';

import { SettingsError } from '../config/read-settings.ts';
import type { Settings } from '../config/settings.ts';
import { databaseUrl } from '../database/database.module.ts';
import { patientPostgresBackend } from './postgres-backend.ts';
import { openRedis, REDIS_PREFIX, redisOptions } from '../redis/redis-options.ts';

/** A ring may cost this much and no more; whoever it did not reach is found by the sweep. */
const RING_TIMEOUT_MS = 500;

/** Who owes an answer for so long may have a successor by now. */
const SILENT_AFTER_MS = 2000;

/** As long BullMQ lets a worker wait for a job. */
const LONGEST_BLOCK_MS = 10_000;

const OLDEST_REDIS = '6.2.0';

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
  if (settings.REDIS_URL === undefined) setDefaultBackendFactory(patientPostgresBackend);
  else setDefaultBackendFactory(undefined);
}

/**
 * For those who ring. On Redis the combination that neither hangs nor stays broken after an outage: a ring that is
 * given up may still arrive when Redis is back, and its id makes it the same job.
 */
export function producerOptions(settings: Settings): QueueOptions {
  if (settings.REDIS_URL === undefined) {
    return { connection: postgres(settings, { query_timeout: RING_TIMEOUT_MS * 4 }) };
  }
  return {
    connection: redis(settings.REDIS_URL, { commandTimeout: RING_TIMEOUT_MS }),
    skipWaitingForReady: true,
    prefix: REDIS_PREFIX,
  };
}

/** For those who wait for a ring: their commands wait as long as it takes. */
export function consumerOptions(settings: Settings): QueueOptions {
  if (settings.REDIS_URL === undefined) return { connection: postgres(settings) };
  return { connection: redis(settings.REDIS_URL, { maxRetriesPerRequest: null }), prefix: REDIS_PREFIX };
}

function redis(url: string, options: object): RedisOptions {
  RedisConnection.clientFactory = redisClient;
  // BullMQ's own look at the version is left out: it fails where `INFO` is forbidden, and writes to the console.
  // BullMQ then believes in the oldest version it knows.
  RedisConnection.minimumVersion = OLDEST_REDIS;
  return { ...redisOptions(url), skipVersionCheck: true, ...options } as RedisOptions;
}

/** BullMQ names the connections it blocks on, and no others. On those silence is no sign of a dead server for long. */
function redisClient(options: RedisOptions): IRedisClient {
  const socketTimeout =
    options.connectionName === undefined ? SILENT_AFTER_MS : LONGEST_BLOCK_MS + SILENT_AFTER_MS;
  return createIORedisClient(openRedis({ ...options, socketTimeout }));
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
