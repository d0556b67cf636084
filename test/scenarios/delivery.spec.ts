import { Sweeper } from '#platform';

import { HttpReceiver, type Answer, type Recorded } from '../support/http-receiver.ts';
import { house, KEY, type TargetSketch } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { ADMIN_KEY, SHAPES, World } from '../support/world.ts';

describe.each(SHAPES)('a message, with jobs in %s', (shape) => {
  let gateway: HttpReceiver;
  let control: HttpReceiver;
  let world: World;
  let alarmId: string;
  let logged = '';

  beforeAll(async () => {
    gateway = await HttpReceiver.start();
    control = await HttpReceiver.start();
    world = await World.start({
      shape,
      settings: {
        SENDXMS_ENABLED: 'true',
        SENDXMS_BASE_URL: gateway.url,
        SENDXMS_API_KEY: 'key-of-the-gateway',
        WEBHOOK_SECRET: 'secret-of-the-webhook',
        WEBHOOK_ALLOWED_HOSTS: '127.0.0.1',
        WEBHOOK_TIMEOUT_SECONDS: '1',
        WEBHOOK_MAX_RETRIES: '2',
        WEBHOOK_RETRY_DELAY_SECONDS: '10',
      },
    });
  });

  beforeEach(() => {
    gateway.answer({});
    control.answer({});
    gateway.requests.length = 0;
    control.requests.length = 0;
    logLines.clear();
  });

  afterEach(async () => {
    await world.post(`/v1/alarms/${alarmId}/cancel`);
    await world.advance(60);
    logged += logLines.text;
  });

  afterAll(async () => {
    await world.stop();
    await gateway.close();
    await control.close();
  });

  const sms: TargetSketch = { id: '151-guard' };
  const webhook = (): TargetSketch => ({
    id: 'control',
    channel: 'webhook',
    address: `${control.url}/in?key=of-the-address`,
  });

  /** Presses and waits until the first attempt of everything has ended. */
  const press = async (...targets: TargetSketch[]) => {
    await world.seed(house(targets));
    alarmId = (await world.press(KEY).expect(200)).body.alarm_id;
    await world.settle();
  };
  /** One answer after the other, the last one for ever. */
  const answering = (receiver: HttpReceiver, ...answers: (Answer | 'reset' | 'hang')[]) =>
    receiver.answer(() => (answers.length > 1 ? answers.shift()! : answers[0]!));
  /** Waits for the first request of this story. */
  const firstOf = (receiver: HttpReceiver) => receiver.next(() => receiver.count() > 0);
  const attempts = async () => {
    const rows = await world.query<{ result: string; reason: string | null }>(
      `SELECT a.result, a.reason FROM notification_attempts a JOIN notifications n ON n.id = a.notification_id
       WHERE n.alarm_id = $1 ORDER BY a.attempt`,
      [alarmId],
    );
    return rows.map(({ result, reason }) => (reason === null ? result : `${result}: ${reason}`));
  };
  const outcome = async () => (await world.notifications(alarmId))[0];
  const news = async () => (await world.timeline(alarmId)).filter((type) => type.startsWith('notification.'));
  const keysOf = (requests: readonly Recorded[], header: string) =>
    new Set(requests.map(({ headers }) => headers[header]));

  it('is tried again while the gateway is out of order, and everything of it is on record', async () => {
    const sentBefore = await world.metric('alarm_broker_notifications_total', {
      channel: 'sms',
      result: 'sent',
    });
    answering(gateway, { status: 500 }, { status: 502 }, { body: { id: 'msg-17' } });
    await press(sms);
    await world.advance(3);
    await world.advance(7);

    expect(gateway.count()).toBe(3);
    expect(keysOf(gateway.requests, 'idempotency-key').size).toBe(1);
    expect(await outcome()).toMatchObject({ status: 'sent', attempts: 3, reason: null });
    expect(await attempts()).toEqual(['failed: server-error', 'failed: server-error', 'sent']);
    expect(await news()).toEqual(['notification.retrying', 'notification.retrying', 'notification.sent']);
    expect(
      await world.query(`SELECT external_ref FROM notifications WHERE alarm_id = $1`, [alarmId]),
    ).toEqual([{ external_ref: 'msg-17' }]);
    expect(await world.metric('alarm_broker_notifications_total', { channel: 'sms', result: 'sent' })).toBe(
      sentBefore + 1,
    );
    await world.advance(600);
    expect(gateway.count()).toBe(3);
  });

  it('is not tried again when the gateway refuses it, and somebody is called', async () => {
    gateway.answer({ status: 400, body: 'no such number +49151-guard' });
    await press(sms);
    await world.advance(50);

    expect(gateway.count()).toBe(1);
    expect(await outcome()).toMatchObject({
      status: 'failed',
      reason: 'The server answered 400 Bad Request.',
    });
    expect(await attempts()).toEqual(['failed: refused']);
    expect(await news()).toEqual(['notification.failed']);
    expect(logLines.at('error')).toEqual(['Delivery: notification failed for good']);
  });

  it('waits as long as the gateway asks for', async () => {
    answering(gateway, { status: 429, headers: { 'retry-after': '20' } }, {});
    await world.seed(house([sms]));
    alarmId = (await world.press(KEY).expect(200)).body.alarm_id;
    await firstOf(gateway);
    await world.advance(17);
    expect(gateway.count()).toBe(1);

    await world.advance(5);
    expect(await attempts()).toEqual(['failed: limited', 'sent']);
  });

  it('may have arrived when the line broke: it is sent again and can be told by its key', async () => {
    answering(gateway, 'reset', {});
    await press(sms);
    expect(await attempts()).toEqual(['ambiguous: network']);

    await world.advance(3);
    expect(gateway.count()).toBe(2);
    expect(keysOf(gateway.requests, 'idempotency-key').size).toBe(1);
    expect(await attempts()).toEqual(['ambiguous: network', 'sent']);
  });

  it('may have arrived when no answer came in time', async () => {
    answering(control, 'hang', {});
    await press(webhook());
    expect(await attempts()).toEqual(['ambiguous: timeout']);

    await world.advance(13);
    expect(keysOf(control.requests, 'webhook-id').size).toBe(1);
    expect(await attempts()).toEqual(['ambiguous: timeout', 'sent']);
  });

  it('reaches a receiver that was not there at first', async () => {
    const port = Number(new URL(control.url).port);
    await control.close();
    await press(webhook());
    expect(await attempts()).toEqual(['failed: network']);

    control = await HttpReceiver.start(port);
    await world.advance(13);
    expect(await attempts()).toEqual(['failed: network', 'sent']);
  });

  it('is given up after the configured number of retries, each after the configured delay', async () => {
    control.answer({ status: 500 });
    await world.seed(house([webhook()]));
    alarmId = (await world.press(KEY).expect(200)).body.alarm_id;
    await firstOf(control);
    await world.advance(8);
    expect(control.count()).toBe(1);
    await world.advance(4);
    expect(control.count()).toBe(2);
    await world.advance(13);
    expect(control.count()).toBe(3);

    await world.advance(20);
    expect(control.count()).toBe(3);
    expect(await outcome()).toMatchObject({ status: 'failed', attempts: 3 });
    expect(await news()).toEqual([
      ...['notification.retrying', 'notification.retrying'],
      'notification.failed',
    ]);
    expect(logLines.at('error')).toEqual([
      'Delivery: notification failed for good',
      'ChannelHealth: A channel is down; alarms still try it',
    ]);
  });

  it('is not hurt by an answer of any size', async () => {
    answering(gateway, { status: 500, body: 'x'.repeat(1 << 20) }, { body: 'x'.repeat(1 << 20) });
    await press(sms);
    await world.advance(3);

    expect(await attempts()).toEqual(['failed: server-error', 'sent']);
    await world.advance(60);
    expect(gateway.count()).toBe(2);
  });

  it('does not wait for those who hang on another channel', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<Answer>();
    control.answer(() => released);
    const hanging = Array.from({ length: 7 }, (_, i) => ({ ...webhook(), id: `hanging-${i}` }));
    await world.seed(house([...hanging, sms]));
    alarmId = (await world.press(KEY).expect(200)).body.alarm_id;

    await firstOf(gateway);
    expect((await attempts()).filter((attempt) => attempt !== 'sent')).toEqual([]);
    release({});
    await world.settle();
    expect((await world.notifications(alarmId)).map(({ status }) => status)).toEqual(Array(8).fill('sent'));
  });

  /** The second attempt is claimed by a worker that is never heard of again. */
  const loseTheSecondAttempt = async () => {
    answering(gateway, { status: 500 }, {});
    await press(sms);
    const lease = new Date(world.clock.now().getTime() + 23_000).toISOString();
    await world.query(
      `UPDATE notifications SET status = 'sending', attempts = attempts + 1, lease_until = $2 WHERE alarm_id = $1`,
      [alarmId, lease],
    );
    world.clock.advance(20);
    await world.app.get(Sweeper).sweepNow();
    expect(gateway.count()).toBe(1); // the other may still be at it
  };

  it('is sent again when the worker that had it died', async () => {
    await loseTheSecondAttempt();
    await world.advance(10);

    expect(gateway.count()).toBe(2);
    expect(keysOf(gateway.requests, 'idempotency-key').size).toBe(1);
    expect(await attempts()).toEqual(['failed: server-error', 'lost: lease-expired', 'sent']);
    expect(await news()).toEqual(['notification.retrying', 'notification.retrying', 'notification.sent']);
  });

  it('is not sent again after that when somebody has answered meanwhile', async () => {
    await loseTheSecondAttempt();
    await world.post(`/v1/alarms/${alarmId}/ack`).expect(204);
    await world.advance(10);

    expect(gateway.count()).toBe(1);
    expect(await outcome()).toMatchObject({ status: 'withdrawn', attempts: 2 });
    expect(await attempts()).toEqual(['failed: server-error', 'lost: lease-expired']);
    expect((await news()).at(-1)).toBe('notification.withdrawn');
  });

  it('leaves no phone number, token or secret in the log, over all of this', async () => {
    const links = await world.query<{ ack_token: string }>('SELECT ack_token FROM alarms');
    const secrets = [
      '+49151-guard',
      'key-of-the-gateway',
      'secret-of-the-webhook',
      'of-the-address',
      control.url,
      KEY,
      ADMIN_KEY,
      ...links.map((link) => link.ack_token),
    ];
    expect(links.length).toBeGreaterThan(10);
    expect(logged).toContain(sms.id);
    expect(secrets.filter((secret) => logged.includes(secret))).toEqual([]);
  });
});
