import { STATUS_CODES } from 'node:http';

import { Agent, request, type Dispatcher } from 'undici';

import { ChannelError, type FailureOptions } from './notification-channel.ts';

export interface GatewayRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers: Record<string, string>;
  /** Empty: none. */
  readonly body: string;
  /** How much of an answer is read; a receipt's worth unless the answer is a list. */
  readonly maxAnswerBytes?: number;
  /**
   * What an answer other than 2xx means where that is known better than by its status: from the words of the
   * server. Undefined: by its status.
   */
  readonly explain?: (status: number, text: string) => ChannelError | undefined;
}

export interface GatewayAnswer {
  readonly status: number;
  readonly text: string;
}

/** The server did answer, but not with success. */
export class AnswerError extends ChannelError {
  readonly #answer: GatewayAnswer;

  constructor(message: string, options: FailureOptions, answer: GatewayAnswer) {
    super(message, options);
    this.#answer = answer;
  }

  /** What it said, for whoever knows its words. It may repeat what it was sent, so it is not to be stored as it is. */
  get answer(): GatewayAnswer {
    return this.#answer;
  }
}

/** An answer is a receipt, not a document. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** Keeps connections open between alarms, so that the first bytes leave without a handshake. */
export const trustedAgent = (): Agent => new Agent({ connect: { timeout: 5000 }, keepAliveTimeout: 30_000 });

/**
 * One HTTP exchange with a server of somebody else: bounded in time by the signal and in size, no redirect,
 * success only for 2xx.
 * @throws ChannelError for everything else, in words that contain neither URL nor secret.
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
    text = await readLimited(answer.body, call.maxAnswerBytes ?? MAX_ANSWER_BYTES);
  } catch (error) {
    throw transportError(error, signal);
  }
  if (status >= 200 && status < 300) return { status, text };
  throw call.explain?.(status, text) ?? statusError({ status, text }, retryAfter);
}

async function readLimited(body: Dispatcher.ResponseData['body'], maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    // What follows would not be read anyway; the server has answered.
    if (size > maxBytes) break;
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

function statusError(answer: GatewayAnswer, retryAfter: string | undefined): AnswerError {
  const { status } = answer;
  const words = `The server answered ${status} ${STATUS_CODES[status] ?? ''}`.trim() + '.';
  const retryAfterSeconds = parseRetryAfter(retryAfter);
  if (status === 429 || status === 408 || status === 425) {
    return new AnswerError(words, { retry: 'yes', reason: 'limited', retryAfterSeconds }, answer);
  }
  if (status >= 500)
    return new AnswerError(words, { retry: 'yes', reason: 'server-error', retryAfterSeconds }, answer);
  return new AnswerError(words, { retry: 'no', reason: 'refused' }, answer);
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3), never more than an hour. */
export function parseRetryAfter(value: string | undefined, now = Date.now()): number | undefined {
  if (value === undefined) return undefined;
  const seconds = /^\d+$/.test(value.trim()) ? Number(value) : (Date.parse(value) - now) / 1000;
  if (Number.isNaN(seconds)) return undefined;
  return Math.min(Math.max(seconds, 0), 3600);
}
