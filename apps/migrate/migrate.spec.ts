import { Client } from 'pg';
import type { QueryRunner } from 'typeorm';

import { createDatabase, type TestDatabase } from '../../test/support/databases.ts';
import { SCHEMA } from '../schema.ts';
import { migrateDatabase } from './migrate.ts';

/** Nobody is at work here who would have to notice. */
const HURRIED = { lockMs: 50, tries: 3, pauseMs: 20, noticeMs: 200 };

class AddsAColumn1999000000001 {
  up = (runner: QueryRunner) => runner.query('ALTER TABLE sites ADD COLUMN motto text');
  down = (runner: QueryRunner) => runner.query('ALTER TABLE sites DROP COLUMN motto');
}

class TakesAColumn1999000000002 {
  readonly floor = AddsAColumn1999000000001.name;
  up = (runner: QueryRunner) => runner.query('ALTER TABLE rooms DROP COLUMN notes');
  down = () => Promise.resolve();
}

class Breaks1999000000003 {
  up = (runner: QueryRunner) => runner.query('ALTER TABLE rooms DROP COLUMN nonsense');
  down = () => Promise.resolve();
}

const release = (...more: (new () => object)[]) => ({
  ...SCHEMA,
  migrations: [...SCHEMA.migrations, ...more],
});
const NEXT = release(AddsAColumn1999000000001);
const AFTER_NEXT = release(AddsAColumn1999000000001, TakesAColumn1999000000002);

describe('migrating a database', () => {
  let database: TestDatabase;
  let psql: Client;

  beforeEach(async () => {
    database = await createDatabase();
    psql = new Client({ connectionString: database.url });
    await psql.connect();
  });

  afterEach(async () => {
    await psql.end();
    await database.drop();
  });

  const floor = async () => (await psql.query('SELECT migration FROM schema_floor')).rows;
  const columns = async (table: string) =>
    (await psql.query(`SELECT * FROM ${table}`)).fields.map((f) => f.name);

  it('gives up with a sentence when a table stays in use, having changed nothing', async () => {
    await psql.query('BEGIN; SELECT FROM rooms');
    const began = performance.now();

    await expect(migrateDatabase(database.url, { parts: AFTER_NEXT, patience: HURRIED })).rejects.toThrow(
      /^A table that is to be changed was in use all 3 times it was tried; nothing was changed/,
    );

    // Three waits for a lock and two pauses; the rest is the time to notice the floor.
    expect(performance.now() - began).toBeGreaterThan(3 * HURRIED.lockMs);
    await psql.query('ROLLBACK');
    expect(await columns('sites')).not.toContain('motto');
    // Nobody may be kept from working by a release that did not come to be.
    expect(await floor()).toEqual([]);
  });

  it('waits for a table that is in use for a moment', async () => {
    await psql.query('BEGIN; SELECT FROM sites');
    const migrating = migrateDatabase(database.url, { parts: NEXT, patience: { ...HURRIED, tries: 500 } });
    const other = new Client({ connectionString: database.url });
    await other.connect();
    const waits = `SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock' AND application_name = 'alarm-broker migrate'`;
    while ((await other.query(waits)).rows.length === 0);
    await other.end();
    await psql.query('COMMIT');

    expect(await migrating).toEqual(['AddsAColumn1999000000001']);
    expect(await columns('sites')).toContain('motto');
  });

  it('raises the floor before it takes anything away', async () => {
    const migrating = migrateDatabase(database.url, { parts: AFTER_NEXT, patience: HURRIED });
    while ((await floor()).length === 0);

    expect(await floor()).toEqual([{ migration: 'AddsAColumn1999000000001' }]);
    expect(await columns('rooms')).toContain('notes');
    expect(await migrating).toEqual(['AddsAColumn1999000000001', 'TakesAColumn1999000000002']);
    expect(await columns('rooms')).not.toContain('notes');
    expect(await floor()).toEqual([{ migration: 'AddsAColumn1999000000001' }]);
  });

  it('leaves the floor where it was when a later migration breaks', async () => {
    const broken = release(AddsAColumn1999000000001, TakesAColumn1999000000002, Breaks1999000000003);

    await expect(migrateDatabase(database.url, { parts: broken, patience: HURRIED })).rejects.toThrow(
      /nonsense/,
    );

    expect(await floor()).toEqual([]);
    expect(await columns('rooms')).toContain('notes');
  });

  it('is refused by a release that is too old, which changes nothing', async () => {
    await migrateDatabase(database.url, { parts: AFTER_NEXT, patience: HURRIED });

    await expect(migrateDatabase(database.url)).rejects.toThrow(
      'The database belongs to a newer release: whoever works with it must know AddsAColumn1999000000001.',
    );
  });

  it('knows the floor also on a database made from nothing', async () => {
    const empty = await createDatabase({ migrated: false });
    await migrateDatabase(empty.url, { parts: AFTER_NEXT });

    await expect(migrateDatabase(empty.url)).rejects.toThrow(/belongs to a newer release/);
    await empty.drop();
  });
});
