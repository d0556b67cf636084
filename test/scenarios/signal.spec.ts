import { SignalCli, type SignalPerson } from '../support/emulators/signal.ts';
import { house, KEY, type TargetSketch } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { World } from '../support/world.ts';

const SECRET = 'secret-of-the-callback';
const BEN: SignalPerson = {
  number: '+491709999999',
  name: 'benny',
  uuid: '5f3c1a20-1111-4222-8333-abcdefabcdef',
};
const GUARD: SignalPerson = { number: '+491701234567', name: 'The guard' };
const STRANGER: SignalPerson = { number: '+447700900000', name: 'Somebody' };
const INTERNAL = Buffer.from('a group of thirty-two bytes long').toString('base64');
const inGroup = (person: SignalPerson): SignalPerson => ({ ...person, groupId: INTERNAL });

const toGuard: TargetSketch = { id: 'guard', channel: 'signal', address: '+49 170 1234567' };
const toGroup: TargetSketch = { id: 'everybody', channel: 'signal', address: '' };

/** The small house, with Ben's number in the directory as people write numbers. */
function seed(...targets: TargetSketch[]): string {
  const plain = JSON.parse(house(targets)) as { persons: object[] };
  const persons = plain.persons.map((person) =>
    'id' in person && person.id === 'ben' ? { ...person, phone_mobile: '0049 (0)170 - 999 99 99' } : person,
  );
  return JSON.stringify({ ...plain, persons });
}

