import { house, KEY, OTHER_KEY } from '../support/house.ts';
import { masterData } from '../support/master-data.ts';
import { World } from '../support/world.ts';

interface Seed {
  sites: object[];
  rooms: object[];
  devices: object[];
  escalation_policies?: object[];
  escalation_steps: object[];
}

/** A house whose targets are called as the policy that tells them; `default` tells `default`. */
const POLICIES = ['of-device', 'of-room', 'of-site'];
const SEED = ((): Seed => {
  const seed = JSON.parse(house(['default', ...POLICIES].map((id) => ({ id })))) as Seed;
  seed.escalation_policies = POLICIES.map((id) => ({ id, name: id, repeat_count: 1 }));
  seed.escalation_steps = ['default', ...POLICIES].flatMap((id) => [
    { policy_id: id, step_no: 0, after_seconds: 0, target_ids: [id] },
    { policy_id: id, step_no: 1, after_seconds: 60, target_ids: [id] },
  ]);
  return seed;
})();

describe('the policy of an alarm', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.start({ seed: JSON.stringify(SEED), settings: { SIMULATION_ENABLED: 'true' } });
  });

  afterEach(() => world.stop());

  const { put, remove } = masterData(() => world);
  const choose = (where: 'site' | 'room' | 'device', escalation_policy_id: string | null) => {
    const bodies = {
      site: ['sites/hall', { name: 'Town hall' }],
      room: ['rooms/counter-1', { site_id: 'hall', label: 'Counter 1' }],
      device: ['devices/phone-1', { person_id: 'ada', room_id: 'counter-1' }],
    } as const;
    const [path, body] = bodies[where];
    return put(path, { ...body, escalation_policy_id }).expect(200);
  };
  /** A new alarm of the key, and who is told of it first. */
  const press = async (token = KEY): Promise<{ id: string; told: string[] }> => {
    world.clock.advance(20);
    const { body } = await world.press(token).expect(200);
    const told = await world.notifications(body.alarm_id);
    return { id: body.alarm_id, told: told.map(({ label }) => label) };
  };

  it('is the nearest to the key: of the device, else the room, else the site, else the default', async () => {
    expect((await press()).told).toEqual(['default']);
    await choose('site', 'of-site');
    expect((await press()).told).toEqual(['of-site']);
    await choose('room', 'of-room');
    expect((await press()).told).toEqual(['of-room']);
    await choose('device', 'of-device');
    expect((await press()).told).toEqual(['of-device']);
    // Another room of the same site.
    expect((await press(OTHER_KEY)).told).toEqual(['of-site']);
    await choose('room', null);
    await choose('device', null);
    expect((await press()).told).toEqual(['of-site']);
  });

  it('is the oldest where none is called default and nothing is chosen', async () => {
    const target = { label: 'guard', channel: 'sms', address: '+491' };
    await put('escalation-targets/guard', target).expect(201);
    const guard = { name: 'x', steps: [{ step_no: 0, after_seconds: 0, target_ids: ['guard'] }] };
    for (const id of ['default', ...POLICIES]) await remove(`escalation-policies/${id}`).expect(204);
    await put('escalation-policies/zebra', guard).expect(201);
    world.clock.advance(1);
    const other = { name: 'x', steps: [{ step_no: 0, after_seconds: 0, target_ids: ['of-room'] }] };
    await put('escalation-policies/ape', other).expect(201);

    expect((await press()).told).toEqual(['guard']);
  });

  it('is also that of the site and the room of an alarm that no key raised', async () => {
    const raise = async (body: object) => {
      const { body: answer } = await world.post('/v1/alarms', body).expect(201);
      return (await world.notifications(answer.id)).map(({ label }) => label);
    };

    await choose('site', 'of-site');
    expect(await raise({ room_id: 'counter-1' })).toEqual(['of-site']);
    await choose('room', 'of-room');
    expect(await raise({ room_id: 'counter-1' })).toEqual(['of-room']);
    expect(await raise({ person_id: 'ada' })).toEqual(['default']);
  });

  it('stays with a running alarm, whatever becomes of it', async () => {
    await choose('device', 'of-device');
    const { id } = await press();
    await choose('device', null);
    await remove('escalation-policies/of-device').expect(204);
    await remove('escalation-targets/of-device').expect(204);

    await world.advance(61);
    expect((await world.notifications(id)).map(({ label }) => label)).toEqual(['of-device', 'of-device']);
    expect((await press()).told).toEqual(['default']);
  });

  it('tells the next alarm what was changed about a target, not the one that is running', async () => {
    const address = async (id: string) => {
      const rows = await world.query<{ address: string }>(
        'SELECT address FROM notifications WHERE alarm_id = $1',
        [id],
      );
      return rows.map((row) => row.address);
    };
    const before = await press();
    await put('escalation-targets/default', { label: 'default', channel: 'sms', address: '+49999' }).expect(
      200,
    );
    const after = await press();

    expect(await address(before.id)).toEqual(['+49default']);
    expect(await address(after.id)).toEqual(['+49999']);
  });

  it('holds every change when targets are changed at the same moment', async () => {
    const ids = ['default', ...POLICIES];
    const target = (id: string, turn: number) => ({ label: id, channel: 'sms', address: `+49${turn}` });
    for (let turn = 0; turn < 5; turn += 1) {
      await Promise.all(ids.map((id) => put(`escalation-targets/${id}`, target(id, turn)).expect(200)));

      const plans = await world.query<{ plan: object }>('SELECT plan FROM escalation_policies');
      for (const { plan } of plans) expect(JSON.stringify(plan)).toContain(`"address":"+49${turn}"`);
    }
  });

  it('of a seed file is named by sites, rooms and devices', async () => {
    await world.seed(
      JSON.stringify({
        sites: [{ id: 'hall', name: 'Town hall', escalation_policy_id: 'brand-new' }],
        rooms: [{ id: 'counter-2', site_id: 'hall', label: 'Counter 2', escalation_policy_id: 'of-room' }],
        devices: [{ device_token: KEY, escalation_policy_id: 'of-device' }],
        escalation_policies: [{ id: 'brand-new', name: 'New' }],
        escalation_steps: [{ policy_id: 'brand-new', step_no: 0, after_seconds: 0, target_ids: ['default'] }],
      }),
    );
    expect((await press()).told).toEqual(['of-device']);
    expect((await press(OTHER_KEY)).told).toEqual(['of-room']);

    // By omission a device loses nothing.
    await world.seed(JSON.stringify({ devices: [{ device_token: KEY, vendor: 'snom' }] }));
    expect((await press()).told).toEqual(['of-device']);
  });

  it.each([
    ['sites[0].escalation_policy_id', { sites: [{ id: 'hall', name: 'x', escalation_policy_id: 'none' }] }],
    [
      'rooms[0].escalation_policy_id',
      { rooms: [{ id: 'r', site_id: 'hall', label: 'x', escalation_policy_id: 'none' }] },
    ],
    ['devices[0].escalation_policy_id', { devices: [{ device_token: KEY, escalation_policy_id: 'none' }] }],
    [
      'escalation_policies[1].id',
      {
        escalation_policies: [
          { id: 'twice', name: 'x' },
          { id: 'twice', name: 'y' },
        ],
      },
    ],
    [
      'escalation_policy.id',
      { escalation_policies: [{ id: 'twice', name: 'x' }], escalation_policy: { id: 'twice', name: 'y' } },
    ],
    ['escalation_policies[0].name', { escalation_policies: [{ id: 'x' }] }],
  ])('of a seed file must be known and described once: %s', async (path, seed) => {
    const { body } = await world.post('/v1/admin/seed', seed).expect(400);

    expect(body.errors).toContainEqual(expect.objectContaining({ pointer: path }));
    expect((await press()).told).toEqual(['default']);
  });

  it('may be named with a device that is registered by its token', async () => {
    const device = { device_token: KEY, escalation_policy_id: 'of-room' };
    await world.post('/v1/admin/devices', device).expect(200);
    expect((await press()).told).toEqual(['of-room']);

    const { body } = await world
      .post('/v1/admin/devices', { ...device, escalation_policy_id: 'none' })
      .expect(400);
    expect(body.detail).toBe('escalation_policy_id: unknown policy "none"');
  });
});
