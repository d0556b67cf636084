import { Injectable } from '@nestjs/common';
import pg from 'pg';

import { Settings } from '../config/settings.ts';
import { databaseUrl } from './database.module.ts';

/** What a PostgreSQL server says about itself, as far as it matters for keeping alarms. */
export interface DatabaseFacts {
  readonly version: string;
  /** 180004 is 18.4. */
  readonly versionNumber: number;
  readonly encoding: string;
  /** The quickest of a few round trips. */
  readonly latencyMs: number;
  /** How far the clock of the server is ahead of this machine's. */
  readonly clockAheadMs: number;
  readonly isStandby: boolean;
  readonly isReadOnly: boolean;
  /** Commits reach the disk before they are answered; pages survive a crash while they are written. */
  readonly fsync: boolean;
  readonly fullPageWrites: boolean;
  readonly synchronousCommit: string;
  readonly autovacuum: boolean;
  /** Connections our user may open, by server, database and role; and those open on the server now. */
  readonly connectionLimit: number;
  readonly connections: number;
  readonly isEncrypted: boolean;
  readonly isSuperuser: boolean;
  readonly sizeBytes: number;
  /** Of the oldest transaction under way in this database; 0 when there is none. */
  readonly oldestTransactionSeconds: number;
  /** Transactions since the oldest row was frozen; at two thousand million the server stops writing. */
  readonly transactionAge: number;
}

const TIME_LIMIT_MS = 4000;
const ROUND_TRIPS = 5;

const ASK = `
  SELECT current_setting('server_version') AS version,
         current_setting('server_version_num')::int AS "versionNumber",
         current_setting('server_encoding') AS encoding,
         pg_is_in_recovery() AS "isStandby",
         current_setting('default_transaction_read_only')::bool AS "isReadOnly",
         current_setting('fsync')::bool AS fsync,
         current_setting('full_page_writes')::bool AS "fullPageWrites",
         current_setting('synchronous_commit') AS "synchronousCommit",
         current_setting('autovacuum')::bool AS autovacuum,
         LEAST(current_setting('max_connections')::int
                 - current_setting('superuser_reserved_connections')::int
                 - COALESCE(current_setting('reserved_connections', true)::int, 0),
               NULLIF(d.datconnlimit, -1), NULLIF(r.rolconnlimit, -1)) AS "connectionLimit",
         (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
         COALESCE((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS "isEncrypted",
         r.rolsuper AS "isSuperuser",
         pg_database_size(d.oid)::float8 AS "sizeBytes",
         COALESCE((SELECT extract(epoch FROM max(clock_timestamp() - xact_start))::float8
                   FROM pg_stat_activity
                   WHERE datid = d.oid AND pid <> pg_backend_pid()), 0) AS "oldestTransactionSeconds",
         age(d.datfrozenxid) AS "transactionAge"
  FROM pg_database d, pg_roles r
  WHERE d.datname = current_database() AND r.rolname = current_user`;

/** Asks the server over a connection of its own, so that the answer is the server's and not that of a busy pool. */
@Injectable()
export class DatabaseServer {
  private readonly url: string;

  constructor(settings: Settings) {
    this.url = databaseUrl(settings);
  }

  /** @throws Error whose words say why it cannot be asked; they hold neither password nor URL. */
  async facts(): Promise<DatabaseFacts> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'alarm-broker doctor',
      connectionTimeoutMillis: TIME_LIMIT_MS,
      query_timeout: TIME_LIMIT_MS,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<Omit<DatabaseFacts, 'latencyMs' | 'clockAheadMs'>>(ASK);
      const [facts] = rows;
      if (facts === undefined) throw new Error('The server says nothing about this database.');
      return { ...facts, ...(await roundTrips(client)) };
    } catch (error) {
      throw new Error(wordsOf(error), { cause: error });
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

/** The quickest trip tells the time best: least of it was spent under way. */
async function roundTrips(client: pg.Client): Promise<Pick<DatabaseFacts, 'latencyMs' | 'clockAheadMs'>> {
  const trips = [];
  for (let trip = 0; trip < ROUND_TRIPS; trip += 1) {
    const began = performance.now();
    const { rows } = await client.query<{ there: number }>(
      'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS there',
    );
    const latencyMs = performance.now() - began;
    trips.push({ latencyMs, clockAheadMs: (rows[0]?.there ?? NaN) - (Date.now() - latencyMs / 2) });
  }
  return trips.reduce((best, trip) => (trip.latencyMs < best.latencyMs ? trip : best));
}

/** A name with several addresses fails once for each of them, and the error itself then says nothing. */
function wordsOf(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error && first.message !== '' ? first.message : 'no reason given';
}
