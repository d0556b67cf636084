import { once } from 'node:events';

import { SharedRedis } from '#platform';

import { ApiModule } from '../../apps/api/api.module.ts';
import { migrateDatabase } from '../../apps/migrate/migrate.ts';
import { createDatabase } from '../support/databases.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { house, KEY } from '../support/house.ts';
import { RedisServer } from '../support/redis-server.ts';
import { World } from '../support/world.ts';

describe('the probes of a broker', () => {
  let world: World;

  afterEach(() => world.stop());

  it('say that it lives and is ready, in the words of old and of new clients', async () => {
    world = await World.start();

    for (const path of ['/healthz', '/livez']) {
      expect((await world.http.get(path).expect(200)).body).toEqual({ ok: 'true' });
    }
    const { body } = await world.http.get('/readyz').expect(200).expect('Content-Type', /json/);
    expect(body).toEqual({ ok: 'true', db: 'ok', redis: 'disabled' });
    const { text } = await world.http
      .get('/readyz?verbose')
      .expect(200)
      .expect('Content-Type', /^text\/plain/);
    expect(text).toBe('[+]db ok\n[+]redis disabled\n[+]schema ok\nreadyz check passed\n');
  });

  it('say that the tables are missing, until they are there', async () => {
    const database = await createDatabase({ migrated: false });
    world = await World.start({ database, root: ApiModule });

    await world.http.get('/healthz').expect(200);
    const { body } = await world.http.get('/readyz').expect(503);
    expect(body).toEqual({ ok: 'false', db: 'ok', redis: 'disabled', schema: 'pending' });
    const { text } = await world.http.get('/readyz?verbose').expect(503);
    expect(text).toContain('[-]schema pending\nreadyz check failed');

    await migrateDatabase(database.url);
    await world.http.get('/readyz').expect(200);
    await world.seed(house([]));
    await world.press(KEY).expect(200);
  });
});

describe('the probes of a broker with Redis', () => {
  let redis: RedisServer;
  let world: World;

  beforeAll(async () => {
    redis = new RedisServer();
    world = await World.start({ settings: { REDIS_URL: await redis.start() }, root: ApiModule });
    await connected();
  });

  afterAll(async () => {
    redis.resume();
    await world.stop();
    await redis.stop();
  });

  const connected = async () => {
    const client = world.app.get(SharedRedis).client!;
    if (client.status !== 'ready') await once(client, 'ready');
  };
  const expectRedisDown = async () => {
    const { body } = await world.http.get('/readyz').timeout(3000).expect(503);
    expect(body).toEqual({ ok: 'false', db: 'ok', redis: 'down' });

    // The api can do without, and whoever runs it may say so.
    const without = await world.http.get('/readyz?exclude=redis').timeout(1000).expect(200);
    expect(without.body).toMatchObject({ ok: 'true', db: 'ok' });
    await world.http.get('/healthz').timeout(1000).expect(200);
  };

  it('name Redis when it does not answer', async () => {
    expect((await world.http.get('/readyz').expect(200)).body).toEqual({ ok: 'true', db: 'ok', redis: 'ok' });
    redis.pause();
    await expectRedisDown();
    redis.resume();
  });

  it('name Redis when it is gone, in words, too, and notice that it is back', async () => {
    await redis.stop();
    await expectRedisDown();
    const { text } = await world.http.get('/readyz?verbose').expect(503);
    expect(text).toBe('[+]db ok\n[-]redis down\n[+]schema ok\nreadyz check failed\n');
    const excluded = await world.http.get('/readyz?verbose&exclude=redis').expect(200);
    expect(excluded.text).toContain('readyz check passed');

    await redis.start();
    await connected();
    await world.http.get('/readyz').expect(200);
  });
});

describe('the metrics of a broker', () => {
  it('count what happened, under the names the dashboards know', async () => {
    const receiver = await HttpReceiver.start();
    const world = await World.start({
      seed: house([
        { id: 'guard' },
        { id: 'control', channel: 'webhook', address: receiver.url },
        { id: 'mute', channel: 'email' },
      ]),
      settings: {
        SENDXMS_ENABLED: 'true',
        SENDXMS_BASE_URL: receiver.url,
        WEBHOOK_ALLOWED_HOSTS: '127.0.0.1',
      },
    });
    const active = () => world.metric('alarm_broker_active_alarms');
    expect(await active()).toBe(0);

    const { body } = await world.press(KEY).expect(200);
    await world.press(KEY).expect(200);
    await world.press('KEY-OF-SOMEBODY-ELSE').expect(404);
    await world.settle();

    const { text } = await world.http
      .get('/metrics')
      .expect(200)
      .expect('Content-Type', /^text\/plain/);
    expect(text).toContain('# TYPE alarm_broker_alarms_total counter');
    expect(text).toContain('# TYPE alarm_broker_notifications_total counter');
    expect(text).toContain('# TYPE alarm_broker_webhook_duration_seconds histogram');
    expect(text).toContain('# TYPE alarm_broker_active_alarms gauge');
    for (const [result, count] of [
      ['created', 1],
      ['duplicate', 1],
      ['rejected', 1],
      ['failed', 0],
    ] as const) {
      expect([result, await world.metric('alarm_broker_alarms_total', { result })]).toEqual([result, count]);
    }
    const told = (channel: string, result: string) =>
      world.metric('alarm_broker_notifications_total', { channel, result });
    expect([await told('sms', 'sent'), await told('webhook', 'sent'), await told('email', 'sent')]).toEqual([
      1, 1, 0,
    ]);
    expect(await told('email', 'skipped')).toBe(1);
    expect(await world.metric('alarm_broker_webhook_duration_seconds_count')).toBe(1);
    expect(await active()).toBe(1);

    await world.post(`/v1/alarms/${body.alarm_id}/ack`).expect(204);
    expect(await active()).toBe(1);
    await world.post(`/v1/alarms/${body.alarm_id}/resolve`).expect(204);
    expect(await active()).toBe(0);
    await world.stop();
    await receiver.close();
  });
});
