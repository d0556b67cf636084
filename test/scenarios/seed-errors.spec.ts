import { stringify } from 'yaml';

import { house } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { ADMIN_KEY, World } from '../support/world.ts';

interface Seed {
  [list: string]: Record<string, unknown>[];
}

describe('a seed file with a mistake', () => {
  const WEBHOOK_SECRET = 'a secret that stays here';
  let world: World;

  beforeAll(async () => {
    world = await World.start({
      settings: {
        WEBHOOK_SECRET,
        WEBHOOK_URL: 'https://control.example/in?key=of-the-address',
        SENDXMS_API_KEY: 'key-of-the-gateway',
        SEED_PHONE: '+4917',
      },
    });
  });

  beforeEach(() => logLines.clear());

  afterEach(async () => {
    // All or nothing: whatever was wrong, nothing of the file is there.
    for (const table of [
      'sites',
      'rooms',
      'persons',
      'devices',
      'escalation_policies',
      'escalation_targets',
    ]) {
      expect(await world.query(`SELECT FROM ${table}`)).toEqual([]);
    }
    expect(logLines.at('error')).toEqual([]);
  });

  afterAll(() => world.stop());

  const load = (text: string, type = 'application/yaml') =>
    world.http.post('/v1/admin/seed').set('X-Admin-Key', ADMIN_KEY).set('Content-Type', type).send(text);
  const houseWith = (change: (seed: Seed) => void): string => {
    const seed = JSON.parse(house([{ id: 'guard' }, { id: 'boss', after: 60 }])) as Seed;
    change(seed);
    return stringify(seed);
  };

  it.each<[string, (seed: Seed) => void, string]>([
    [
      'an unknown site',
      ({ rooms }) =>
        rooms!.push({ id: 'r2', site_id: 'hall', label: 'R' }, { id: 'r3', site_id: 'x', label: 'R' }),
      'rooms[3].site_id: unknown site "x"',
    ],
    [
      'an unknown person',
      ({ devices }) => (devices![1]!['person_id'] = 'zoe'),
      'devices[1].person_id: unknown person "zoe"',
    ],
    [
      'an unknown room',
      ({ devices }) => (devices![0]!['room_id'] = 'attic'),
      'devices[0].room_id: unknown room "attic"',
    ],
    [
      'an unknown target',
      ({ escalation_steps }) => (escalation_steps![1]!['target_ids'] = ['boss', 'nobody']),
      'escalation_steps[1].target_ids[1]: unknown target "nobody"',
    ],
    [
      'an unknown policy',
      ({ escalation_steps }) => (escalation_steps![1]!['policy_id'] = 'night'),
      'escalation_steps[1].policy_id: unknown policy "night"',
    ],
    [
      'a target named twice in a step',
      ({ escalation_steps }) => (escalation_steps![0]!['target_ids'] = ['guard', 'boss', 'guard']),
      'escalation_steps[0].target_ids[2]: target "guard" is named twice in this step',
    ],
    [
      'a step described twice',
      ({ escalation_steps }) => (escalation_steps![1]!['step_no'] = 0),
      'escalation_steps[1].step_no: ',
    ],
    [
      'a site twice',
      ({ sites }) => sites!.push({ id: 'hall', name: 'Other' }),
      'sites[1].id: is the same as in sites[0]',
    ],
    [
      'a room twice',
      ({ rooms }) => (rooms![1]!['id'] = 'counter-1'),
      'rooms[1].id: is the same as in rooms[0]',
    ],
    [
      'a person twice',
      ({ persons }) => (persons![1]!['id'] = 'ada'),
      'persons[1].id: is the same as in persons[0]',
    ],
    [
      'a device twice',
      ({ devices }) => (devices![2]!['id'] = 'phone-1'),
      'devices[2].id: is the same as in devices[0]',
    ],
    [
      'a token twice',
      ({ devices }) => (devices![1]!['device_token'] = devices![0]!['device_token']),
      'devices[1].device_token: is the same as in devices[0]',
    ],
    [
      'a target twice',
      ({ escalation_targets }) => (escalation_targets![1]!['id'] = 'guard'),
      'escalation_targets[1].id: ',
    ],
    [
      'an unknown channel',
      ({ escalation_targets }) => (escalation_targets![0]!['channel'] = 'pigeon'),
      'escalation_targets[0].channel: must be one of zammad, sms, signal, email, webhook',
    ],
    ['a field nobody knows', ({ rooms }) => (rooms![0]!['colour'] = 'red'), 'rooms[0].colour: '],
    ['a list nobody knows', (seed) => (seed['room'] = []), 'room: '],
    [
      'a time zone nobody lives in',
      ({ sites }) => (sites![0]!['time_zone'] = 'Mars/Olympus'),
      'sites[0].time_zone: must be a time zone such as Europe/Berlin',
    ],
    [
      'an offset for a time zone',
      ({ sites }) => (sites![0]!['time_zone'] = '+01:00'),
      'sites[0].time_zone: ',
    ],
    ['a number for a text', ({ sites }) => (sites![0]!['name'] = 7), 'sites[0].name: '],
    [
      'a text for a number',
      ({ escalation_steps }) => (escalation_steps![1]!['after_seconds'] = 'soon'),
      'escalation_steps[1].after_seconds: ',
    ],
    [
      'a negative time',
      ({ escalation_steps }) => (escalation_steps![1]!['after_seconds'] = -1),
      'escalation_steps[1].after_seconds: ',
    ],
    [
      'a mapping for a list',
      (seed) => Object.assign(seed, { sites: { id: 'hall' } }),
      'sites: must be a list',
    ],
    ['a list of texts', (seed) => Object.assign(seed, { sites: ['hall'] }), 'sites[0]: '],
    ['a missing name', ({ persons }) => delete persons![1]!['display_name'], 'persons[1].display_name: '],
    [
      'a token too short to be a secret',
      ({ devices }) => (devices![0]!['device_token'] = '1234567'),
      'devices[0].device_token: ',
    ],
    [
      'nobody to tell',
      ({ escalation_steps }) => (escalation_steps![0]!['target_ids'] = []),
      'escalation_steps[0].target_ids: ',
    ],
    ['a NUL byte', ({ persons }) => (persons![0]!['display_name'] = 'A\0da'), 'persons[0].display_name: '],
    ['half a character', ({ rooms }) => (rooms![0]!['label'] = 'A \ud83d'), 'rooms[0].label: '],
    [
      'a name that is not set',
      ({ sites }) => (sites![0]!['name'] = '${SEED_HALL}'),
      'sites[0].name: SEED_HALL is not set',
    ],
    [
      'a setting that is not set',
      ({ sites }) => (sites![0]!['name'] = '${SENDXMS_BASE_URL}'),
      'sites[0].name: SENDXMS_BASE_URL is not set',
    ],
    [
      'a name that is no setting',
      ({ sites }) => (sites![0]!['name'] = '${PATH}'),
      'sites[0].name: PATH may not be used',
    ],
    [
      'a text where a number belongs',
      ({ escalation_steps }) => (escalation_steps![1]!['after_seconds'] = '${SEED_PHONE}'),
      'escalation_steps[1].after_seconds: ',
    ],
  ])('names the place: %s', async (_what, change, detail) => {
    const text = houseWith(change);
    const { body } = await load(text)
      .expect(400)
      .expect('Content-Type', /^application\/problem\+json/);

    expect(body.detail.slice(0, detail.length)).toBe(detail);
    expect(body.errors[0].pointer).toBe(detail.split(':')[0]);
    expect(body.code).toBe('seed.invalid');
  });

  it('names every place that is wrong, not only the first', async () => {
    const { body } = await load(
      houseWith(({ rooms, devices }) => {
        rooms![0]!['site_id'] = 'x';
        devices![0]!['person_id'] = 'y';
      }),
    ).expect(400);

    expect(body.errors).toEqual([
      { pointer: 'rooms[0].site_id', detail: 'unknown site "x"' },
      { pointer: 'devices[0].person_id', detail: 'unknown person "y"' },
    ]);
  });

  it.each(['ADMIN_API_KEY', 'DATABASE_URL', 'WEBHOOK_SECRET', 'WEBHOOK_URL', 'SENDXMS_API_KEY', 'REDIS_URL'])(
    'is no way to read %s',
    async (name) => {
      const { body, text } = await load(
        houseWith(({ sites }) => (sites![0]!['name'] = `\${${name}}`)),
      ).expect(400);

      expect(body.detail).toBe(`sites[0].name: ${name} may not be used in a seed file`);
      for (const secret of [
        ADMIN_KEY,
        WEBHOOK_SECRET,
        'of-the-address',
        'key-of-the-gateway',
        'postgresql://',
      ]) {
        expect(text).not.toContain(secret);
      }
    },
  );

  it.each([
    ['YAML that is none', 'sites:\n  - { id: hall\nrooms: []\n', 'application/yaml', /line [23]/],
    ['a key twice', 'sites: []\nrooms: []\nsites: []\n', 'application/yaml', /line 3/],
    ['an alias of nothing', 'sites: []\nrooms: *nothing\n', 'application/yaml', /\*?nothing|alias/i],
    ['JSON that is none', '{\n  "sites": []\n  "rooms": []\n}', 'application/json', /line 3/],
    ['JSON that ends too soon', '{\n  "sites": [', 'application/json', /not well-formed JSON/],
    ['a list', '- sites\n', 'application/yaml', /mapping/],
    ['nothing', '', 'application/yaml', /mapping/],
    ['a text', 'sites', 'application/yaml', /mapping/],
    ['null', 'null', 'application/json', /./],
    ['something else altogether', '<sites/>', 'application/xml', /./],
  ])('says what is wrong with %s', async (_what, text, type, detail) => {
    const { body } = await load(text, type).expect(400);

    expect(body.detail).toMatch(detail);
    expect(body.code).toMatch(/^(seed\.malformed|request\.\w+)$/);
  });

  it.each([
    ['application/yaml', `devices: [{ device_token: "KEY-OF-DESK-17", }, x: y]`],
    ['application/json', `{ "devices": [{ "device_token": "KEY-OF-DESK-17", x }] }`],
  ])('is not quoted in the answer, because there may be a key in that place (%s)', async (type, text) => {
    const answer = await load(text, type).expect(400);
    expect(answer.text).not.toContain('KEY-OF');
    expect(logLines.text).not.toContain('KEY-OF');
  });

  it('may not be larger than anything one would type', async () => {
    const { body } = await load(`# ${'x'.repeat(9 << 20)}\nsites: []\n`).expect(413);
    expect(body).toMatchObject({ status: 413, detail: expect.any(String), code: expect.any(String) });
    await load(JSON.stringify({ sites: [], x: 'x'.repeat(9 << 20) }), 'application/json').expect(413);
  });
});
