import { Global, Module } from '@nestjs/common';
import { makeCounterProvider } from '@willsoto/nestjs-prometheus';

import { Doorbell, RINGS_METRIC } from './doorbell.ts';

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
