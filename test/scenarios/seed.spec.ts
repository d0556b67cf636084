import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parse, stringify } from 'yaml';

import { house, KEY, OTHER_KEY } from '../support/house.ts';
import { ADMIN_KEY, World } from '../support/world.ts';

const SEEDS = join(import.meta.dirname, '../../seeds');
const HOUSE = house([{ id: 'guard' }, { id: 'boss', after: 60 }]);

describe('a seed file', () => {
  let world: World;

  afterEach(() => world.stop());

  const start = async (settings: Record<string, string> = {}) => {
    world = await World.start({ settings });
  };
  const load = (text: string, type = 'application/yaml') =>
    world.http.post('/v1/admin/seed').set('X-Admin-Key', ADMIN_KEY).set('Content-Type', type).send(text);
  /** Every row of every table of a seed file, without the marks of an update. */
  const everything = async () => {
    const tables = ['sites', 'rooms', 'persons', 'devices', 'escalation_policies', 'escalation_targets'];
    const rows = await Promise.all(
      [...tables, 'escalation_steps'].map((table) =>
        world.query<{ row: string }>(
          `SELECT (to_jsonb(t) - '{updated_at,version}'::text[])::text AS row FROM ${table} t ORDER BY 1`,
        ),
      ),
    );
    return rows.flat().map(({ row }) => row);
  };
  const targets = () =>
    world.query<{ id: string; address: string; enabled: boolean }>(
      'SELECT id, address, enabled FROM escalation_targets ORDER BY id',
    );

  it('is read as YAML or JSON, by every name these go by', async () => {
    await start();
    const yaml = stringify(JSON.parse(HOUSE));
    const answers: unknown[] = [];
    for (const type of [
      'application/yaml',
      'application/x-yaml',
      'text/yaml',
      'text/x-yaml',
      'application/yaml; charset=utf-8',
    ]) {
      answers.push((await load(yaml, type).expect(200)).body);
    }
    answers.push((await load(HOUSE, 'application/json').expect(200)).body);

    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(new Set(['{"ok":"true"}']));
    await world.press(KEY).expect(200);
  });

  it.each([
    ['simulation.yaml', 5, 'MU_YLK_CHEM_LAB_2003'],
    ['example.yaml', 1, 'CHANGE-ME-COUNTER-3'],
  ])('%s, which we bring along, loads, twice with the same result', async (name, devices, key) => {
    await start();
    const text = await readFile(join(SEEDS, name), 'utf8');
    await load(text).expect(200);
    const first = await everything();
    await load(text).expect(200);

    expect(await everything()).toEqual(first);
    expect(await world.query('SELECT FROM devices')).toHaveLength(devices);
    await world.press(key).expect(200);
  });

  it('tells the mock university at 0, 60, 180 and 300 seconds', async () => {
    await start();
    await load(await readFile(join(SEEDS, 'simulation.yaml'), 'utf8')).expect(200);

    expect(
      await world.query('SELECT DISTINCT step_no, after_seconds FROM escalation_steps ORDER BY step_no'),
    ).toEqual([0, 60, 180, 300].map((after_seconds, step_no) => ({ step_no, after_seconds })));
    for (const key of [
      'NORTH_OPS_2001',
      'NORTH_LIB_2002',
      'CHEM_LAB_2003',
      'MED_OR_2004',
      'DORM_LOBBY_2005',
    ]) {
      await world.press(`MU_YLK_${key}`).expect(200);
    }
  });

  it('takes switches and numbers from the settings, whatever they are set to', async () => {
    const example = await readFile(join(SEEDS, 'example.yaml'), 'utf8');
    await start();
    await load(example).expect(200);
    expect((await targets()).map(({ id, enabled }) => [id, enabled])).toEqual([
      ['control-room', false],
      ['doorman', false],
    ]);
    await world.stop();

    await start({ SENDXMS_ENABLED: 'yes', SENDXMS_BASE_URL: 'http://sms.example', ESCALATE_T1: '75' });
    await load(example).expect(200);
    expect((await targets()).map(({ id, enabled }) => [id, enabled])).toEqual([
      ['control-room', false],
      ['doorman', true],
    ]);
    expect(await world.query('SELECT after_seconds FROM escalation_steps WHERE step_no = 1')).toEqual([
      { after_seconds: 75 },
    ]);
  });

  it('takes what an operator named SEED_…, as text, number or switch', async () => {
    await start({ SEED_PHONE: '+490123', SEED_DELAY: '90', SEED_ON: 'false', SEED_ROOM: '007' });
    const seed = JSON.parse(HOUSE);
    seed.rooms[0].label = '${SEED_ROOM}';
    seed.rooms[1].label = 'Door ${SEED_ROOM}';
    Object.assign(seed.escalation_targets[0], { address: '${SEED_PHONE}', enabled: '${SEED_ON}' });
    seed.escalation_steps[1].after_seconds = '${SEED_DELAY}';
    await load(JSON.stringify(seed), 'application/json').expect(200);

    expect(await world.query('SELECT label FROM rooms ORDER BY id')).toEqual([
      { label: '007' },
      { label: 'Door ${SEED_ROOM}' }, // only a whole value is a reference
    ]);
    expect((await targets()).find(({ id }) => id === 'guard')).toEqual({
      id: 'guard',
      address: '+490123',
      enabled: false,
    });
    expect(await world.query('SELECT after_seconds FROM escalation_steps WHERE step_no = 1')).toEqual([
      { after_seconds: 90 },
    ]);
  });

  it('updates what is there by id and leaves alone what it does not name', async () => {
    await start();
    await load(HOUSE).expect(200);
    await load(`
sites: [{ id: hall, name: City hall }]
persons: [{ id: eva, display_name: Eva, active: false }]
`).expect(200);

    expect(await world.query('SELECT id, name FROM sites')).toEqual([{ id: 'hall', name: 'City hall' }]);
    expect(await world.query('SELECT id, active FROM persons ORDER BY id')).toEqual([
      { id: 'ada', active: true },
      { id: 'ben', active: true },
      { id: 'eva', active: false },
    ]);
    expect(await world.query('SELECT FROM escalation_steps')).toHaveLength(2);
  });

  it('replaces the steps of the policies it names, and of no other', async () => {
    await start();
    await load(HOUSE).expect(200);
    const steps = [{ policy_id: 'night', step_no: 0, after_seconds: 5, target_ids: ['boss'] }];
    await load(
      stringify({ escalation_policy: { id: 'night', name: 'Night' }, escalation_steps: steps }),
    ).expect(200);
    const shorter = [{ policy_id: 'default', step_no: 7, after_seconds: 30, target_ids: ['boss', 'guard'] }];
    await load(stringify({ escalation_steps: shorter })).expect(200);

    expect(
      await world.query(
        'SELECT policy_id, step_no, target_id FROM escalation_steps ORDER BY policy_id, target_id',
      ),
    ).toEqual([
      { policy_id: 'default', step_no: 7, target_id: 'boss' },
      { policy_id: 'default', step_no: 7, target_id: 'guard' },
      { policy_id: 'night', step_no: 0, target_id: 'boss' },
    ]);
    const { body } = await world.press(KEY).expect(200);
    await world.advance(31);
    expect((await world.notifications(body.alarm_id)).map(({ label }) => label).sort()).toEqual([
      'boss',
      'guard',
    ]);
  });

  it('knows a device by its token, and keeps what it does not say of it', async () => {
    await start();
    const described = (device: object) => load(stringify({ ...parse(HOUSE), devices: [device] })).expect(200);
    await described({
      id: 'phone-1',
      vendor: 'yealink',
      model_family: 'T5',
      mac: '0015651A2B3C',
      account_ext: '17',
      device_token: KEY,
      person_id: 'ada',
      room_id: 'counter-1',
    });
    await described({ device_token: KEY, account_ext: '18' });
    await described({ device_token: OTHER_KEY });

    const rows = await world.query(
      'SELECT id, model_family, mac, account_ext, person_id, room_id FROM devices ORDER BY created_at, person_id',
    );
    expect(rows[0]).toEqual({
      id: 'phone-1',
      model_family: 'T5',
      mac: '0015651A2B3C',
      account_ext: '18',
      person_id: 'ada',
      room_id: 'counter-1',
    });
    expect(rows).toHaveLength(2);
  });

  it('leaves no token of a device in the database, in whatever table', async () => {
    await start();
    await load(HOUSE).expect(200);
    await world.press(KEY).expect(200);
    await world.press(KEY).expect(200);
    await world.settle();

    const tables = await world.query<{ name: string }>(
      `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
       WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'`,
    );
    expect(tables.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['public.devices', 'public.alarms']),
    );
    let looked = 0;
    for (const { name } of tables) {
      const rows = await world.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
      looked += rows.length;
      expect(
        rows.filter(({ row }) => [KEY, OTHER_KEY, 'KEY-OF-NOBODY'].some((key) => row.includes(key))),
      ).toEqual([]);
    }
    expect(looked).toBeGreaterThan(20);
  });
});