describe('an alarm told by Signal', () => {
  let server: SignalCli;
  let world: World;
  let alarmId: string;

  beforeAll(async () => {
    server = await SignalCli.start({ groups: [INTERNAL] });
    world = await World.start({
      settings: {
        SIGNAL_ENABLED: 'true',
        SIGNAL_CLI_ENDPOINT: server.url,
        SIGNAL_NUMBER: '+4930111222',
        SIGNAL_TARGET_GROUP_ID: INTERNAL,
        SIGNAL_CALLBACK_SECRET: SECRET,
      },
    });
  });

  afterAll(async () => {
    await world.stop();
    await server.close();
  });

  /** Presses; everything of the first step has been sent when it returns. @returns the times of the messages. */
  const press = async (...targets: TargetSketch[]): Promise<number[]> => {
    await world.seed(seed(...targets));
    world.clock.advance(20);
    logLines.clear();
    const before = server.sent.length;
    alarmId = (await world.press(KEY).expect(200)).body.alarm_id;
    await world.settle();
    return server.sent.slice(before).map(({ timestamp }) => timestamp);
  };
  afterEach(async () => {
    server.answer(undefined);
    server.unreached = [];
    await world.post(`/v1/alarms/${alarmId}/cancel`);
  });

  const post = (line: string) => server.post(`${world.url}/v1/callbacks/signal/${SECRET}`, line);
  const alarm = async () => (await world.get(`/v1/alarms/${alarmId}`).expect(200)).body;
  const notes = async () => (await world.get(`/v1/alarms/${alarmId}/notes`).expect(200)).body;
  const isAcknowledged = async () => (await alarm()).status === 'acknowledged';
  const told = async () => (await world.notifications(alarmId))[0];
  /** Numbers are kept where messages are sent to, and nowhere else. */
  const expectNoNumbers = async () => {
    const kept = JSON.stringify(
      await world.query(
        `SELECT data, actor FROM alarm_events WHERE alarm_id = $1
         UNION ALL SELECT to_jsonb(n) - 'address', NULL FROM notifications n WHERE alarm_id = $1`,
        [alarmId],
      ),
    );
    for (const text of [kept, logLines.text]) expect(text).not.toMatch(/\+?49 ?170|1709999999|447700/);
  };

  it('is acknowledged by a 👍, in the name of who has the number', async () => {
    const [timestamp = 0] = await press(toGroup, { ...toGroup, id: 'later', after: 60 });
    await post(server.reaction(inGroup(BEN), timestamp, '👍🏽'));

    expect(await alarm()).toMatchObject({ status: 'acknowledged', acked_by: 'Ben' });
    const events = (await world.get(`/v1/alarms/${alarmId}/events`).expect(200)).body;
    expect(JSON.stringify(events)).toContain('"actor":"signal"');
    await world.advance(120);
    expect((await world.notifications(alarmId)).map(({ label }) => label)).toEqual(['everybody']);
    await expectNoNumbers();
  });

  it('is acknowledged by the name Signal knows, where the directory knows none', async () => {
    const [timestamp = 0] = await press(toGuard);
    await post(server.reply(GUARD, timestamp, 'Komme!'));

    expect(await alarm()).toMatchObject({ status: 'acknowledged', acked_by: 'The guard' });
    await expectNoNumbers();
  });

  it.each<[string, SignalPerson]>([
    ['hides number and name', { uuid: BEN.uuid! }],
    ['is called by the number', { number: GUARD.number!, name: '+49 170 1234567' }],
  ])('is acknowledged by somebody who %s', async (_what, person) => {
    const [timestamp = 0] = await press(toGuard);
    await post(server.reaction(person, timestamp));

    expect(await alarm()).toMatchObject({ status: 'acknowledged', acked_by: 'Signal' });
    await expectNoNumbers();
  });

  it('is not acknowledged by who cannot have received the message', async () => {
    await press(toGuard, { ...toGroup, id: 'z-everybody' });
    const timeOf = (beginning: string) =>
      server.sent.findLast(({ recipient }) => recipient.startsWith(beginning))!.timestamp;
    const [one, all] = [timeOf('+'), timeOf('group.')];
    await post(server.reaction(STRANGER, one));
    await post(server.reply(STRANGER, all, 'ok'));
    await post(server.reaction({ ...STRANGER, groupId: 'another group' }, all));
    await post(server.reply(STRANGER, one, 'What is this?'));

    expect(await isAcknowledged()).toBe(false);
    expect(await notes()).toEqual([]);
    expect(logLines.at('warning')).toContainEqual(expect.stringContaining('counts for no alarm'));
    await expectNoNumbers();
    await post(server.reaction(inGroup(STRANGER), all));
    expect(await isAcknowledged()).toBe(true);
  });

  it('takes any other reply for a note', async () => {
    const [timestamp = 0] = await press(toGuard);
    await post(server.reply(GUARD, timestamp, 'ok?\nWhich\u0007 door\0 is open?'));

    expect(await isAcknowledged()).toBe(false);
    expect(await notes()).toMatchObject([{ created_by: 'The guard', note: 'ok?\nWhich  door  is open?' }]);
    await expectNoNumbers();
  });

  it('is not moved by what means something else', async () => {
    const [timestamp = 0] = await press(toGuard);
    const before = await world.timeline(alarmId);
    await post(server.reaction(GUARD, timestamp, '👎'));
    await post(server.reaction(GUARD, timestamp, '👍', true));
    await post(server.reaction(GUARD, timestamp + 1_000_000));
    await post(server.message(GUARD, 'ok'));
    await post(server.reply(GUARD, timestamp, '\u0007'));

    expect(await isAcknowledged()).toBe(false);
    expect(await world.timeline(alarmId)).toEqual(before);
  });

  it('is acknowledged once, by who was first, and by nobody once it is over', async () => {
    const [timestamp = 0] = await press(toGroup);
    await post(server.reaction(inGroup(BEN), timestamp));
    await post(server.reaction(inGroup(GUARD), timestamp));
    await post(server.reaction(inGroup(BEN), timestamp));
    expect((await alarm()).acked_by).toBe('Ben');
    expect((await world.timeline(alarmId)).filter((type) => type === 'alarm.acknowledged')).toHaveLength(1);

    const [later = 0] = await press(toGroup);
    await world.post(`/v1/alarms/${alarmId}/resolve`).expect(204);
    await post(server.reaction(inGroup(BEN), later));
    expect((await alarm()).status).toBe('resolved');

    await world.delete(`/v1/alarms/${alarmId}`).expect(204);
    await post(server.reaction(inGroup(BEN), later));
    await post(server.reply(inGroup(BEN), later, 'What was it?'));
  });

  it('is known to have been delivered when the phone says so', async () => {
    const [timestamp = 0] = await press(toGuard);
    expect(await told()).toMatchObject({ status: 'sent' });
    await post(server.receipt(GUARD, [timestamp]));
    await post(server.receipt(GUARD, [timestamp, 1], 'isRead'));

    expect(await told()).toMatchObject({ status: 'delivered' });
    expect((await world.timeline(alarmId)).filter((type) => type === 'notification.delivered')).toHaveLength(
      1,
    );
    await post(server.reaction(GUARD, timestamp));
    expect(await isAcknowledged()).toBe(true);
  });

  it('calls for somebody who solves a captcha, and is not sent again', async () => {
    server.limit();
    const sends = () => server.requests.filter(({ method }) => method === 'POST').length;
    const before = sends();
    await press(toGuard);
    await world.advance(3600);

    expect(sends() - before).toBe(1);
    expect(await told()).toMatchObject({ status: 'ambiguous' });
    expect(logLines.at('error')).toContainEqual(expect.stringContaining('solves a captcha'));
    await expectNoNumbers();
  });

  it('says so where a group was reached in part', async () => {
    server.unreached = [{ number: GUARD.number!, reason: 'UNREGISTERED_FAILURE' }];
    await press(toGroup);

    expect(await told()).toMatchObject({ status: 'sent' });
    expect(logLines.at('warning')).toContainEqual(
      expect.stringContaining('Not everybody in the Signal group'),
    );
    await expectNoNumbers();
  });

  it('is tried again while Signal is not reached', async () => {
    server.unreached = [{ number: GUARD.number!, reason: 'NETWORK_FAILURE' }];
    await press(toGuard);
    server.unreached = [];
    await world.advance(5);

    expect(await told()).toMatchObject({ status: 'sent', attempts: 2 });
  });
});
