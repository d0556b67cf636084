import { BullModule } from '@nestjs/bullmq';
import { Global, Module } from '@nestjs/common';
import { makeCounterProvider } from '@willsoto/nestjs-prometheus';

import { Settings } from '../config/settings.ts';
import { Doorbell, RINGS_METRIC } from './doorbell.ts';
import { consumerOptions, selectJobBackend } from './job-connection.ts';

/** Ringing, for every process. */
@Global()
@Module({
  providers: [
    Doorbell,
    makeCounterProvider({
      name: RINGS_METRIC,
      help: 'Due rows the workers were rung for, by result (rung, failed, dropped).',
      labelNames: ['result'],
    }),
  ],
  exports: [Doorbell],
})
export class JobsModule {}

/** Answering, for the worker alone: with it, every `@Processor` in the process begins to take jobs. */
@Module({
  imports: [
    BullModule.forRootAsync({
      useFactory: (settings: Settings) => {
        selectJobBackend(settings);
        return consumerOptions(settings);
      },
      inject: [Settings],
    }),
    BullModule.registerQueue(),
  ],
})
export class JobsWorkerModule {}
