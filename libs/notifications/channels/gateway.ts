import { STATUS_CODES } from 'node:http';

import { Agent, request, type Dispatcher } from 'undici';

import { ChannelError } from './notification-channel.ts';

export interface GatewayRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface GatewayAnswer {
  readonly status: number;
  readonly text: string;
}

/** An answer is a receipt, not a document. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** Keeps connections open between alarms, so that the first bytes leave without a handshake. */
export const trustedAgent = (): Agent => new Agent({ connect: { timeout: 5000 }, keepAliveTimeout: 30_000 });

/** The server answered, and did not say yes. */
export class GatewayRefusal extends ChannelError {
  readonly #answer: GatewayAnswer;

  constructor(answer: GatewayAnswer, retryAfter: string | undefined) {
    const { message, options } = statusError(answer.status, retryAfter);
    super(message, options);
    this.#answer = answer;
  }

  /** For a channel that knows its server; the text of a stranger is neither stored nor shown. */
  get answer(): GatewayAnswer {
    return this.#answer;
  }
}

/**
 * One HTTP exchange with a server of somebody else: bounded in time by the signal and in size, no redirect,
 * success only for 2xx.
 * @throws GatewayRefusal for an answer that is not 2xx.
 * @throws ChannelError for everything else; in words that contain neither URL nor secret.
 */
export async function exchange(
  call: GatewayRequest,
  dispatcher: Dispatcher,
  signal: AbortSignal,
): Promise<GatewayAnswer> {
  let status: number;
  let retryAfter: string | undefined;
  let text: string;
  try {
    const answer = await request(call.url, {
      method: call.method,
      headers: call.headers,
      body: call.body,
      dispatcher,
      signal,
    });
    status = answer.statusCode;
    const header = answer.headers['retry-after'];
    retryAfter = Array.isArray(header) ? header[0] : header;
    text = await readLimited(answer.body);
  } catch (error) {
    throw transportError(error, signal);
  }
  if (status >= 200 && status < 300) return { status, text };
  throw new GatewayRefusal({ status, text }, retryAfter);
}

async function readLimited(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    // What follows would not be read anyway; the server has answered.
    if (size > MAX_ANSWER_BYTES) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Nothing reached the server in these cases; in all others it may have acted before the line broke. */
const NEVER_ARRIVED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function transportError(error: unknown, signal: AbortSignal): ChannelError {
  if (error instanceof ChannelError) return error;
  if (signal.aborted) {
    return new ChannelError('No answer within the time limit.', { retry: 'ambiguous', reason: 'timeout' });
  }
  const { cause, code } = Object(error) as { cause?: unknown; code?: unknown };
  if (cause instanceof ChannelError) return cause;
  const word = typeof code === 'string' ? code : 'unknown';
  return new ChannelError(`The connection failed (${word}).`, {
    retry: NEVER_ARRIVED.has(word) ? 'yes' : 'ambiguous',
    reason: 'network',
  });
}

function statusError(status: number, retryAfter: string | undefined): ChannelError {
  const words = `The server answered ${status} ${STATUS_CODES[status] ?? ''}`.trim() + '.';
  const retryAfterSeconds = parseRetryAfter(retryAfter);
  if (status === 429 || status === 408 || status === 425) {
    return new ChannelError(words, { retry: 'yes', reason: 'limited', retryAfterSeconds });
  }
  if (status >= 500)
    return new ChannelError(words, { retry: 'yes', reason: 'server-error', retryAfterSeconds });
  return new ChannelError(words, { retry: 'no', reason: 'refused' });
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3), never more than an hour. */
export function parseRetryAfter(value: string | undefined, now = Date.now()): number | undefined {
  if (value === undefined) return undefined;
  const seconds = /^\d+$/.test(value.trim()) ? Number(value) : (Date.parse(value) - now) / 1000;
  if (Number.isNaN(seconds)) return undefined;
  return Math.min(Math.max(seconds, 0), 3600);
}
