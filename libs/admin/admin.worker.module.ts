import { Module } from '@nestjs/common';
import { makeCounterProvider } from '@willsoto/nestjs-prometheus';

import { AlarmsModule } from '#alarms';
import { SimulationModule } from '#simulation';

import { AdminModule } from './admin.module.ts';
import { ErasureSweep } from './erasure/erasure-sweep.ts';
import { REMOVED_METRIC, RetentionSweep } from './retention/retention-sweep.ts';

/** Keeping the house, slowly and in the background. */
@Module({
  imports: [AdminModule, AlarmsModule, SimulationModule],
  providers: [
    RetentionSweep,
    ErasureSweep,
    makeCounterProvider({
      name: REMOVED_METRIC,
      help: 'Removed because it was older than is kept: alarms, and what was only simulated.',
      labelNames: ['what'],
    }),
  ],
})
export class AdminWorkerModule {}
