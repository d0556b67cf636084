import { once } from 'node:events';
import type { Socket } from 'node:net';

import pg from 'pg';

import { createDatabase, type TestDatabase } from '../../../test/support/databases.ts';
import { TcpProxy } from '../../../test/support/tcp-proxy.ts';
import { isUnavailable } from './database-errors.ts';
import { Pulse } from './pulse.ts';
import { watchedClient } from './watched-client.ts';

const LIMIT_MS = 300;

describe('a watched connection', () => {
  let database: TestDatabase;
  let line: TcpProxy;
  let pulse: Pulse;
  let pool: pg.Pool;

  beforeAll(async () => {
    database = await createDatabase();
    const felt = new URL(database.url);
    line = await TcpProxy.start({ host: felt.hostname, port: Number(felt.port) });
    felt.port = String(line.port);
    pulse = new Pulse(felt.href);
    pool = new pg.Pool({
      connectionString: database.url,
      Client: watchedClient(LIMIT_MS, pulse),
      pipeline: true,
      max: 1,
      idleTimeoutMillis: 0,
    });
    pool.on('error', () => undefined);
  });

  afterAll(async () => {
    await pulse.onApplicationShutdown();
    await pool.end();
    await line.close();
    await database.drop();
  });

  const pid = async (): Promise<number> =>
    (await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid ?? 0;

  it('is broken off when the server owes an answer and is silent, and all that waits on it fails as absent', async () => {
    const before = await pid();
    const client = await pool.connect();
    client.on('error', () => undefined);
    const answers = await Promise.allSettled([client.query('SELECT pg_sleep(60)'), client.query('SELECT 1')]);
    client.release(true);

    for (const answer of answers) {
      expect(answer.status).toBe('rejected');
      expect(isUnavailable((answer as PromiseRejectedResult).reason)).toBe(true);
    }
    expect(await pid()).not.toBe(before);
  });

  it('is left alone while nothing is asked of it, however long', async () => {
    const before = await pid();
    const client = await pool.connect();
    const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
    await once(stream, 'timeout');
    client.release();

    expect(await pid()).toBe(before);
  });

  it('may take longer in all, as long as the server keeps talking', async () => {
    const began = performance.now();
    const { rows } = await pool.query(`
      SELECT i, repeat('x', 20000) AS text, pg_sleep(0.002) FROM generate_series(1, 400) i`);

    expect(rows).toHaveLength(400);
    expect(performance.now() - began).toBeGreaterThan(LIMIT_MS);
  });

  it('is a sign of life while the server talks on it, however late the pulse', async () => {
    const silent = new Promise<void>((resolve) => {
      pulse.onSilent(resolve);
    });
    let brokenOff = false;
    void silent.then(() => (brokenOff = true));
    await pulse.onModuleInit();
    line.freeze(true);

    for (let n = 0; n < 25; n += 1) await pool.query('SELECT pg_sleep(0.1)');
    expect(brokenOff).toBe(false);

    await silent;
    expect(pulse.isSilent).toBe(true);
  });
});
