import { Global, Module } from '@nestjs/common';
import { makeCounterProvider } from '@willsoto/nestjs-prometheus';

import { RESCUES_METRIC, Sweeper } from './sweeper.ts';

/** The sweep, for the worker alone. */
@Global()
@Module({
  providers: [
    Sweeper,
    makeCounterProvider({
      name: RESCUES_METRIC,
      help: 'Due rows found by the sweep because no ring reached a worker in time.',
      labelNames: ['sweep'],
    }),
  ],
  exports: [Sweeper],
})
export class SweepWorkerModule {}
