import { logContext, withLogContext, type SpanPosition } from '../logging/log-context.ts';
import { formatTraceParent, parseTraceParent } from './trace-parent.ts';

/** What is said of a span. Never a token, a number, an address or a name of somebody: traces leave the house. */
export type SpanFacts = Readonly<Record<string, string | number | boolean | undefined>>;

export interface SpanOptions {
  /** Its part in talking to others, by the words of OpenTelemetry. None: something inside this process. */
  readonly kind?: 'server' | 'client' | 'producer' | 'consumer';
  readonly facts?: SpanFacts;
  /** The `traceparent` of what caused it; null: nothing known. Not given: the span this is called in. */
  readonly parent?: string | null | undefined;
  /** Milliseconds since the epoch, for what began before it was known what it belongs to. */
  readonly startedAt?: number;
}

/** A piece of work in a trace. Must be ended; one that is not is never told of. */
export interface Span {
  /** Does something as part of it: spans opened and log lines written meanwhile belong to it. */
  within<T>(work: () => T): T;
  rename(name: string): void;
  set(facts: SpanFacts): void;
  /** Another trace this has to do with, by its `traceparent`. */
  link(traceParent: string | null | undefined): void;
  /** @param reason one word for statistics, as `timeout` or `device.unknown`. */
  fail(reason: string): void;
  end(): void;
}

/** What makes spans where tracing is on. */
export interface Tracer {
  open(name: string, options: SpanOptions, parent: SpanPosition | undefined): Span;
}

const NO_SPAN: Span = {
  within: (work) => work(),
  rename: () => undefined,
  set: () => undefined,
  link: () => undefined,
  fail: () => undefined,
  end: () => undefined,
};

let tracer: Tracer | undefined;

/** Of the process, as the log is. */
export function useTracer(another: Tracer | undefined): void {
  tracer = another;
}

/** Opens a span. Costs one comparison where tracing is off. */
export function openSpan(name: string, options: SpanOptions = {}): Span {
  if (tracer === undefined) return NO_SPAN;
  const parent = options.parent === undefined ? logContext().span : parseTraceParent(options.parent);
  return tracer.open(name, options, parent);
}

/** Does something in a span of its own, which ends with it and fails with it. */
export function inSpan<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  if (tracer === undefined) return work(NO_SPAN);
  const span = openSpan(name, options);
  return span.within(async () => {
    try {
      return await work(span);
    } catch (error) {
      span.fail(reasonOf(error));
      throw error;
    } finally {
      span.end();
    }
  });
}

/** For a row or a header: the span this is called in, as a `traceparent`. */
export function traceParent(): string | null {
  const { span } = logContext();
  return span === undefined ? null : formatTraceParent(span);
}

/** The header that lets a server go on with the trace; none where tracing is off. */
export function traceHeaders(): Record<string, string> {
  const parent = traceParent();
  return parent === null ? {} : { traceparent: parent };
}

/** For what makes spans: how work becomes part of one. */
export const withinSpan = <T>(span: SpanPosition, work: () => T): T =>
  withLogContext({ ...logContext(), span }, work);

/** Its code or the name of its kind; its words may tell something that is nobody's business. */
function reasonOf(error: unknown): string {
  const { code, name } = Object(error) as { code?: unknown; name?: unknown };
  if (typeof code === 'string') return code;
  return typeof name === 'string' ? name : 'unknown';
}
