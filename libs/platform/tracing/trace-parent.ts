import type { SpanPosition } from '../logging/log-context.ts';

/** Version, trace, span, flags; later versions may have more behind them. */
const TRACE_PARENT = /^(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-.*)?$/;

const SAMPLED = 1;

/** Reads a `traceparent` as W3C Trace Context describes it. @returns nothing for what is none. */
export function parseTraceParent(value: unknown): SpanPosition | undefined {
  const [, version, traceId, spanId, flags = '0', more] =
    typeof value === 'string' ? (TRACE_PARENT.exec(value.trim()) ?? []) : [];
  if (traceId === undefined || spanId === undefined || (version === '00' && more !== undefined))
    return undefined;
  return { traceId, spanId, traceFlags: parseInt(flags, 16) & SAMPLED };
}

export const formatTraceParent = ({ traceId, spanId, traceFlags }: SpanPosition): string =>
  `00-${traceId}-${spanId}-0${traceFlags & SAMPLED}`;
