import { Sweeper } from '#platform';

import { house, KEY, OTHER_KEY } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { World } from '../support/world.ts';

const NUMBER = '+49 (0)151 2345-678';
const TABLES = [
  'persons',
  'alarms',
  'alarm_events',
  'alarm_notes',
  'escalations',
  'notifications',
  'simulated_notifications',
];

describe('erasing a person', () => {
  let world: World;

  beforeEach(async () => {
    const settings = { SIMULATION_ENABLED: 'true' };
    world = await World.start({ seed: house([{ id: 'guard' }, { id: 'manager', after: 60 }]), settings });
    await world
      .put('/v1/admin/persons/ada', {
        display_name: 'Ada Lovelace',
        role: 'Countess',
        phone_mobile: NUMBER,
      })
      .expect(200);
  });

  afterEach(() => world.stop());

  const press = async (key = KEY): Promise<string> => {
    const { body } = await world.press(key).expect(200);
    await world.settle();
    return body.alarm_id;
  };
  const erase = (body: object = {}) => world.post('/v1/admin/persons/ada/erase', body);
  const freeHerPhone = () =>
    world.put('/v1/admin/devices/phone-1', { person_id: 'ben', room_id: 'counter-1' }).expect(200);
  const sweep = async () => {
    for (let look = 0; look < 10; look += 1) await world.app.get(Sweeper).sweepNow();
  };
  /** Every place where one of these words still stands. */
  const traces = async (...words: string[]): Promise<string[]> => {
    const found = await Promise.all(
      TABLES.map((table) =>
        world.query<{ text: string }>(`SELECT t::text AS text FROM ${table} t WHERE t::text ~* $1`, [
          words.join('|'),
        ]),
      ),
    );
    return found.flat().map((row) => row.text);
  };

  it('leaves no name, number or role, and every fact', async () => {
    const alarm = await press();
    await world
      .post(`/v1/alarms/${alarm}/ack`, { acked_by: 'Eva', note: 'Spoke to Ada  Lovelace on +491512345678.' })
      .expect(204);
    await world
      .post(`/v1/alarms/${alarm}/notes`, { note: 'ada lovelace is safe', created_by: 'Ada Lovelace' })
      .expect(201);
    await world.post(`/v1/alarms/${alarm}/resolve`, {}).expect(204);
    await world.settle();
    const before = await world.timeline(alarm);
    expect((await traces('Lovelace', 'Countess', '1512345')).length).toBeGreaterThan(5);
    await freeHerPhone();

    const { body: begun } = await erase({ also: ['Countess of L.'] }).expect(202);
    expect(begun).toMatchObject({ person_id: 'ada', finished_at: null });
    await sweep();

    expect(await traces('Lovelace', 'Countess', '151 ?2345')).toEqual([]);
    const { body: done } = await erase().expect(202);
    expect(done).toMatchObject({
      id: begun.id,
      finished_at: expect.any(String),
      rows_changed: expect.any(Number),
    });
    expect(await world.query('SELECT FROM erasures WHERE words IS NOT NULL')).toEqual([]);

    // The audit: what happened, who was told when and with which result.
    expect(await world.timeline(alarm)).toEqual(before);
    const { body: shown } = await world.get(`/v1/alarms/${alarm}`).expect(200);
    expect(shown).toMatchObject({ status: 'resolved', person_id: 'ada', acked_by: 'Eva' });
    expect(shown.meta.ack_note).toBe('Spoke to erased person on erased person.');
    expect(await world.notifications(alarm)).toMatchObject([{ label: 'guard', status: 'sent' }]);
    const { body: person } = await world.get('/v1/admin/persons/ada').expect(200);
    expect(person).toMatchObject({
      display_name: 'erased person',
      role: null,
      phone_mobile: null,
      active: false,
    });
    expect(logLines.text).not.toContain('Lovelace');
  });

  it('finds the name she had before', async () => {
    const alarm = await press();
    await world.post(`/v1/alarms/${alarm}/cancel`, {}).expect(204);
    await world.put('/v1/admin/persons/ada', { display_name: 'Ada King' }).expect(200);
    await freeHerPhone();

    await erase().expect(202);
    await sweep();

    expect(await traces('Lovelace', 'King')).toEqual([]);
  });

  it('is refused while she may need help, a key is hers, or a plan tells her', async () => {
    expect((await erase().expect(409)).body).toMatchObject({
      code: 'person.in-use',
      detail: expect.stringContaining('device phone-1'),
    });
    const alarm = await press();
    await freeHerPhone();
    expect((await erase().expect(409)).body).toMatchObject({ code: 'person.alarmed' });

    await world.post(`/v1/alarms/${alarm}/resolve`, {}).expect(204);
    await world
      .put('/v1/admin/escalation-targets/guard', { label: 'Guard', channel: 'sms', address: '+491512345678' })
      .expect(200);
    expect((await erase().expect(409)).body).toMatchObject({
      detail: 'The person ada is in use by target guard.',
    });
    expect((await world.get('/v1/admin/persons/ada').expect(200)).body.display_name).toBe('Ada Lovelace');

    await world
      .put('/v1/admin/escalation-targets/guard', { label: 'Guard', channel: 'sms', address: '+491' })
      .expect(200);
    await erase().expect(202);
  });

  it('waits for the alarm of somebody else whose plan still has to tell her', async () => {
    await world
      .put('/v1/admin/escalation-targets/manager', { label: 'Ada Lovelace', channel: 'sms', address: NUMBER })
      .expect(200);
    const alarm = await press(OTHER_KEY);
    await world
      .put('/v1/admin/escalation-targets/manager', { label: 'Manager', channel: 'sms', address: '+492' })
      .expect(200);
    await freeHerPhone();
    await erase().expect(202);
    await sweep();
    expect((await erase().expect(202)).body.finished_at).toBeNull();

    await world.advance(60);
    const told = await world.query<{ payload: { address: string } }>(
      `SELECT payload FROM simulated_notifications WHERE payload->>'address' = '${NUMBER}'`,
    );
    expect(told).toHaveLength(1);
    await world.post(`/v1/alarms/${alarm}/resolve`, {}).expect(204);
    await world.settle();

    // It failed and is to be tried once more: then the number is needed still.
    const becomes = (status: string, due: string) =>
      world.query(
        `UPDATE notifications SET status = '${status}', due_at = '${due}' WHERE address = '${NUMBER}'`,
      );
    await becomes('scheduled', '2999-01-01');
    world.clock.advance(601);
    await sweep();
    expect((await erase().expect(202)).body.finished_at).toBeNull();
    expect(await traces('151 2345')).not.toEqual([]);
    await becomes('sent', '2026-01-01');

    world.clock.advance(601);
    await sweep();
    expect((await erase().expect(202)).body.finished_at).not.toBeNull();
    expect(await traces('Lovelace', '151 2345')).toEqual([]);
    expect(await world.notifications(alarm)).toMatchObject([
      { status: 'sent' },
      { label: 'erased person', status: 'sent' },
    ]);
  });

  it('changes nothing on a timeline but what names somebody', async () => {
    await press();

    for (const [column, value] of [
      ['type', `'alarm.noted'`],
      ['at', 'now()'],
      ['alarm_id', 'gen_random_uuid()'],
    ]) {
      const forged = `SET LOCAL alarm_broker.history = 'erasure'; UPDATE alarm_events SET ${column} = ${value}`;
      await expect(world.query(`BEGIN; ${forged}; COMMIT`)).rejects.toThrow(
        'only actor and data can be erased',
      );
      await world.query('ROLLBACK');
    }
  });
});
