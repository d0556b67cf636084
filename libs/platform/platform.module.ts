import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { DestinationStream } from 'pino';

import { Clock, DatabaseClock } from './clock/clock.ts';
import { SeedVariables, type Configuration } from './config/load-settings.ts';
import { Settings } from './config/settings.ts';
import { DatabaseModule } from './database/database.module.ts';
import type { SchemaParts } from './database/schema.ts';
import { Idempotency } from './idempotency/idempotency.ts';
import { HttpModule } from './http/http.module.ts';
import { JobsModule } from './jobs/jobs.module.ts';
import { LoggingModule } from './logging/logging.module.ts';
import { MetricsModule } from './metrics/metrics.module.ts';
import { RedisFacts } from './redis/redis-facts.ts';
import { SharedRedis } from './redis/shared-redis.ts';
import { TracingModule } from './tracing/tracing.module.ts';
import { WorkersGauge } from './workers/workers.gauge.ts';

export interface PlatformOptions extends Configuration {
  readonly schema: SchemaParts;
  /** Another source of time, for tests. */
  readonly clock?: Clock;
  /** Which process it is, as traces name it: `api`, `worker`. */
  readonly service?: string;
  /** Another place for log lines, for tests. */
  readonly logDestination?: DestinationStream;
  /** How old the answers behind gauges may be, in milliseconds; for tests. */
  readonly figuresMaxAgeMs?: number;
}

/** Everything that knows no alarm: settings, time, database, jobs, Redis, logs, metrics, traces. */
@Global()
@Module({})
export class PlatformModule {
  static forRoot(options: PlatformOptions): DynamicModule {
    return {
      module: PlatformModule,
      imports: [
        LoggingModule.forRoot(options.settings, options.logDestination),
        TracingModule.forRoot(options.service ?? 'broker'),
        MetricsModule.forRoot(options.figuresMaxAgeMs),
        DatabaseModule.forRoot(options.schema),
        HttpModule,
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
        WorkersGauge,
      ],
      exports: [Settings, SeedVariables, Clock, SharedRedis, RedisFacts, Idempotency],
    };
  }
}
