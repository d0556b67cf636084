import type { NextFunction, Request, Response } from 'express';

import { routeOf } from '../http/access-log.ts';
import { openSpan } from './tracing.ts';

/** Asked every few seconds by machines, and no part of any story. */
const PROBES = new Set(['/healthz', '/livez', '/readyz', '/metrics']);

/**
 * One span for each request, by the conventions of OpenTelemetry for HTTP, in the trace of the caller if it sent a
 * `traceparent`. Without the address: the token of a device or of an acknowledgement may be in it.
 */
export function traceRequest(request: Request, response: Response, next: NextFunction): void {
  if (PROBES.has(request.path)) {
    next();
    return;
  }
  const { method } = request;
  const span = openSpan(method, {
    kind: 'server',
    parent: request.get('traceparent') ?? null,
    facts: { 'http.request.method': method },
  });
  response.on('close', () => {
    const route = routeOf(request);
    const { statusCode: status } = response;
    span.rename(`${method} ${route}`);
    span.set({ 'http.route': route, 'http.response.status_code': status });
    if (status >= 500) span.fail(String(status));
    span.end();
  });
  span.within(next);
}
