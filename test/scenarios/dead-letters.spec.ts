import { randomUUID } from 'node:crypto';

import { CHANNEL_KINDS, ChannelError, fixedRetries, type ChannelMessage } from '#notifications';

import { brokerWith } from '../support/broker-with.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { house, KEY, type TargetSketch } from '../support/house.ts';
import { World } from '../support/world.ts';

interface Letter {
  readonly id: string;
  readonly alarm_id: string;
  readonly status: string;
  readonly attempts: number;
  readonly target_id: string;
}

describe('what could not be told', () => {
  let gateway: HttpReceiver;
  let world: World;
  let hook: TargetSketch;
  const sms = { id: '151-guard' };

  beforeAll(async () => {
    gateway = await HttpReceiver.start();
    hook = { id: 'control', channel: 'webhook', address: `${gateway.url}/hook?key=secret` };
    world = await World.start({
      settings: {
        SENDXMS_ENABLED: 'true',
        SENDXMS_BASE_URL: gateway.url,
        WEBHOOK_ENABLED: 'true',
        WEBHOOK_URL: `${gateway.url}/changes`,
        WEBHOOK_ALLOWED_HOSTS: '127.0.0.1',
        WEBHOOK_MAX_RETRIES: '1',
        WEBHOOK_RETRY_DELAY_SECONDS: '10',
        RATE_LIMIT_PER_MINUTE: '1000',
      },
    });
  });
  beforeEach(async () => {
    await world.settle();
    gateway.answer({ status: 400 });
    gateway.requests.length = 0;
    await world.query('TRUNCATE alarms CASCADE');
  });
  afterAll(async () => {
    await world.stop();
    await gateway.close();
  });

  /** A new alarm that tells these; everything of it that is due has ended. */
  const press = async (...targets: TargetSketch[]): Promise<string> => {
    await world.seed(house(targets));
    world.clock.advance(20);
    const { body } = await world.press(KEY).expect(200);
    await world.settle();
    return body.alarm_id;
  };
  const list = async (query = '') => {
    const { body, headers } = await world.get(`/v1/notifications${query}`).expect(200);
    return { letters: body as Letter[], next: headers['x-next-cursor'] };
  };
  const only = async () => (await list()).letters[0]!;
  const resend = (id: string) => world.post(`/v1/notifications/${id}/resend`);
  const told = async (alarmId: string): Promise<Letter[]> =>
    (await world.get(`/v1/alarms/${alarmId}/notifications`).expect(200)).body;
  const close = (alarmId: string) => world.post(`/v1/alarms/${alarmId}/resolve`).expect(204);

  describe('is listed', () => {
    it('with everything there is to know, and nothing that could be used', async () => {
      const alarmId = await press(sms, { id: 'mute', channel: 'email' });
      const { letters } = await list();
      expect(letters).toEqual([(await told(alarmId)).find((letter) => letter.status === 'failed')]);
      expect(letters).toEqual([
        expect.objectContaining({
          alarm_id: alarmId,
          target_id: '151-guard',
          reason: 'The server answered 400 Bad Request.',
          attempt_log: [expect.objectContaining({ result: 'failed', reason: 'refused' })],
        }),
      ]);
      expect(JSON.stringify(letters)).not.toContain('+49151');
    });

    it('the latest first, page by page, whatever comes meanwhile', async () => {
      for (let n = 0; n < 5; n += 1) await close(await press(sms, hook));
      await world.settle();
      const all = (await list('?channel=sms')).letters;
      expect(all).toHaveLength(5);
      expect(all.map(({ id }) => id)).toEqual(
        all
          .map(({ id }) => id)
          .toSorted()
          .toReversed(),
      );

      const pages: Letter[][] = [];
      let cursor: string | undefined = '';
      while (cursor !== undefined) {
        const page = await list(`?channel=sms&limit=2${cursor && `&cursor=${cursor}`}`);
        pages.push(page.letters);
        cursor = page.next;
        if (pages.length === 1) await close(await press(sms));
      }
      expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
      expect(pages.flat().map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    });

    it('by status and channel, and refuses what is none', async () => {
      await close(await press(sms, hook));
      await world.settle();
      await world.query(`UPDATE notifications SET status = 'ambiguous' WHERE channel = 'sms'`);
      const statuses = async (query: string) => (await list(query)).letters.map(({ status }) => status);
      expect(new Set(await statuses(''))).toEqual(new Set(['failed', 'ambiguous']));
      expect(await statuses('?status=failed,ambiguous')).toEqual(await statuses(''));
      expect(new Set(await statuses('?status=failed'))).toEqual(new Set(['failed']));
      expect(await statuses('?status=ambiguous')).toEqual(['ambiguous']);
      expect(await statuses('?channel=sms&status=failed')).toEqual([]);
      for (const query of [
        'status=sent',
        'status=',
        'status=failed,skipped',
        'channel=pigeon',
        'limit=0',
        'limit=201',
        'cursor=',
        'cursor=nonsense',
        `cursor=${Buffer.from("' OR true").toString('base64url')}`,
      ]) {
        await world.get(`/v1/notifications?${query}`).expect(422);
      }
    });

    it('unless its alarm was deleted', async () => {
      const deleted = await press(sms);
      await world.delete(`/v1/alarms/${deleted}`).expect(204);
      const other = await press(sms);
      expect((await list()).letters.map(({ alarm_id }) => alarm_id)).toEqual([other]);
      const { next } = await list('?limit=1');
      expect(await list(`?limit=1&cursor=${next}`)).toEqual({ letters: [], next: undefined });
    });
  });

  describe('is sent once more', () => {
    it('when somebody asks for it, and says who; its retries count anew', async () => {
      gateway.answer({ status: 500 });
      const alarmId = await press(hook);
      await world.advance(13);
      const letter = await only();
      expect(letter).toMatchObject({ status: 'failed', attempts: 2 });

      const { body: key } = await world.post('/v1/admin/api-keys', { name: 'Desk', role: 'responder' });
      const { body } = await world.http
        .post(`/v1/notifications/${letter.id}/resend`)
        .set('X-Admin-Key', key.key)
        .expect(202);
      expect(body).toMatchObject({ id: letter.id, alarm_id: alarmId, finished_at: null, reason: null });
      await world.settle();
      expect((await told(alarmId))[0]).toMatchObject({ status: 'scheduled', attempts: 3 });
      gateway.answer({});
      await world.advance(13);
      expect((await told(alarmId))[0]).toMatchObject({ status: 'sent', attempts: 4 });
      expect(gateway.count()).toBe(4);
      expect((await list()).letters).toEqual([]);
      expect((await world.timeline(alarmId)).filter((type) => type.startsWith('notification.'))).toEqual([
        ...['notification.retrying', 'notification.failed', 'notification.resent'],
        ...['notification.retrying', 'notification.sent'],
      ]);
      const { body: events } = await world.get(`/v1/alarms/${alarmId}/events`).expect(200);
      expect(events.find((event: { type: string }) => event.type === 'notification.resent')).toMatchObject({
        actor: 'Desk',
        data: { target: 'control', channel: 'webhook', step: 0, purpose: 'alert' },
      });
    });

    it('once, however often and fast somebody clicks', async () => {
      const alarmId = await press(sms);
      const { id } = await only();
      gateway.answer({});
      const answers = await Promise.all([1, 2, 3, 4].map(() => resend(id)));
      expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409, 409, 409]);
      await world.settle();
      expect(gateway.count()).toBe(2);
      expect((await told(alarmId))[0]).toMatchObject({ status: 'sent', attempts: 2 });
      expect((await resend(id).expect(409)).body).toMatchObject({
        code: 'notification.not-failed',
        detail: 'A notification that is sent is not sent again.',
      });
    });

    it('also when its channel was not set up, but not when its target is disabled', async () => {
      const alarmId = await press({ id: 'absent', enabled: false }, { id: 'mute', channel: 'email' });
      const letterTo = async (target: string) =>
        (await told(alarmId)).find((letter) => letter.target_id === target)!;
      await resend((await letterTo('absent')).id).expect(409);
      await resend((await letterTo('mute')).id).expect(202);
      await world.settle();
      expect(await letterTo('mute')).toMatchObject({ status: 'skipped', attempts: 2 });
    });

    it('not while it is on its way', async () => {
      const alarmId = await press(hook, sms);
      const [, guard] = await told(alarmId);
      for (const status of ['scheduled', 'sending', 'withdrawn', 'delivered']) {
        await world.query(`UPDATE notifications SET status = $2, due_at = 'infinity' WHERE id = $1`, [
          guard!.id,
          status,
        ]);
        await resend(guard!.id).expect(409);
      }
    });

    it('not once the alarm is answered, unless it was the news of the answer', async () => {
      const alarmId = await press(sms);
      const { id } = await only();
      await world.post(`/v1/alarms/${alarmId}/ack`).expect(204);
      await world.settle();
      expect((await resend(id).expect(409)).body).toMatchObject({
        code: 'notification.answered',
        detail: 'The alarm is acknowledged: nobody is alerted any more.',
      });

      const news = (await list('?channel=webhook')).letters[0]!;
      expect(news).toMatchObject({ purpose: 'acknowledged', target_id: 'WEBHOOK_URL', step_no: null });
      gateway.answer({});
      await resend(news.id).expect(202);
      await world.settle();
      expect((await list('?channel=webhook')).letters).toEqual([]);
    });

    it('not when it is unknown, or of a deleted alarm, or asked for by a mere viewer', async () => {
      const alarmId = await press(sms);
      const { id } = await only();
      const { body: key } = await world.post('/v1/admin/api-keys', { name: 'Onlooker', role: 'viewer' });
      const asViewer = { 'X-Admin-Key': key.key as string };
      await world.http.get('/v1/notifications').set(asViewer).expect(200);
      await world.http.post(`/v1/notifications/${id}/resend`).set(asViewer).expect(403);
      await resend(randomUUID()).expect(404);
      await resend('nonsense').expect(404);
      await world.delete(`/v1/alarms/${alarmId}`).expect(204);
      expect((await resend(id).expect(404)).body.code).toBe('notification.unknown');
    });

    it('or withdrawn, when the answer comes at the same moment: never left lying about', async () => {
      gateway.answer({ status: 400 });
      for (let n = 0; n < 10; n += 1) {
        const alarmId = await press(sms);
        const { id } = (await told(alarmId))[0]!;
        const [again] = await Promise.all([resend(id), world.post(`/v1/alarms/${alarmId}/ack`).expect(204)]);
        expect([202, 409]).toContain(again.status);
        const story = await world.timeline(alarmId);
        expect(story.indexOf('notification.resent')).toBeLessThan(story.indexOf('alarm.acknowledged'));
        await world.settle();
        expect(await world.query(`SELECT FROM notifications WHERE finished_at IS NULL`)).toEqual([]);
        await close(alarmId);
      }
    });
  });
});

it('what may have arrived is sent once more with a word that it may be a repetition', async () => {
  const heard: Pick<ChannelMessage, 'attempt' | 'mayHaveArrived'>[] = [];
  const channels = CHANNEL_KINDS.map((kind) => ({
    kind,
    timeLimitMs: 1000,
    retryPolicy: fixedRetries(0, 0),
    send: ({ attempt, mayHaveArrived }: ChannelMessage) => {
      heard.push({ attempt, mayHaveArrived });
      return Promise.reject(new ChannelError('Who knows.', { retry: 'ambiguous', reason: 'timeout' }));
    },
  }));
  const world = await World.start({ root: brokerWith(channels), seed: house([{ id: 'guard' }]) });
  await world.press(KEY).expect(200);
  await world.settle();
  const { body } = await world.get('/v1/notifications?status=ambiguous').expect(200);
  await world.post(`/v1/notifications/${body[0].id}/resend`).expect(202);
  await world.settle();
  expect(heard).toEqual([
    { attempt: 1, mayHaveArrived: false },
    { attempt: 2, mayHaveArrived: true },
  ]);
  await world.stop();
});
