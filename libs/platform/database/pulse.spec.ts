import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Column, Entity, PrimaryColumn } from 'typeorm';

import { createDatabase, type TestDatabase } from '../../../test/support/databases.ts';
import { TcpProxy } from '../../../test/support/tcp-proxy.ts';
import { DatabaseClock } from '../clock/clock.ts';
import { readSettings } from '../config/read-settings.ts';
import { Settings } from '../config/settings.ts';
import { MetricsModule } from '../metrics/metrics.module.ts';
import { DatabaseModule } from './database.module.ts';
import { Database } from './database.ts';
import { Pulse } from './pulse.ts';

@Entity('sites')
class Site {
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  name!: string;
}

@Module({})
class TestModule {}

const UNAVAILABLE = expect.objectContaining({ category: 'unavailable', code: 'database.unavailable' });
/** Nobody waits longer for an answer that will not come. */
const AT_ONCE_MS = 2000;

describe('the pulse of the database', () => {
  let testDatabase: TestDatabase;
  let line: TcpProxy;
  let app: INestApplicationContext;
  let database: Database;
  let pulse: Pulse;

  beforeAll(async () => {
    testDatabase = await createDatabase();
    const url = new URL(testDatabase.url);
    line = await TcpProxy.start({ host: url.hostname, port: Number(url.port) });
    url.port = String(line.port);
    const settings = readSettings({
      DATABASE_URL: url.href,
      DATABASE_POOL_SIZE: '2',
      DATABASE_MAX_OVERFLOW: '0',
      DATABASE_POOL_TIMEOUT: '60',
    });
    app = await NestFactory.createApplicationContext(
      {
        module: TestModule,
        global: true,
        imports: [MetricsModule.forRoot(), DatabaseModule.forRoot({ entities: [Site], migrations: [] })],
        providers: [{ provide: Settings, useValue: settings }, DatabaseClock],
        exports: [Settings],
      },
      { logger: false },
    );
    database = app.get(Database);
    pulse = app.get(Pulse);
  });

  afterEach(() => line.freeze(false));

  afterAll(async () => {
    await app.close();
    await line.close();
    await testDatabase.drop();
  });

  const timed = async (work: Promise<unknown>) => {
    const began = performance.now();
    const outcome = await work.then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    return { ...outcome, ms: performance.now() - began };
  };
  const silent = () =>
    new Promise<void>((resolve) => {
      const forget = pulse.onSilent(() => {
        forget();
        resolve();
      });
    });
  const beat = () => new Promise<void>((resolve) => pulse.onBeat(() => resolve()));
  /** The answer as soon as there is one. */
  const eventually = async <T>(ask: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if ((error as { code?: string }).code !== 'database.unavailable') throw error;
        await beat();
      }
    }
  };

  it('frees everybody who waits for a server that has frozen: under way, in a transaction, or in line', async () => {
    line.freeze(true);

    const questions = await Promise.all([
      timed(database.query('SELECT 1')),
      timed(database.transaction((tx) => tx.query('SELECT 1'))),
      timed(database.query('SELECT 2')),
      timed(database.transaction((tx) => tx.query('SELECT 2'))),
      timed(database.repository(Site).then((sites) => sites.find())),
    ]);

    for (const { ms, ...outcome } of questions) {
      expect(outcome).toEqual({ error: expect.anything() });
      expect(ms).toBeLessThan(AT_ONCE_MS);
    }
    expect(questions.slice(0, 4).map((question) => 'error' in question && question.error)).toEqual(
      Array<unknown>(4).fill(UNAVAILABLE),
    );
  });

  it('spares those who come later the wait, and carries on by itself when the server is back', async () => {
    line.freeze(true);
    await silent();

    for (const work of [database.query('SELECT 1'), database.transaction(() => 1), database.repository(Site)])
      await expect(work).rejects.toEqual(UNAVAILABLE);

    line.freeze(false);
    await expect(eventually(() => database.query('SELECT 1 AS one'))).resolves.toEqual([{ one: 1 }]);
    expect(await (await database.repository(Site)).find()).toEqual([]);
  });

  it('takes a refusal for an answer', async () => {
    line.refuse(true);
    line.cut();
    const { ms, ...outcome } = await timed(database.query('SELECT 1'));
    line.refuse(false);

    expect(outcome).toEqual({ error: UNAVAILABLE });
    expect(ms).toBeLessThan(AT_ONCE_MS);
    expect(pulse.isSilent).toBe(false);
    await expect(eventually(() => database.query('SELECT 1 AS one'))).resolves.toEqual([{ one: 1 }]);
  });

  it('ends a statement and a wait for a lock that take too long, and says so as of an absent server', async () => {
    const [limits] = await database.query<{ statement: string; lock: string; idle: string }>(
      `SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock,
              current_setting('idle_in_transaction_session_timeout') AS idle`,
    );
    expect(limits).toEqual({ statement: '12s', lock: '1500ms', idle: '10s' });

    const lock = 'LOCK TABLE sites';
    await database.transaction(async (tx) => {
      await tx.query(lock);
      const { ms, ...outcome } = await timed(database.query('SELECT FROM sites'));
      expect(outcome).toEqual({ error: UNAVAILABLE });
      expect(ms).toBeLessThan(AT_ONCE_MS);
    });
  });

  it('tells the time of the database', async () => {
    const [row] = await database.query<{ now: Date }>('SELECT clock_timestamp() AS now');

    const apart = app.get(DatabaseClock).now().getTime() - (row?.now.getTime() ?? 0);
    expect(Math.abs(apart)).toBeLessThan(1000);
  });
});
