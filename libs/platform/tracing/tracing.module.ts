import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';

import { Settings } from '../config/settings.ts';
import { useTracer } from './tracing.ts';

const STOP = Symbol('how tracing is stopped');

/** By the names and rules of OpenTelemetry; off unless it is said where spans go. */
const isOn = (settings: Settings): boolean =>
  !settings.OTEL_SDK_DISABLED &&
  settings.OTEL_TRACES_EXPORTER !== 'none' &&
  (settings.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? settings.OTEL_EXPORTER_OTLP_ENDPOINT) !== undefined;

/** Switches tracing on where it is wished for, before anything else is built. Otherwise nothing of it is loaded. */
@Module({})
export class TracingModule implements OnApplicationShutdown {
  constructor(@Inject(STOP) private readonly stop: () => Promise<void>) {}

  /** @param service which process it is: `api`, `worker`. */
  static forRoot(service: string): DynamicModule {
    const start = async (settings: Settings): Promise<() => Promise<void>> => {
      if (!isOn(settings)) return () => Promise.resolve();
      const { openTelemetry } = await import('./open-telemetry.ts');
      const { tracer, stop } = openTelemetry(settings, service);
      useTracer(tracer);
      return stop;
    };
    return {
      module: TracingModule,
      providers: [{ provide: STOP, useFactory: start, inject: [Settings] }],
    };
  }

  /** Sends what has been collected. By now nothing is under way that could open another span. */
  async onApplicationShutdown(): Promise<void> {
    useTracer(undefined);
    await this.stop();
  }
}
