import { once } from 'node:events';
import { get, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { clearTimeout, setTimeout } from 'node:timers';

/** The key of the world; here, because a stream needs nothing else of it. */
const ADMIN_KEY = 'an admin key for tests';

/** An entry of a timeline as it came over the stream. */
export interface StreamEvent {
  readonly id: string;
  readonly event: string;
  readonly data: {
    readonly id: string;
    readonly alarm_id: string;
    readonly at: string;
    readonly type: string;
    readonly actor: string | null;
    readonly request_id: string | null;
    readonly data: Record<string, unknown>;
  };
}

export interface StreamWishes {
  readonly key?: string | undefined;
  /** Another stream than that of the API, and what a browser would send there. */
  readonly path?: string;
  readonly cookie?: string;
  readonly lastEventId?: string | undefined;
  readonly query?: Readonly<Record<string, string>>;
  /** Keep up from the beginning; else only from `read()` on. */
  readonly reading?: boolean;
}

type Matches = (event: StreamEvent) => boolean;

/** The end of this alarm. */
export const resolved =
  (alarmId: string): Matches =>
  ({ event, data }) =>
    event === 'alarm.resolved' && data.alarm_id === alarmId;

const WAIT_MS = 15_000;

/** A reader of `GET /v1/events` as a browser is one, over a real connection. It does not come back by itself. */
export class EventStream {
  /** Every event so far. */
  readonly events: StreamEvent[] = [];
  readonly comments: string[] = [];
  /** The very first line. */
  firstLine = '';
  /** Where a browser would go on, which an `id` without data moves, too. */
  lastEventId = '';
  /** True once the server, or the connection, has ended it. */
  ended = false;

  private readonly watchers = new Set<() => void>();
  private rest = '';
  private taken = 0;

  /** Returns when the answer has begun, whatever it is. */
  static async open(url: string, wishes: StreamWishes = {}): Promise<EventStream> {
    const { key = ADMIN_KEY, lastEventId, query = {}, reading = true, path = '/v1/events', cookie } = wishes;
    const address = new URL(path, url);
    for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
    const request = get(address, {
      agent: false,
      headers: {
        ...(key === '' ? {} : { 'X-Admin-Key': key }),
        ...(cookie === undefined ? {} : { Cookie: cookie, Accept: 'text/event-stream' }),
        ...(lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId }),
      },
    });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const stream = new EventStream(request, response);
    if (reading) stream.read();
    return stream;
  }

  private constructor(
    private readonly request: ClientRequest,
    private readonly response: IncomingMessage,
  ) {
    request.on('error', () => this.end());
    response.on('error', () => this.end());
    response.on('close', () => this.end());
  }

  get status(): number {
    return this.response.statusCode ?? 0;
  }

  get headers(): IncomingHttpHeaders {
    return this.response.headers;
  }

  get ids(): number[] {
    return this.events.map(({ id }) => Number(id));
  }

  get types(): string[] {
    return this.events.map(({ event }) => event);
  }

  /** What was answered instead of a stream. */
  get body(): unknown {
    return JSON.parse(this.rest);
  }

  /** Begins to take what comes. */
  read(): void {
    this.response.setEncoding('utf8').on('data', (text: string) => this.receive(text));
  }

  /** The next event that matches, passing over those before it. */
  async next(matches: Matches = () => true): Promise<StreamEvent> {
    let found: StreamEvent | undefined;
    await this.until(() => {
      while (found === undefined && this.taken < this.events.length) {
        const event = this.events[this.taken++];
        if (event !== undefined && matches(event)) found = event;
      }
      return found !== undefined;
    }, 'an event that matches');
    if (found === undefined) throw new Error('unreachable');
    return found;
  }

  /** Waits until it is known where a browser would go on. */
  async position(): Promise<number> {
    await this.until(() => this.lastEventId !== '', 'a position');
    return Number(this.lastEventId);
  }

  /** Waits for a heartbeat that was not there when this was called. What was written before it has come by then. */
  async heartbeat(): Promise<void> {
    const before = this.comments.length;
    await this.until(() => this.comments.length > before, 'a heartbeat');
  }

  async over(): Promise<void> {
    await this.until(() => this.ended, 'the end of the stream');
  }

  /** Hangs up. */
  close(): void {
    this.request.destroy();
  }

  async until(condition: () => boolean, what: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = (): void => {
      if (condition()) resolve();
      else if (this.ended) reject(new Error(`The stream ended before ${what}.`));
    };
    const timer = setTimeout(() => reject(new Error(`${what} did not come within ${WAIT_MS} ms`)), WAIT_MS);
    this.watchers.add(look);
    look();
    await promise.finally(() => {
      clearTimeout(timer);
      this.watchers.delete(look);
    });
  }

  private receive(text: string): void {
    this.rest += text;
    const blocks = this.rest.split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) this.take(block);
    this.notify();
  }

  private take(block: string): void {
    const fields = new Map<string, string>();
    for (const line of block.split('\n')) {
      this.firstLine ||= line;
      const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
      if (name === '') this.comments.push(value);
      else fields.set(name, value);
    }
    this.lastEventId = fields.get('id') ?? this.lastEventId;
    const data = fields.get('data');
    if (data !== undefined) {
      this.events.push({
        id: this.lastEventId,
        event: fields.get('event') ?? 'message',
        data: JSON.parse(data) as StreamEvent['data'],
      });
    }
  }

  private end(): void {
    this.ended = true;
    this.notify();
  }

  private notify(): void {
    for (const watcher of [...this.watchers]) watcher();
  }
}
