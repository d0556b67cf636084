import { Counter } from 'prom-client';

import { Timeline } from '#audit';
import { Clock, Database, SchemaFloor, Sweeper } from '#platform';

import { ApiModule } from '../../apps/api/api.module.ts';
import { ChannelHealth } from '../../libs/notifications/delivery/channel-health.ts';
import { house, KEY } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { World } from '../support/world.ts';

const FAILURE = { reason: 'timeout', explanation: 'No answer within the time limit.' } as const;
const SUCCESS = { reason: null, explanation: null };

describe('the health of a channel', () => {
  let world: World;
  let alarmId: string;
  let workers: ChannelHealth[];

  beforeAll(async () => {
    world = await World.start({ root: ApiModule, seed: house([{ id: 'guard' }]) });
    alarmId = (await world.press(KEY).expect(200)).body.alarm_id;
  });
  afterAll(() => world.stop());

  beforeEach(async () => {
    await world.query('DELETE FROM channel_states');
    logLines.clear();
    const find = world.app;
    const own = { help: 'Of this story.', registers: [] };
    workers = [1, 2, 3, 4].map(
      () =>
        new ChannelHealth(
          find.get(Database),
          find.get(Clock),
          find.get(Timeline, { strict: false }),
          new Sweeper(find.get(SchemaFloor), new Counter({ ...own, name: 'found', labelNames: ['sweep'] })),
        ),
    );
  });

  const all = (what: (worker: ChannelHealth) => Promise<unknown>) => Promise.all(workers.map(what));
  const told = (type: string) =>
    world.query(`SELECT FROM alarm_events WHERE type = $1`, [type]).then((rows) => rows.length);
  const levels = () => logLines.lines.map(({ level }) => level);

  it('is found bad by many workers at once, and reported by one', async () => {
    const [downs, ups] = [await told('channel.down'), await told('channel.up')];
    await all((worker) => worker.learn('email', FAILURE, { alarmId, requestId: null }));
    await all((worker) => worker.learn('email', FAILURE, { alarmId, requestId: null }));
    expect(await told('channel.down')).toBe(downs + 1);
    expect(levels()).toEqual(['error']);

    await all((worker) => worker.look());
    await all((worker) => worker.learn('email', SUCCESS, { alarmId, requestId: null }));
    await all((worker) => worker.learn('email', SUCCESS, { alarmId, requestId: null }));
    expect(await told('channel.up')).toBe(ups + 1);
    expect(levels()).toEqual(['error', 'info']);
    expect(workers.map((worker) => worker.of('email')?.failures)).toEqual([0, 0, 0, 0]);
  });

  it('is learned from the others by a look', async () => {
    const [first, second] = workers;
    for (let n = 0; n < 3; n += 1) await first!.learn('email', FAILURE);
    expect(second!.of('email')).toBeUndefined();
    await second!.sweep();
    expect(second!.of('email')).toMatchObject({ isDown: true, failures: 3 });

    await second!.learn('email', SUCCESS);
    await first!.sweep();
    await first!.learn('email', FAILURE);
    expect(first!.of('email')).toMatchObject({ isDown: false, failures: 1 });
  });

  it('asks nothing of the database for a success while nothing is known against the channel', async () => {
    await world.query(`INSERT INTO channel_states VALUES ('email', true, now(), 5, 'seen by nobody here')`);
    const [worker] = workers;
    await worker!.learn('email', SUCCESS, { alarmId, requestId: null });
    expect(await world.query('SELECT failures FROM channel_states')).toEqual([{ failures: 5 }]);

    await worker!.look();
    await worker!.learn('email', SUCCESS, { alarmId, requestId: null });
    expect(await world.query('SELECT failures FROM channel_states')).toEqual([{ failures: 0 }]);
  });
});
