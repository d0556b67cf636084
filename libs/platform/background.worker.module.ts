import { BullModule } from '@nestjs/bullmq';
import { Global, Module } from '@nestjs/common';
import { makeCounterProvider } from '@willsoto/nestjs-prometheus';

import { Settings } from './config/settings.ts';
import {
  consumerOptions,
  REDIS_CONNECTIONS_TO_WORK,
  requireRedisConnections,
  selectJobBackend,
} from './jobs/job-connection.ts';
import { RESCUES_METRIC, Sweeper } from './sweep/sweeper.ts';
import { WorkerRoll } from './workers/worker-roll.ts';

/**
 * Answering the bell, and the sweep: for the worker alone. With this module in a process, every `@Processor` in it
 * begins to take jobs.
 */
@Global()
@Module({
  imports: [
    BullModule.forRootAsync({
      useFactory: (settings: Settings) => {
        requireRedisConnections(settings, REDIS_CONNECTIONS_TO_WORK);
        selectJobBackend(settings);
        return consumerOptions(settings);
      },
      inject: [Settings],
    }),
    // No queue of its own; it brings the part of the library that finds processors.
    BullModule.registerQueue(),
  ],
  providers: [
    Sweeper,
    WorkerRoll,
    makeCounterProvider({
      name: RESCUES_METRIC,
      help: 'Due rows found by the sweep because no ring reached a worker in time.',
      labelNames: ['sweep'],
    }),
  ],
  exports: [Sweeper],
})
export class BackgroundWorkerModule {}
