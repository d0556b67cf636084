import type { Settings } from '../config/settings.ts';
import { useTracer } from './tracing.ts';

/** By the names and rules of OpenTelemetry; off unless it is said where spans go. */
const isOn = (settings: Settings): boolean =>
  !settings.OTEL_SDK_DISABLED &&
  settings.OTEL_TRACES_EXPORTER !== 'none' &&
  (settings.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? settings.OTEL_EXPORTER_OTLP_ENDPOINT) !== undefined;

/**
 * Switches tracing on where it is wished for. Otherwise nothing of it is even loaded.
 * @returns how to stop it, sending what has been collected.
 */
export async function startTracing(settings: Settings, service: string): Promise<() => Promise<void>> {
  if (!isOn(settings)) return () => Promise.resolve();
  const { openTelemetry } = await import('./open-telemetry.ts');
  const backend = openTelemetry(settings, service);
  useTracer(backend.tracer);
  return () => {
    useTracer(undefined);
    return backend.stop();
  };
}
