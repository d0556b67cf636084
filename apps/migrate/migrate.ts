import pg from 'pg';

import { createDataSource, migrateJobs } from '#platform';

import { SCHEMA } from '../schema.ts';

/**
 * Brings a database up to this build: our tables first, then BullMQ's. Each all or nothing, and safe to run
 * twice or from two places at once.
 * @returns the names of our migrations that ran now.
 */
export async function migrateDatabase(url: string): Promise<string[]> {
  const lock = new pg.Client({ connectionString: url });
  await lock.connect();
  try {
    // TypeORM does not guard against a second migrator; any number, as long as it is always the same.
    await lock.query(`SELECT pg_advisory_lock(hashtext('alarm-broker migrations'))`);
    const source = createDataSource(url, SCHEMA);
    await source.initialize();
    try {
      const ran = await source.runMigrations();
      await migrateJobs(lock);
      return ran.map((migration) => migration.name);
    } finally {
      await source.destroy();
    }
  } finally {
    await lock.end();
  }
}
