import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';

import { Database, DatabaseListener, Settings, statement } from '#platform';

import type { AlarmEvent } from '../alarm-event.entity.ts';
import { TIMELINE_CHANNEL } from '../timeline-bell.ts';
import { liveEntry, type EventFilter, type LiveEntry, type Page } from './live-entry.ts';
import { OpenWriters } from './open-writers.ts';
import { RecentEntries } from './recent-entries.ts';
import { settledEntries } from './settled-entries.ts';

/** Entries kept in memory, and read at once. */
const RECENT = 500;
/** Entries of the past read at once, for one reader. */
const OLD_PAGE = 50;
/** Numbers one question about the past may look at when no index leads to the entries. */
const STRIDE = 10_000n;
/** The net under the bell. */
const POLL_MS = 1000;
/** Until it is looked again whether a gap has closed: soon, then less and less often. */
const FIRST_LOOK_MS = 20;

const COLUMNS = 'seq, alarm_id AS "alarmId", at, type, actor, request_id AS "requestId", data';
const NEW = statement(
  'timeline.new',
  `SELECT ${COLUMNS} FROM alarm_events WHERE seq > $1 ORDER BY seq LIMIT ${RECENT}`,
);
const OLD = `SELECT ${COLUMNS} FROM alarm_events
   WHERE seq > $1 AND seq <= $2 AND ($3::uuid IS NULL OR alarm_id = $3)
     AND ($4::text[] IS NULL OR type = ANY($4))
   ORDER BY seq LIMIT ${OLD_PAGE}`;
const START = `SELECT COALESCE(min(seq) - 1, 0) AS start
   FROM (SELECT seq FROM alarm_events ORDER BY seq DESC LIMIT ${RECENT}) newest`;
const LAST_NUMBER = `SELECT COALESCE(pg_sequence_last_value(pg_get_serial_sequence('alarm_events', 'seq')), 0) AS last`;

/**
 * All timelines as one, in this process: every entry once, in the order of their numbers, as soon as that order
 * is certain. It begins to listen with the first reader. The bell only says that there is something to read,
 * so whatever is lost on the way, the next look at the table finds it.
 */
@Injectable()
export class TimelineFeed implements OnModuleDestroy {
  private readonly logger = new Logger('TimelineFeed');
  private readonly listener: DatabaseListener;
  private readonly writers: OpenWriters;
  private readonly followers = new Set<() => void>();
  private recent = new RecentEntries(RECENT, 0n);
  /** The last entry given out; nothing up to here is still to come. */
  private head: bigint | undefined;
  private looking: Promise<void> | undefined;
  private nextLook: Promise<void> | undefined;
  private poll: NodeJS.Timeout | undefined;
  private again: NodeJS.Timeout | undefined;
  private patience = FIRST_LOOK_MS;
  private failing = false;
  private stopped = false;

  constructor(
    private readonly database: Database,
    settings: Settings,
  ) {
    this.writers = new OpenWriters(database);
    this.listener = new DatabaseListener(settings, TIMELINE_CHANNEL, () => this.wake());
  }

  /** How far the entries are known. */
  get position(): bigint {
    return this.head ?? 0n;
  }

  /** Looks at the table once, beginning after this call. @throws BrokerError while there is no database. */
  async look(): Promise<void> {
    this.listen();
    if (this.looking === undefined) {
      this.looking = this.read().finally(() => (this.looking = undefined));
      return this.looking;
    }
    // One look for all who ask while another is under way: that may already be past what they mean.
    this.nextLook ??= this.looking
      .catch(() => undefined)
      .then(() => {
        this.nextLook = undefined;
        return this.look();
      });
    return this.nextLook;
  }

  /** Is called whenever there is more, until the returned function is. It must not fail. */
  follow(follower: () => void): () => void {
    this.followers.add(follower);
    return () => this.followers.delete(follower);
  }

  /** What follows a position, from memory; nothing when it is too long ago for that. */
  recentAfter(position: bigint, filter: EventFilter): Page | undefined {
    return this.recent.after(position, filter);
  }

  /** What follows a position, from the table. */
  async storedAfter(position: bigint, filter: EventFilter): Promise<Page> {
    const far = filter.alarmId !== undefined || this.position - position <= STRIDE;
    const last = far ? this.position : position + STRIDE;
    const rows = await this.database.query<AlarmEvent>(OLD, [
      String(position),
      String(last),
      filter.alarmId ?? null,
      filter.types ?? null,
    ]);
    const entries = rows.map(liveEntry);
    const upTo = rows.length < OLD_PAGE ? last : (entries.at(-1)?.seq ?? last);
    return { text: entries.map(({ frame }) => frame).join(''), upTo };
  }

  /** Whether this number was ever given to an entry; not so after the table was restored from an older copy. */
  async hasReached(position: bigint): Promise<boolean> {
    if (position <= this.position) return true;
    const [row] = await this.database.query<{ last: string }>(LAST_NUMBER);
    return position <= BigInt(row?.last ?? 0);
  }

  private listen(): void {
    if (this.poll !== undefined || this.stopped) return;
    this.poll = setInterval(() => this.followers.size > 0 && this.wake(), POLL_MS);
    this.poll.unref();
    this.listener.start();
  }

  private wake(): void {
    if (this.stopped) return;
    this.look().then(
      () => (this.failing = false),
      (error: unknown) => {
        // Once per outage. Readers stay, and hear what they missed when it is over.
        if (!this.failing && !this.stopped)
          this.logger.warn({ err: error }, 'Live events wait for the database');
        this.failing = true;
      },
    );
  }

  private async read(): Promise<void> {
    this.head ??= await this.start();
    for (;;) {
      const settledUpTo = await this.writers.settledUpTo();
      const rows = await this.database.query<AlarmEvent>(NEW, [String(this.head)]);
      const entries = rows.map(liveEntry);
      const ready = settledEntries(entries, this.head, settledUpTo);
      this.giveOut(ready);
      const last = entries.at(-1);
      if (last !== undefined && ready.length < entries.length) {
        if (await this.writers.mayComeBefore(last.seq)) return this.lookAgainSoon();
      } else if (rows.length < RECENT) {
        this.patience = FIRST_LOOK_MS;
        return;
      }
    }
  }

  private async start(): Promise<bigint> {
    const [row] = await this.database.query<{ start: string }>(START);
    const start = BigInt(row?.start ?? 0);
    this.recent = new RecentEntries(RECENT, start);
    return start;
  }

  private giveOut(entries: readonly LiveEntry[]): void {
    if (entries.length === 0) return;
    this.recent.add(entries);
    this.head = entries.at(-1)?.seq ?? this.head;
    for (const follower of this.followers) follower();
  }

  /** Whoever fills the gap rings; whoever rolls back does not. */
  private lookAgainSoon(): void {
    clearTimeout(this.again);
    this.again = setTimeout(() => this.wake(), this.patience);
    this.again.unref();
    this.patience = Math.min(this.patience * 2, POLL_MS);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearInterval(this.poll);
    clearTimeout(this.again);
    await this.listener.stop();
  }
}
