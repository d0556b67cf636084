import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Response } from 'express';
import { Counter, Gauge } from 'prom-client';

import { BrokerError, Settings } from '#platform';

import { EventReader, type CutReason } from './event-reader.ts';
import type { EventFilter } from './live-entry.ts';
import { TimelineFeed } from './timeline-feed.ts';
import { Turnstile } from './turnstile.ts';

export const READERS_METRIC = 'alarm_broker_event_readers';
export const CUTS_METRIC = 'alarm_broker_event_readers_cut_total';

/** What all readers together may ask of the database at once: people who watch must not make presses wait. */
const QUESTIONS_AT_ONCE = 3;
const COME_BACK_SECONDS = 10;

/** What a reader asks for. */
export interface ReaderWish {
  readonly filter: EventFilter;
  /** The last entry it has; without it the stream begins now. */
  readonly after: bigint | undefined;
  /** Whose key it is, for the log. */
  readonly name: string;
  readonly mayStay: () => Promise<boolean>;
  /** Between two signs of life, if that should be less than for others. */
  readonly heartbeatMs?: number;
}

/** All streams of this process: a bounded number, ended when the process is told to stop. */
@Injectable()
export class EventReaders implements OnModuleDestroy {
  private readonly logger = new Logger('EventReaders');
  private readonly turnstile = new Turnstile(QUESTIONS_AT_ONCE);
  private readonly readers = new Set<EventReader>();
  private arriving = 0;
  private stopped = false;

  constructor(
    private readonly feed: TimelineFeed,
    private readonly settings: Settings,
    @InjectMetric(READERS_METRIC) private readonly count: Gauge,
    @InjectMetric(CUTS_METRIC) private readonly cuts: Counter<'reason'>,
  ) {
    for (const reason of ['slow', 'revoked'] as const) cuts.inc({ reason }, 0);
  }

  /**
   * Turns an answer into a stream. What is committed after this returned is on it.
   * @throws BrokerError `events.full`, `events.stopping` or `database.unavailable`; then the answer has not begun.
   */
  async open(response: Response, wish: ReaderWish): Promise<void> {
    if (this.stopped) throw stopping();
    if (this.readers.size + this.arriving >= this.settings.EVENTS_MAX_READERS) throw full();
    this.arriving += 1;
    try {
      await this.feed.look();
      const known = wish.after !== undefined && (await this.feed.hasReached(wish.after));
      if (this.stopped) throw stopping();
      if (!response.destroyed) this.begin(response, wish, known ? wish.after : undefined);
    } finally {
      this.arriving -= 1;
    }
  }

  private begin(response: Response, wish: ReaderWish, after: bigint | undefined): void {
    response.writeHead(200, STREAM_HEADERS);
    const reader: EventReader = new EventReader(response, this.feed, this.turnstile, {
      filter: wish.filter,
      position: after ?? this.feed.position,
      heartbeatMs: Math.min(wish.heartbeatMs ?? Infinity, this.settings.EVENTS_HEARTBEAT_SECONDS * 1000),
      mayStay: wish.mayStay,
      onCut: (reason) => this.report(reason, wish.name),
    });
    this.readers.add(reader);
    this.count.set(this.readers.size);
    response.once('close', () => {
      reader.stop();
      this.readers.delete(reader);
      this.count.set(this.readers.size);
    });
  }

  private report(reason: CutReason, name: string): void {
    this.cuts.inc({ reason });
    this.logger.log({ reason, reader: name }, 'a reader of live events was cut');
  }

  /** Before the server is closed, which waits for answers under way: these would never end by themselves. */
  onModuleDestroy(): void {
    this.stopped = true;
    for (const reader of this.readers) reader.end();
  }
}

export const STREAM_HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  // Proxies of the nginx kind would otherwise collect the stream before they pass it on.
  'X-Accel-Buffering': 'no',
  // A stream ends with its connection, which therefore waits for nothing after it.
  Connection: 'close',
} as const;

const stopping = (): BrokerError =>
  new BrokerError(
    'unavailable',
    'events.stopping',
    'This process is about to stop; another one will serve.',
    {
      retryAfterSeconds: 1,
    },
  );

const full = (): BrokerError =>
  new BrokerError('unavailable', 'events.full', 'This process has as many readers as it can serve.', {
    retryAfterSeconds: COME_BACK_SECONDS,
  });
