import { BAD_NUMBER, SMS_PROVIDERS } from '../support/emulators/sms-providers.ts';
import { house, KEY } from '../support/house.ts';
import { HttpReceiver, type Answer } from '../support/http-receiver.ts';
import { logLines } from '../support/log-lines.ts';
import { World } from '../support/world.ts';

const NUMBER = '+49 (0)151 23456789';
const DIGITS = '4915123456789';

let receiver: HttpReceiver;
let world: World;
let alarmId: string;

beforeAll(async () => {
  receiver = await HttpReceiver.start();
});
afterAll(() => receiver.close());
beforeEach(() => {
  receiver.requests.length = 0;
});
afterEach(() => world.stop());

const start = (settings: Readonly<Record<string, string>>) =>
  World.start({ settings: { BASE_URL: 'https://alarm.example.org', ...settings } }).then((started) => {
    world = started;
  });

const tell = async (address = NUMBER) => {
  await world.seed(house([{ id: 'guard', address }]));
  alarmId = (await world.press(KEY).expect(200)).body.alarm_id;
  await world.settle();
  const [row] = await world.query<{ status: string; reason: string | null; external_ref: string | null }>(
    'SELECT status, reason, external_ref FROM notifications WHERE alarm_id = $1',
    [alarmId],
  );
  return row!;
};

describe.each(Object.entries(SMS_PROVIDERS))('%s', (preset, provider) => {
  const settings = () => ({ SMS_PRESET: preset, SMS_BASE_URL: receiver.url, ...provider.settings });

  beforeEach(() => receiver.answer((request) => provider.answer(request)));

  it('takes the message, in one call', async () => {
    await start({ ...settings(), SMS_CALLBACK_SECRET: 'secret of the callback' });

    const number = preset === 'sendxms' ? `+${DIGITS}` : NUMBER;
    expect(await tell(number)).toEqual({
      status: 'sent',
      reason: null,
      external_ref: provider.messageId ?? null,
    });
    expect(receiver.count()).toBe(1);
    const sent = decodeURIComponent(receiver.requests[0]!.body.toString().replaceAll('+', '%20'));
    expect(sent).toContain('ALARM');
    expect(sent).toMatch(/https:\/\/alarm\.example\.org\/a\/[\w-]+/);
  });

  it('refuses a wrong key, which is not tried again and is said in words that hold no secret', async () => {
    await start({ ...settings(), SMS_SECRET: 'a-wrong-secret' });

    const { status, reason } = await tell();
    await world.advance(60);
    expect(status).toBe('failed');
    expect(reason).toMatch(preset === 'seven' ? /code 900/ : /answered 401/);
    expect(receiver.count()).toBe(1);
    expect(`${reason}${logLines.text}`).not.toMatch(/a-wrong-secret|23456789/);
  });

  it('refuses a bad number, which is not tried again and not repeated', async () => {
    await start(settings());

    const { status, reason } = await tell(BAD_NUMBER);
    await world.advance(60);
    expect(status).toBe('failed');
    expect(receiver.count()).toBe(1);
    expect(reason).not.toContain(BAD_NUMBER.slice(1));
  });
});

