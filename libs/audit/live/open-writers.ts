import { Logger } from '@nestjs/common';

import { statement, type Database } from '#platform';

/**
 * Transactions that have written entries and not yet ended. The lock is taken before the first number and given
 * back only after the rows can be seen, so: who is not in this list when a read begins has nothing to add to it.
 * Unlike a look at transaction ids this is not held up by somebody who writes to other tables or databases.
 */
const WRITERS = statement(
  'timeline.writers',
  `SELECT virtualtransaction AS transaction, pid FROM pg_locks
   WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND granted AND relation = 'alarm_events'::regclass
     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
);

/** A transaction is a matter of milliseconds; one that takes this long hangs, and an operator should know. */
const TOO_LONG_MS = 10_000;

interface Wait {
  readonly upTo: bigint;
  readonly transactions: ReadonlySet<string>;
  readonly since: number;
  reported: boolean;
}

/** Knows up to which number no entry is still to come, by waiting for those who were writing when it was seen. */
export class OpenWriters {
  private readonly logger = new Logger('TimelineFeed');
  private settled = 0n;
  private wait: Wait | undefined;

  constructor(private readonly database: Database) {}

  /** To be asked before the rows are read: only then have those who ended meanwhile left their rows there. */
  async settledUpTo(): Promise<bigint> {
    const { wait } = this;
    if (wait === undefined) return this.settled;
    const open = (await this.list()).filter(({ transaction }) => wait.transactions.has(transaction));
    if (open.length === 0) {
      this.settled = wait.upTo;
      this.wait = undefined;
    } else if (!wait.reported && performance.now() - wait.since > TOO_LONG_MS) {
      wait.reported = true;
      this.logger.warn(
        { backends: open.map(({ pid }) => pid) },
        'Live events wait for a transaction that does not end',
      );
    }
    return this.settled;
  }

  /**
   * To be asked when a gap was seen below an entry.
   * @returns false when nobody is left who could fill it: then another read tells.
   */
  async mayComeBefore(seq: bigint): Promise<boolean> {
    if (this.wait !== undefined) return true;
    const open = await this.list();
    if (open.length === 0) {
      this.settled = seq;
      return false;
    }
    const transactions = new Set(open.map(({ transaction }) => transaction));
    this.wait = { upTo: seq, transactions, since: performance.now(), reported: false };
    return true;
  }

  private list(): Promise<{ transaction: string; pid: number }[]> {
    return this.database.query(WRITERS);
  }
}
