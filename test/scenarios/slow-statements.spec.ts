import { Client } from 'pg';

import { Alarm } from '#alarms';
import { Database, Settings } from '#platform';

import { house, KEY } from '../support/house.ts';
import { logLines, type LogLine } from '../support/log-lines.ts';
import { World } from '../support/world.ts';

const LIMIT_MS = 150;

describe('a slow statement', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start({
      seed: house([{ id: 'guard' }]),
      settings: { DATABASE_SLOW_MS: String(LIMIT_MS) },
    });
  });

  beforeEach(() => logLines.clear());

  afterAll(() => world.stop());

  const slow = (): LogLine[] => logLines.lines.filter(({ message }) => message === 'A statement was slow');

  it('of a press is logged by its name, how long it took and for whom; those sent behind it are not', async () => {
    const rival = new Client({ connectionString: world.app.get(Settings).DATABASE_URL });
    await rival.connect();
    try {
      await rival.query('BEGIN');
      await rival.query("SELECT 1 FROM devices WHERE id = 'phone-1' FOR UPDATE");
      const pressed = world.press(KEY).set('X-Request-ID', 'press-7').expect(200);
      const answered = pressed.then();
      await rival.query('SELECT pg_sleep($1)', [(LIMIT_MS * 2) / 1000]);
      await rival.query('COMMIT');
      await answered;
    } finally {
      await rival.end();
    }
    expect(slow()).toEqual([
      {
        timestamp: expect.any(String),
        level: 'warning',
        logger: 'Database',
        message: 'A statement was slow',
        extra: { statement: 'devices.press', durationMs: expect.any(Number), requestId: 'press-7' },
      },
    ]);
    expect(slow()[0]?.extra['durationMs']).toBeGreaterThanOrEqual(LIMIT_MS);
  });

  it.each([
    ['alone', (sql: string) => world.query(sql, ['a secret'])],
    [
      'in a transaction',
      (sql: string) => world.app.get(Database).transaction((tx) => tx.query(sql, ['a secret'])),
    ],
    [
      'of a repository',
      async (sql: string) => (await world.app.get(Database).repository(Alarm)).query(sql, ['a secret']),
    ],
  ])('is logged without values whatever door it takes: %s', async (_door, ask) => {
    await ask(`SELECT pg_sleep(${LIMIT_MS / 1000}), 'another secret', $1::text`);

    expect(slow().map(({ extra }) => extra['statement'])).toEqual(['SELECT pg_sleep(?), ?, $1::text']);
    expect(logLines.text).not.toContain('secret');
  });

  it('is told of also when it fails, and the next one on the connection is not blamed', async () => {
    const ask = world.app.get(Database).transaction(async (tx) => {
      tx.send(`SELECT pg_sleep(${LIMIT_MS / 1000}), 1 / (random() * 0)::int`);
      await tx.query('SELECT 2');
    });
    await expect(ask).rejects.toThrow('division by zero');
    expect(slow().map(({ extra }) => extra['statement'])).toEqual([
      'SELECT pg_sleep(?), ? / (random() * ?)::int',
    ]);
  });

  it('is one that takes as long as that: in health there is none', async () => {
    await Promise.all(Array.from({ length: 20 }, () => world.query('SELECT count(*) FROM alarms')));
    expect(slow()).toEqual([]);
  });
});
