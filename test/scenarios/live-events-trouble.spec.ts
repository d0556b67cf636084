import { once } from 'node:events';

import { ApiModule } from '../../apps/api/api.module.ts';
import { migrateDatabase } from '../../apps/migrate/migrate.ts';
import { EmbeddedPostgres } from '../../apps/standalone/embedded-postgres.ts';
import { EventStream, resolved } from '../support/event-stream.ts';
import { house, KEY, OTHER_KEY } from '../support/house.ts';
import { LiveStory } from '../support/live-story.ts';
import { logLines } from '../support/log-lines.ts';
import { reapAfterRun, temporaryFolder } from '../support/run-folder.ts';
import { World } from '../support/world.ts';

describe('live events, when it gets difficult,', () => {
  let story: LiveStory;

  beforeAll(async () => {
    story = await LiveStory.start();
  });

  afterEach(() => story.closeStreams());

  afterAll(() => story.stop());

  it('wait for a transaction that took its number first and commits last', async () => {
    const alarmId = await story.press();
    const streams = await Promise.all([story.open(), story.open(story.secondUrl)]);
    const slow = await story.somebody();
    await slow.query(
      `BEGIN; INSERT INTO alarm_events (alarm_id, at, type, data) VALUES ('${alarmId}', now(), 'alarm.noted', '{}')`,
    );
    await story.resolve(alarmId);
    for (const stream of streams) {
      await stream.heartbeat();
      await stream.heartbeat();
      expect(stream.types).not.toContain('alarm.resolved');
    }
    // Who comes now must not be told that the later one was the last.
    const late = await story.open();

    await slow.query('COMMIT');
    await slow.end();
    for (const stream of [...streams, late]) {
      await stream.next(resolved(alarmId));
      expect(stream.types.slice(-2)).toEqual(['alarm.noted', 'alarm.resolved']);
      expect(stream.ids).toEqual([...stream.ids].sort((a, b) => a - b));
    }
  });

  it('do not wait for a number whose transaction was rolled back, nor for somebody who writes elsewhere', async () => {
    const alarmId = await story.press();
    const stream = await story.open();
    const [undone, elsewhere] = [await story.somebody(), await story.somebody()];
    await elsewhere.query(`BEGIN; UPDATE sites SET name = 'Hall' WHERE id = 'hall'`);
    await undone.query(
      `BEGIN; INSERT INTO alarm_events (alarm_id, at, type, data) VALUES ('${alarmId}', now(), 'alarm.noted', '{}')`,
    );
    await story.resolve(alarmId);
    await stream.heartbeat();
    await undone.query('ROLLBACK');

    await stream.next(resolved(alarmId));
    expect(stream.types).not.toContain('alarm.noted');
    await Promise.all([undone.end(), elsewhere.end()]);
  });

  it('lose nothing and double nothing while many write at once and readers come and go', async () => {
    const start = await story.open();
    const before = await start.position();
    let writing = true;
    const wanderer = (async () => {
      const heard: number[] = [];
      let lastEventId = String(before);
      for (
        let turn = 0;
        writing || heard.length < (await story.stored()).filter((id) => id > before).length;
        turn += 1
      ) {
        const stream = await story.open(turn % 2 === 0 ? story.secondUrl : story.world.url, { lastEventId });
        await Promise.race([stream.next(), stream.heartbeat()]).catch(() => undefined);
        stream.close();
        heard.push(...stream.ids);
        lastEventId = stream.lastEventId || lastEventId;
      }
      return heard;
    })();
    const alarmId = await story.press();
    const writers = Array.from({ length: 6 }, async (_, writer) => {
      const client = await story.somebody();
      for (let i = 0; i < 40; i += 1) {
        await client.query('BEGIN');
        for (let n = 0; n <= (i + writer) % 3; n += 1) {
          await client.query(
            `INSERT INTO alarm_events (alarm_id, at, type, data) VALUES ($1, now(), 'alarm.noted', $2)`,
            [alarmId, { writer, i, n }],
          );
        }
        await client.query(i % 5 === 4 ? 'ROLLBACK' : 'COMMIT; NOTIFY alarm_broker_timeline');
      }
      await client.end();
    });
    await Promise.all(writers);
    await story.resolve(alarmId);
    writing = false;

    await start.next(resolved(alarmId));
    const written = (await story.stored()).filter((id) => id > before);
    expect(written.length).toBeGreaterThan(300);
    expect(start.ids).toEqual(written);
    expect(await wanderer).toEqual(written);
  });

  it('are cut for a reader who does not read, and for nobody else; who comes back has missed nothing', async () => {
    const sleeper = await story.open(story.secondUrl, { lastEventId: '0', reading: false });
    const awake = await story.open(story.secondUrl);
    const cutsBefore = await story.cuts('slow');
    const alarmId = await story.press();
    // More than the system keeps for a connection of its own accord.
    await story.note(alarmId, 2500, 10_000);
    await story.resolve(alarmId);
    await awake.next(resolved(alarmId));
    for (let beats = 0; (await story.cuts('slow')) === cutsBefore && beats < 10; beats += 1)
      await awake.heartbeat();
    expect(await story.cuts('slow')).toBe(cutsBefore + 1);

    sleeper.read();
    await sleeper.over();
    expect(sleeper.events.some(resolved(alarmId))).toBe(false);
    const back = await story.open(story.secondUrl, { lastEventId: sleeper.lastEventId });
    await back.next(resolved(alarmId));
    expect([...sleeper.ids, ...back.ids]).toEqual(await story.stored());
  });
});

