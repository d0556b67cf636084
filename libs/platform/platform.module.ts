import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { DestinationStream } from 'pino';

import { Clock, DatabaseClock } from './clock/clock.ts';
import { SeedVariables, type Configuration } from './config/load-settings.ts';
import { Settings } from './config/settings.ts';
import { DatabaseModule } from './database/database.module.ts';
import type { SchemaParts } from './database/schema.ts';
import { Idempotency } from './idempotency/idempotency.ts';
import { JobsModule } from './jobs/jobs.module.ts';
import { LoggingModule } from './logging/logging.module.ts';
import { MetricsModule } from './metrics/metrics.module.ts';
import { RedisFacts } from './redis/redis-facts.ts';
import { SharedRedis } from './redis/shared-redis.ts';

export interface PlatformOptions extends Configuration {
  readonly schema: SchemaParts;
  /** Another source of time, for tests. */
  readonly clock?: Clock;
  /** Another place for log lines, for tests. */
  readonly logDestination?: DestinationStream;
}

/** Everything that knows no alarm: settings, time, database, jobs, Redis, logs, metrics. */
@Global()
@Module({})
export class PlatformModule {
  static forRoot(options: PlatformOptions): DynamicModule {
    return {
      module: PlatformModule,
      imports: [
        LoggingModule.forRoot(options.settings, options.logDestination),
        MetricsModule,
        DatabaseModule.forRoot(options.schema),
        JobsModule,
      ],
      providers: [
        { provide: Settings, useValue: options.settings },
        { provide: SeedVariables, useValue: options.seedVariables },
        options.clock === undefined
          ? { provide: Clock, useClass: DatabaseClock }
          : { provide: Clock, useValue: options.clock },
        SharedRedis,
        RedisFacts,
        Idempotency,
      ],
      exports: [Settings, SeedVariables, Clock, SharedRedis, RedisFacts, Idempotency],
    };
  }
}
