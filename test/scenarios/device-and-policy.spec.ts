import { house, KEY } from '../support/house.ts';
import { World } from '../support/world.ts';

describe('a device or a policy that is sent by itself', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start({ settings: { RATE_LIMIT_PER_MINUTE: '1000' } });
  });

  beforeEach(async () => {
    world.clock.advance(20);
    await world.seed(house([{ id: 'guard' }, { id: 'boss', after: 60 }]));
  });

  afterAll(() => world.stop());

  const device = (body: object) => world.post('/v1/admin/devices', body);
  const policy = (body: object) => world.post('/v1/admin/escalation-policy', body);
  const pressed = async (key: string) => {
    const { body } = await world.press(key).expect(200);
    return (await world.get(`/v1/alarms/${body.alarm_id}`).expect(200)).body;
  };
  const target = (id: string) => ({ id, label: id, channel: 'sms', address: `+49${id}`, enabled: true });
  const NIGHT = {
    policy_id: 'default',
    name: 'Night',
    targets: [target('night-1'), target('night-2')],
    steps: [
      { step_no: 0, after_seconds: 0, target_ids: ['night-1'] },
      { step_no: 1, after_seconds: 30, target_ids: ['night-1', 'night-2'] },
    ],
  };

  it('a new device raises alarms at once', async () => {
    const { body } = await device({
      device_token: 'KEY-OF-THE-VAULT',
      vendor: 'yealink',
      model_family: 'T5',
      mac: '0015651A2B3C',
      account_ext: '42',
      person_id: 'ben',
      room_id: 'counter-2',
    }).expect(200);

    expect(body).toEqual({ ok: 'true', device_id: expect.any(String) });
    expect(await pressed('KEY-OF-THE-VAULT')).toMatchObject({
      device_id: body.device_id,
      person_id: 'ben',
      room_id: 'counter-2',
    });
  });

  it('a device is known by its token and keeps what is not said again', async () => {
    const first = await device({ device_token: KEY, mac: '0015651A2B3C' }).expect(200);
    const moved = await device({ device_token: KEY, room_id: 'counter-2' }).expect(200);

    expect([first.body.device_id, moved.body.device_id]).toEqual(['phone-1', 'phone-1']);
    expect(await pressed(KEY)).toMatchObject({ person_id: 'ada', room_id: 'counter-2' });
    expect(await world.query(`SELECT mac FROM devices WHERE id = 'phone-1'`)).toEqual([
      { mac: '0015651A2B3C' },
    ]);
  });

  it.each([
    [{ device_token: 'KEY-OF-NOWHERE', person_id: 'zoe' }, 400, 'person_id: unknown person "zoe"'],
    [{ device_token: 'KEY-OF-NOWHERE', room_id: 'attic' }, 400, 'room_id: unknown room "attic"'],
    [{ device_token: 'KEY-OF-NOWHERE', id: 'phone-1' }, 400, 'id: '],
    [{}, 422, 'device_token: '],
    [{ device_token: 'short' }, 422, 'device_token: '],
    [{ device_token: 12345678 }, 422, 'device_token: '],
    [{ device_token: 'KEY-OF-NOWHERE', colour: 'red' }, 422, 'colour: '],
    [{ device_token: 'KEY-OF-\0NOWHERE' }, 422, 'device_token: '],
  ])('a device %j is refused with %i', async (body, status, detail) => {
    const answer = await device(body).expect(status);

    expect(answer.body.detail.slice(0, detail.length)).toBe(detail);
    expect(answer.body.errors[0].pointer).toBe(`/${detail.split(':')[0]}`);
    expect(answer.text).not.toContain('KEY-OF');
    expect(await world.query(`SELECT FROM devices WHERE id LIKE 'phone-%'`)).toHaveLength(2);
    await world.press('KEY-OF-NOWHERE').expect(404);
  });

  it('a policy replaces its steps, and the next alarm follows it', async () => {
    const { body } = await policy(NIGHT).expect(200);
    expect(body).toEqual({ ok: 'true', policy_id: 'default' });

    const { id } = await pressed(KEY);
    await world.advance(31);
    expect((await world.notifications(id)).map(({ label }) => label)).toEqual([
      'night-1',
      'night-1',
      'night-2',
    ]);
    await policy({ ...NIGHT, steps: NIGHT.steps.slice(0, 1) }).expect(200);
    expect(await world.query(`SELECT FROM escalation_steps WHERE policy_id = 'default'`)).toHaveLength(1);
  });

  it('a policy may name targets that are there already', async () => {
    await policy({
      policy_id: 'default',
      name: 'Day',
      targets: [],
      steps: [{ step_no: 0, after_seconds: 0, target_ids: ['boss'] }],
    }).expect(200);

    const { id } = await pressed(KEY);
    expect((await world.notifications(id)).map(({ label }) => label)).toEqual(['boss']);
  });

  const step = (change: object) => ({ ...NIGHT, steps: [NIGHT.steps[0], { ...NIGHT.steps[1], ...change }] });

  it.each<[string, object, number, string]>([
    ['a target twice in a step', step({ target_ids: ['night-2', 'night-2'] }), 400, 'steps/1/target_ids/1'],
    ['a step and target twice', step({ step_no: 0, target_ids: ['night-1'] }), 400, 'steps/1/step_no'],
    ['an unknown target', step({ target_ids: ['night-9'] }), 400, 'steps/1/target_ids/0'],
    [
      'two targets of one name',
      { ...NIGHT, targets: [target('night-1'), target('night-1')] },
      400,
      'targets/1/id',
    ],
    [
      'an unknown channel',
      { ...NIGHT, targets: [{ ...target('night-1'), channel: 'pigeon' }] },
      422,
      'targets/0/channel',
    ],
    ['a negative time', step({ after_seconds: -1 }), 422, 'steps/1/after_seconds'],
    ['a time in words', step({ after_seconds: '30' }), 422, 'steps/1/after_seconds'],
    ['nobody to tell', step({ target_ids: [] }), 422, 'steps/1/target_ids'],
    ['no name', { ...NIGHT, name: undefined }, 422, 'name'],
    ['a field nobody knows', { ...NIGHT, colour: 'red' }, 422, 'colour'],
  ])('a policy with %s is refused, and nothing of it is kept', async (_what, body, status, pointer) => {
    const before = await world.query('SELECT id, name, plan FROM escalation_policies');
    const answer = await policy(body).expect(status);

    expect(answer.body).toMatchObject({ status, detail: expect.any(String) });
    expect(answer.body.errors[0].pointer).toBe(`/${pointer}`);
    expect(await world.query('SELECT id, name, plan FROM escalation_policies')).toEqual(before);
  });
});
