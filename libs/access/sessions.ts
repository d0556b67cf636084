import { createHmac } from 'node:crypto';

import { Injectable, Logger } from '@nestjs/common';

import {
  BrokerError,
  Clock,
  Database,
  hashSecret,
  newSecret,
  secondsAfter,
  Settings,
  statement,
} from '#platform';

import { ApiKeys, ROOT_NAME } from './api-keys.ts';
import { FailedAttempts } from './failed-attempts.ts';
import type { Principal, Role } from './principal.ts';

/** Somebody who is signed in, for the length of a request. */
export interface Session {
  readonly principal: Principal;
  /** Proves that a form was made for this session. Tells nothing about the token. */
  readonly formToken: string;
}

interface FoundRow {
  readonly isRoot: boolean;
  readonly name: string | null;
  readonly role: Role | null;
  readonly called: string | null;
  readonly stale: boolean;
}

/** A key that was revoked finds nothing any more; a key that was given another role has it at once. */
const FIND = statement(
  'sessions.find',
  `SELECT s.api_key_id IS NULL AS "isRoot", k.name, k.role, s.called, s.last_seen_at < $4 AS stale
   FROM sessions s LEFT JOIN api_keys k ON k.id = s.api_key_id
   WHERE s.token_hash = $1 AND s.created_at > $2 AND s.last_seen_at > $3 AND k.revoked_at IS NULL`,
);

/**
 * People who signed in with a key at the console. A session ends by itself, by signing out, and with its key; a
 * change of ADMIN_API_KEY ends all of them.
 */
@Injectable()
export class Sessions {
  private readonly logger = new Logger('Sessions');

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
    private readonly keys: ApiKeys,
    private readonly failedAttempts: FailedAttempts,
  ) {}

  /**
   * @param called what the person behind the key wants to be called. @param address where they come from.
   * @returns the token of the new session, for the only time.
   * @throws BrokerError `access.not-configured`, `access.denied`, `access.limited`
   */
  async begin(key: string, called: string | null, address: string): Promise<string> {
    await this.failedAttempts.refuseGuesser(address);
    if (this.settings.ADMIN_API_KEY === undefined) throw notConfigured();
    const holder = await this.keys.recognise(key);
    if (holder === undefined) {
      await this.failedAttempts.count(address);
      this.logger.warn({ address }, 'somebody could not sign in');
      throw new BrokerError('unauthorized', 'access.denied', 'The key is wrong.');
    }
    const token = newSecret();
    const now = this.clock.now();
    await this.database.transaction((tx) => {
      tx.send('DELETE FROM sessions WHERE created_at <= $1 OR last_seen_at <= $2', this.limits());
      tx.send(
        `INSERT INTO sessions (token_hash, api_key_id, called, created_at, last_seen_at) VALUES ($1, $2, $3, $4, $4)`,
        [this.hash(token), holder.keyId, called, now],
      );
    });
    this.logger.log({ name: holder.name }, 'signed in');
    return token;
  }

  /** Whose session it is, and that they were here; nothing for one that is over. */
  async find(token: string): Promise<Session | undefined> {
    if (this.settings.ADMIN_API_KEY === undefined) return undefined;
    const hash = this.hash(token);
    const now = this.clock.now();
    const [row] = await this.database.query<FoundRow>(FIND, [hash, ...this.limits(), secondsAfter(now, -60)]);
    if (row === undefined) return undefined;
    if (row.stale) {
      await this.database.query('UPDATE sessions SET last_seen_at = $2 WHERE token_hash = $1', [hash, now]);
    }
    const name = row.isRoot ? ROOT_NAME : (row.name ?? '');
    const role = row.isRoot ? 'admin' : (row.role ?? 'viewer');
    return {
      principal: { name, role, displayName: row.called ?? name },
      formToken: hashSecret(`form ${token}`),
    };
  }

  /** Signs out. */
  async end(token: string): Promise<void> {
    if (this.settings.ADMIN_API_KEY === undefined) return;
    await this.database.query('DELETE FROM sessions WHERE token_hash = $1', [this.hash(token)]);
  }

  /** Sessions that began, or were used last, no later than this are over. */
  private limits(): [began: Date, used: Date] {
    const { SESSION_HOURS, SESSION_IDLE_MINUTES } = this.settings;
    const now = this.clock.now();
    return [secondsAfter(now, -SESSION_HOURS * 3600), secondsAfter(now, -SESSION_IDLE_MINUTES * 60)];
  }

  /** Bound to ADMIN_API_KEY, so that with another one no session is found. */
  private hash(token: string): string {
    return createHmac('sha256', this.settings.ADMIN_API_KEY ?? '')
      .update(token)
      .digest('hex');
  }
}

const notConfigured = (): BrokerError =>
  new BrokerError('forbidden', 'access.not-configured', 'No ADMIN_API_KEY is configured on the server.');
