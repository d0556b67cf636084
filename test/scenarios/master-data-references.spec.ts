import { house } from '../support/house.ts';
import { masterData } from '../support/master-data.ts';
import { World } from '../support/world.ts';

const SEED = house([{ id: 'guard' }, { id: 'mayor', after: 60 }]);
const STEPS = [{ step_no: 0, after_seconds: 0, target_ids: ['guard'] }];

describe('master data that refers to each other', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start({ seed: SEED });
  });

  afterAll(() => world.stop());

  const { get, put, remove, tagOf } = masterData(() => world);

  it.each([
    ['sites/hall', 'The site hall is in use by room counter-1, room counter-2.'],
    ['rooms/counter-1', 'The room counter-1 is in use by device phone-1.'],
    ['persons/ben', 'The person ben is in use by device phone-2.'],
    ['escalation-targets/mayor', 'The target mayor is in use by policy default.'],
  ])('in use is not deleted, and the users are named: %s', async (path, detail) => {
    const { body } = await remove(path).expect(409);

    expect(body).toMatchObject({ code: expect.stringMatching(/^\w+\.in-use$/), detail });
    await get(path).expect(200);
  });

  it('in use by many is not deleted, and some are named', async () => {
    await put('escalation-policies/busy', { name: 'Busy', steps: STEPS }).expect(201);
    for (const id of ['s1', 's2', 's3', 's4']) {
      await put(`sites/${id}`, { name: id, escalation_policy_id: 'busy' }).expect(201);
    }
    const counter = { site_id: 's1', label: 'x', escalation_policy_id: 'busy' };
    await put('rooms/r1', counter).expect(201);
    const loose = { person_id: null, room_id: 'r1', escalation_policy_id: 'busy' };
    await put('devices/d1', loose).expect(201);

    const { body } = await remove('escalation-policies/busy').expect(409);
    expect(body.detail).toBe(
      'The policy busy is in use by device d1, room r1, site s1, site s2, site s3 and others.',
    );
    for (const path of ['devices/d1', 'rooms/r1', 'sites/s1', 'sites/s2', 'sites/s3', 'sites/s4']) {
      await remove(path).expect(204);
    }
    await remove('escalation-policies/busy').expect(204);
  });

  it.each([
    ['rooms/x', { site_id: 'nowhere', label: 'x' }, '/site_id'],
    ['devices/x', { person_id: 'nobody', room_id: null }, '/person_id'],
    ['devices/x', { person_id: null, room_id: 'nowhere' }, '/room_id'],
    ['devices/x', { person_id: null, room_id: null, escalation_policy_id: 'none' }, '/escalation_policy_id'],
    ['sites/x', { name: 'x', escalation_policy_id: 'none' }, '/escalation_policy_id'],
    ['rooms/x', { site_id: 'hall', label: 'x', escalation_policy_id: 'none' }, '/escalation_policy_id'],
    [
      'escalation-policies/x',
      { name: 'x', steps: [{ step_no: 0, after_seconds: 0, target_ids: ['guard', 'nobody'] }] },
      '/steps/0/target_ids/1',
    ],
    [
      'escalation-policies/x',
      { name: 'x', steps: [{ step_no: 0, after_seconds: 0, target_ids: ['guard', 'guard'] }] },
      '/steps/0/target_ids/1',
    ],
    ['escalation-policies/x', { name: 'x', steps: [...STEPS, ...STEPS] }, '/steps/1/step_no'],
    ['escalation-policies/x', { name: 'x', steps: [] }, '/steps'],
  ])('must refer to what there is: %s %j', async (path, body, pointer) => {
    const answer = await put(path, body).expect(422);

    expect(answer.body).toMatchObject({ code: 'request.invalid', errors: [{ pointer }] });
    await get(path).expect(404);
  });

  it('that was not deleted and not yet referred to is one or the other in a race', async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      await put('sites/contested', { name: 'x' }).expect(201);
      const [room, gone] = await Promise.all([
        put('rooms/contested', { site_id: 'contested', label: 'x' }),
        remove('sites/contested'),
      ]);
      expect([
        [201, 409],
        [422, 204],
      ]).toContainEqual([room.status, gone.status]);
      await remove('rooms/contested');
      await remove('sites/contested');
    }
  });

  it('of a seed file counts as changed when it is loaded again', async () => {
    const tags = await Promise.all(
      ['sites/hall', 'devices/phone-1', 'escalation-policies/default'].map(tagOf),
    );
    await world.seed(SEED);

    for (const [i, path] of ['sites/hall', 'devices/phone-1', 'escalation-policies/default'].entries()) {
      expect(await tagOf(path)).not.toBe(tags[i]);
    }
  });
});
