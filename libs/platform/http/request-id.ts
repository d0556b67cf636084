import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

const SANE = /^[\w.:-]{1,128}$/;

/**
 * The request's id: the caller's `X-Request-ID` when it sent a sane one, else a new one. It is on the
 * answer, on every log line and on what is sent because of the request.
 */
export function assignRequestId(request: IncomingMessage, response: ServerResponse): string {
  const sent = request.headers['x-request-id'];
  const id = typeof sent === 'string' && SANE.test(sent) ? sent : randomUUID();
  response.setHeader('X-Request-ID', id);
  return id;
}