describe('what providers say', () => {
  const seven = () => ({ SMS_PRESET: 'seven', SMS_BASE_URL: receiver.url, SMS_SECRET: 'k' });
  const twilio = () => ({
    SMS_PRESET: 'twilio',
    SMS_BASE_URL: receiver.url,
    ...SMS_PROVIDERS['twilio']!.settings,
  });
  const attempts = async () => {
    const rows = await world.query<{ result: string }>(
      `SELECT a.result || COALESCE(': ' || a.reason, '') AS result FROM notification_attempts a
       JOIN notifications n ON n.id = a.notification_id WHERE n.alarm_id = $1 ORDER BY a.attempt`,
      [alarmId],
    );
    return rows.map(({ result }) => result);
  };
  const answering = (...answers: (Answer | 'hang' | 'reset')[]) =>
    receiver.answer(() => (answers.length > 1 ? answers.shift()! : answers[0]!));

  it.each([
    ['500', 'failed: refused', 1],
    ['202', 'failed: refused', 1],
    ['a new code', 'failed: refused', 1],
    ['403', 'failed: server-error', 2],
    ['600', 'failed: server-error', 2],
    ['700', 'ambiguous: malformed-answer', 2],
  ])('seven: status 200 with code %s is no success', async (code, result, requests) => {
    answering({ body: { success: code, messages: [] } });
    await start(seven());
    await tell();
    await world.advance(3);

    expect((await attempts())[0]).toBe(result);
    expect(receiver.count()).toBe(requests);
  });

  it('seven: a reload lock after an answer that got lost means that the first one was taken', async () => {
    answering('reset', { body: { success: '402', messages: [] } });
    await start(seven());
    await tell();
    await world.advance(3);

    expect(await attempts()).toEqual(['ambiguous: network', 'sent']);
    await world.advance(600);
    expect(receiver.count()).toBe(2);
  });

  it.each([
    ['no JSON', { status: 201, body: '<html>' }],
    ['no id', { status: 201, body: { status: 'queued' } }],
    ['nothing', { status: 201, body: '' }],
    ['another success', { status: 299, body: { sid: 'SM1' } }],
  ])('an answer that is not understood (%s) is repeated once', async (_what, answer) => {
    answering(answer);
    await start(twilio());
    await tell();
    await world.advance(3);
    await world.advance(600);

    expect(await attempts()).toEqual(['ambiguous: malformed-answer', 'ambiguous: malformed-answer']);
    expect((await world.notifications(alarmId))[0]).toMatchObject({ status: 'ambiguous' });
  });

  it.each([
    [408, 'failed: limited', 2],
    [425, 'failed: limited', 2],
    [429, 'failed: limited', 2],
    [500, 'failed: server-error', 2],
    [503, 'failed: server-error', 2],
    [501, 'failed: refused', 1],
    [400, 'failed: refused', 1],
    [404, 'failed: refused', 1],
    [307, 'failed: refused', 1],
  ])('%d', async (status, result, requests) => {
    answering({ status, body: { code: 20500, message: 'Not now' } });
    await start(twilio());
    const { reason } = await tell();
    await world.advance(3);

    expect((await attempts())[0]).toBe(result);
    expect(reason).toMatch(/: Not now\.$/);
    expect(receiver.count()).toBe(requests);
  });

  it('words that may hold a number, an address or a secret are replaced by the code', async () => {
    for (const message of [
      `Invalid number +${DIGITS}`,
      'Call 0151 23456789',
      'See https://example.org/?key=1',
      'key the-secret-of-the-account is wrong',
      'ask ada@example.org',
    ]) {
      answering({ status: 400, body: { code: 21211, message } });
      await start(twilio());
      expect((await tell()).reason).toBe('The server answered 400 Bad Request: code 21211.');
      await world.stop();
    }
    await start(twilio());
  });

  it('asks for a report only where one can arrive', async () => {
    receiver.answer((request) => SMS_PROVIDERS['twilio']!.answer(request));
    const callback = async (settings: Record<string, string>) => {
      await start({ ...twilio(), ...settings });
      expect((await tell()).status).toBe('sent');
      const asked = new URLSearchParams(receiver.requests.at(-1)!.body.toString()).get('StatusCallback');
      await world.stop();
      return asked;
    };

    const secret = { SMS_CALLBACK_SECRET: 'a secret' };
    expect(await callback(secret)).toBe('https://alarm.example.org/v1/callbacks/sms/twilio');
    expect(await callback({})).toBeNull();
    expect(await callback({ ...secret, BASE_URL: 'http://localhost:8080' })).toBeNull();
    await start(twilio());
  });
});
