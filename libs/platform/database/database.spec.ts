import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { register } from 'prom-client';
import { Column, Entity, PrimaryColumn } from 'typeorm';

import { administer, createDatabase, type TestDatabase } from '../../../test/support/databases.ts';
import { freePort } from '../../../test/support/free-port.ts';
import { readSettings } from '../config/read-settings.ts';
import { Settings } from '../config/settings.ts';
import { MetricsModule } from '../metrics/metrics.module.ts';
import { DatabaseModule } from './database.module.ts';
import { Database } from './database.ts';

@Entity('notes')
class Note {
  @PrimaryColumn('integer')
  id!: number;

  @Column('text')
  text!: string;
}

/** TypeORM refuses it: it has no key. */
@Entity('nonsense')
class Nonsense {}

@Module({})
class TestModule {}

const UNAVAILABLE = expect.objectContaining({ category: 'unavailable', code: 'database.unavailable' });
const PID = 'SELECT pg_backend_pid() AS pid';
const ADD = 'INSERT INTO notes (id, text) VALUES ($1, $2)';

describe('the database', () => {
  const opened: INestApplicationContext[] = [];
  let testDatabase: TestDatabase;
  let database: Database;

  /** A pool of its own. */
  const open = async (size: number, overflow: number, { url = testDatabase.url, entity = Note } = {}) => {
    register.clear();
    const settings = readSettings({
      DATABASE_URL: url,
      DATABASE_POOL_SIZE: String(size),
      DATABASE_MAX_OVERFLOW: String(overflow),
      DATABASE_POOL_TIMEOUT: '1',
    });
    const app = await NestFactory.createApplicationContext(
      {
        module: TestModule,
        global: true,
        imports: [MetricsModule.forRoot(), DatabaseModule.forRoot({ entities: [entity], migrations: [] })],
        providers: [{ provide: Settings, useValue: settings }],
        exports: [Settings],
      },
      { logger: false },
    );
    opened.push(app);
    return app.get(Database);
  };
  const kept = async () =>
    (await database.query<Note>('SELECT * FROM notes ORDER BY id')).map(({ id }) => id);
  const pidOf = async (of: Database) => (await of.query<{ pid: number }>(PID))[0]?.pid ?? 0;
  const kill = (pid: number) => administer(`SELECT pg_terminate_backend(${pid}, 5000)`);

  beforeAll(async () => {
    testDatabase = await createDatabase();
    const name = new URL(testDatabase.url).pathname.slice(1);
    await administer(`ALTER DATABASE ${name} SET deadlock_timeout = '20ms'`);
    database = await open(5, 0);
    await database.query('CREATE TABLE notes (id integer PRIMARY KEY, text text NOT NULL)');
  });

  beforeEach(() => database.query('DELETE FROM notes'));

  afterAll(async () => {
    await Promise.all(opened.map((app) => app.close()));
    await testDatabase.drop();
  });

  it('commits a transaction and returns what it came to', async () => {
    const result = await database.transaction(async (tx) => {
      await tx.query(ADD, [1, 'a']);
      return tx.change(ADD, [2, 'b']);
    });

    expect(result).toBe(1);
    expect(await kept()).toEqual([1, 2]);
  });

  it('undoes a transaction in which anything was thrown, and throws it', async () => {
    const reason = new Error('changed my mind');
    const afterwards = database.transaction(async (tx) => {
      await tx.query(ADD, [1, 'a']);
      throw reason;
    });
    await expect(afterwards).rejects.toBe(reason);
    const atOnce = database.transaction((tx) => {
      tx.send(ADD, [1, 'a']);
      throw reason;
    });
    await expect(atOnce).rejects.toBe(reason);

    expect(await kept()).toEqual([]);
  });

  it('does what is to follow a commit after it, and never after a rollback', async () => {
    const followed: number[] = [];
    const note = (id: number) =>
      database.transaction((tx) => {
        tx.afterCommit(() => followed.push(id));
        tx.send(ADD, [id, 'x']);
        expect(followed).not.toContain(id);
      });

    await note(1);
    expect(followed).toEqual([1]);
    await expect(note(1)).rejects.toThrow(/duplicate key/);
    await note(2);
    expect(followed).toEqual([1, 2]);
  });

  it('undoes a transaction of which one statement failed, although nobody waited for it', async () => {
    const work = database.transaction((tx) => {
      tx.send(ADD, [1, 'a']);
      tx.send(ADD, [1, 'twice']);
      tx.send(ADD, [2, 'b']);
    });

    await expect(work).rejects.toMatchObject({ code: '23505' });
    expect(await kept()).toEqual([]);
  });

  it('names the first failure, not what followed from it', async () => {
    const work = database.transaction(async (tx) => {
      tx.send(ADD, [1, null]);
      await tx.query('SELECT 1');
    });

    await expect(work).rejects.toMatchObject({ code: '23502', column: 'text' });
  });

  it('keeps the order of statements nobody waited for', async () => {
    const text = await database.transaction(async (tx) => {
      tx.send(ADD, [1, '']);
      for (let i = 0; i < 50; i += 1) tx.send('UPDATE notes SET text = text || $1', [`${i} `]);
      return (await tx.query<Note>('SELECT * FROM notes'))[0]?.text;
    });

    expect(text).toBe(Array.from({ length: 50 }, (_, i) => `${i} `).join(''));
  });

  it('tries a deadlocked transaction again, so that both succeed', async () => {
    await database.query("INSERT INTO notes VALUES (1, ''), (2, '')");
    const ready = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const both = Promise.all(ready.map(({ promise }) => promise));
    let tries = 0;
    const work = (own: number, other: number) =>
      database.transaction(async (tx) => {
        tries += 1;
        await tx.query(`UPDATE notes SET text = text || 'x' WHERE id = $1`, [own]);
        ready[own - 1]?.resolve();
        await both;
        await tx.query(`UPDATE notes SET text = text || 'x' WHERE id = $1`, [other]);
      });
    await Promise.all([work(1, 2), work(2, 1)]);

    // Once each, and again for whom PostgreSQL chose; a third time if the two met once more.
    expect(tries).toBeGreaterThanOrEqual(3);
    expect(await database.query('SELECT text FROM notes')).toEqual([{ text: 'xx' }, { text: 'xx' }]);
  });

  it('does not try for ever', async () => {
    let tries = 0;
    const work = database.transaction((tx) => {
      tries += 1;
      tx.send(`DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40001'; END $$`);
    });

    await expect(work).rejects.toMatchObject({ code: '40001' });
    expect(tries).toBe(3);
  });

  it('goes on with the same connection after a transaction that failed', async () => {
    const single = await open(1, 0);
    const pid = await pidOf(single);
    const work = single.transaction((tx) => tx.query('SELECT 1 / 0'));
    await expect(work).rejects.toMatchObject({ code: '22012' });

    expect(await pidOf(single)).toBe(pid);
  });

  it('reads through entities with the connections it has', async () => {
    const single = await open(1, 0);
    await single.query(ADD, [7, 'seven']);
    const notes = await single.repository(Note);

    expect(await notes.findOneBy({ id: 7 })).toEqual({ id: 7, text: 'seven' });
  });

  it('stays open when TypeORM cannot start', async () => {
    const odd = await open(1, 0, { entity: Nonsense as typeof Note });
    await expect(odd.repository(Nonsense)).rejects.toThrow('primary column');

    expect(await odd.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  describe('whose server ends a connection', () => {
    it('between two statements refuses the transaction and has another connection for the next', async () => {
      const single = await open(1, 0);
      const work = single.transaction(async (tx) => {
        tx.send(ADD, [1, 'a']);
        const [row] = await tx.query<{ pid: number }>(PID);
        await kill(row?.pid ?? 0);
        tx.send(ADD, [2, 'b']);
      });

      await expect(work).rejects.toEqual(UNAVAILABLE);
      expect(await single.query('SELECT * FROM notes')).toEqual([]);
    });

    it('in the middle of a statement refuses it as well', async () => {
      const single = await open(1, 0);
      const pid = await pidOf(single);
      const statement = single.query('SELECT pg_sleep(60)');
      const [refused] = await Promise.allSettled([statement, kill(pid)]);

      expect(refused).toMatchObject({ status: 'rejected', reason: UNAVAILABLE });
      expect(await pidOf(single)).not.toBe(pid);
    });
  });

  it('says at once that it cannot be reached', async () => {
    const away = await open(1, 0, { url: `postgresql://nobody@127.0.0.1:${await freePort()}/none` });

    await expect(away.query('SELECT 1')).rejects.toEqual(UNAVAILABLE);
    await expect(away.transaction((tx) => tx.query('SELECT 1'))).rejects.toEqual(UNAVAILABLE);
    await expect(away.repository(Note)).rejects.toEqual(UNAVAILABLE);
  });

  describe('with one connection and one more on demand', () => {
    /** Transactions that keep their connection until they are let go. */
    const occupy = (of: Database, count: number) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const begun = Array.from({ length: count }, () => Promise.withResolvers<void>());
      const done = begun.map(({ resolve: begin }) =>
        of.transaction(async (tx) => {
          await tx.query('SELECT 1');
          begin();
          await promise;
        }),
      );
      const release = () => {
        resolve();
        return Promise.all(done);
      };
      return Promise.all(begun.map((one) => one.promise)).then(() => release);
    };

    it('lets the third wait, and refuses it when its second is over', async () => {
      const small = await open(1, 1);
      const release = await occupy(small, 2);
      const began = performance.now();

      await expect(small.query('SELECT 1')).rejects.toEqual(UNAVAILABLE);
      expect(performance.now() - began).toBeGreaterThan(950);
      expect(performance.now() - began).toBeLessThan(3000);
      await release();
    });

    it('lets the third have the first connection that becomes free', async () => {
      const small = await open(1, 1);
      const release = await occupy(small, 2);
      const third = small.query('SELECT 1 AS one');
      await release();

      expect(await third).toEqual([{ one: 1 }]);
    });

    it('never opens another one', async () => {
      const small = await open(1, 1);
      const pids = await Promise.all(Array.from({ length: 40 }, () => pidOf(small)));

      expect(new Set(pids).size).toBe(2);
    });
  });
});
