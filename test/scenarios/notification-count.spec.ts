import { Sweeper } from '#platform';

import { ApiModule } from '../../apps/api/api.module.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { house, KEY } from '../support/house.ts';
import { World } from '../support/world.ts';

const COUNTER = 'alarm_broker_notifications_total';
const ENDS = ['sent', 'failed', 'ambiguous', 'skipped', 'withdrawn'];

describe('the count of notifications', () => {
  let world: World;

  afterEach(() => world.stop());

  const counted = async (): Promise<Record<string, number>> =>
    Object.fromEntries(
      await Promise.all(
        ENDS.map(async (result) => [result, await world.metric(COUNTER, { result })] as const),
      ),
    );
  /** The same, by the rows themselves. */
  const ended = async (): Promise<Record<string, number>> => {
    const rows = await world.query<{ status: string; count: number }>(
      'SELECT status, count(*)::int AS count FROM notifications WHERE finished_at IS NOT NULL GROUP BY status',
    );
    const none = Object.fromEntries(ENDS.map((result) => [result, 0]));
    return { ...none, ...Object.fromEntries(rows.map(({ status, count }) => [status, count])) };
  };

  it('knows in the api of those passed over at the press and of those withdrawn by the answer', async () => {
    world = await World.start({
      root: ApiModule,
      seed: house([{ id: 'absent', channel: 'email', enabled: false }, { id: 'guard' }, { id: 'deputy' }]),
    });
    const { body } = await world.press(KEY).expect(200);
    await world.press(KEY).expect(200);
    expect(await counted()).toMatchObject({ skipped: 1, withdrawn: 0 });
    expect(await world.metric(COUNTER, { channel: 'email', result: 'skipped' })).toBe(1);

    await world.post(`/v1/alarms/${body.alarm_id}/ack`).expect(204);
    await world.post(`/v1/alarms/${body.alarm_id}/ack`).expect(204);
    await world.post(`/v1/alarms/${body.alarm_id}/resolve`).expect(204);

    expect(await counted()).toEqual({ sent: 0, failed: 0, ambiguous: 0, skipped: 1, withdrawn: 2 });
    expect(await world.metric(COUNTER, { channel: 'sms', result: 'withdrawn' })).toBe(2);
  });

  it('is the number of rows that came to each end, whoever ended them', async () => {
    const gateway = await HttpReceiver.start();
    world = await World.start({
      seed: house([
        { id: 'good' },
        { id: 'bad' },
        { id: 'absent', enabled: false },
        { id: 'mute', channel: 'email' },
        { id: 'later', after: 60 },
        { id: 'last', after: 60, enabled: false },
      ]),
      settings: { SENDXMS_ENABLED: 'true', SENDXMS_BASE_URL: gateway.url, ESCALATE_ON_FAILURE: 'false' },
    });
    gateway.answer(({ json }) => ({ status: (json as { to: string }).to === '+49good' ? 200 : 400 }));
    const { body } = await world.press(KEY).expect(200);
    await world.settle();
    expect(await counted()).toEqual({ sent: 1, failed: 1, ambiguous: 0, skipped: 2, withdrawn: 0 });

    // Taken by workers that are never heard of again: one once too often, one whose alarm is answered meanwhile.
    for (const lost of [
      { target_id: 'killer', attempts: 10 },
      { target_id: 'answered', attempts: 1, withdrawn_at: world.clock.now() },
    ]) {
      await world.query(
        `INSERT INTO notifications
         SELECT (jsonb_populate_record(n, $1::jsonb || jsonb_build_object('id', gen_random_uuid()))).*
         FROM notifications n WHERE target_id = 'good'`,
        [JSON.stringify({ ...lost, status: 'sending', finished_at: null, lease_until: world.clock.now() })],
      );
    }
    const before = await counted();
    world.clock.advance(1);
    await world.app.get(Sweeper).sweepNow();
    expect(await counted()).toEqual({ ...before, ambiguous: 1, withdrawn: 1 });

    world.clock.advance(60);
    gateway.hang();
    await world.ringFor([body.alarm_id]);
    await gateway.next(({ json }) => (json as { to: string }).to === '+49later');
    await world.post(`/v1/alarms/${body.alarm_id}/resolve`).expect(204);
    await gateway.close();
    await world.settle();
    expect(await counted()).toEqual(await ended());
    expect(await counted()).toMatchObject({ ambiguous: 1, withdrawn: 2, skipped: 3 });
  });
});
