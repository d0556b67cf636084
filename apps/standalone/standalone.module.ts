import { Module, type DynamicModule } from '@nestjs/common';

import { PlatformModule, type PlatformOptions } from '#platform';

import { API_DOORS } from '../api/api.module.ts';
import { workerRooms } from '../worker/worker.module.ts';

/** Api and worker in one process. */
@Module({})
export class StandaloneModule {
  static forRoot(options: PlatformOptions): DynamicModule {
    return {
      module: StandaloneModule,
      imports: [
        PlatformModule.forRoot({ service: 'standalone', ...options }),
        ...API_DOORS,
        ...workerRooms(options.settings),
      ],
    };
  }
}
