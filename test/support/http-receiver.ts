import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { clearTimeout, setTimeout } from 'node:timers';

export interface Recorded {
  readonly method: string;
  /** Path and query, as sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The parsed body; undefined when it is not JSON. */
  readonly json: unknown;
  /** `performance.now()` when the body was complete. */
  readonly receivedAt: number;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Anything but a string is sent as JSON. */
  readonly body?: unknown;
}

/** `hang`: never answer. `reset`: close the connection without a word. */
export type Handler = (request: Recorded) => Answer | 'hang' | 'reset' | Promise<Answer | 'hang' | 'reset'>;

export type Predicate = (request: Recorded) => boolean;

interface Waiter {
  readonly matches: Predicate;
  readonly take: (request: Recorded) => void;
}

const everything: Predicate = () => true;

/** A real HTTP server that stands for a gateway: it records what comes and answers as it is told. */
export class HttpReceiver {
  /** Every request so far, in the order in which they came. */
  readonly requests: Recorded[] = [];

  readonly #server = createServer((request, response) => void this.#receive(request, response));
  #unconsumed: Recorded[] = [];
  #waiters: Waiter[] = [];
  #handler: Handler = () => ({});
  #url = '';

  /** Listens on 127.0.0.1, on a free port unless told which, and answers 200 `{}` until told otherwise. */
  static async start(port = 0): Promise<HttpReceiver> {
    const receiver = new HttpReceiver();
    receiver.#server.listen(port, '127.0.0.1');
    await once(receiver.#server, 'listening');
    receiver.#url = `http://127.0.0.1:${(receiver.#server.address() as AddressInfo).port}`;
    return receiver;
  }

  /** Without a slash at the end; stays the same after `close()`. */
  get url(): string {
    return this.#url;
  }

  /** How to answer from now on. */
  answer(how: Handler | Answer): void {
    this.#handler = typeof how === 'function' ? how : () => how;
  }

  /** From now on accept and record requests, and never answer them. */
  hang(): void {
    this.#handler = () => 'hang';
  }

  /** How many requests came that match. */
  count(matches: Predicate = everything): number {
    return this.requests.filter(matches).length;
  }

  /** The earliest matching request that no call of `next` has returned yet, waiting for it if it has yet to come. */
  next(matches: Predicate = everything, { timeoutMs = 10_000 } = {}): Promise<Recorded> {
    const index = this.#unconsumed.findIndex(matches);
    const [waiting] = index < 0 ? [] : this.#unconsumed.splice(index, 1);
    if (waiting) return Promise.resolve(waiting);

    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        matches,
        take: (request) => {
          clearTimeout(timer);
          resolve(request);
        },
      };
      const timer = setTimeout(() => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        const seen = this.requests.map(({ method, url }) => `${method} ${url}`).join(', ') || 'none';
        reject(new Error(`No matching request within ${timeoutMs} ms; requests so far: ${seen}`));
      }, timeoutMs);
      this.#waiters.push(waiter);
    });
  }

  /** Stops listening and cuts open connections, answered or not. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const recorded = await record(request).catch(() => undefined);
    if (!recorded) return; // the sender went away in the middle

    this.requests.push(recorded);
    const waiter = this.#waiters.find(({ matches }) => matches(recorded));
    this.#waiters = this.#waiters.filter((other) => other !== waiter);
    if (waiter) waiter.take(recorded);
    else this.#unconsumed.push(recorded);

    const answer = await this.#handler(recorded);
    if (answer === 'reset') request.socket.destroy();
    else if (answer !== 'hang') send(response, answer);
  }
}

async function record(request: IncomingMessage): Promise<Recorded> {
  const body = Buffer.concat((await request.toArray()) as Buffer[]);
  const { method = '', url = '', headers } = request;
  return { method, url, headers, body, json: parseJson(body), receivedAt: performance.now() };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, { status = 200, headers = {}, body = {} }: Answer): void {
  const isText = typeof body === 'string';
  const type = isText ? 'text/plain; charset=utf-8' : 'application/json';
  response.writeHead(status, { 'content-type': type, ...headers }).end(isText ? body : JSON.stringify(body));
}
