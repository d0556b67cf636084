import { createHmac } from 'node:crypto';

import { HttpReceiver, type Recorded } from '../support/http-receiver.ts';
import { house, KEY } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { SHAPES, World } from '../support/world.ts';

/** As Standard Webhooks 1.0 describes it, written here once more on purpose. */
const signatureOf = (key: Buffer, { headers, body }: Recorded) => {
  const content = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body.toString()}`;
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
};

describe.each(SHAPES)('whoever asked to hear of every change, with jobs in %s', (shape) => {
  const SECRET = 'a raw secret of some length';
  let receiver: HttpReceiver;
  let world: World;
  let alarmId: string;

  beforeAll(async () => {
    receiver = await HttpReceiver.start();
    world = await World.start({
      shape,
      seed: house([]),
      settings: {
        WEBHOOK_ENABLED: 'true',
        WEBHOOK_URL: `${receiver.url}/changes?tenant=hall`,
        WEBHOOK_SECRET: SECRET,
        WEBHOOK_ALLOWED_HOSTS: '127.0.0.1',
        WEBHOOK_RETRY_DELAY_SECONDS: '30',
      },
    });
  });

  beforeEach(async () => {
    world.clock.advance(20);
    receiver.answer({});
    logLines.clear();
    alarmId = (await world.press(KEY).expect(200)).body.alarm_id;
  });

  afterAll(async () => {
    await world.stop();
    await receiver.close();
  });

  const concerns = ({ json }: Recorded) => (json as { data: { alarm_id: string } }).data.alarm_id === alarmId;
  const callbacks = () => receiver.requests.filter(concerns);
  const types = () => callbacks().map(({ json }) => (json as { type: string }).type);

  it('is told once of each change, with a signature', async () => {
    await world.settle();
    expect(types()).toEqual([]); // raising it is no change of state; targets of the policy hear of that

    await world.post(`/v1/alarms/${alarmId}/ack`, { acked_by: 'Eva', note: 'On my way' }).expect(204);
    const acknowledged = await receiver.next(concerns);
    expect(acknowledged).toMatchObject({
      method: 'POST',
      url: '/changes?tenant=hall',
      headers: { 'content-type': 'application/json' },
      json: {
        type: 'alarm.acknowledged',
        timestamp: world.clock.now().toISOString(),
        data: {
          alarm_id: alarmId,
          status: 'acknowledged',
          severity: 'P0',
          room: 'Counter 1',
          person: 'Ada',
          changed_by: 'Eva',
          note: 'On my way',
        },
      },
    });
    expect(acknowledged.headers['webhook-signature']).toBe(signatureOf(Buffer.from(SECRET), acknowledged));

    await world.advance(60);
    await world.post(`/v1/alarms/${alarmId}/resolve`, { actor: 'Tom' }).expect(204);
    await world.advance(600);
    expect(types()).toEqual(['alarm.acknowledged', 'alarm.resolved']);
    expect(new Set(callbacks().map(({ headers }) => headers['webhook-id'])).size).toBe(2);
  });

  it('is not told of what changed nothing', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        world.post(`/v1/alarms/${alarmId}/cancel`, { actor: `Desk ${i}` }).expect(204),
      ),
    );
    await world.post(`/v1/alarms/${alarmId}/ack`).expect(409);
    await world.press(KEY);

    await world.advance(60);
    expect(types()).toEqual(['alarm.cancelled']);
  });

  it('can tell a repetition from news, and when it was sent', async () => {
    receiver.answer({ status: 503 });
    await world.post(`/v1/alarms/${alarmId}/ack`).expect(204);
    await receiver.next(concerns);
    receiver.answer({});
    await world.advance(40);
    await world.advance(600);

    const [first, second, ...others] = callbacks();
    expect(others).toEqual([]);
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
    const timestamp = ({ headers }: Recorded) => Number(headers['webhook-timestamp']);
    expect(timestamp(second!) - timestamp(first!)).toBeGreaterThanOrEqual(30);
    expect(second!.body).toEqual(first!.body);
    expect(second!.headers['webhook-signature']).toBe(signatureOf(Buffer.from(SECRET), second!));
  });

  it('finds neither address nor secret in the log or on the timeline', async () => {
    receiver.answer({ status: 400 });
    await world.post(`/v1/alarms/${alarmId}/ack`).expect(204);
    await world.settle();

    expect(logLines.at('error')).toContain('Delivery: notification failed for good');
    const told = JSON.stringify(
      await world.query('SELECT * FROM alarm_events WHERE alarm_id = $1', [alarmId]),
    );
    for (const secret of [SECRET, 'tenant=hall', receiver.url]) {
      expect(logLines.text).not.toContain(secret);
      expect(told).not.toContain(secret);
    }
  });
});

it.each([
  [
    'whsec_… is base64',
    `whsec_${Buffer.from('a binary \xff key', 'latin1').toString('base64')}`,
    Buffer.from('a binary \xff key', 'latin1'),
  ],
  ['anything else is taken as it is', 'c2VjcmV0', Buffer.from('c2VjcmV0')],
])('a webhook secret: %s', async (_what, secret, key) => {
  const receiver = await HttpReceiver.start();
  const world = await World.start({
    seed: house([{ id: 'control', channel: 'webhook', address: receiver.url }]),
    settings: { WEBHOOK_SECRET: secret, WEBHOOK_ALLOWED_HOSTS: '127.0.0.1' },
  });

  await world.press(KEY).expect(200);
  const request = await receiver.next();
  expect(request.headers['webhook-signature']).toBe(signatureOf(key, request));
  await world.stop();
  await receiver.close();
});
