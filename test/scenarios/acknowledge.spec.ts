import { HttpReceiver, type Answer } from '../support/http-receiver.ts';
import { house, KEY } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { SHAPES, World } from '../support/world.ts';

describe.each(SHAPES)('answering an alarm, with jobs in %s', (shape) => {
  let gateway: HttpReceiver;
  let world: World;
  let alarmId: string;

  beforeEach(async () => {
    gateway = await HttpReceiver.start();
    world = await World.start({
      shape,
      seed: house([{ id: 'now' }, { id: 'later', after: 60 }]),
      settings: { SENDXMS_ENABLED: 'true', SENDXMS_BASE_URL: gateway.url },
    });
  });

  afterEach(async () => {
    await world.stop();
    await gateway.close();
  });

  const press = async () => {
    alarmId = (await world.press(KEY).expect(200)).body.alarm_id;
  };
  const acknowledge = () => world.post(`/v1/alarms/${alarmId}/ack`).expect(204);
  const attempts = () =>
    world.query(
      `SELECT a.attempt, a.result FROM notification_attempts a JOIN notifications n ON n.id = a.notification_id
       WHERE n.alarm_id = $1 ORDER BY a.started_at, a.attempt`,
      [alarmId],
    );

  it('withdraws what waits for another try', async () => {
    gateway.answer({ status: 500 });
    await press();
    await gateway.next();
    await world.settle();
    await acknowledge();

    await world.advance(3600);
    expect(gateway.count()).toBe(1);
    expect(await world.notifications(alarmId)).toEqual([
      expect.objectContaining({ label: 'now', status: 'withdrawn', attempts: 1 }),
    ]);
    expect(await world.timeline(alarmId)).toEqual([
      'alarm.triggered',
      'escalation.step-started',
      'notification.retrying',
      'alarm.acknowledged',
      'notification.withdrawn',
    ]);
  });

  it('does not repeat a send that was under way and went wrong', async () => {
    const { promise: answer, resolve: answerWith } = Promise.withResolvers<Answer | 'reset'>();
    gateway.answer(() => answer);
    await press();
    await gateway.next();
    await acknowledge();
    answerWith('reset');

    await world.advance(3600);
    expect(gateway.count()).toBe(1);
    expect(await world.notifications(alarmId)).toEqual([
      expect.objectContaining({ label: 'now', status: 'withdrawn', attempts: 1 }),
    ]);
    // It may have arrived, and the record says so.
    expect(await attempts()).toEqual([{ attempt: 1, result: 'ambiguous' }]);
  });

  it('does not deny a send that was under way and arrived', async () => {
    const { promise: answer, resolve: answerWith } = Promise.withResolvers<Answer>();
    gateway.answer(() => answer);
    await press();
    await gateway.next();
    await acknowledge();
    answerWith({});

    await world.advance(3600);
    expect(await world.notifications(alarmId)).toEqual([
      expect.objectContaining({ label: 'now', status: 'sent' }),
    ]);
    expect((await world.timeline(alarmId)).at(-1)).toBe('notification.sent');
  });

  it('stops the clock also when the next step is overdue at that moment', async () => {
    await press();
    await gateway.next();
    world.clock.advance(61);
    await Promise.all([acknowledge(), world.ringFor([alarmId])]);
    await world.advance(3600);

    // Who was first decides; what may not be is a step that starts after the answer.
    const timeline = await world.timeline(alarmId);
    expect(timeline.slice(timeline.indexOf('alarm.acknowledged'))).not.toContain('escalation.step-started');
    expect(timeline).not.toContain('escalation.exhausted');
  });
});

