import { Injectable, Logger } from '@nestjs/common';

import { Clock, secondsAfter } from '../clock/clock.ts';
import { Database } from '../database/database.ts';
import type { Tx } from '../database/tx.ts';
import { BrokerError } from '../errors/broker-error.ts';
import { hashSecret, newId } from '../ids.ts';

/** How long an answer can be had again. */
export const KEPT_HOURS = 24;
/** Then whoever claimed the key is believed dead. Being wrong costs nothing: only one claim can commit. */
const LEASE_SECONDS = 10;
/** Claims and looks until this many times a key was released just in between. */
const MAX_TRIES = 3;
/** Expired rows removed after each new one: faster than they arise, and never many at once. */
const CLEAN_BATCH = 50;

/** What a client gets, now or again. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

export interface IdempotentCall {
  /** Whose keys these are. Not stored in a form that opens anything. */
  readonly caller: string;
  /** As read by `idempotencyKey`; nothing: the work is done without a net. */
  readonly key: string | undefined;
  /** Everything that makes one request differ from another, as JSON. */
  readonly request: object;
}

/** Keeps the answer in the transaction of the effect it tells of. */
export type Keep = (tx: Tx, answer: KeptAnswer) => Promise<void>;

const CLAIM = `
  INSERT INTO idempotent_requests AS r (caller, key, fingerprint, claim, lease_until, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (caller, key) DO UPDATE
    SET fingerprint = excluded.fingerprint, claim = excluded.claim, lease_until = excluded.lease_until,
        expires_at = excluded.expires_at, status = NULL, headers = NULL, body = NULL
    WHERE r.expires_at <= $7
       OR (r.status IS NULL AND r.lease_until <= $7 AND r.fingerprint = excluded.fingerprint)
  RETURNING claim`;

const FINISH = `
  UPDATE idempotent_requests SET status = $4, headers = $5, body = $6
  WHERE caller = $1 AND key = $2 AND claim = $3 AND status IS NULL`;

const CLEAN = `
  DELETE FROM idempotent_requests WHERE (caller, key) IN (
    SELECT caller, key FROM idempotent_requests WHERE expires_at <= $1
    ORDER BY expires_at LIMIT ${CLEAN_BATCH} FOR UPDATE SKIP LOCKED)`;

/**
 * Does a thing once, however often it is asked for with the same key (draft-ietf-httpapi-idempotency-key-header).
 *
 * The answer is kept in the very transaction of the effect, so there is no moment at which one exists without the
 * other: a process may die anywhere. A refusal has no effect and frees the key, so that the request can be sent
 * again, mended or not.
 */
@Injectable()
export class Idempotency {
  private readonly logger = new Logger('Idempotency');

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * @param work has its effect in one transaction and calls `keep` in it, again if the transaction is run again.
   * @returns the answer, and whether it is that of an earlier request.
   * @throws BrokerError `idempotency.in-progress`, `idempotency.mismatch`, or what `work` throws.
   */
  async once(
    call: IdempotentCall,
    work: (keep: Keep) => Promise<void>,
  ): Promise<KeptAnswer & { readonly replayed: boolean }> {
    const { caller, key } = call;
    const fingerprint = hashSecret(canonical(call.request));
    const claim = newId();
    const earlier = key === undefined ? undefined : await this.claim(caller, key, fingerprint, claim);
    if (earlier !== undefined) return { ...earlier, replayed: true };

    let kept: KeptAnswer | undefined;
    const keep: Keep = async (tx, answer) => {
      kept = answer;
      if (key === undefined) return;
      const { status, headers, body } = answer;
      const mine = await tx.change(FINISH, [caller, key, claim, status, headers, JSON.stringify(body)]);
      // We were thought dead, and somebody else has taken over. Throwing undoes what we did.
      if (mine === 0) throw inProgress();
    };
    try {
      await work(keep);
    } catch (error) {
      if (key !== undefined) await this.release(caller, key, claim);
      throw error;
    }
    if (kept === undefined) throw new Error('Idempotent work ended without an answer.');
    if (key !== undefined) await this.clean();
    return { ...kept, replayed: false };
  }

  /** @returns the answer kept under this key; nothing when the key is now ours. */
  private async claim(
    caller: string,
    key: string,
    fingerprint: string,
    claim: string,
  ): Promise<KeptAnswer | undefined> {
    for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
      const now = this.clock.now();
      const leaseUntil = secondsAfter(now, LEASE_SECONDS);
      const expiresAt = secondsAfter(now, KEPT_HOURS * 3600);
      const values = [caller, key, fingerprint, claim, leaseUntil, expiresAt, now];
      if ((await this.database.query(CLAIM, values)).length > 0) return undefined;
      const [row] = await this.database.query<{
        fingerprint: string;
        status: number | null;
        headers: Record<string, string> | null;
        body: string | null;
      }>(
        'SELECT fingerprint, status, headers, body FROM idempotent_requests WHERE caller = $1 AND key = $2',
        [caller, key],
      );
      // Released between the two statements.
      if (row === undefined) continue;
      if (row.fingerprint !== fingerprint) throw mismatch();
      if (row.status === null) throw inProgress();
      return {
        status: row.status,
        headers: row.headers ?? {},
        body: JSON.parse(row.body ?? '{}') as object,
      };
    }
    throw inProgress();
  }

  /** Nothing came of it. Should the commit have succeeded unheard, the answer is there and stays. */
  private async release(caller: string, key: string, claim: string): Promise<void> {
    await this.quietly(
      'DELETE FROM idempotent_requests WHERE caller = $1 AND key = $2 AND claim = $3 AND status IS NULL',
      [caller, key, claim],
    );
  }

  private clean(): Promise<void> {
    return this.quietly(CLEAN, [this.clock.now()]);
  }

  /** Housekeeping: a failure must not hide what the caller has to hear; the lease, or the next one, mends it. */
  private async quietly(sql: string, values: (string | Date)[]): Promise<void> {
    await this.database.query(sql, values).catch((error: unknown) => {
      this.logger.debug({ err: error }, 'Idempotency keys were not tidied up');
    });
  }
}

/** The same words for the same request, in whatever order its fields were written. */
const canonical = (request: object): string =>
  JSON.stringify(request, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );

const inProgress = (): BrokerError =>
  new BrokerError(
    'conflict',
    'idempotency.in-progress',
    'A request with this Idempotency-Key is still in progress; ask again in a moment.',
    { retryAfterSeconds: 1 },
  );

const mismatch = (): BrokerError =>
  new BrokerError(
    'invalid',
    'idempotency.mismatch',
    'This Idempotency-Key was used for another request; a new request needs a new key.',
  );
