import { HttpReceiver, type Recorded } from '../support/http-receiver.ts';
import { house, KEY, type TargetSketch } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { SHAPES, World } from '../support/world.ts';

const to = (request: Recorded) => (request.json as { to: string }).to;

describe.each(SHAPES)('an alarm, with jobs in %s', (shape) => {
  let gateway: HttpReceiver;
  let controlRoom: HttpReceiver;
  let world: World;
  let alarmId: string;
  let earlier: number;

  beforeAll(async () => {
    gateway = await HttpReceiver.start();
    controlRoom = await HttpReceiver.start();
    world = await World.start({
      shape,
      settings: {
        SENDXMS_ENABLED: 'true',
        SENDXMS_BASE_URL: gateway.url,
        SENDXMS_API_KEY: 'sms key',
        WEBHOOK_ALLOWED_HOSTS: '127.0.0.1',
      },
    });
  });

  beforeEach(() => {
    gateway.answer({});
    controlRoom.answer({});
    earlier = gateway.requests.length;
    logLines.clear();
  });

  afterEach(async () => {
    await world.post(`/v1/alarms/${alarmId}/cancel`);
    await world.advance(60);
  });

  afterAll(async () => {
    await world.stop();
    await gateway.close();
    await controlRoom.close();
  });

  /** Presses the key of a house with these targets. */
  const press = async (targets: readonly TargetSketch[], policy?: object) => {
    await world.seed(house(targets, policy));
    const { body } = await world.press(KEY).expect(200);
    alarmId = body.alarm_id;
  };
  /** Whom the gateway was asked to tell in this story, in order. */
  const told = () => gateway.requests.slice(earlier).map(to);

  it('tells A at once, B after a minute, and nobody once it is acknowledged', async () => {
    await press([{ id: 'A' }, { id: 'B', after: 60 }, { id: 'C', after: 180 }]);

    const first = await gateway.next((request) => to(request) === '+49A');
    expect(first).toMatchObject({
      method: 'POST',
      url: '/send',
      headers: { authorization: 'Bearer sms key' },
      json: { from: 'ALARM', message: expect.stringContaining('Counter 1, floor 2, Town hall. Ada') },
    });
    await world.advance(50);
    expect(told()).toEqual(['+49A']);

    await world.advance(11);
    expect(told()).toEqual(['+49A', '+49B']);

    await world.post(`/v1/alarms/${alarmId}/ack`, { acked_by: 'Eva' }).expect(204);
    await world.advance(600);
    expect(told()).toEqual(['+49A', '+49B']);
    expect(await world.timeline(alarmId)).toEqual([
      'alarm.triggered',
      'escalation.step-started',
      'notification.sent',
      'escalation.step-started',
      'notification.sent',
      'alarm.acknowledged',
    ]);
    expect(logLines.at('error')).toEqual([]);
  });

  it('tells everybody of a step at once: nobody waits for the answer of another', async () => {
    const sms = ['guard-1', 'guard-2', 'guard-3', 'guard-4'];
    const { promise: everybodyWasTold, resolve: release } = Promise.withResolvers<object>();
    gateway.answer(() => everybodyWasTold);
    controlRoom.answer(() => everybodyWasTold);
    await press([
      ...sms.map((id) => ({ id })),
      { id: 'control', channel: 'webhook', address: controlRoom.url },
    ]);

    await Promise.all([
      ...sms.map((id) => gateway.next((request) => to(request) === `+49${id}`)),
      controlRoom.next(),
    ]);
    release({});
    await world.settle();
    expect(await world.notifications(alarmId)).toEqual(
      ['control', ...sms].map((label) => expect.objectContaining({ label, status: 'sent', attempts: 1 })),
    );
  });

  it('starts the next step on time although a dead gateway has not let go of the first', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<object>();
    gateway.answer(() => released);
    const dead = Array.from({ length: 7 }, (_, i) => ({ id: `dead-${i}` }));
    await press([...dead, { id: 'control', channel: 'webhook', address: controlRoom.url, after: 60 }]);
    await gateway.next((request) => to(request).startsWith('+49dead'));

    world.clock.advance(60);
    await world.ringFor([alarmId]);
    expect(await controlRoom.next()).toMatchObject({ json: { data: { alarm_id: alarmId } } });

    release({});
    await world.settle();
    expect(new Set(told()).size).toBe(7);
  });

  it('follows the policy as it stood at the press, whatever is edited meanwhile', async () => {
    await press([{ id: 'day-1' }, { id: 'day-2', after: 60 }]);
    await world
      .post('/v1/admin/escalation-policy', {
        policy_id: 'default',
        name: 'Night',
        targets: [
          { id: 'day-2', label: 'day-2', channel: 'sms', address: '+49changed', enabled: false },
          { id: 'night', label: 'night', channel: 'sms', address: '+49night', enabled: true },
        ],
        steps: [{ step_no: 0, after_seconds: 0, target_ids: ['night'] }],
      })
      .expect(200);

    await world.advance(61);
    expect(told()).toEqual(['+49day-1', '+49day-2']);

    await world.post(`/v1/alarms/${alarmId}/resolve`).expect(204);
    const { body } = await world.press(KEY).expect(200);
    alarmId = body.alarm_id;
    await world.settle();
    expect(told()).toEqual(['+49day-1', '+49day-2', '+49night']);
  });

  it('says of a disabled target that it was passed over, and never sends to it', async () => {
    await press([{ id: 'absent', enabled: false }, { id: 'present' }]);
    await world.advance(120);

    expect(told()).toEqual(['+49present']);
    const [absent] = await world.notifications(alarmId);
    expect(absent).toMatchObject({ label: 'absent', status: 'skipped', reason: 'The target is disabled.' });
    expect(
      await world.query('SELECT * FROM notification_attempts WHERE notification_id = $1', [absent!.id]),
    ).toEqual([]);
    expect(
      await world.query(
        `SELECT data FROM alarm_events WHERE alarm_id = $1 AND type = 'notification.skipped'`,
        [alarmId],
      ),
    ).toEqual([{ data: expect.objectContaining({ target: 'absent', reason: 'The target is disabled.' }) }]);
  });

  it('says of a channel that is not set up that nobody was told, and never that somebody was', async () => {
    const counted = (result: string) =>
      world.metric('alarm_broker_notifications_total', { channel: 'email', result });
    const skippedBefore = await counted('skipped');
    await press([{ id: 'crisis', channel: 'email', address: 'crisis@hall.example' }]);
    await world.settle();

    expect(await world.notifications(alarmId)).toEqual([
      expect.objectContaining({
        label: 'crisis',
        status: 'skipped',
        reason: expect.stringMatching(/not set up/),
      }),
    ]);
    expect(await world.timeline(alarmId)).toEqual([
      'alarm.triggered',
      'escalation.step-started',
      'notification.skipped',
    ]);
    expect(await counted('skipped')).toBe(skippedBefore + 1);
    expect(await counted('sent')).toBe(0);
    expect(logLines.at('warning')).toContain('Delivery: notification skipped');
  });

  it('cries out when the plan is used up and nobody has answered', async () => {
    const exhaustedBefore = await world.metric('alarm_broker_escalations_exhausted_total');
    await press([{ id: 'only' }], { repeat_after_seconds: 30 });
    await world.advance(25);
    expect(logLines.at('error')).toEqual([]);

    await world.advance(10);
    expect(await world.timeline(alarmId)).toContain('escalation.exhausted');
    expect(logLines.lines.filter((line) => line.level === 'error')).toEqual([
      expect.objectContaining({
        logger: 'EscalationClock',
        message: 'The escalation plan is used up and nobody has answered',
        extra: expect.objectContaining({ alarmId }),
      }),
    ]);
    expect(await world.metric('alarm_broker_escalations_exhausted_total')).toBe(exhaustedBefore + 1);

    await world.advance(3600);
    expect(told()).toEqual(['+49only']);
    expect((await world.timeline(alarmId)).filter((type) => type === 'escalation.exhausted')).toHaveLength(1);
  });

  it('begins the plan again as often as the policy says', async () => {
    await press([{ id: 'first' }, { id: 'second', after: 60 }], {
      repeat_count: 2,
      repeat_after_seconds: 30,
    });
    await world.advance(61);
    expect(told()).toEqual(['+49first', '+49second']);

    await world.advance(30);
    expect(told()).toEqual(['+49first', '+49second', '+49first']);
    expect(await world.timeline(alarmId)).toContain('escalation.repeated');

    for (let minute = 0; minute < 10; minute += 1) await world.advance(60);
    expect(told()).toEqual(Array<string[]>(3).fill(['+49first', '+49second']).flat());
    expect((await world.timeline(alarmId)).filter((type) => type.startsWith('escalation.'))).toEqual([
      ...['escalation.step-started', 'escalation.step-started', 'escalation.repeated'],
      ...['escalation.step-started', 'escalation.step-started', 'escalation.repeated'],
      ...['escalation.step-started', 'escalation.step-started', 'escalation.exhausted'],
    ]);
  });

  it('is kept, loudly, when there is no policy at all', async () => {
    await world.seed(house([]));
    await world.query('DELETE FROM escalation_policies');
    const { body } = await world.press(KEY).expect(200);
    alarmId = body.alarm_id;
    await world.settle();

    expect((await world.get(`/v1/alarms/${alarmId}`).expect(200)).body).toMatchObject({
      status: 'triggered',
    });
    expect(await world.timeline(alarmId)).toEqual(['alarm.triggered', 'escalation.missing']);
    expect(logLines.at('error')).toEqual([
      'EscalationClock: An alarm has no escalation policy: nobody is told',
    ]);
  });

  it('makes up for an outage: every step that was missed starts, none is skipped', async () => {
    await press([
      { id: 'zero' },
      { id: 'one', after: 60 },
      { id: 'two', after: 180 },
      { id: 'three', after: 300 },
    ]);
    await world.settle();

    world.clock.advance(600);
    await world.ringFor([alarmId]);
    const started = await world.query<{ step: number }>(
      `SELECT (data ->> 'step')::int AS step FROM alarm_events
       WHERE alarm_id = $1 AND type = 'escalation.step-started' ORDER BY seq`,
      [alarmId],
    );
    expect(started.map((row) => row.step)).toEqual([0, 1, 2, 3]);
    await world.settle();
    expect(told().toSorted()).toEqual(['+49one', '+49three', '+49two', '+49zero']);
  });
});
