import pg from 'pg';

import { createDataSource, migrateJobs, type SchemaParts } from '#platform';

import { SCHEMA } from '../schema.ts';
import { floorOf, raiseFloor, requireKnownFloor, setFloor } from './floor.ts';
import { readLedger } from './ledger.ts';
import { isLockTimeout, MigrationError, PATIENCE, patiently, type Patience } from './patience.ts';

/** Another migrator may be waiting for a table, patiently. */
const TURN_SECONDS = 60;

/**
 * Brings a database up to this build: our tables first, then BullMQ's. Each all or nothing, and safe to run
 * twice or from two places at once.
 *
 * @returns the names of our migrations that ran now.
 * @throws SchemaTooNewError when a newer release has changed the database beyond what this build knows.
 * @throws MigrationError when a table stays in use, or another migration does not end.
 */
export async function migrateDatabase(
  url: string,
  { parts = SCHEMA, patience = PATIENCE }: { parts?: SchemaParts; patience?: Patience } = {},
): Promise<string[]> {
  return withLock(url, async (lock) => {
    const ledger = await readLedger(lock, parts);
    requireKnownFloor(ledger, parts);
    const floor = floorOf(ledger.pending);
    const lower =
      floor !== undefined && ledger.hasFloor
        ? await raiseFloor(lock, ledger, floor, patience.noticeMs)
        : undefined;
    try {
      const ran = await patiently(patience, () => runMigrations(url, parts, patience));
      if (floor !== undefined) await setFloor(lock, floor);
      await lock.query(`SET lock_timeout = ${patience.lockMs}`);
      await patiently(patience, () => migrateJobs(lock));
      return ran;
    } catch (error) {
      await lower?.();
      throw error;
    }
  });
}

/** Work that no other migrator does at the same time: TypeORM does not guard against a second one. */
export async function withLock<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'alarm-broker migrate' });
  await client.connect();
  try {
    await client.query(`SET lock_timeout = '${TURN_SECONDS}s'`);
    try {
      // Any number, as long as it is always the same.
      await client.query(`SELECT pg_advisory_lock(hashtext('alarm-broker migrations'))`);
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      throw new MigrationError(
        `Another migration is under way and did not end within ${TURN_SECONDS} seconds.`,
      );
    }
    return await work(client);
  } finally {
    await client.end();
  }
}

async function runMigrations(url: string, parts: SchemaParts, { lockMs }: Patience): Promise<string[]> {
  const source = createDataSource(url, parts);
  source.setOptions({ extra: { lock_timeout: lockMs, application_name: 'alarm-broker migrate' } });
  await source.initialize();
  try {
    return (await source.runMigrations()).map((migration) => migration.name);
  } finally {
    await source.destroy();
  }
}