describe('the states of an alarm', () => {
  let world: World;
  let alarmId: string;

  beforeAll(async () => {
    world = await World.start({ seed: house([]), settings: { RATE_LIMIT_PER_MINUTE: '1000' } });
  });

  beforeEach(async () => {
    world.clock.advance(20);
    logLines.clear();
    alarmId = (await world.press(KEY).expect(200)).body.alarm_id;
  });

  afterAll(() => world.stop());

  const read = async () => (await world.get(`/v1/alarms/${alarmId}`).expect(200)).body;
  const reach: Record<string, string[]> = {
    triggered: [],
    acknowledged: ['ack'],
    resolved: ['resolve'],
    cancelled: ['cancel'],
    'acknowledged and resolved': ['ack', 'resolve'],
    'acknowledged and cancelled': ['ack', 'cancel'],
  };

  it.each([
    ['triggered', 'ack', 204, 'acknowledged'],
    ['triggered', 'resolve', 204, 'resolved'],
    ['triggered', 'cancel', 204, 'cancelled'],
    ['acknowledged', 'resolve', 204, 'resolved'],
    ['acknowledged', 'cancel', 204, 'cancelled'],
  ])('from %s, %s answers %i and leads to %s', async (from, command, status, to) => {
    for (const word of reach[from]!) await world.post(`/v1/alarms/${alarmId}/${word}`).expect(204);
    world.clock.advance(5);
    await world
      .post(`/v1/alarms/${alarmId}/${command}`, {
        [command === 'ack' ? 'acked_by' : 'actor']: 'Eva',
        note: 'On my way',
      })
      .expect(status);

    const by = { acknowledged: 'acked', resolved: 'resolved', cancelled: 'cancelled' }[to]!;
    expect(await read()).toMatchObject({
      status: to,
      [`${by}_by`]: 'Eva',
      [`${by}_at`]: world.clock.now().toISOString(),
      meta: { [`${command}_note`]: 'On my way' },
    });
    expect((await world.timeline(alarmId)).at(-1)).toBe(`alarm.${to}`);
  });

  it.each([
    ['acknowledged', 'ack', 204],
    ['resolved', 'resolve', 204],
    ['cancelled', 'cancel', 204],
    ['resolved', 'ack', 409],
    ['cancelled', 'ack', 409],
    ['cancelled', 'resolve', 409],
    ['resolved', 'cancel', 409],
    ['acknowledged and resolved', 'ack', 409],
    ['acknowledged and cancelled', 'ack', 409],
  ])('from %s, %s answers %i and changes nothing', async (from, command, status) => {
    for (const word of reach[from]!) await world.post(`/v1/alarms/${alarmId}/${word}`).expect(204);
    const before = [await read(), await world.timeline(alarmId)];
    world.clock.advance(5);

    const { body } = await world
      .post(`/v1/alarms/${alarmId}/${command}`, { note: 'Too late' })
      .expect(status);
    if (status === 409) {
      expect(body).toMatchObject({ status, code: 'alarm.transition', detail: expect.any(String) });
    }
    expect([await read(), await world.timeline(alarmId)]).toEqual(before);
  });

  it.each(['ack', 'resolve', 'cancel'])('%s of an alarm that does not exist is a 404', async (command) => {
    for (const id of ['018f0000-0000-7000-8000-000000000000', 'nonsense', '%00']) {
      const { body } = await world.post(`/v1/alarms/${id}/${command}`).expect(404);
      expect(body).toMatchObject({ code: 'alarm.unknown', detail: expect.any(String) });
    }
  });

  it.each([
    ['a name that is too long', { acked_by: 'x'.repeat(121) }, '/acked_by'],
    ['a note that is too long', { note: 'x'.repeat(2001) }, '/note'],
    ['a name that is no text', { acked_by: 7 }, '/acked_by'],
    ['a field nobody knows', { acked_by: 'Eva', by: 'Eva' }, '/by'],
    ['a NUL byte', { note: 'a\0b' }, '/note'],
    ['half a character', { acked_by: 'Eva \ud83d' }, '/acked_by'],
  ])('refuses %s, naming the place', async (_what, body, pointer) => {
    const answer = await world.post(`/v1/alarms/${alarmId}/ack`, body).expect(422);

    expect(answer.body).toMatchObject({
      code: 'request.invalid',
      errors: expect.arrayContaining([{ pointer, detail: expect.any(String) }]),
    });
    expect(await read()).toMatchObject({ status: 'triggered' });
    expect(logLines.at('error').filter((line) => !line.startsWith('EscalationClock'))).toEqual([]);
  });

  it('is answered by somebody also when nobody says who', async () => {
    await world.post(`/v1/alarms/${alarmId}/ack`).expect(204);
    expect(await read()).toMatchObject({ status: 'acknowledged', acked_by: expect.stringMatching(/./) });
  });

  it('has one winner among twenty who answer at once', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `Responder ${i}`);
    await Promise.all(
      names.map((acked_by) => world.post(`/v1/alarms/${alarmId}/ack`, { acked_by }).expect(204)),
    );

    const { acked_by } = await read();
    expect((await world.timeline(alarmId)).filter((type) => type === 'alarm.acknowledged')).toHaveLength(1);
    expect(names).toContain(acked_by);
  });
});
