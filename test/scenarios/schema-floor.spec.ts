import type { Job } from 'bullmq';

import { Lanes } from '#notifications';
import { SchemaFloor, Sweeper } from '#platform';

import { EscalationStepsProcessor } from '../../libs/escalation/escalation-steps.processor.ts';
import { rowAddress } from '../../libs/notifications/delivery/row-address.ts';
import { house, KEY, OTHER_KEY } from '../support/house.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { World } from '../support/world.ts';

describe('a broker on a database that a newer release has changed', () => {
  let world: World;
  let sms: HttpReceiver;

  beforeEach(async () => {
    sms = await HttpReceiver.start();
    const settings = { SENDXMS_ENABLED: 'true', SENDXMS_BASE_URL: sms.url, SENDXMS_API_KEY: 'sms key' };
    world = await World.start({ seed: house([{ id: 'guard' }, { id: 'manager', after: 60 }]), settings });
  });

  afterEach(async () => {
    await world.stop();
    await sms.close();
  });

  const raiseFloor = () =>
    world.query(`INSERT INTO schema_floor (migration, raised_at) VALUES ('Later1999000000001', now())`);
  const noticed = async (tooNew: boolean) => {
    const floor = world.app.get(SchemaFloor);
    if (floor.isTooNew !== tooNew) await new Promise<void>((resolve) => floor.onChange(() => resolve()));
    expect(floor.isTooNew).toBe(tooNew);
  };

  it('keeps presses, sends nothing and starts no step until it may work again', async () => {
    const { alarm_id: alarm } = (await world.press(KEY).expect(200)).body;
    await world.settle();
    await raiseFloor();
    await noticed(true);

    expect((await world.http.get('/readyz').expect(503)).body).toMatchObject({
      ok: 'false',
      schema: 'too-new',
    });
    expect((await world.http.get('/readyz?verbose').expect(503)).text).toContain('[-]schema too-new');
    expect((await world.get('/healthz/details').expect(200)).body.database.schema).toBe('too-new');
    expect(await world.metric('alarm_broker_schema_too_new')).toBe(1);
    const { alarm_id: other } = (await world.press(OTHER_KEY).expect(200)).body;
    world.clock.advance(120);
    for (let look = 0; look < 3; look += 1) await world.app.get(Sweeper).sweepNow();
    expect(sms.requests).toHaveLength(1);
    expect(await world.notifications(alarm)).toHaveLength(1);
    expect(await world.notifications(other)).toMatchObject([{ status: 'scheduled', attempts: 0 }]);

    await world.query('DELETE FROM schema_floor');
    await noticed(false);
    await world.settle();
    expect(await world.notifications(alarm)).toMatchObject([{ status: 'sent' }, { status: 'sent' }]);
    expect(await world.notifications(other)).toMatchObject([{ status: 'sent' }, { status: 'sent' }]);
    expect(await world.metric('alarm_broker_schema_too_new')).toBe(0);
  });

  it('answers no bell, by whatever way it has been rung', async () => {
    const { alarm_id: alarm } = (await world.press(KEY).expect(200)).body;
    await world.settle();
    await raiseFloor();
    await noticed(true);
    const { alarm_id: other } = (await world.press(OTHER_KEY).expect(200)).body;
    world.clock.advance(120);

    const [told] = await world.notifications(other);
    const lanes = world.app.get(Lanes, { strict: false });
    lanes.look([rowAddress('sms', told!.id)]);
    await lanes.idle();
    const steps = world.app.get(EscalationStepsProcessor, { strict: false });
    await steps.process({ name: 'look', data: { ids: [alarm] } } as unknown as Job);

    expect(steps.worker.isPaused()).toBe(true);
    expect(sms.requests).toHaveLength(1);
    expect(await world.notifications(alarm)).toHaveLength(1);
    await world.query('DELETE FROM schema_floor');
    await noticed(false);
    expect(steps.worker.isPaused()).toBe(false);
  });

  it('refuses a press that the schema does not take, and asks for another try', async () => {
    await world.query('ALTER TABLE alarms RENAME COLUMN severity TO gravity');

    const { body } = await world.press(KEY).expect(503).expect('Retry-After', '2');

    expect(body).toMatchObject({ code: 'database.other-release', status: 503 });
    expect(await world.query('SELECT FROM alarms')).toEqual([]);
    await world.query('ALTER TABLE alarms RENAME COLUMN gravity TO severity');
    await world.press(KEY).expect(200);
  });
});
