import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { HttpReceiver } from '../support/http-receiver.ts';
import { house, KEY } from '../support/house.ts';
import { ADMIN_KEY, SHAPES, World } from '../support/world.ts';

const BUNDLED = join(import.meta.dirname, '../../seeds/simulation.yaml');

describe.each(SHAPES)('a demonstration, with jobs in %s', (shape) => {
  let gateway: HttpReceiver;
  let world: World;

  beforeAll(async () => {
    gateway = await HttpReceiver.start();
    world = await World.start({
      shape,
      seed: house([
        { id: 'ticket', channel: 'zammad', address: 'Emergency' },
        { id: 'guard', channel: 'sms', address: '+4917' },
        { id: 'guards', channel: 'signal', address: 'group.one' },
        { id: 'crisis', channel: 'email', address: 'crisis@hall.example' },
        { id: 'control', channel: 'webhook', address: `${gateway.url}/control` },
        { id: 'boss', channel: 'sms', address: '+4918', after: 60 },
      ]),
      settings: {
        SIMULATION_ENABLED: 'true',
        // Everything is set up, so nothing but the mode itself keeps it from being used.
        SENDXMS_ENABLED: 'true',
        SENDXMS_BASE_URL: gateway.url,
        WEBHOOK_ENABLED: 'true',
        WEBHOOK_URL: `${gateway.url}/changes`,
        WEBHOOK_ALLOWED_HOSTS: '127.0.0.1',
      },
    });
  });

  beforeEach(async () => {
    world.clock.advance(20);
    await world.post('/v1/simulation/notifications/clear').expect(200);
  });

  afterEach(async () => {
    await world.post('/v1/alarms/bulk/cancel', { alarm_ids: pressed.splice(0) });
    await world.settle();
    expect(gateway.count()).toBe(0);
  });

  afterAll(async () => {
    await world.stop();
    await gateway.close();
  });

  const pressed: string[] = [];
  const press = async (): Promise<string> => {
    const { body } = await world.press(KEY).expect(200);
    pressed.push(body.alarm_id);
    return body.alarm_id;
  };
  const status = async () => (await world.get('/v1/simulation/status').expect(200)).body;
  const feed = async (query = {}) =>
    (await world.get('/v1/simulation/notifications').query(query).expect(200)).body;

  it('begins with nothing', async () => {
    expect(await status()).toEqual({
      simulation_enabled: true,
      total_notifications: 0,
      by_channel: { zammad: 0, sms: 0, signal: 0, email: 0, webhook: 0 },
    });
    expect(await feed()).toEqual({
      simulation_enabled: true,
      channel_filter: null,
      total: 0,
      notifications: [],
    });
  });

  it('shows what would have been sent over every channel, and says that none of it is real', async () => {
    const alarmId = await press();
    await world.settle();

    const { total, notifications } = await feed();
    expect(total).toBe(5);
    expect(notifications.map(({ channel }: { channel: string }) => channel).sort()).toEqual([
      ...['email', 'signal', 'sms', 'webhook', 'zammad'],
    ]);
    for (const notification of notifications) {
      expect(notification).toEqual({
        id: expect.any(String),
        channel: expect.any(String),
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        payload: expect.objectContaining({ alarm_id: alarmId, text: expect.stringMatching(/SIMULATION/) }),
        result: 'ok',
        error: null,
      });
    }
    expect(await status()).toMatchObject({
      total_notifications: 5,
      by_channel: { zammad: 1, sms: 1, signal: 1, email: 1, webhook: 1 },
    });
    // To the rest of the house it was sent.
    expect(new Set((await world.notifications(alarmId)).map((row) => row.status))).toEqual(new Set(['sent']));
  });

  it('escalates and reports changes like a real alarm', async () => {
    const alarmId = await press();
    await world.advance(61);
    await world.post(`/v1/alarms/${alarmId}/ack`, { acked_by: 'Eva' }).expect(204);
    await world.settle();

    const { notifications } = await feed();
    const told = notifications.map(({ payload }: { payload: Record<string, string> }) => payload);
    expect(told).toHaveLength(8); // six alerts; the answer for the ticket and for the webhook
    expect(told).toContainEqual(expect.objectContaining({ target: 'boss', purpose: 'alert' }));
    expect(told.at(-1)).toMatchObject({
      purpose: 'acknowledged',
      text: expect.stringMatching(/SIMULATION.*Eva/s),
    });
  });

  it.each(['zammad', 'sms', 'signal', 'email', 'webhook'])(
    'can be looked at for %s alone',
    async (channel) => {
      await press();
      await world.settle();

      expect(await feed({ channel })).toMatchObject({
        channel_filter: channel,
        total: 1,
        notifications: [{ channel }],
      });
    },
  );

  it('refuses a channel that does not exist', async () => {
    for (const channel of ['pigeon', 'SMS', '']) {
      const { body } = await world.get('/v1/simulation/notifications').query({ channel }).expect(400);
      expect(body).toMatchObject({ status: 400, detail: expect.stringContaining('zammad, sms, signal') });
    }
  });

  it('is cleared by one call', async () => {
    await press();
    await world.settle();
    const { body } = await world.post('/v1/simulation/notifications/clear').expect(200);

    expect(body).toEqual({ status: 'ok', message: expect.any(String) });
    expect(await status()).toMatchObject({ total_notifications: 0 });
  });

  it('says on the page of the responder, too, that it is none', async () => {
    const { body } = await world.get(`/v1/alarms/${await press()}`).expect(200);

    expect((await world.http.get(`/a/${body.ack_token}`).expect(200)).text).toMatch(/simulation/i);
  });

  it('tells where its data comes from', async () => {
    const { body } = await world.post('/v1/simulation/seed').expect(200);

    expect(body).toEqual({
      status: 'ok',
      message: expect.any(String),
      seed_file: expect.stringMatching(/seeds\/simulation\.yaml$/),
      admin_seed_endpoint: '/v1/admin/seed',
    });
    await world.http
      .post(body.admin_seed_endpoint)
      .set({ 'X-Admin-Key': ADMIN_KEY, 'Content-Type': 'application/yaml' })
      .send(await readFile(BUNDLED, 'utf8'))
      .expect(200);
  });
});

it('there is no demonstration where none was asked for, not even to those without a key', async () => {
  const world = await World.start();
  const doors = [
    ['get', '/v1/simulation/status'],
    ['get', '/v1/simulation/notifications'],
    ['post', '/v1/simulation/notifications/clear'],
    ['post', '/v1/simulation/seed'],
  ] as const;

  for (const [method, path] of doors) {
    const { body } = await world[method](path).expect(404);
    expect(body).toMatchObject({ status: 404, code: 'simulation.disabled', detail: expect.any(String) });
    await world.http[method](path).expect(404);
  }
  await world.stop();
});
