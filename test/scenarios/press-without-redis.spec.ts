import { Redis } from 'ioredis';
import { Client } from 'pg';

import { Settings } from '#platform';

import { HttpReceiver } from '../support/http-receiver.ts';
import { house, KEY, OTHER_KEY } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { testRedisUrl } from '../support/redis-databases.ts';
import { RedisServer } from '../support/redis-server.ts';
import { World } from '../support/world.ts';

/** Far more than a press takes, far less than anything that waits for a Redis that does not answer. */
const PROMPTLY_MS = 900;

describe('a key that floods, with Redis', () => {
  let world: World;
  let redis: Redis;

  beforeEach(async () => {
    world = await World.start({
      shape: 'Redis',
      seed: house([]),
      settings: { RATE_LIMIT_PER_MINUTE: '1' },
    });
    redis = new Redis(await testRedisUrl({ empty: false }));
  });

  afterEach(async () => {
    redis.disconnect();
    await world.stop();
  });

  /** Ten seconds later, by the clock of Redis, which no test can move. */
  const forgetTheLastPress = async () => {
    const keys = await redis.keys('*gate*:last');
    expect(keys).toHaveLength(1);
    await redis.del(keys);
  };

  it('is turned away without a question to the database', async () => {
    const { body } = await world.press(KEY).expect(200);
    await world.post(`/v1/alarms/${body.alarm_id}/resolve`).expect(204);
    await forgetTheLastPress();
    world.clock.advance(11);

    const somebody = new Client({ connectionString: world.app.get(Settings).DATABASE_URL });
    await somebody.connect();
    await somebody.query('BEGIN; LOCK TABLE devices IN ACCESS EXCLUSIVE MODE');
    const refused = await world.press(KEY).timeout(5000).expect(429);
    await somebody.end();

    expect(refused.body).toMatchObject({ code: 'device.limited' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('is heard while its alarm lasts, however often it is pressed', async () => {
    const { body: first } = await world.press(KEY).expect(200);
    for (let i = 0; i < 5; i += 1) {
      const { body } = await world.press(KEY).expect(200);
      expect(body.alarm_id).toBe(first.alarm_id);
    }
  });
});

describe('when Redis does not answer', () => {
  let redis: RedisServer;
  let gateway: HttpReceiver;
  let world: World;

  beforeAll(async () => {
    redis = new RedisServer();
    gateway = await HttpReceiver.start();
    world = await World.start({
      seed: house([{ id: 'first' }, { id: 'second', after: 3600 }]),
      settings: {
        REDIS_URL: await redis.start(),
        SENDXMS_ENABLED: 'true',
        SENDXMS_BASE_URL: gateway.url,
      },
    });
    await world.press(KEY).expect(200);
    await gateway.next();
  });

  beforeEach(() => {
    world.clock.advance(30);
    logLines.clear();
  });

  afterAll(async () => {
    await world.stop();
    await redis.stop();
    await gateway.close();
  });

  /** Presses are answered at once, somebody is told, and the alarm can be closed. */
  const expectAnAlarm = async (key: string) => {
    const before = gateway.count();
    const { body } = await world.press(key).timeout(PROMPTLY_MS).expect(200);
    const again = await world.press(key).timeout(PROMPTLY_MS).expect(200);
    expect(again.body.alarm_id).toBe(body.alarm_id);

    await world.settle();
    expect(gateway.count()).toBe(before + 1);
    await world.post(`/v1/alarms/${body.alarm_id}/resolve`).timeout(PROMPTLY_MS).expect(204);
    expect(logLines.at('error')).toEqual([]);
  };

  it('frozen: presses are answered, and alarms go out', async () => {
    redis.pause();
    await expectAnAlarm(OTHER_KEY);
    redis.resume();
  });

  it('dead: presses are answered, alarms go out, and the log is not flooded', async () => {
    await redis.kill();
    await expectAnAlarm(OTHER_KEY);
    await expectAnAlarm(OTHER_KEY);
    // Each part that misses Redis says so once: the gate, the bell, the two who wait for it.
    expect(logLines.at('warning').length).toBeLessThanOrEqual(4);
  });

  it('back, and empty: what was planned before still happens, and bells ring again', async () => {
    await redis.start();
    await world.advance(3600);
    const to = gateway.requests.map((request) => (request.json as { to: string }).to);
    expect(to.filter((number) => number === '+49second')).toHaveLength(1); // of the very first press

    const before = gateway.count();
    await world.press(OTHER_KEY).expect(200);
    await gateway.next(() => gateway.count() > before);
  });
});
