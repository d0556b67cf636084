import { EmbeddedPostgres } from '../../apps/standalone/embedded-postgres.ts';
import { migrateDatabase } from '../../apps/migrate/migrate.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { house, KEY, OTHER_KEY } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { temporaryFolder } from '../support/run-folder.ts';
import { SHAPES, World } from '../support/world.ts';

describe.each(SHAPES)('a broker whose database is gone, with jobs in %s', (shape) => {
  const AT_ONCE_MS = 2000;
  let postgres: EmbeddedPostgres;
  let gateway: HttpReceiver;
  let world: World;

  beforeAll(async () => {
    postgres = new EmbeddedPostgres({
      folder: await temporaryFolder('gone'),
      database: 'broker',
      user: 'broker',
      settings: { fsync: 'off', max_connections: '60' },
    });
    const url = await postgres.start();
    await migrateDatabase(url);
    gateway = await HttpReceiver.start();
    world = await World.start({
      shape,
      database: { url, drop: () => postgres.stop() },
      seed: house([{ id: 'now' }, { id: 'later', after: 60 }]),
      settings: {
        SENDXMS_ENABLED: 'true',
        SENDXMS_BASE_URL: gateway.url,
        SMS_CALLBACK_SECRET: 'of-the-callback',
      },
    });
  });

  afterAll(async () => {
    await world.stop();
    await gateway.close();
  });

  const told = () => gateway.requests.map((request) => (request.json as { to: string }).to);

  it('says at once that a press could not be kept, lives on, and carries on where it was', async () => {
    const { body: before } = await world.press(KEY).expect(200);
    await world.settle();
    await postgres.kill();

    for (let i = 0; i < 3; i += 1) {
      const { body, headers } = await world.press(OTHER_KEY).timeout(AT_ONCE_MS).expect(503);
      expect(headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
      expect(body).toMatchObject({ status: 503, code: 'database.unavailable', detail: expect.any(String) });
    }
    await world.get('/v1/alarms').timeout(AT_ONCE_MS).expect(503);
    const report = await world.http
      .post('/v1/callbacks/sms/sendxms?key=of-the-callback')
      .send({ id: 'msg-1', status: 'delivered' })
      .timeout(AT_ONCE_MS)
      .expect(503);
    expect(Number(report.headers['retry-after'])).toBeGreaterThan(0);
    await world.http
      .get(`/a/${'x'.repeat(43)}`)
      .timeout(AT_ONCE_MS)
      .expect(503);
    expect((await world.http.get('/healthz').expect(200)).body).toEqual({ ok: 'true' });
    expect((await world.http.get('/readyz').timeout(AT_ONCE_MS).expect(503)).body).toMatchObject({
      ok: 'false',
      db: 'down',
    });
    await world.http.get('/metrics').expect(200);
    expect(logLines.at('warning').length + logLines.at('error').length).toBeLessThan(30);

    await postgres.start();
    await world.http.get('/readyz').expect(200);
    const { body: after } = await world.press(OTHER_KEY).expect(200);
    expect(after.alarm_id).not.toBe(before.alarm_id);
    await world.advance(61);
    // Both are told and escalated, the one from before the crash as well, and nobody hears anything twice.
    expect(told().sort()).toEqual(['+49later', '+49later', '+49now', '+49now']);
    expect(await world.query('SELECT FROM alarms')).toHaveLength(2);
  });
});
