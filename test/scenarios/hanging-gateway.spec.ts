import { HttpReceiver, type Recorded } from '../support/http-receiver.ts';
import { house } from '../support/house.ts';
import { SHAPES, World, type Shape } from '../support/world.ts';

const PRESSES = 50;
const KEYS = Array.from({ length: PRESSES }, (_, i) => `KEY-OF-ROOM-${i}`);

/** Before the lease of a send under way runs out: the 8 s an SMS may take, and 5 to write that down. */
const SECOND_STEP = 10;

const alarmOf = ({ json }: Recorded) => (json as { data: { alarm_id: string } }).data.alarm_id;

/** Fifty phones; each alarm tells a guard by SMS and the control room by webhook, a moment later its deputy. */
const building = (controlRoom: HttpReceiver): string => {
  const webhook = (id: string, after: number) => ({
    id,
    channel: 'webhook',
    address: `${controlRoom.url}/${id}`,
    after,
  });
  const targets = [{ id: 'guard' }, webhook('control', 0), webhook('deputy', SECOND_STEP)];
  const devices = KEYS.map((device_token, i) => ({
    ...{ id: `phone-${i}`, device_token },
    ...{ person_id: 'ada', room_id: 'counter-1' },
  }));
  return JSON.stringify({ ...(JSON.parse(house(targets)) as object), devices });
};

interface HandOff {
  readonly target: string;
  /** Of the phone. */
  readonly press: number;
  readonly tries: number;
  /** By the clock of the story, which stands still unless it is moved: waiting for anything would show. */
  readonly secondsAfterPress: number;
}

/** What fifty presses at once come to in the control room, with an SMS gateway that behaves as told. */
async function tell(shape: Shape, gatewayHangs: boolean) {
  const gateway = await HttpReceiver.start();
  const controlRoom = await HttpReceiver.start();
  if (gatewayHangs) gateway.hang();
  const world = await World.start({
    shape,
    seed: building(controlRoom),
    settings: {
      SENDXMS_ENABLED: 'true',
      SENDXMS_BASE_URL: gateway.url,
      WEBHOOK_ALLOWED_HOSTS: '127.0.0.1',
    },
  });
  try {
    const alarms = await Promise.all(
      KEYS.map(async (key) => (await world.press(key).expect(200)).body.alarm_id as string),
    );
    const allAt = (path: string) =>
      Promise.all(alarms.map((id) => controlRoom.next((call) => call.url === path && alarmOf(call) === id)));
    await allAt('/control');
    world.clock.advance(SECOND_STEP);
    await world.ringFor(alarms);
    await allAt('/deputy');

    const triesBySms = await world.query<{ result: string }>(
      `SELECT a.result FROM notification_attempts a JOIN notifications n ON n.id = a.notification_id
       WHERE n.channel = 'sms'`,
    );
    await recorded(world);
    const rows = await world.query<HandOff & { alarm: string }>(
      `SELECT n.target_id AS target, n.alarm_id AS alarm, n.attempts AS tries,
              extract(epoch FROM a.started_at - alarms.created_at)::float AS "secondsAfterPress"
       FROM notification_attempts a JOIN notifications n ON n.id = a.notification_id
       JOIN alarms ON alarms.id = n.alarm_id
       WHERE n.channel = 'webhook' AND a.result = 'sent'`,
    );
    const handOffs = rows
      .map(({ alarm, ...row }): HandOff => ({ ...row, press: alarms.indexOf(alarm) }))
      .sort((a, b) => a.target.localeCompare(b.target) || a.press - b.press);
    return { handOffs, triesBySms, askedGateway: gateway.count(), requests: controlRoom.count() };
  } finally {
    await gateway.close();
    await world.stop();
    await controlRoom.close();
  }
}

/** A receiver has a message a moment before the worker has written that down. */
async function recorded(world: World): Promise<void> {
  const open = `SELECT FROM notifications WHERE channel = 'webhook' AND status IN ('scheduled', 'sending')`;
  while ((await world.query(open)).length > 0) await new Promise(setImmediate);
}

describe.each(SHAPES)('a gateway that never answers, with jobs in %s', (shape) => {
  it('changes nothing about when, how often and of what the others are told', async () => {
    const healthy = await tell(shape, false);
    const beside = await tell(shape, true);

    // All of it happened while not a single one of its sends had come to an end, and its lane was full.
    expect(beside.triesBySms).toEqual([]);
    expect(beside.askedGateway).toBe(5);
    expect(beside.requests).toBe(2 * PRESSES);
    expect(beside.handOffs).toEqual(healthy.handOffs);
    expect(beside.handOffs).toEqual(
      [
        ['control', 0],
        ['deputy', SECOND_STEP],
      ].flatMap(([target, secondsAfterPress]) =>
        KEYS.map((_, press) => ({ target, press, tries: 1, secondsAfterPress })),
      ),
    );
  });
});
