import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';

import { Settings } from '../config/settings.ts';
import { openRedis, redisOptions } from './redis-options.ts';

/**
 * One connection for short questions to Redis, or none where no Redis is configured. It never queues: while
 * Redis is away every command fails at once, and whoever asks carries on without the answer.
 */
@Injectable()
export class SharedRedis implements OnApplicationShutdown {
  readonly client: Redis | undefined;
  private readonly logger = new Logger('Redis');
  private away = false;

  constructor(settings: Settings) {
    if (settings.REDIS_URL === undefined) return;
    this.client = openRedis({
      ...redisOptions(settings.REDIS_URL),
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      commandTimeout: 1000,
      // A server that has been silent for so long may have a successor by now.
      socketTimeout: 2000,
    });
    this.client.on('error', (error: Error) => {
      if (!this.away) this.logger.warn({ err: error }, 'Redis is away; PostgreSQL decides alone');
      this.away = true;
    });
    this.client.on('ready', () => {
      if (this.away) this.logger.log('Redis is back');
      this.away = false;
    });
  }

  onApplicationShutdown(): void {
    this.client?.disconnect();
  }
}
