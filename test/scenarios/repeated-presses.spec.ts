import { house, KEY, OTHER_KEY } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { World } from '../support/world.ts';

describe('a key that is pressed again', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start({ seed: house([{ id: 'guard', channel: 'email' }]) });
  });

  beforeEach(() => {
    world.clock.advance(120);
    logLines.clear();
  });

  afterAll(() => world.stop());

  const press = async (key = KEY): Promise<string> => (await world.press(key).expect(200)).body.alarm_id;

  it('adds to the same alarm while each press comes within ten seconds of the one before', async () => {
    const presses = [await press()];
    for (const pause of [8, 8]) {
      world.clock.advance(pause);
      presses.push(await press());
    }
    expect(new Set(presses).size).toBe(1);

    world.clock.advance(11);
    expect(await press()).not.toBe(presses[0]);

    const events = await world.query<{ type: string; at: Date }>(
      `SELECT type, at FROM alarm_events WHERE alarm_id = $1 AND type LIKE 'alarm.%' ORDER BY seq`,
      [presses[0]!],
    );
    const first = events[0]!.at.getTime();
    expect(events.map(({ type, at }) => [type, (at.getTime() - first) / 1000])).toEqual([
      ['alarm.triggered', 0],
      ['alarm.pressed-again', 8],
      ['alarm.pressed-again', 16],
    ]);
  });

  it('begins an alarm of its own when it is pressed in earnest after a drill, but a drill adds to what is earnest', async () => {
    const drill = async (): Promise<string> =>
      (await world.press(KEY).query({ event: 'alarm.drill' }).expect(200)).body.alarm_id;
    const exercise = await drill();
    expect(await drill()).toBe(exercise);

    const earnest = await press();
    expect(earnest).not.toBe(exercise);
    expect(await press()).toBe(earnest);
    expect(await drill()).toBe(earnest);
    expect(await world.notifications(earnest)).toHaveLength(1);
  });

  it('is told apart from every other key', async () => {
    expect(await press(KEY)).not.toBe(await press(OTHER_KEY));
  });

  it('tells nobody a second time', async () => {
    const alarmId = await press();
    await press();
    expect(await world.notifications(alarmId)).toHaveLength(1);
  });

  it('learns that somebody is on the way already', async () => {
    const alarmId = await press();
    await world.post(`/v1/alarms/${alarmId}/ack`).expect(204);
    world.clock.advance(5);

    const { body } = await world.press(KEY).expect(200);
    expect(body).toEqual({ ok: true, alarm_id: alarmId, status: 'acknowledged' });
    expect(await world.timeline(alarmId)).toContain('alarm.pressed-again');
  });

  it.each(['resolve', 'cancel'])('raises a new alarm at once when the last one is over (%s)', async (end) => {
    const over = await press();
    await world.post(`/v1/alarms/${over}/${end}`).expect(204);

    const { body } = await world.press(KEY).expect(200);
    expect(body).toMatchObject({ status: 'triggered' });
    expect(body.alarm_id).not.toBe(over);
    expect(await world.timeline(over)).not.toContain('alarm.pressed-again');
    expect(await world.timeline(body.alarm_id)).toContain('alarm.triggered');
  });

  it('belongs to the new alarm, not to an old one that is closed only now', async () => {
    const old = await press();
    world.clock.advance(11);
    const current = await press();
    await world.post(`/v1/alarms/${old}/resolve`).expect(204);

    expect(await press()).toBe(current);
  });
});

describe('a key that floods', () => {
  let world: World;

  afterEach(() => world.stop());

  const start = async (settings: Record<string, string> = {}) => {
    world = await World.start({ seed: house([]), settings: { RATE_LIMIT_PER_MINUTE: '2', ...settings } });
  };
  const raiseAndResolve = async () => {
    const { body } = await world.press(KEY).expect(200);
    await world.post(`/v1/alarms/${body.alarm_id}/resolve`).expect(204);
  };

  it('is limited in the alarms it raises within a minute, and in nothing else', async () => {
    await start();
    await raiseAndResolve();
    const { body: second } = await world.press(KEY).expect(200);
    // At the limit, but a duplicate never counts.
    for (let i = 0; i < 5; i += 1) {
      expect((await world.press(KEY).expect(200)).body.alarm_id).toBe(second.alarm_id);
    }
    await world.post(`/v1/alarms/${second.alarm_id}/resolve`).expect(204);

    const { body, headers } = await world.press(KEY).expect(429);
    expect(body).toMatchObject({ status: 429, code: 'device.limited', detail: expect.any(String) });
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(await world.query('SELECT FROM alarms')).toHaveLength(2);

    // Another key has a limit of its own.
    await world.press(OTHER_KEY).expect(200);
    world.clock.advance(Number(headers['retry-after']) + 1);
    await world.press(KEY).expect(200);
  });

  it('is not held against its limit by presses that were turned away', async () => {
    await start();
    await raiseAndResolve();
    await raiseAndResolve();
    for (let second = 0; second < 59; second += 10) {
      await world.press(KEY).expect(429);
      world.clock.advance(10);
    }
    world.clock.advance(1);
    await world.press(KEY).expect(200);
  });

  it('may be demonstrated again and again in simulation', async () => {
    await start({ SIMULATION_ENABLED: 'true' });
    for (let i = 0; i < 5; i += 1) await raiseAndResolve();
  });
});
