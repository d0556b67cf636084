import { HttpReceiver, type Recorded } from '../support/http-receiver.ts';
import { house, KEY } from '../support/house.ts';
import { ADMIN_KEY, World } from '../support/world.ts';

const to = (request: Recorded) => (request.json as { to: string }).to;

describe('what happened to an alarm', () => {
  let gateway: HttpReceiver;
  let world: World;
  let alarmId: string;
  let pressedAt: string;
  let answeredAt: string;

  /** The guard's gateway fails once; nobody has the manager's; the control room's webhook has a secret in its URL. */
  beforeAll(async () => {
    gateway = await HttpReceiver.start();
    world = await World.start({
      settings: {
        SENDXMS_ENABLED: 'true',
        SENDXMS_BASE_URL: gateway.url,
        WEBHOOK_ENABLED: 'true',
        WEBHOOK_URL: `${gateway.url}/state?key=secret-of-the-state-hook`,
        WEBHOOK_ALLOWED_HOSTS: '127.0.0.1',
        // Nobody of the second step can be told, and the third is to wait all the same.
        ESCALATE_ON_FAILURE: 'false',
      },
      seed: house([
        { id: 'guard', address: '+4915112345678' },
        { id: 'control', channel: 'webhook', address: `${gateway.url}/hooks/secret-of-control` },
        { id: 'manager', channel: 'email', address: 'manager@hall.example', after: 60 },
        { id: 'chief', address: '+4915199999999', after: 600 },
        { id: 'absent', enabled: false },
      ]),
    });
    let failures = 0;
    gateway.answer((request) =>
      request.url === '/send' && to(request) === '+4915112345678' && failures++ === 0
        ? { status: 503 }
        : { body: { id: 'msg-17' } },
    );
    pressedAt = world.clock.now().toISOString();
    const { body } = await world.press(KEY).set('X-Request-ID', 'press-1').expect(200);
    alarmId = body.alarm_id;
    await world.settle();
    await world.advance(61);
    answeredAt = world.clock.now().toISOString();
    await world
      .post(`/v1/alarms/${alarmId}/ack`, { acked_by: 'Eva', note: 'on my way' })
      .set('X-Request-ID', 'answer-1')
      .expect(204);
    await world.settle();
  });

  afterAll(async () => {
    await world.stop();
    await gateway.close();
  });

  it('is told in order, with who did it and by which request', async () => {
    const { body } = await world.get(`/v1/alarms/${alarmId}/events`).expect(200);

    expect(body.map((event: { type: string }) => event.type)).toEqual(await world.timeline(alarmId));
    expect(body[0]).toEqual({
      id: expect.stringMatching(/^\d+$/),
      alarm_id: alarmId,
      at: pressedAt,
      type: 'alarm.triggered',
      actor: null,
      request_id: 'press-1',
      data: { source: 'yealink', device: 'phone-1' },
    });
    expect(body).toContainEqual({
      id: expect.any(String),
      alarm_id: alarmId,
      at: answeredAt,
      type: 'alarm.acknowledged',
      actor: 'admin',
      request_id: 'answer-1',
      data: { by: 'Eva', note: 'on my way' },
    });
    const ids = body.map((event: { id: string }) => BigInt(event.id));
    expect(ids).toEqual([...ids].sort((a, b) => (a < b ? -1 : 1)));
    expect(body.map((event: { type: string }) => event.type)).toEqual(
      expect.arrayContaining([
        'notification.retrying',
        'notification.sent',
        'notification.skipped',
        'escalation.step-started',
      ]),
    );
  });

  it('says of each target whether it was told, by which attempts, and why not', async () => {
    const { body } = await world.get(`/v1/alarms/${alarmId}/notifications`).expect(200);
    const of = (target: string) => body.find((row: { target_id: string }) => row.target_id === target);

    expect(of('guard')).toEqual({
      id: expect.any(String),
      alarm_id: expect.any(String),
      purpose: 'alert',
      round: 0,
      step_no: 0,
      target_id: 'guard',
      label: 'guard',
      channel: 'sms',
      address: '…678',
      status: 'sent',
      attempts: 2,
      due_at: expect.any(String),
      created_at: pressedAt,
      finished_at: expect.any(String),
      withdrawn_at: null,
      external_ref: 'msg-17',
      reason: null,
      request_id: 'press-1',
      attempt_log: [
        {
          attempt: 1,
          started_at: expect.any(String),
          finished_at: expect.any(String),
          result: 'failed',
          reason: 'server-error',
        },
        {
          attempt: 2,
          started_at: expect.any(String),
          finished_at: expect.any(String),
          result: 'sent',
          reason: null,
        },
      ],
    });
    expect(of('control')).toMatchObject({ status: 'sent', address: new URL(gateway.url).host });
    expect(of('manager')).toMatchObject({
      step_no: 1,
      address: '…@hall.example',
      status: 'skipped',
      reason: expect.stringMatching(/not set up/),
    });
    expect(of('absent')).toMatchObject({
      status: 'skipped',
      attempts: 0,
      attempt_log: [],
      reason: 'The target is disabled.',
    });
    expect(of('chief')).toBeUndefined();
    expect(of('WEBHOOK_URL')).toMatchObject({
      purpose: 'acknowledged',
      step_no: null,
      address: null,
      status: 'sent',
      request_id: 'answer-1',
    });
    const text = JSON.stringify(body);
    for (const secret of ['5112345', 'secret-of', 'manager@', '/a/']) expect(text).not.toContain(secret);
  });

  it('says of what was withdrawn when that was', async () => {
    world.clock.advance(3600);
    gateway.hang();
    const { body: pressed } = await world.press(KEY).expect(200);
    // Beside the one that is under way there is nothing to withdraw until it fails.
    await gateway.next((request) => request.url === '/send');
    const at = world.clock.now().toISOString();
    await world.post(`/v1/alarms/${pressed.alarm_id}/cancel`).expect(204);
    const { body } = await world.get(`/v1/alarms/${pressed.alarm_id}/notifications`).expect(200);

    expect(body).toContainEqual(expect.objectContaining({ target_id: 'guard', withdrawn_at: at }));
    gateway.answer({});
  });

  describe.each(['events', 'notifications'])('asked for by /%s', (part) => {
    it.each(['01a20a4c-ea88-7c34-9b49-f2058dc1c76e', 'no-id', '%00', "'; DROP TABLE alarms; --"])(
      'is unknown for %s',
      async (id) => {
        const { body } = await world.get(`/v1/alarms/${encodeURIComponent(id)}/${part}`).expect(404);
        expect(body).toMatchObject({ code: 'alarm.unknown', detail: 'There is no such alarm.' });
      },
    );

    it('is told to viewers, and to nobody without a key', async () => {
      const { body: key } = await world
        .post('/v1/admin/api-keys', { name: `Board ${part}`, role: 'viewer' })
        .expect(201);
      const path = `/v1/alarms/${alarmId}/${part}`;

      await world.http.get(path).set('X-Admin-Key', key.key).expect(200);
      await world.http.get(path).expect(401);
      await world.http.get(path).set('X-Admin-Key', `${ADMIN_KEY}x`).expect(401);
    });
  });
});
