import { Module, type DynamicModule, type Type } from '@nestjs/common';

import { AlarmsModule } from '#alarms';
import { PlatformModule, type PlatformOptions, type Settings } from '#platform';

import { AdminWorkerModule } from '../../libs/admin/admin.worker.module.ts';
import { EscalationWorkerModule } from '../../libs/escalation/escalation.worker.module.ts';
import { HealthHttpModule } from '../../libs/health/health.http.module.ts';
import { RealChannelsModule } from '../../libs/notifications/channels/channels.worker.module.ts';
import { DeliveryWorkerModule } from '../../libs/notifications/delivery.worker.module.ts';
import { BackgroundWorkerModule } from '../../libs/platform/background.worker.module.ts';
import { SimulatedChannelsModule } from '../../libs/simulation/simulation.worker.module.ts';

/** Everything that works in the background. In simulation no real channel is even built. */
export const workerRooms = (settings: Settings): (Type | DynamicModule)[] => [
  BackgroundWorkerModule,
  AdminWorkerModule,
  EscalationWorkerModule,
  DeliveryWorkerModule.with(settings.SIMULATION_ENABLED ? SimulatedChannelsModule : RealChannelsModule),
];

/** The background process. Its only doors are probes and metrics; the alarms are there for their gauge and tickets. */
@Module({})
export class WorkerModule {
  static forRoot(options: PlatformOptions): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        PlatformModule.forRoot({ service: 'worker', ...options }),
        HealthHttpModule,
        AlarmsModule,
        ...workerRooms(options.settings),
      ],
    };
  }
}
