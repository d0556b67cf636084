import { STATUS_CODES } from 'node:http';

import { Agent, errors, request, type Dispatcher } from 'undici';

import { traceHeaders } from '#platform';

import { ChannelError, type FailureOptions } from './notification-channel.ts';
import { tlsTrouble } from './tls-trouble.ts';
import { unlessAborted } from './unless-aborted.ts';

export interface GatewayRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers: Record<string, string>;
  /** Empty: none. */
  readonly body: string;
  /** How much of an answer is read; a receipt's worth unless the answer is a list. */
  readonly maxAnswerBytes?: number;
}

export interface GatewayAnswer {
  readonly status: number;
  readonly text: string;
}

/** An answer is a receipt, not a document. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** What every way out has in common: connections stay open between alarms, and nobody else takes part. */
export const CONNECTIONS = { allowH2: false, keepAliveTimeout: 30_000 } as const;

/** Milliseconds until a server that does not take the connection is given up. */
export const CONNECT_TIMEOUT_MS = 5000;

/** Reaches the operator's own servers, wherever they are. */
export const trustedAgent = (): Agent =>
  new Agent({ ...CONNECTIONS, connect: { timeout: CONNECT_TIMEOUT_MS } });

/** The server answered, and did not say yes. */
export class GatewayRefusal extends ChannelError {
  readonly #answer: GatewayAnswer;

  constructor(message: string, options: FailureOptions, answer: GatewayAnswer) {
    super(message, options);
    this.#answer = answer;
  }

  /** For a channel that knows its server; the text of a stranger is neither stored nor shown. */
  get answer(): GatewayAnswer {
    return this.#answer;
  }
}

/**
 * For a channel that knows better from the words of its server what a refusal means.
 * @param explain returns nothing to leave it at what the status says.
 */
export const explainedBy =
  (explain: (status: number, text: string) => ChannelError | undefined) =>
  (error: unknown): never => {
    if (!(error instanceof GatewayRefusal)) throw error;
    throw explain(error.answer.status, error.answer.text) ?? error;
  };

/**
 * One HTTP exchange with a server of somebody else: bounded in time by the signal and in size, no redirect, no
 * proxy, success only for 2xx. Where tracing is on, the server may go on with the trace: a `traceparent` is random.
 * User and password in the URL become Basic authentication.
 * @throws GatewayRefusal for an answer that is not 2xx, even if it could not be read to its end.
 * @throws ChannelError when there was no answer; in words that contain neither URL nor secret.
 */
export async function exchange(
  call: GatewayRequest,
  dispatcher: Dispatcher,
  signal: AbortSignal,
): Promise<GatewayAnswer> {
  let written = false;
  const noting = dispatcher.compose(beforeWriting(() => (written = true)));
  try {
    const { url, headers } = withoutUserInfo(call);
    const attempt = request(url, {
      method: call.method,
      headers: { ...traceHeaders(), ...headers },
      body: call.body,
      dispatcher: noting,
      signal,
    });
    // As long as there is no connection, undici does not hear the signal.
    const { statusCode: status, headers: told, body } = await unlessAborted(attempt, signal);
    const text = readLimited(body, call.maxAnswerBytes ?? MAX_ANSWER_BYTES);
    if (status >= 200 && status < 300) return { status, text: await text };
    const retryAfter = told['retry-after'];
    const seconds = parseRetryAfter(Array.isArray(retryAfter) ? retryAfter[0] : retryAfter);
    throw new GatewayRefusal(
      `The server answered ${status} ${STATUS_CODES[status] ?? ''}`.trim() + '.',
      refusal(status, seconds),
      { status, text: await text.catch(() => '') },
    );
  } catch (error) {
    throw transportError(error, signal, written);
  }
}

/** Notes that a connection stands and the request is about to be written to it. */
const beforeWriting =
  (note: () => void): Dispatcher.DispatcherComposeInterceptor =>
  (dispatch) =>
  (options, handler) => {
    const start = handler.onRequestStart?.bind(handler);
    handler.onRequestStart = (...args) => {
      note();
      start?.(...args);
    };
    return dispatch(options, handler);
  };

/** The client would drop user and password without a word. */
function withoutUserInfo({ url: address, headers }: GatewayRequest): Pick<GatewayRequest, 'url' | 'headers'> {
  const url = new URL(address);
  if (url.username === '' && url.password === '') return { url: address, headers };
  const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = url.password = '';
  const authorization = `Basic ${Buffer.from(login).toString('base64')}`;
  return { url: url.href, headers: { authorization, ...headers } };
}

async function readLimited(body: Dispatcher.ResponseData['body'], maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    // What follows is not wanted, and leaving the loop closes the connection.
    if (size > maxBytes) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const UNSENDABLE = new Set(['ERR_INVALID_URL', 'UND_ERR_INVALID_ARG']);
const NOT_HTTP = new Set(['UND_ERR_HEADERS_OVERFLOW', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH']);

/** What was not written has not arrived; after that, the server may have acted before the line broke. */
function transportError(error: unknown, signal: AbortSignal, written: boolean): ChannelError {
  if (error instanceof ChannelError) return error;
  const retry = written ? 'ambiguous' : 'yes';
  if (signal.aborted) {
    const words = written ? 'No answer within the time limit.' : 'No connection within the time limit.';
    return new ChannelError(words, { retry, reason: 'timeout' });
  }
  const { cause, code } = Object(error) as { cause?: unknown; code?: unknown };
  if (cause instanceof ChannelError) return cause;
  const word = typeof code === 'string' ? code : 'unknown';
  if (!written && (error instanceof URIError || UNSENDABLE.has(word))) {
    return new ChannelError('The address, or something to be sent with it, is not valid.', {
      retry: 'no',
      reason: 'refused',
    });
  }
  if (error instanceof errors.HTTPParserError || NOT_HTTP.has(word)) {
    return new ChannelError('The answer was not understood.', { retry, reason: 'malformed-answer' });
  }
  const words = tlsTrouble(word) ?? `The connection failed (${word}).`;
  return new ChannelError(words, { retry, reason: 'network' });
}

function refusal(status: number, retryAfterSeconds: number | undefined): FailureOptions {
  if (status === 429 || status === 408 || status === 425) {
    return { retry: 'yes', reason: 'limited', retryAfterSeconds };
  }
  if (status >= 500) return { retry: 'yes', reason: 'server-error', retryAfterSeconds };
  return { retry: 'no', reason: 'refused' };
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3), never more than an hour. */
export function parseRetryAfter(value: string | undefined, now = Date.now()): number | undefined {
  if (value === undefined) return undefined;
  const seconds = /^\d+$/.test(value.trim()) ? Number(value) : (Date.parse(value) - now) / 1000;
  if (Number.isNaN(seconds)) return undefined;
  return Math.min(Math.max(seconds, 0), 3600);
}
