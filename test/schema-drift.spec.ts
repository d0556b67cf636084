import { readdir } from 'node:fs/promises';

import type { DataSource } from 'typeorm';

import { createDataSource } from '#platform';

import { SCHEMA } from '../apps/schema.ts';
import { administer, databaseUrl } from './support/databases.ts';

/** An empty database: here the migrations themselves are the story, so the template is of no use. */
const NAME = `drift_${process.pid}`;

describe('the schema', () => {
  let source: DataSource;

  beforeAll(async () => {
    await administer(`CREATE DATABASE ${NAME}`);
    source = await createDataSource(databaseUrl(NAME), SCHEMA).initialize();
    await source.runMigrations();
  });

  afterAll(async () => {
    await source.destroy();
    await administer(`DROP DATABASE ${NAME}`);
  });

  const rows = (sql: string): Promise<Record<string, unknown>[]> => source.query(sql);

  it('is what the entities say: neither can change without the other', async () => {
    const { upQueries } = await source.driver.createSchemaBuilder().log();

    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('has no column that no entity knows', async () => {
    const columns = await rows(
      `SELECT table_name, column_name FROM information_schema.columns
       WHERE table_schema = 'public' AND table_name <> 'migrations'`,
    );
    const known = source.entityMetadatas.flatMap(({ tableName, columns: ours }) =>
      ours.map(({ databaseName }) => `${tableName}.${databaseName}`),
    );

    expect(columns.map((row) => `${row['table_name']}.${row['column_name']}`).sort()).toEqual(known.sort());
  });

  it('keeps every time with its zone', async () => {
    const types = await rows(
      `SELECT DISTINCT udt_name FROM information_schema.columns
       WHERE table_schema = 'public' AND (udt_name LIKE '%time%' OR udt_name LIKE '%date%')`,
    );

    expect(types.map((row) => row['udt_name']).sort()).toEqual(['_timestamptz', 'timestamptz']);
  });

  it('gives every table a primary key', async () => {
    const keyless = await rows(
      `SELECT relname FROM pg_class c
       WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
         AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = c.oid AND contype = 'p')`,
    );

    expect(keyless).toEqual([]);
  });

  it('does not let anybody rewrite the timeline of an alarm', async () => {
    await expect(rows(`UPDATE alarm_events SET actor = 'nobody'`)).rejects.toThrow('append-only');
  });

  it('can be undone, migration by migration, and made again', async () => {
    const before = await describeSchema();

    for (const _ of SCHEMA.migrations) await source.undoLastMigration();
    expect(await rows(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)).toEqual([
      { tablename: 'migrations' },
    ]);
    expect(await rows(`SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace`)).toEqual([]);

    await source.runMigrations();
    expect(await describeSchema()).toEqual(before);
  });

  it('is made of every migration in the folder, in the order of their names', async () => {
    const files = (await readdir(new URL('../migrations', import.meta.url))).filter((file) => /^\d/.test(file));
    const modules = (await Promise.all(
      files.sort().map((file) => import(`../migrations/${file}`)),
    )) as Record<string, unknown>[];

    expect(SCHEMA.migrations).toEqual(modules.flatMap((module) => Object.values(module)));
  });

  const describeSchema = () =>
    rows(
      `SELECT table_name, column_name, data_type, is_nullable, column_default
       FROM information_schema.columns WHERE table_schema = 'public'
       UNION ALL
       SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', ''
       FROM pg_constraint WHERE connamespace = 'public'::regnamespace
       UNION ALL
       SELECT tablename, indexname, indexdef, '', '' FROM pg_indexes WHERE schemaname = 'public'
       UNION ALL
       SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), '', '' FROM pg_trigger WHERE NOT tgisinternal
       ORDER BY 1, 2, 3`,
    );
});
