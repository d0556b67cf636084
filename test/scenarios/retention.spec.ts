import { Sweeper } from '#platform';

import { house, KEY, OTHER_KEY } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { World } from '../support/world.ts';

const DAY = 86_400;

/** Everything that belongs to an alarm, and the alarm. */
const TABLES = ['alarms', 'alarm_events', 'alarm_notes', 'escalations', 'notifications'];

describe('a broker that keeps closed alarms for 30 days', () => {
  let world: World;

  const start = async (settings: Record<string, string>) => {
    world = await World.start({
      seed: house([{ id: 'guard' }]),
      settings: { SIMULATION_ENABLED: 'true', ...settings },
    });
  };
  afterEach(() => world.stop());

  const press = async (key: string): Promise<string> => {
    const { body } = await world.press(key).expect(200);
    await world.settle();
    return body.alarm_id;
  };
  const close = async (alarm: string, how = 'resolve') => {
    await world.post(`/v1/alarms/${alarm}/${how}`).expect(204);
    await world.settle();
  };
  const days = async (count: number) => {
    world.clock.advance(count * DAY);
    await world.app.get(Sweeper).sweepNow();
  };
  const rowsOf = async (alarm: string): Promise<number[]> => {
    const counts = await Promise.all(
      TABLES.map((table) =>
        world.query<{ count: number }>(
          `SELECT count(*)::int FROM ${table} WHERE ${table === 'alarms' ? 'id' : 'alarm_id'} = $1`,
          [alarm],
        ),
      ),
    );
    return counts.map(([row]) => row?.count ?? 0);
  };
  const NOTHING = TABLES.map(() => 0);

  it('removes them with everything that belongs to them, counts from the day they were closed, and says so', async () => {
    await start({ RETENTION_ALARMS_DAYS: '30' });
    const [closed, open] = [await press(KEY), await press(OTHER_KEY)];
    await world.post(`/v1/alarms/${closed}/notes`, { note: 'All is well.' }).expect(201);
    await days(20);
    await close(closed);

    await days(29);
    expect(await rowsOf(closed)).not.toContain(0);

    await days(2);
    expect(await rowsOf(closed)).toEqual(NOTHING);
    expect((await rowsOf(open))[0]).toBe(1);
    expect(await world.query('SELECT FROM notification_attempts')).toHaveLength(1);
    expect(await world.metric('alarm_broker_retention_removed_total', { what: 'alarms' })).toBe(1);
    const said = logLines.lines.find(({ logger }) => logger === 'Retention');
    expect(said).toMatchObject({ level: 'info', extra: { alarms: 1, simulated: 0 } });

    // The one that is open stays for ever, and can still be answered.
    await days(4000);
    expect((await rowsOf(open))[0]).toBe(1);
    await close(open, 'ack');
    await days(4000);
    expect((await rowsOf(open))[0]).toBe(1);
    await world.get(`/v1/alarms/${open}`).expect(200);
  });

  it('removes cancelled and deleted ones alike', async () => {
    await start({ RETENTION_ALARMS_DAYS: '30' });
    const [cancelled, deleted] = [await press(KEY), await press(OTHER_KEY)];
    await close(cancelled, 'cancel');
    await world.delete(`/v1/alarms/${deleted}`).expect(204);

    await days(29);
    expect([(await rowsOf(cancelled))[0], (await rowsOf(deleted))[0]]).toEqual([1, 1]);
    await days(2);
    expect([await rowsOf(cancelled), await rowsOf(deleted)]).toEqual([NOTHING, NOTHING]);
  });

  it('waits for news that is still to be sent', async () => {
    await start({ RETENTION_ALARMS_DAYS: '30' });
    const alarm = await press(KEY);
    await close(alarm);
    await world.query(
      `UPDATE notifications SET status = 'sending', lease_until = '2999-01-01' WHERE alarm_id = $1`,
      [alarm],
    );

    await days(40);
    expect((await rowsOf(alarm))[0]).toBe(1);

    await world.query(`UPDATE notifications SET status = 'sent', lease_until = NULL WHERE alarm_id = $1`, [
      alarm,
    ]);
    await days(1);
    expect(await rowsOf(alarm)).toEqual(NOTHING);
  });

  it('goes on behind a crowd of old alarms that nobody ever resolved', async () => {
    await start({ RETENTION_ALARMS_DAYS: '30' });
    const closed = await press(KEY);
    await close(closed);
    await world.query(`
      INSERT INTO alarms (id, status, source, event, severity, silent, created_at, ack_token, meta)
      SELECT gen_random_uuid(), 'acknowledged', 'api', 'x', 'P1', true, '2020-01-01', gen_random_uuid()::text, '{}'
      FROM generate_series(1, 450)`);

    world.clock.advance(40 * DAY);
    for (let second = 0; second < 3; second += 1) await world.app.get(Sweeper).sweepNow();

    expect(await rowsOf(closed)).toEqual(NOTHING);
    expect(await world.query('SELECT FROM alarms')).toHaveLength(450);
  });

  it('keeps what was simulated no longer than that is wanted', async () => {
    await start({ RETENTION_SIMULATED_DAYS: '7' });
    const alarm = await press(KEY);
    await close(alarm);
    const simulated = () => world.query('SELECT FROM simulated_notifications');

    await days(6);
    expect(await simulated()).toHaveLength(1);
    await days(2);
    expect(await simulated()).toEqual([]);
    await days(4000);
    expect((await rowsOf(alarm))[0]).toBe(1);
  });

  it('keeps everything unless told otherwise', async () => {
    await start({});
    const alarm = await press(KEY);
    await close(alarm);

    await days(30_000);
    expect((await rowsOf(alarm))[0]).toBe(1);
    expect(await world.query('SELECT FROM simulated_notifications')).toHaveLength(1);
  });

  it('lets nobody else remove what stands on a timeline', async () => {
    await start({ RETENTION_ALARMS_DAYS: '30' });
    await press(KEY);

    await expect(world.query('DELETE FROM alarm_events')).rejects.toThrow('append-only');
    await expect(world.query('DELETE FROM alarms')).rejects.toThrow('append-only');
  });
});
