import { house, KEY, OTHER_KEY } from '../support/house.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { World } from '../support/world.ts';

/** The guard at once, and somebody who is switched off; a minute later the manager, and a hook that will be gone. */
const SEED = house([
  { id: 'guard' },
  { id: 'away', enabled: false },
  { id: 'manager', after: 60 },
  { id: 'hook', channel: 'webhook', address: '', after: 60 },
]);

describe('the id of a request', () => {
  let world: World;
  let sms: HttpReceiver;
  let hook: HttpReceiver;

  beforeAll(async () => {
    [sms, hook] = await Promise.all([HttpReceiver.start(), HttpReceiver.start()]);
    world = await World.start({
      seed: SEED,
      settings: {
        SENDXMS_ENABLED: 'true',
        SENDXMS_BASE_URL: sms.url,
        WEBHOOK_URL: hook.url,
        WEBHOOK_ALLOWED_HOSTS: '127.0.0.1',
      },
    });
  });

  afterAll(async () => {
    await world.stop();
    await Promise.all([sms.close(), hook.close()]);
  });

  const pressed = async (requestId: string, key = KEY): Promise<string> => {
    world.clock.advance(60);
    const { body } = await world.press(key).set('X-Request-ID', requestId).expect(200);
    await world.settle();
    return body.alarm_id;
  };
  const entries = async (alarmId: string): Promise<string[]> => {
    const rows = await world.query<{ entry: string }>(
      `SELECT concat(coalesce(request_id, 'nobody'), ': ', type) AS entry FROM alarm_events
       WHERE alarm_id = $1 ORDER BY seq`,
      [alarmId],
    );
    return rows.map(({ entry }) => entry);
  };
  const resolve = (alarmId: string) => world.post(`/v1/alarms/${alarmId}/resolve`).expect(204);
  const sentFor = (receiver: HttpReceiver) => receiver.requests.map(({ headers }) => headers['x-request-id']);

  it('of a press is on everything that comes of it, whoever finds it and however late', async () => {
    hook.answer({ status: 410 });
    const alarmId = await pressed('press-1');
    await world.advance(60);
    await world.advance(60);

    const told = await entries(alarmId);
    for (const entry of told) expect(entry).toMatch(/^press-1: /);
    for (const type of [
      'alarm.triggered',
      'notification.skipped',
      'escalation.step-started',
      'notification.sent',
      'notification.failed',
      'target.disabled',
      'escalation.exhausted',
    ])
      expect(told).toContain(`press-1: ${type}`);
    expect(sentFor(sms)).toEqual(['press-1', 'press-1']);
    expect(sentFor(hook)).toEqual(['press-1']);
    await resolve(alarmId);
  });

  it('is still known when the worker that was sending has died', async () => {
    const alarmId = await pressed('press-2');
    await world.query(
      `UPDATE notifications SET status = 'sending', lease_until = $2, finished_at = NULL
       WHERE alarm_id = $1 AND target_id = 'guard'`,
      [alarmId, world.clock.now().toISOString()],
    );
    await world.advance(1);

    expect((await entries(alarmId)).slice(-2)).toEqual([
      'press-2: notification.retrying',
      'press-2: notification.sent',
    ]);
    await resolve(alarmId);
  });

  it('of whoever has a message sent again, or answers, is on what comes of that', async () => {
    sms.answer({ status: 400 });
    const alarmId = await pressed('press-3', OTHER_KEY);
    sms.answer({});
    const [failed] = (await world.notifications(alarmId)).filter(({ status }) => status === 'failed');
    await world
      .post(`/v1/notifications/${failed?.id}/resend`)
      .set('X-Request-ID', 'again-3')
      .expect(({ status }) => expect(status).toBeLessThan(300));
    await world.settle();
    const { length } = await entries(alarmId);
    await world.post(`/v1/alarms/${alarmId}/ack`).set('X-Request-ID', 'answer-3').expect(204);

    const told = await entries(alarmId);
    expect(told.slice(0, length).slice(-2)).toEqual([
      'again-3: notification.resent',
      'again-3: notification.sent',
    ]);
    expect(sentFor(sms).slice(-1)).toEqual(['again-3']);
    for (const entry of told.slice(length)) expect(entry).toMatch(/^answer-3: /);
    expect(told).toContain('answer-3: alarm.acknowledged');
  });

  it('is missing on no timeline', async () => {
    expect(await world.query('SELECT type FROM alarm_events WHERE request_id IS NULL')).toEqual([]);
  });
});
