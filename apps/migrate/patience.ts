import { setTimeout as sleep } from 'node:timers/promises';

import { FLOOR_IS_KNOWN_AFTER_MS } from '#platform';

/** What an operator can mend; shown without a stack trace. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/** How a migration waits for tables that are in use. */
export interface Patience {
  /** For one lock. Whoever wants the table after us waits as long, so it is less than what a press waits for a row. */
  readonly lockMs: number;
  readonly tries: number;
  readonly pauseMs: number;
  /** For all processes to notice a new floor. */
  readonly noticeMs: number;
}

export const PATIENCE: Patience = {
  lockMs: 1000,
  tries: 15,
  pauseMs: 2000,
  noticeMs: FLOOR_IS_KNOWN_AFTER_MS,
};

/** PostgreSQL gave up waiting for a lock (55P03), whoever passes the error on. */
export const isLockTimeout = (error: unknown): boolean =>
  (Object(error) as { code?: unknown }).code === '55P03' ||
  (Object(error) as { driverError?: { code?: unknown } }).driverError?.code === '55P03';

/**
 * Tries again while something holds a table that is to be changed. Nothing of an attempt that failed is left.
 * @throws MigrationError when it never came free.
 */
export async function patiently<T>({ tries, pauseMs }: Patience, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      if (attempt >= tries) {
        throw new MigrationError(
          `A table that is to be changed was in use all ${tries} times it was tried; nothing was changed. ` +
            'Look for long transactions (pg_stat_activity, a backup) and try again.',
        );
      }
      await sleep(pauseMs);
    }
  }
}
