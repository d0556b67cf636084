import { newId } from '#platform';

import { resolved, type StreamWishes } from '../support/event-stream.ts';
import { OTHER_KEY } from '../support/house.ts';
import { LiveStory } from '../support/live-story.ts';
import { ADMIN_KEY } from '../support/world.ts';

const inOrder = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);

describe('live events', () => {
  let story: LiveStory;

  beforeAll(async () => {
    story = await LiveStory.start({ EVENTS_MAX_READERS: '12' });
  });

  afterEach(() => story.closeStreams());

  afterAll(() => story.stop());

  it('tell of a press as it happens, with what the timeline says', async () => {
    const stream = await story.open();

    expect(stream.status).toBe(200);
    expect(stream.headers).toMatchObject({
      'content-type': expect.stringMatching(/^text\/event-stream/),
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const alarmId = await story.press();
    const event = await stream.next();
    expect(stream.firstLine).toBe('retry: 2000');
    const { body: timeline } = await story.world.get(`/v1/alarms/${alarmId}/events`).expect(200);
    expect(event).toEqual({ id: timeline[0].id, event: 'alarm.triggered', data: timeline[0] });
  });

  it('reach every reader of every process, each once and in the same order', async () => {
    const readers = await Promise.all([
      story.open(),
      story.open(story.secondUrl),
      story.open(),
      story.open(story.secondUrl),
    ]);
    const alarms = await Promise.all([story.press(), story.press(OTHER_KEY)]);
    await Promise.all(alarms.map((id) => story.resolve(id)));

    for (const reader of readers) {
      await reader.until(
        () => alarms.every((id) => reader.events.some(resolved(id))),
        'the end of both alarms',
      );
      expect(reader.ids).toEqual(inOrder([...new Set(reader.ids)]));
      expect(reader.ids).toEqual(readers[0].ids);
    }
  });

  it('go on where a reader left, also at another process, and also if it had heard nothing yet', async () => {
    const first = await story.open();
    const before = await first.position();
    first.close();
    const one = await story.press();

    const again = await story.open(story.secondUrl, { lastEventId: first.lastEventId });
    await story.resolve(one);
    await again.next(resolved(one));
    again.close();
    const two = await story.press(OTHER_KEY);
    await story.resolve(two);

    const third = await story.open(story.world.url, { query: { last_event_id: again.lastEventId } });
    await third.next(resolved(two));
    const all = [...again.ids, ...third.ids];
    expect(all).toEqual((await story.stored()).filter((id) => id > before));
    // What a browser sends when it comes back goes before what once stood in the address.
    const fourth = await story.open(story.world.url, {
      query: { last_event_id: '0' },
      lastEventId: String(before),
    });
    await fourth.next(resolved(two));
    expect(fourth.ids).toEqual(all);
  });

  it('begin with the very first entry for who asks for it, however long ago that was', async () => {
    const alarmId = await story.press();
    await story.note(alarmId, 1500);
    const stream = await story.open(story.world.url, { lastEventId: '0' });
    await story.resolve(alarmId);
    await stream.next(resolved(alarmId));

    expect(stream.ids).toEqual(await story.stored());
  });

  it('begin now for who names an entry that there never was, as after a backup was restored', async () => {
    const stream = await story.open(story.world.url, { lastEventId: '9223372036854775807' });
    const alarmId = await story.press();

    expect(await stream.next()).toMatchObject({ event: 'alarm.triggered', data: { alarm_id: alarmId } });
  });

  it('can be narrowed to an alarm and to types, live and for the past', async () => {
    const [one, other] = [await story.press(), await story.press(OTHER_KEY)];
    const byAlarm = await story.open(story.world.url, {
      lastEventId: '0',
      query: { alarm_id: one.toUpperCase() },
    });
    const byType = await story.open(story.secondUrl, { query: { type: 'alarm.resolved,alarm.cancelled' } });
    const byBoth = await story.open(story.world.url, {
      lastEventId: '0',
      query: { alarm_id: other, type: 'alarm.triggered' },
    });
    await Promise.all([story.resolve(one), story.resolve(other)]);

    await byAlarm.next(resolved(one));
    expect(byAlarm.types).toEqual(await story.world.timeline(one));
    await byType.until(() => byType.events.length === 2, 'both ends');
    expect(new Set(byType.events.map((event) => event.data.alarm_id))).toEqual(new Set([one, other]));
    await byBoth.heartbeat();
    expect(byBoth.types).toEqual(['alarm.triggered']);
  });

  it('show that the line is alive while nothing happens', async () => {
    const stream = await story.open();
    await stream.heartbeat();
    await stream.heartbeat();

    expect(stream.comments).toEqual(['heartbeat', 'heartbeat']);
    expect(stream.events).toEqual([]);
  });

  it.each([
    ['no key', { key: '' }, 401, 'access.denied'],
    ['a wrong key', { key: 'guessed' }, 401, 'access.denied'],
    ['a Last-Event-ID that is none', { lastEventId: 'yesterday' }, 422, 'request.invalid'],
    ['a Last-Event-ID beyond all numbers', { lastEventId: '9'.repeat(19) }, 422, 'request.invalid'],
    ['a last_event_id that is none', { query: { last_event_id: '-1' } }, 422, 'request.invalid'],
    ['an alarm that is no id', { query: { alarm_id: 'x' } }, 422, 'request.invalid'],
    ['a type nobody knows', { query: { type: 'alarm.triggered,alarm.exploded' } }, 422, 'request.invalid'],
    ['a parameter nobody knows', { query: { types: 'alarm.triggered' } }, 422, 'request.invalid'],
  ])('are refused to who comes with %s', async (_what, wishes: StreamWishes, status, code) => {
    const stream = await story.open(story.world.url, wishes);
    expect(stream.status).toBe(status);
    expect(stream.headers['content-type']).toMatch(/^application\/problem\+json/);
    await stream.over();
    expect(stream.body).toMatchObject({ status, code, detail: expect.any(String) });
  });

  it('answer a question for the headers alone with the headers alone', async () => {
    const { headers } = await story.world.http.head('/v1/events').set('X-Admin-Key', ADMIN_KEY).expect(200);
    expect(headers['content-type']).toMatch(/^text\/event-stream/);
  });

  it('are open to viewers, until their key is revoked', async () => {
    const { body: key } = await story.world
      .post('/v1/admin/api-keys', { name: `Board ${newId()}`, role: 'viewer' })
      .expect(201);
    const cutsBefore = await story.cuts('revoked');
    const stream = await story.open(story.secondUrl, { key: key.key });
    await story.press();
    await stream.next();

    await story.world.http.delete(`/v1/admin/api-keys/${key.id}`).set('X-Admin-Key', ADMIN_KEY).expect(204);
    await stream.over();
    expect(await story.cuts('revoked')).toBe(cutsBefore + 1);
    expect((await story.open(story.secondUrl, { key: key.key })).status).toBe(401);
  });

  it('are for a bounded number of readers; the others are asked to come back', async () => {
    await story.untilReaders(0);
    const readers = await Promise.all(Array.from({ length: 12 }, () => story.open(story.secondUrl)));
    await story.untilReaders(12);
    const refused = await story.open(story.secondUrl);
    expect(refused.status).toBe(503);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);

    readers[0]!.close();
    await story.untilReaders(11);
    expect((await story.open(story.secondUrl)).status).toBe(200);
  });
});
