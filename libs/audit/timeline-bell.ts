import { Injectable, type OnModuleDestroy } from '@nestjs/common';

import { Database } from '#platform';

/** The channel on which processes tell each other that a timeline has grown. */
export const TIMELINE_CHANNEL = 'alarm_broker_timeline';

/** At most this often for each process: under load one word is said for many entries. */
const PAUSE_MS = 20;

/**
 * Tells every process that there is something new to read, and nothing else: what it is stands in the table.
 *
 * It is rung after the commit, not in the transaction. PostgreSQL lets only one transaction that contains a
 * NOTIFY commit at a time, through its flush to disk, so a NOTIFY in each press would put all presses in one
 * queue. By itself it is a transaction that has nothing to flush. What that gives up is the word of a process
 * that dies in between; the feed's poll finds the entry a second later.
 */
@Injectable()
export class TimelineBell implements OnModuleDestroy {
  private wanted = false;
  private timer: NodeJS.Timeout | undefined;
  private ringing = false;

  constructor(private readonly database: Database) {}

  /** Never waits and never fails. */
  ring(): void {
    this.wanted = true;
    if (this.ringing || this.timer !== undefined) return;
    void this.say();
  }

  private async say(): Promise<void> {
    this.ringing = true;
    this.wanted = false;
    await this.database.query(`NOTIFY ${TIMELINE_CHANNEL}`).catch(() => undefined);
    this.ringing = false;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.wanted) void this.say();
    }, PAUSE_MS);
  }

  onModuleDestroy(): void {
    clearTimeout(this.timer);
  }
}
