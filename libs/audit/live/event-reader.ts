import type { Response } from 'express';

import type { EventFilter, Page } from './live-entry.ts';
import type { TimelineFeed } from './timeline-feed.ts';
import type { Turnstile } from './turnstile.ts';

/** Milliseconds after which a browser comes back by itself. */
const COME_BACK_MS = 2000;
const TRY_AGAIN_MS = 1000;

/** Why a reader was cut. */
export type CutReason = 'slow' | 'revoked';

export interface ReaderTerms {
  readonly filter: EventFilter;
  /** The last entry it has. */
  readonly position: bigint;
  readonly heartbeatMs: number;
  /** Whether its key still opens this door. */
  readonly mayStay: () => Promise<boolean>;
  readonly onCut: (reason: CutReason) => void;
}

/**
 * One stream of server-sent events. It holds no queue of its own: it knows how far its reader is, and takes the
 * next page when the last one is gone. So a reader that does not read costs one page of memory, until it is cut;
 * it may come back with the id of the last entry it has.
 */
export class EventReader {
  private position: bigint;
  private readonly unfollow: () => void;
  private readonly heartbeat: NodeJS.Timeout;
  private fetching = false;
  private checking = false;
  private stuck = false;
  private stopped = false;

  constructor(
    private readonly response: Response,
    private readonly feed: TimelineFeed,
    private readonly turnstile: Turnstile,
    private readonly terms: ReaderTerms,
  ) {
    this.position = terms.position;
    // The id without data moves a browser's Last-Event-ID, so that it misses nothing even before the first entry.
    response.write(`retry: ${COME_BACK_MS}\nid: ${this.position}\n\n`);
    response.on('drain', () => {
      this.stuck = false;
      this.pump();
    });
    this.heartbeat = setInterval(() => this.beat(), terms.heartbeatMs);
    this.unfollow = feed.follow(() => this.pump());
    this.pump();
  }

  /** Lets go of everything. For when the connection is gone. */
  stop(): void {
    this.stopped = true;
    clearInterval(this.heartbeat);
    this.unfollow();
  }

  /** Ends the stream; what its reader does not take any more is not waited for. */
  end(): void {
    this.stop();
    if (this.response.writableLength > 0) this.response.destroy();
    else this.response.end();
  }

  private pump(): void {
    while (!this.stopped && !this.fetching && this.position < this.feed.position) {
      if (this.response.writableNeedDrain) return;
      const page = this.feed.recentAfter(this.position, this.terms.filter);
      if (page === undefined) void this.fetch();
      else this.take(page);
    }
  }

  private take({ text, upTo }: Page): void {
    this.position = upTo;
    if (text !== '') this.response.write(text);
  }

  /** From the table: somebody who was away for longer. */
  private async fetch(): Promise<void> {
    this.fetching = true;
    try {
      const page = await this.turnstile.pass(() => this.feed.storedAfter(this.position, this.terms.filter));
      this.fetching = false;
      if (this.stopped) return;
      this.take(page);
      this.pump();
    } catch {
      // The feed has said that the database is away. Nothing is lost, only late.
      setTimeout(() => {
        this.fetching = false;
        this.pump();
      }, TRY_AGAIN_MS).unref();
    }
  }

  private beat(): void {
    const stuck = this.response.writableNeedDrain;
    if (stuck && this.stuck) return this.cut('slow');
    this.stuck = stuck;
    if (!stuck) this.response.write(': heartbeat\n\n');
    if (!this.checking) void this.checkKey();
  }

  private async checkKey(): Promise<void> {
    this.checking = true;
    const mayStay = await this.turnstile.pass(this.terms.mayStay).catch(() => true);
    this.checking = false;
    if (!mayStay && !this.stopped) this.cut('revoked');
  }

  private cut(reason: CutReason): void {
    this.terms.onCut(reason);
    this.end();
  }
}
