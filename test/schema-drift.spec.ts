import { readdir } from 'node:fs/promises';

import type { DataSource } from 'typeorm';

import { createDataSource } from '#platform';

import { SCHEMA } from '../apps/schema.ts';
import { createDatabase, type TestDatabase } from './support/databases.ts';

/** Every constraint and index by what it demands; TypeORM itself compares little more than their names. */
const RULES = `
  SELECT conrelid::regclass || ': ' || pg_get_constraintdef(oid) AS rule FROM pg_constraint
  WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'migrations'
  UNION
  SELECT regexp_replace(indexdef, 'UNIQUE INDEX \\S+', 'UNIQUE INDEX') FROM pg_indexes
  WHERE schemaname = 'public' AND tablename <> 'migrations'
  ORDER BY 1`;

describe('the schema', () => {
  const databases: TestDatabase[] = [];
  let source: DataSource;
  let madeOfEntities: DataSource;

  /** An empty database: here the migrations themselves are the story. */
  const connect = async (): Promise<DataSource> => {
    const database = await createDatabase({ migrated: false });
    databases.push(database);
    return createDataSource(database.url, SCHEMA).initialize();
  };

  beforeAll(async () => {
    source = await connect();
    await source.runMigrations();
    madeOfEntities = await connect();
    await madeOfEntities.synchronize();
  });

  afterAll(async () => {
    await source.destroy();
    await madeOfEntities.destroy();
    await Promise.all(databases.map((database) => database.drop()));
  });

  const rows = (sql: string, of = source): Promise<Record<string, unknown>[]> => of.query(sql);

  it('is what the entities say: neither can change without the other', async () => {
    const { upQueries } = await source.driver.createSchemaBuilder().log();

    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('demands what the entities demand', async () => {
    expect(await rows(RULES)).toEqual(await rows(RULES, madeOfEntities));
  });

  it('has no column that no entity knows', async () => {
    const columns = await rows(
      `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
       WHERE table_schema = 'public' AND table_name <> 'migrations'`,
    );
    const known = source.entityMetadatas.flatMap(({ tableName, columns: ours }) =>
      ours.map(({ databaseName }) => `${tableName}.${databaseName}`),
    );

    expect(columns.map((row) => row['name']).sort()).toEqual(known.sort());
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
    const files = (await readdir(new URL('../migrations', import.meta.url))).filter((file) =>
      /^\d/.test(file),
    );
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
