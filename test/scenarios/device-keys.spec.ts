import { house, KEY } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { masterData } from '../support/master-data.ts';
import { World } from '../support/world.ts';

const DESK = 'devices/desk';
const ROTATE = '/v1/admin/devices/desk/rotate-token';
const SEED = house([{ id: 'guard' }]);

describe('the record of a key', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start({ seed: SEED });
  });

  afterAll(() => world.stop());

  const { get, put, remove, tagOf } = masterData(() => world);

  const desk = { person_id: 'ada', room_id: 'counter-1' };

  beforeEach(() => logLines.clear());

  it('makes a token, shows it once, and lets it raise alarms', async () => {
    const { body } = await put(DESK, desk).expect(201);
    expect(body.device_token).toMatch(/^[\w-]{43}$/);

    await world.press(body.device_token).expect(200);
    const read = await get(DESK).expect(200);
    expect(read.body).toMatchObject({ last_pressed_at: world.clock.now().toISOString() });
    expect(read.headers['cache-control']).toBe('no-store');
    const replaced = await put(DESK, desk).expect(200);
    for (const answer of [read, replaced, await get('devices').expect(200)]) {
      expect(JSON.stringify(answer.body)).not.toMatch(/token/);
    }
    await world.press(body.device_token).expect(200);
    await remove(DESK).expect(204);
    await world.press(body.device_token).expect(404);
  });

  it('is not outdated by a press', async () => {
    const tag = await tagOf('devices/phone-1');
    world.clock.advance(20);
    await world.press(KEY).expect(200);

    await put('devices/phone-1', desk).set('If-Match', tag).expect(200);
  });

  it('takes a token that is given, and another one later, but not that of another device', async () => {
    const { body } = await put(DESK, { ...desk, device_token: 'FIRST-TOKEN' }).expect(201);
    expect(body.device_token).toBe('FIRST-TOKEN');
    await put(DESK, { ...desk, device_token: 'SECOND-TOKEN' }).expect(200);
    await world.press('FIRST-TOKEN').expect(404);
    await world.press('SECOND-TOKEN').expect(200);

    for (const path of [DESK, 'devices/another']) {
      const { body: refusal } = await put(path, { ...desk, device_token: KEY }).expect(409);
      expect(refusal.code).toBe('device.token-taken');
    }
    await get('devices/another').expect(404);
    await put(DESK, { ...desk, device_token: 'short' }).expect(422);
    await put(DESK, { ...desk, device_token: null }).expect(422);
    await world.press('SECOND-TOKEN').expect(200);
    await remove(DESK).expect(204);
  });

  it('gets another token by rotation', async () => {
    const created = await put(DESK, desk).expect(201);
    const tag = created.headers['etag']!;
    const { body, headers } = await world.post(ROTATE).set('If-Match', tag).expect(200);

    expect(body).toMatchObject({ id: 'desk', ...desk });
    expect(body.device_token).not.toBe(created.body.device_token);
    expect(headers['etag']).toBe(await tagOf(DESK));
    await world.press(created.body.device_token).expect(404);
    await world.press(body.device_token).expect(200);

    await world.post(ROTATE).set('If-Match', tag).expect(412);
    await world.press(body.device_token).expect(200);
    await world.post('/v1/admin/devices/nobody/rotate-token').expect(404);
    await remove(DESK).expect(204);
  });

  it('must say whose it is and where it stands, if only by null', async () => {
    for (const body of [{ person_id: null }, { room_id: null }]) await put(DESK, body).expect(422);
  });

  it('that is switched off raises nothing, and somebody may want to know', async () => {
    const { body: device } = await put(DESK, { ...desk, enabled: false }).expect(201);
    const before = await world.query('SELECT id FROM alarms');
    const rejected = await world.metric('alarm_broker_alarms_total', { result: 'rejected' });

    const { body } = await world.press(device.device_token).expect(409);
    expect(body).toMatchObject({ code: 'device.disabled', detail: 'The device is switched off.' });
    expect(await world.query('SELECT id FROM alarms')).toEqual(before);
    expect(await world.metric('alarm_broker_alarms_total', { result: 'rejected' })).toBe(rejected + 1);
    expect(logLines.lines).toContainEqual(
      expect.objectContaining({ level: 'warning', extra: expect.objectContaining({ deviceId: 'desk' }) }),
    );

    await put(DESK, desk).expect(200);
    await world.press(device.device_token).expect(200);
    await remove(DESK).expect(204);
  });
});
