import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';

import { Settings } from '../config/settings.ts';
import { startTracing } from './start-tracing.ts';

const STOP = Symbol('how tracing is stopped');

/** Tracing for as long as the application lives. */
@Module({})
export class TracingModule implements OnApplicationShutdown {
  constructor(@Inject(STOP) private readonly stop: () => Promise<void>) {}

  /** @param service which process it is: `api`, `worker`. */
  static forRoot(service: string): DynamicModule {
    const useFactory = (settings: Settings) => startTracing(settings, service);
    return {
      module: TracingModule,
      providers: [{ provide: STOP, useFactory, inject: [Settings] }],
    };
  }

  /** By now nothing is under way that could open another span. */
  onApplicationShutdown(): Promise<void> {
    return this.stop();
  }
}
