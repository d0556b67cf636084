import { Module, type DynamicModule } from '@nestjs/common';

import { DoctorModule } from '#health';
import { PlatformModule, type PlatformOptions } from '#platform';

import { RealChannelsModule } from '../../libs/notifications/channels/channels.worker.module.ts';
import { SimulatedChannelsModule } from '../../libs/simulation/simulation.worker.module.ts';

/** A process that looks and asks. It has the channels of a worker, and nothing that would send over them. */
@Module({})
export class DoctorRootModule {
  static forRoot(options: PlatformOptions): DynamicModule {
    const channels = options.settings.SIMULATION_ENABLED ? SimulatedChannelsModule : RealChannelsModule;
    return {
      module: DoctorRootModule,
      imports: [PlatformModule.forRoot(options), DoctorModule.asking(channels)],
    };
  }
}
