import { Database } from '#platform';

import { house, KEY } from '../support/house.ts';
import { World } from '../support/world.ts';

describe('a broker whose connections are all in use', () => {
  const AT_ONCE_MS = 2500;
  let world: World;

  beforeAll(async () => {
    world = await World.start({
      seed: house([{ id: 'now' }]),
      settings: { DATABASE_POOL_SIZE: '1', DATABASE_MAX_OVERFLOW: '0' },
    });
  });
  afterAll(() => world.stop());

  it('tells who presses to press again, keeps what it had begun, and takes the next press for the same', async () => {
    const held = Promise.withResolvers<void>();
    const holding = world.app.get(Database).transaction(() => held.promise);

    const { body, headers } = await world.press(KEY).timeout(AT_ONCE_MS).expect(503);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(body).toMatchObject({ code: 'overloaded', detail: expect.any(String) });

    held.resolve();
    await holding;
    const { body: again } = await world.press(KEY).expect(200);
    await world.settle();
    expect(await world.query('SELECT id, status FROM alarms')).toEqual([
      { id: again.alarm_id, status: 'triggered' },
    ]);
    expect(await world.timeline(again.alarm_id)).toContain('alarm.pressed-again');
  });
});
