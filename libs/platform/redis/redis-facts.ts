import { Injectable, Logger } from '@nestjs/common';

import { SharedRedis } from './shared-redis.ts';

/** What a Redis says of itself, from `INFO` (redis.io/docs/latest/commands/info). */
export interface RedisInfo {
  /** Of Redis or Valkey, as `7.0.15`. */
  readonly version: string;
  readonly role: 'master' | 'replica';
  readonly memoryUsedBytes: number;
  /** Undefined: it takes what the machine has. */
  readonly memoryLimitBytes: number | undefined;
  /** What it forgets when the memory is used up; jobs are only safe with `noeviction`. */
  readonly evictionPolicy: string;
  /** Whether it writes an append-only file, so that jobs outlive a restart. */
  readonly isAppendOnly: boolean;
}

/** Asks the Redis that holds this broker's keys, and warns once of one that would throw them away. */
@Injectable()
export class RedisFacts {
  private readonly logger = new Logger('Redis');
  private warnedOf: string | undefined;

  constructor(private readonly redis: SharedRedis) {
    redis.client?.on('ready', () => void this.warn());
  }

  /** @returns nothing where no Redis is configured, it is away, or it does not let us ask. Never throws. */
  async read(): Promise<RedisInfo | undefined> {
    try {
      const text = await this.redis.client?.info();
      return text === undefined ? undefined : redisInfo(text);
    } catch (error) {
      this.logger.debug({ err: error }, 'Redis does not tell about itself');
      return undefined;
    }
  }

  private async warn(): Promise<void> {
    const policy = (await this.read())?.evictionPolicy;
    if (policy === undefined || policy === 'noeviction' || policy === this.warnedOf) return;
    this.warnedOf = policy;
    this.logger.warn(
      { evictionPolicy: policy },
      `Redis throws keys away when its memory is full (maxmemory-policy ${policy}); set it to noeviction`,
    );
  }
}

/** Reads the answer to `INFO`; a field that is missing counts as the default of a Redis without it. */
export function redisInfo(text: string): RedisInfo {
  const fields = new Map(
    text.split(/\r?\n/).map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1)];
    }),
  );
  return {
    version: fields.get('valkey_version') ?? fields.get('redis_version') ?? '',
    role: fields.get('role') === 'slave' ? 'replica' : 'master',
    memoryUsedBytes: Number(fields.get('used_memory') ?? 0),
    memoryLimitBytes: Number(fields.get('maxmemory') ?? 0) || undefined,
    evictionPolicy: fields.get('maxmemory_policy') ?? 'noeviction',
    isAppendOnly: fields.get('aof_enabled') === '1',
  };
}
