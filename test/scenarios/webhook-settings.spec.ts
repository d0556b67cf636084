import { believes } from '../support/standard-webhooks.ts';
import { HttpReceiver, type Recorded } from '../support/http-receiver.ts';
import { house, KEY } from '../support/house.ts';
import { World } from '../support/world.ts';

const secret = (letter: string) => `whsec_${Buffer.from(letter.repeat(32)).toString('base64')}`;
const [OLD, NEW, OTHER] = ['o', 'n', 'x'].map(secret) as [string, string, string];

it('the receiver in these stories believes the published example of Standard Webhooks', async () => {
  const headers = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,no v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  };
  const body = Buffer.from('{"test": 2432232314}');
  const key = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const then = new Date(1614265330_000);

  expect(await believes(key, { headers, body }, then)).toBe(true);
  expect(await believes(key, { headers, body: Buffer.from('{}') }, then)).toBe(false);
  expect(await believes(key, { headers, body }, new Date(then.getTime() + 301_000))).toBe(false);
  expect(await believes(OTHER, { headers, body }, then)).toBe(false);
});

describe('a webhook', () => {
  let receiver: HttpReceiver;
  let world: World;
  let alarmId: string;

  beforeEach(async () => {
    receiver = await HttpReceiver.start();
  });

  afterEach(async () => {
    await world.stop();
    await receiver.close();
  });

  const press = async (settings: Readonly<Record<string, string>>) => {
    const seed = house([{ id: 'control', channel: 'webhook', address: `${receiver.url}/in` }]);
    world = await World.start({ seed, settings: { WEBHOOK_ALLOWED_HOSTS: '127.0.0.1', ...settings } });
    alarmId = (await world.press(KEY).expect(200)).body.alarm_id;
    return receiver.next();
  };
  const outcome = async () => (await world.notifications(alarmId))[0];
  const times = (requests: readonly Recorded[]) =>
    requests.map(({ headers }) => Number(headers['webhook-timestamp']));

  it('is believed with the new secret and with the one before it, and with no other', async () => {
    const request = await press({ WEBHOOK_SECRET: NEW, WEBHOOK_SECRET_PREVIOUS: OLD });

    const now = world.clock.now();
    expect(await believes(NEW, request, now)).toBe(true);
    expect(await believes(OLD, request, now)).toBe(true);
    expect(await believes(OTHER, request, now)).toBe(false);
  });

  it('is a CloudEvent, signed alike', async () => {
    const request = await press({ WEBHOOK_FORMAT: 'cloudevents', WEBHOOK_SECRET: NEW });

    expect(request.headers['content-type']).toBe('application/cloudevents+json');
    expect(request.json).toMatchObject({
      specversion: '1.0',
      id: request.headers['webhook-id'],
      type: 'org.alarm-broker.alarm.triggered',
      subject: alarmId,
    });
    expect(await believes(NEW, request, world.clock.now())).toBe(true);
  });

  it('is tried as often, and as far apart, as the settings say', async () => {
    receiver.answer({ status: 503 });
    await press({ WEBHOOK_MAX_RETRIES: '2', WEBHOOK_RETRY_DELAY_SECONDS: '45', WEBHOOK_SECRET: NEW });
    for (let minute = 0; minute < 4; minute += 1) {
      await world.advance(40);
      await world.advance(20);
    }

    expect(receiver.count()).toBe(3);
    expect(await outcome()).toMatchObject({ status: 'failed', attempts: 3 });
    const [first, second, third] = times(receiver.requests) as [number, number, number];
    // Jitter adds up to a fifth; the clock of the story moves in steps of twenty seconds and more.
    for (const gap of [second - first, third - second]) {
      expect(gap).toBeGreaterThanOrEqual(45);
      expect(gap).toBeLessThan(90);
    }
    expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('waits as long as the receiver asks, if that is longer, and never for days', async () => {
    receiver.answer({ status: 429, headers: { 'retry-after': '864000' } });
    await press({ WEBHOOK_RETRY_DELAY_SECONDS: '1' });
    await world.advance(3500);
    expect(receiver.count()).toBe(1);

    await world.advance(150);
    expect(receiver.count()).toBe(2);
  });

  it('gives a receiver as long as the settings say', async () => {
    receiver.hang();
    await press({ WEBHOOK_TIMEOUT_SECONDS: '1', WEBHOOK_MAX_RETRIES: '0' });
    const began = performance.now();
    await world.settle();

    expect(performance.now() - began).toBeLessThan(4000);
    expect(await outcome()).toMatchObject({
      status: 'ambiguous',
      attempts: 1,
      reason: 'No answer within the time limit.',
    });
  });

  it('is not sent again to a receiver that is gone', async () => {
    receiver.answer({ status: 410 });
    await press({ WEBHOOK_RETRY_DELAY_SECONDS: '1' });
    await world.advance(60);

    expect(receiver.count()).toBe(1);
    expect(await outcome()).toMatchObject({
      status: 'failed',
      reason: 'The receiver is gone and asks not to be called again (410).',
    });
    expect(await world.query('SELECT reason FROM notification_attempts')).toEqual([{ reason: 'gone' }]);
  });

  it('does not follow its receiver elsewhere', async () => {
    receiver.answer({ status: 308, headers: { location: `${receiver.url}/elsewhere` } });
    await press({});
    await world.advance(60);

    expect(receiver.requests.map(({ url }) => url)).toEqual(['/in']);
    expect(await outcome()).toMatchObject({ status: 'failed' });
  });
});
