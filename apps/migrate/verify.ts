import type pg from 'pg';
import type { QueryRunner } from 'typeorm';

import { jobMigrations, type SchemaParts } from '#platform';

import { readLedger } from './ledger.ts';
import { describeSchema, differences } from './schema-description.ts';

/** For the time of one transaction that is rolled back. */
const SCRATCH = 'alarm_broker_verify';

/**
 * Compares a database with what the migrations of this build make, thing by thing: they are run once more in an empty
 * schema beside it, which is rolled back. No table in use is locked; the role must be allowed to create a schema.
 *
 * @returns what differs, a sentence each; nothing when all is as it should be.
 */
export async function verifySchema(client: pg.Client, parts: SchemaParts): Promise<string[]> {
  const { pending, unknown } = await readLedger(client, parts);
  const jobs = await jobMigrations(client);
  const open = pending.map((migration) => `${migration.name} has not run.`);
  const later = unknown.map((name) => `${name} has run, and this build does not know it.`);
  const queue =
    jobs.pending.length === 0 ? [] : [`The tables of the job queue are at version ${jobs.version}.`];
  // With another set of migrations behind it every line would differ.
  if (open.length + later.length > 0) return [...open, ...later, ...queue];
  return [...differences(await asItIs(client), await asMigrationsMakeIt(client, parts)), ...queue];
}

async function asItIs(client: pg.Client): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ schema: string }>('SELECT current_schema() AS schema');
  return describeSchema(client, rows[0]?.schema ?? 'public');
}

async function asMigrationsMakeIt(
  client: pg.Client,
  parts: SchemaParts,
): Promise<ReadonlyMap<string, string>> {
  await client.query('BEGIN');
  try {
    await client.query(`CREATE SCHEMA ${SCRATCH}`);
    await client.query(`SET LOCAL search_path = ${SCRATCH}`);
    const runner = { query: (sql: string) => client.query(sql) } as unknown as QueryRunner;
    for (const migration of parts.migrations)
      await (new migration() as { up(runner: QueryRunner): Promise<void> }).up(runner);
    return await describeSchema(client, SCRATCH);
  } finally {
    await client.query('ROLLBACK');
  }
}
