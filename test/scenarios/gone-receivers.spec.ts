import {
  CHANNEL_KINDS,
  ChannelError,
  fixedRetries,
  type ChannelKind,
  type ChannelMessage,
  type NotificationChannel,
  type Receipt,
} from '#notifications';

import { brokerWith } from '../support/broker-with.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { house, KEY } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { World } from '../support/world.ts';

/** Posts to the address of the target, or to the configured one, and understands 410. */
class PostingChannel implements NotificationChannel {
  readonly timeLimitMs = 2000;
  readonly retryPolicy = fixedRetries(3, 5);

  constructor(readonly kind: ChannelKind) {}

  async send({ address }: ChannelMessage, signal: AbortSignal): Promise<Receipt> {
    const { status } = await fetch(address || `${receiver.url}/configured`, { method: 'POST', signal });
    if (status === 410)
      throw new ChannelError('The server answered 410 Gone.', { retry: 'no', reason: 'gone' });
    return {};
  }
}

let receiver: HttpReceiver;

describe('a receiver that is gone for good', () => {
  let world: World;

  beforeEach(async () => {
    receiver = await HttpReceiver.start();
    receiver.answer(({ url }) => ({ status: url.startsWith('/old') || url === '/configured' ? 410 : 200 }));
    world = await World.start({
      root: brokerWith(CHANNEL_KINDS.map((kind) => new PostingChannel(kind))),
      seed: house([
        { id: 'control', channel: 'webhook', address: `${receiver.url}/old?key=secret-of-control` },
        { id: 'guard', channel: 'webhook', address: `${receiver.url}/guard` },
      ]),
      settings: { WEBHOOK_ENABLED: 'true', WEBHOOK_URL: 'http://hook.example', ESCALATE_ON_FAILURE: 'false' },
    });
    await world
      .put('/v1/admin/escalation-policies/night', {
        name: 'Night',
        steps: [{ step_no: 0, after_seconds: 0, target_ids: ['control', 'guard'] }],
      })
      .expect(201);
  });
  afterEach(async () => {
    await world.stop();
    await receiver.close();
  });

  const press = async (): Promise<string> => {
    const { body } = await world.press(KEY).expect(200);
    await world.settle();
    return body.alarm_id;
  };
  const read = () => world.get('/v1/admin/escalation-targets/control').expect(200);
  const control = async () => (await read()).body;
  const plans = () =>
    world.query<{ id: string; enabled: boolean }>(
      `SELECT p.id, (t ->> 'enabled')::boolean AS enabled
       FROM escalation_policies p, jsonb_path_query(plan, '$.steps[*].targets[*] ? (@.id == "control")') t
       ORDER BY p.id`,
    );
  const warnings = () => logLines.at('warning').filter((line) => line.startsWith('FailureFollowUp'));

  it('is passed over by the next alarm, in every policy, until somebody enables it again', async () => {
    const tag = (await read()).headers['etag'];
    const alarmId = await press();
    expect(await control()).toMatchObject({ enabled: false });
    expect((await read()).headers['etag']).not.toBe(tag);
    expect(await plans()).toEqual([
      { id: 'default', enabled: false },
      { id: 'night', enabled: false },
    ]);
    expect(await world.timeline(alarmId)).toContain('target.disabled');
    const { body: events } = await world.get(`/v1/alarms/${alarmId}/events`).expect(200);
    expect(events.find((event: { type: string }) => event.type === 'target.disabled').data).toEqual({
      target: 'control',
      channel: 'webhook',
      reason: 'Its receiver answered that it is gone for good.',
    });
    expect(warnings()).toEqual(['FailureFollowUp: A target was disabled: its receiver is gone for good']);
    expect(logLines.text).not.toContain('secret-of-control');

    await world.post(`/v1/alarms/${alarmId}/resolve`).expect(204);
    const next = await press();
    expect(receiver.count(({ url }) => url.startsWith('/old'))).toBe(1);
    expect((await world.notifications(next)).map(({ label, status }) => [label, status])).toContainEqual([
      'control',
      'skipped',
    ]);

    const { id: _id, created_at: _c, updated_at: _u, ...target } = await control();
    await world.put('/v1/admin/escalation-targets/control', { ...target, enabled: true }).expect(200);
    expect(await plans()).toEqual([
      { id: 'default', enabled: true },
      { id: 'night', enabled: true },
    ]);
  });

  it('is not the one that has taken its place meanwhile', async () => {
    const { promise: word, resolve: release } = Promise.withResolvers<object>();
    receiver.answer(({ url }) => (url.startsWith('/old') ? word : {}));
    const { body } = await world.press(KEY).expect(200);
    await receiver.next(({ url }) => url.startsWith('/old'));
    await world
      .put('/v1/admin/escalation-targets/control', {
        label: 'control',
        channel: 'webhook',
        address: `${receiver.url}/new`,
      })
      .expect(200);
    release({ status: 410 });
    await world.settle();

    expect(await control()).toMatchObject({ enabled: true, address: `${receiver.url}/new` });
    expect(await world.timeline(body.alarm_id)).not.toContain('target.disabled');
  });

  it('is only reported when it is the one in the settings', async () => {
    const alarmId = await press();
    logLines.clear();
    await world.post(`/v1/alarms/${alarmId}/ack`).expect(204);
    await world.settle();
    expect(receiver.count(({ url }) => url === '/configured')).toBe(1);
    expect(warnings()).toEqual(['FailureFollowUp: The receiver in WEBHOOK_URL is gone for good']);
    expect((await world.timeline(alarmId)).filter((type) => type === 'target.disabled')).toHaveLength(1);
  });
});
