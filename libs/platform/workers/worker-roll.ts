import { Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';

import { VERSION } from '../build-info.ts';
import { Clock, secondsAfter } from '../clock/clock.ts';
import { within } from '../clock/within.ts';
import { Database } from '../database/database.ts';
import { newId } from '../ids.ts';
import { Sweeper, type Sweep } from '../sweep/sweeper.ts';

/** A worker says so often that it lives. */
const SIGN_EVERY_SECONDS = 5;
/** Three signs missed. */
export const ALIVE_SECONDS = 15;
/** Then a worker that ended without a word is forgotten. */
const KEPT_SECONDS = 3600;

const SIGN_OFF_WITHIN_MS = 500;

/**
 * Enters this worker on the roll, so that any process can tell how many there are. It signs from within a sweep: a
 * worker that is frozen, or too busy to sweep, does not count as one, though its connections may still be open.
 */
@Injectable()
export class WorkerRoll implements Sweep, OnModuleInit, BeforeApplicationShutdown {
  readonly name = 'worker-roll';
  private readonly id = newId();
  private readonly startedAt: Date;
  private signedAt: Date | undefined;
  private leaving = false;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly sweeper: Sweeper,
  ) {
    this.startedAt = clock.now();
  }

  onModuleInit(): void {
    this.sweeper.register(this);
  }

  /** @returns 0: nothing here is late. */
  async sweep(): Promise<number> {
    const now = this.clock.now();
    const isSoon = this.signedAt !== undefined && now < secondsAfter(this.signedAt, SIGN_EVERY_SECONDS);
    if (isSoon || this.leaving) return 0;
    await this.database.query(
      `WITH forgotten AS (DELETE FROM workers WHERE seen_at < $5)
       INSERT INTO workers (id, version, started_at, seen_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at`,
      [this.id, VERSION, this.startedAt, now, secondsAfter(now, -KEPT_SECONDS)],
    );
    this.signedAt = now;
    return 0;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.leaving = true;
    await within(SIGN_OFF_WITHIN_MS, this.database.query('DELETE FROM workers WHERE id = $1', [this.id]));
  }
}
