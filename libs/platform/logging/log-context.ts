import { AsyncLocalStorage } from 'node:async_hooks';

/** Which span of a trace something happens in, by the names OpenTelemetry gives its parts. */
export interface SpanPosition {
  readonly traceId: string;
  readonly spanId: string;
  /** Bit 0: the trace is recorded. */
  readonly traceFlags: number;
}

/** What every log line written meanwhile carries in `extra`. For log lines and traces only: no rule reads it. */
export interface LogContext {
  readonly requestId?: string;
  readonly alarmId?: string;
  /** Set by `libs/platform/tracing`, where tracing is on. */
  readonly span?: SpanPosition;
}

const storage = new AsyncLocalStorage<LogContext>();

export const withLogContext = <T>(context: LogContext, work: () => T): T => storage.run(context, work);

export const logContext = (): LogContext => storage.getStore() ?? {};

/** The context as it stands in a log line; the names for a trace are those log collectors look for. */
export function contextFields(): Record<string, string> {
  const { span, ...fields } = logContext();
  return span === undefined ? fields : { ...fields, trace_id: span.traceId, span_id: span.spanId };
}
