import { EscalationClock } from '#escalation';

import { HttpReceiver, type Answer, type Recorded } from '../support/http-receiver.ts';
import { house, KEY, type TargetSketch } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { World } from '../support/world.ts';

const to = (request: Recorded) => (request.json as { to: string }).to.slice(3);
const OFF = { ESCALATE_ON_FAILURE: 'false' };

describe('an alarm of whose step nobody could be told', () => {
  let gateway: HttpReceiver;
  let world: World;
  let alarmId: string;
  /** What the gateway says to a message to this target; 400 to everybody else. */
  let answers: Record<string, Answer | 'reset' | 'hang'>;

  beforeEach(async () => {
    gateway = await HttpReceiver.start();
    answers = {};
    gateway.answer((request) => answers[to(request)] ?? { status: 400 });
  });
  afterEach(async () => {
    await world.stop();
    await gateway.close();
  });

  const press = async (targets: readonly TargetSketch[], { settings = {}, policy = {} } = {}) => {
    world = await World.start({
      seed: house(targets, policy),
      settings: { SENDXMS_ENABLED: 'true', SENDXMS_BASE_URL: gateway.url, ...settings },
    });
    alarmId = (await world.press(KEY).expect(200)).body.alarm_id;
    await world.settle();
  };
  const told = () => gateway.requests.map(to);
  /** Steps and haste on the timeline, as operators see it. */
  const story = async () => {
    const { body } = await world.get(`/v1/alarms/${alarmId}/events`).expect(200);
    return (body as { type: string; data: { step?: number } }[])
      .filter(({ type }) => type.startsWith('escalation.'))
      .map(({ type, data }) => `${type.slice(11)}${data.step === undefined ? '' : ` ${data.step}`}`);
  };

  it('goes on to the next step at once, says so, and keeps the times of the steps behind it', async () => {
    answers = { porter: {} };
    await press([
      { id: 'one' },
      { id: 'two' },
      { id: 'absent', enabled: false },
      { id: 'mute', channel: 'email' },
      { id: 'porter', after: 60 },
      { id: 'chief', after: 180 },
    ]);

    expect(told().toSorted()).toEqual(['one', 'porter', 'two']);
    expect(await story()).toEqual(['step-started 0', 'hastened 0', 'step-started 1']);
    const { body } = await world.get(`/v1/alarms/${alarmId}/events`).expect(200);
    expect(body).toContainEqual(
      expect.objectContaining({
        type: 'escalation.hastened',
        actor: null,
        data: { step: 0, reason: 'Nobody of step 0 could be told.' },
      }),
    );
    expect(await world.metric('alarm_broker_escalations_hastened_total')).toBe(1);
    expect(logLines.at('warning')).toContain(
      'EscalationClock: Nobody of a step could be told; the next one starts at once',
    );

    await world.advance(150);
    expect(told()).toHaveLength(3);
    await world.advance(30);
    expect(told().at(-1)).toBe('chief');
    expect(await story()).toEqual(['step-started 0', 'hastened 0', 'step-started 1', 'step-started 2']);
  });

  it('goes through the whole plan like this, yet gives nothing up before its time', async () => {
    await press([{ id: 'one' }, { id: 'two', after: 60 }, { id: 'three', after: 120 }], {
      policy: { repeat_count: 1, repeat_after_seconds: 60 },
    });
    const round = ['step-started 0', 'hastened 0', 'step-started 1', 'hastened 1', 'step-started 2'];
    expect(told()).toEqual(['one', 'two', 'three']);
    expect(await story()).toEqual(round);

    await world.advance(170);
    expect(await story()).toEqual(round);
    await world.advance(10);
    expect(await story()).toEqual([...round, 'repeated', ...round]);
    await world.advance(170);
    expect(await story()).toHaveLength(11);
    await world.advance(10);
    expect((await story()).at(-1)).toBe('exhausted');
  });

  it('waits for the planned time when one of them was told, or may have been', async () => {
    answers = { maybe: 'reset' };
    await press([{ id: 'one' }, { id: 'maybe' }, { id: 'two', after: 60 }]);
    await world.advance(5);
    await world.advance(5);
    const states = (await world.notifications(alarmId)).map(({ label, status }) => `${label} ${status}`);
    expect(states).toEqual(['maybe ambiguous', 'one failed']);
    expect(await story()).toEqual(['step-started 0']);

    await world.advance(60);
    expect(await story()).toEqual(['step-started 0', 'step-started 1']);
    expect(await world.metric('alarm_broker_escalations_hastened_total')).toBe(0);
  });

  it('goes on at the press where everybody is disabled, until somebody is there', async () => {
    answers = { porter: {} };
    await press([
      { id: 'absent', enabled: false },
      { id: 'away', enabled: false, after: 60 },
      { id: 'porter', after: 120 },
      { id: 'gone', enabled: false, after: 180 },
    ]);
    expect(told()).toEqual(['porter']);
    expect(await story()).toEqual([
      'step-started 0',
      'hastened 0',
      'step-started 1',
      'hastened 1',
      'step-started 2',
    ]);
    expect(await world.metric('alarm_broker_escalations_hastened_total')).toBe(2);
    await world.advance(185);
    expect((await story()).slice(5)).toEqual(['step-started 3']);
  });

  it('keeps to the plan where haste is not wanted', async () => {
    await press([{ id: 'one' }, { id: 'two', after: 60 }], { settings: OFF });
    await world.app.get(EscalationClock, { strict: false }).hasten(alarmId, 0, 0);
    expect(await story()).toEqual(['step-started 0']);
    await world.stop();
    await press(
      [
        { id: 'absent', enabled: false },
        { id: 'two', after: 60 },
      ],
      { settings: OFF },
    );
    expect(await story()).toEqual(['step-started 0']);
  });

  it('goes on once, however many notice at the same moment', async () => {
    answers = { one: {}, two: {} };
    await press([{ id: 'one' }, { id: 'two', after: 60 }, { id: 'three', after: 120 }]);
    await world.query(`UPDATE notifications SET status = 'failed' WHERE alarm_id = $1`, [alarmId]);
    const clock = world.app.get(EscalationClock, { strict: false });
    await Promise.all([1, 2, 3, 4].map(() => clock.hasten(alarmId, 0, 0)));
    await world.settle();
    expect(await story()).toEqual(['step-started 0', 'hastened 0', 'step-started 1']);
    await clock.hasten(alarmId, 0, 1);
    await clock.hasten(alarmId, 0, 7);
    expect(await story()).toHaveLength(3);
  });

  it('starts no step once it is answered, however the failure and the answer meet', async () => {
    const keys = Array.from({ length: 24 }, (_, i) => `KEY-OF-ROOM-${i}`);
    const { promise: word, resolve: release } = Promise.withResolvers<Answer>();
    gateway.answer(() => word);
    world = await World.start({
      seed: JSON.stringify({
        ...(JSON.parse(house([{ id: 'one' }, { id: 'two' }, { id: 'three', after: 60 }])) as object),
        devices: keys.map((device_token, i) => ({
          id: `phone-${i}`,
          device_token,
          person_id: 'ada',
          room_id: 'counter-1',
        })),
      }),
      settings: { SENDXMS_ENABLED: 'true', SENDXMS_BASE_URL: gateway.url, WORKER_CONCURRENCY: '100' },
    });
    const alarms = await Promise.all(
      keys.map(async (key) => (await world.press(key).expect(200)).body.alarm_id as string),
    );
    await Promise.all(keys.flatMap(() => [gateway.next(), gateway.next()]));

    release({ status: 400 });
    await Promise.all(alarms.map((id) => world.post(`/v1/alarms/${id}/ack`).expect(204)));
    await world.settle();
    await world.advance(120);

    const late = await world.query(
      `SELECT FROM alarm_events step JOIN alarm_events ack USING (alarm_id)
       WHERE step.type = 'escalation.step-started' AND ack.type = 'alarm.acknowledged' AND step.seq > ack.seq`,
    );
    expect(late).toEqual([]);
    const open = await world.query(`SELECT FROM notifications WHERE finished_at IS NULL`);
    expect(open).toEqual([]);
    const errors = logLines.lines.filter(
      ({ level, message }) => level === 'error' && !/for good/.test(message),
    );
    expect(errors).toEqual([]);
  });
});