describe('news of a timeline', () => {
  const LISTENING = `SELECT pid FROM pg_stat_activity
    WHERE application_name = 'alarm-broker listener' AND datname = current_database()`;
  let story: LiveStory;

  afterEach(() => story.stop());

  it('is told to other processes after each commit, and heard at once', async () => {
    story = await LiveStory.start();
    const somebody = await story.somebody();
    await somebody.query('LISTEN alarm_broker_timeline');
    const heard = once(somebody, 'notification');
    const stream = await story.open(story.secondUrl);
    await story.press();
    expect(await heard).toEqual([expect.objectContaining({ payload: '' })]);
    await somebody.end();

    const began = performance.now();
    for (let i = 0; i < 5; i += 1) {
      const alarmId = await story.press();
      await stream.next(({ data }) => data.alarm_id === alarmId);
    }
    // By looking once a second alone it would take five.
    expect(performance.now() - began).toBeLessThan(2500);
  });

  it('is heard over one connection, which comes back when it is lost', async () => {
    story = await LiveStory.start();
    const streams = [await story.open(story.secondUrl), await story.open(story.secondUrl)];
    await story.press();
    await Promise.all(streams.map((stream) => stream.next()));
    const listeners = await story.world.query<{ pid: number }>(LISTENING);
    expect(listeners).toHaveLength(1);

    await story.world.query(`SELECT pg_terminate_backend(${listeners[0]!.pid})`);
    await story.press();
    await streams[0]!.next(({ event }) => event === 'alarm.triggered');
    for (let beats = 0; (await story.world.query(LISTENING)).length === 0 && beats < 10; beats += 1)
      await streams[0]!.heartbeat();
    expect(await story.world.query(LISTENING)).toHaveLength(1);
    expect(logLines.at('warning')).toContain('Database: The listening connection is away; polling goes on');
  });

  it('is found all the same where nobody can listen, as behind a pooler', async () => {
    story = await LiveStory.start({ DATABASE_LISTEN_URL: 'postgresql://nobody@127.0.0.1:1/nothing' });
    const stream = await story.open();
    const alarmId = await story.press();
    await story.resolve(alarmId);

    await stream.next(resolved(alarmId));
    expect(await story.world.query(LISTENING)).toEqual([]);
  });
});

describe('live events while the database is away', () => {
  it('wait for it, and then tell everything that was kept, on the streams that were open', async () => {
    const postgres = new EmbeddedPostgres({
      folder: await temporaryFolder('postgres'),
      database: 'alarm',
      user: 'alarm',
    });
    const url = await postgres.start();
    await reapAfterRun(postgres.pid);
    await migrateDatabase(url);
    const world = await World.start({
      database: { url, drop: () => postgres.stop() },
      root: ApiModule,
      seed: house([]),
      settings: { EVENTS_HEARTBEAT_SECONDS: '1' },
    });
    const stream = await EventStream.open(world.url);
    await world.press(KEY).expect(200);
    await stream.next(({ event }) => event === 'alarm.triggered');

    await postgres.kill();
    await world.press(OTHER_KEY).expect(503);
    await stream.heartbeat();
    expect((await EventStream.open(world.url)).status).toBe(503);

    await postgres.start();
    await reapAfterRun(postgres.pid);
    const { body } = await world.press(OTHER_KEY).expect(200);
    await world.post(`/v1/alarms/${body.alarm_id}/resolve`).expect(204);
    await stream.next(({ event }) => event === 'alarm.resolved');
    const stored = await world.query<{ seq: string }>('SELECT seq FROM alarm_events ORDER BY seq');
    expect(stream.ids).toEqual(stored.map(({ seq }) => Number(seq)));
    stream.close();
    await world.stop();
  });
});

describe('a broker that is told to stop', () => {
  it('ends its streams, and does so although somebody does not read', async () => {
    const story = await LiveStory.start();
    const reader = await story.open(story.secondUrl);
    const sleeper = await story.open(story.secondUrl, { reading: false });
    const alarmId = await story.press();
    await story.note(alarmId, 1500, 10_000);
    await story.resolve(alarmId);
    await reader.next(resolved(alarmId));

    await story.stop();
    await reader.over();
    sleeper.close();
  });
});
