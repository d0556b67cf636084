import { Client } from 'pg';

import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { AppProcess, type Exit } from '../support/processes.ts';

/** Somebody with psql. */
async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}

describe('npm run migrate', () => {
  let database: TestDatabase;
  let psql: Client;

  beforeEach(async () => {
    database = await createDatabase({ migrated: false });
    psql = await connect(database.url);
  });

  afterEach(async () => {
    await psql.end();
    await database.drop();
  });

  const run = async (...args: string[]): Promise<Exit & { output: string }> => {
    const program = await AppProcess.start('migrate', { DATABASE_URL: database.url }, { args });
    const exit = await program.exited;
    return { ...exit, output: program.output.join('\n') };
  };
  const tables = async (): Promise<unknown[]> =>
    (await psql.query(`SELECT FROM pg_tables WHERE schemaname IN ('public', 'bullmq')`)).rows;

  it('shows what it would run before it runs it, and what it shows is what it does', async () => {
    const status = await run('status');
    expect(status).toMatchObject({ code: 0 });
    expect(status.output).toMatch(/^Version +none: nothing has been migrated$/m);
    expect(status.output).toMatch(/^Pending +Directory1764000000001$/m);
    expect(status.output).toMatch(/^Job queue +version 0, to be brought up to date$/m);

    const dry = await run('--dry-run');
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.output).toContain('-- Alarms1764000000002\nCREATE TABLE alarms (\n  id ');
    expect(dry.output).toContain('-- Tables of the job queue (BullMQ)');
    expect(await tables()).toEqual([]);

    // Whoever has migrations run by somebody else hands over this text.
    const other = await createDatabase({ migrated: false });
    const there = await connect(other.url);
    await there.query(dry.output);
    expect((await there.query('SELECT FROM alarms, bullmq.migration')).rows).toEqual([]);
    await there.end();
    await other.drop();

    expect(await run()).toMatchObject({ code: 0, output: expect.stringMatching(/^Migrated: Directory/) });
    expect(await run('--dry-run')).toMatchObject({ code: 0, output: '-- Nothing would run.' });
    const after = await run('status');
    expect(after.output).toMatch(/^Pending +none$/m);
    expect(after.output).toMatch(/^Floor +none: every release may work$/m);
    expect(after.output).toMatch(/^Job queue +version [1-9]\d*$/m);
    expect(await run('verify')).toMatchObject({
      code: 0,
      output: 'The database is as the migrations make it.',
    });
  });

  it('runs everything once when two are started at once', async () => {
    const [one, other] = await Promise.all([run(), run()]);

    expect([one.code, other.code]).toEqual([0, 0]);
    const outputs = [one.output, other.output].sort();
    expect(outputs).toEqual([expect.stringMatching(/^Migrated: /), 'The database is up to date.']);
    const { rows } = await psql.query('SELECT name FROM migrations GROUP BY name HAVING count(*) > 1');
    expect(rows).toEqual([]);
  });

  it('names what somebody has changed by hand, and only that', async () => {
    await run();
    await psql.query(`
      ALTER TABLE notifications ALTER COLUMN reason TYPE varchar(200);
      ALTER TABLE alarms ADD COLUMN hurried_fix text;
      DROP INDEX notifications_due_idx;
      ALTER TABLE alarm_events DISABLE TRIGGER alarm_events_no_update;
      CREATE OR REPLACE FUNCTION refuse_changing_facts() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    `);

    const { code, output } = await run('verify');

    expect(code).toBe(1);
    expect(
      output.split(/\n(?=table|column|constraint|index|trigger|function)/).map((line) => line.split('\n')[0]),
    ).toEqual([
      'index notifications_due_idx is missing.',
      'column alarms.hurried_fix belongs to no migration: text',
      'column notifications.reason is "character varying(200)" and should be "text".',
      expect.stringMatching(
        /^trigger alarm_events\.alarm_events_no_update is ".* \(switched D\)" and should be/,
      ),
      expect.stringMatching(/^function refuse_changing_facts is /),
    ]);
  });

  it('does nothing for a word it does not know', async () => {
    const { code, output } = await run('--dryrun');

    expect(code).toBe(2);
    expect(output).toMatch(/^Usage: npm run migrate/);
    expect(await tables()).toEqual([]);
  });
});
