import { readSettings } from '#platform';

import { BAD_NUMBER, SMS_PROVIDERS } from '../../../../test/support/emulators/sms-providers.ts';
import { HttpReceiver, type Answer, type Handler } from '../../../../test/support/http-receiver.ts';
import { ChannelError, type ChannelMessage, type Receipt } from '../notification-channel.ts';
import { smsChannel } from './sms.channel.ts';

const NUMBER = '+49 (0)151 23456789';
const DIGITS = '4915123456789';
const LINK = 'https://alarm.example.org/a/k3Jx_9-0123456789abcdefghij';
const CALLBACK = { SMS_CALLBACK_SECRET: 'secret of the callback', BASE_URL: 'https://alarm.example.org/x/' };

let receiver: HttpReceiver;

beforeAll(async () => {
  receiver = await HttpReceiver.start();
});
afterAll(() => receiver.close());
beforeEach(() => {
  receiver.requests.length = 0;
});

const message = (short: string, address: string): ChannelMessage => ({
  notificationId: '01a20a4c-ea89-7f10-a4f5-4fd4a4dbb2c8',
  purpose: 'alert',
  stepNo: 0,
  attempt: 1,
  mayHaveArrived: false,
  earlierRef: null,
  address,
  targetLabel: 'Guard',
  text: { subject: '', short, body: '', html: '' },
  requestId: null,
  brief: {
    alarmId: '01a20a4c-ea89-7f10-a4f5-4fd4a4dbb2c9',
    severity: 'P0',
    silent: true,
    source: 'yealink',
    event: 'alarm.trigger',
    triggeredAt: '2026-03-02T08:00:00.000Z',
    simulated: false,
    person: null,
    role: null,
    room: null,
    floor: null,
    site: null,
    link: LINK,
  },
});

const settingsOf = (preset: string): Record<string, string> => ({
  SMS_PRESET: preset,
  SMS_BASE_URL: receiver.url,
  ...SMS_PROVIDERS[preset]!.settings,
});
const send = (
  settings: Readonly<Record<string, string>>,
  address = NUMBER,
  text = `ALARM. ${LINK}`,
): Promise<Receipt> =>
  smsChannel(readSettings(settings)).send(message(text, address), AbortSignal.timeout(5000));
const failure = async (attempt: Promise<Receipt>): Promise<ChannelError> => {
  const error: unknown = await attempt.catch((reason: unknown) => reason);
  if (!(error instanceof ChannelError)) throw new Error(`no ChannelError but ${JSON.stringify(error)}`);
  expect(error.message).not.toMatch(/secret|23456789|127\.0\.0\.1|:\/\//);
  return error;
};
const answer = (how: Answer | Handler) => receiver.answer(how);

describe.each(Object.entries(SMS_PROVIDERS))('%s', (preset, provider) => {
  const number = preset === 'sendxms' ? `+${DIGITS}` : NUMBER;

  beforeEach(() => answer((request) => provider.answer(request)));

  it('takes the message, in one call', async () => {
    const { messageId } = provider;

    expect(await send({ ...settingsOf(preset), ...CALLBACK }, number)).toEqual(
      messageId === undefined ? {} : { externalRef: messageId },
    );
    expect(receiver.count()).toBe(1);
    expect(decodeURIComponent(receiver.requests[0]!.body.toString())).toContain(LINK);
  });

  it('refuses a wrong key, and it is not tried again', async () => {
    const refused = await failure(send({ ...settingsOf(preset), SMS_SECRET: 'a-wrong-secret' }, number));

    expect(refused.options).toEqual({ retry: 'no', reason: 'refused' });
    expect(refused.message).toMatch(preset === 'seven' ? /code 900/ : /answered 401/);
  });

  it('refuses a bad number, and it is not tried again', async () => {
    const refused = await failure(send(settingsOf(preset), BAD_NUMBER));

    expect(refused.options).toEqual({ retry: 'no', reason: 'refused' });
    expect(refused.message).not.toContain(BAD_NUMBER.slice(1));
    expect(receiver.count()).toBe(1);
  });
});

describe('a name in a message', () => {
  const nasty = `"},"to":"+490","x":{"{{secret}} {{to}} \\" ' &To=+490&x=%0a {{text}} }}`;

  it.each(['seven', 'sendxms'])('adds nothing to a body in JSON: %s', async (preset) => {
    answer((request) => SMS_PROVIDERS[preset]!.answer(request));
    await send(settingsOf(preset), `+${DIGITS}`, nasty);

    const body = receiver.requests[0]!.json as Record<string, string>;
    expect(body['to']).toBe(`+${DIGITS}`);
    expect(body['text'] ?? body['message']).toBe(nasty);
    expect(Object.keys(body)).not.toContain('x');
  });

  it('adds nothing to a form', async () => {
    answer((request) => SMS_PROVIDERS['twilio']!.answer(request));
    await send(settingsOf('twilio'), NUMBER, nasty);

    const form = new URLSearchParams(receiver.requests[0]!.body.toString());
    expect([...form.keys()]).toEqual(['To', 'From', 'Body']);
    expect(form.get('To')).toBe(`+${DIGITS}`);
    expect(form.get('Body')).toBe(nasty);
  });

  it('is written in the GSM alphabet, and leaves room for the link', async () => {
    answer((request) => SMS_PROVIDERS['sinch']!.answer(request));
    await send(settingsOf('sinch'), NUMBER, `ALARM – Łukasz ${'“x” '.repeat(200)} ${LINK}`);

    const { body } = receiver.requests[0]!.json as { body: string };
    expect(body).toMatch(/^ALARM - Lukasz "x" .*\.\.\. https:/);
    expect(body.endsWith(LINK)).toBe(true);
    expect(body.length).toBeLessThanOrEqual(306);
  });
});

describe('a number', () => {
  it.each([
    ['+49 151 234-567.89', '+4915123456789', '4915123456789'],
    ['0049 (151) 23456789', '+4915123456789', '4915123456789'],
    ['4915123456789', '+4915123456789', '4915123456789'],
    ['+49(0)15123456789', '+4915123456789', '4915123456789'],
    ['0151 23456789', '015123456789', '015123456789'],
  ])('%s is written as the provider wants it', async (typed, e164, digits) => {
    answer((request) => ({ body: { ...request, success: '100', id: 'x' } }));
    await send(settingsOf('seven'), typed);
    await send(settingsOf('sinch'), typed);

    expect(receiver.requests.map(({ json }) => (json as { to: string | string[] }).to)).toEqual([
      e164,
      [digits],
    ]);
  });

  it.each(['', ' ', 'guard', '+49 151 x', '12', '++49151234567'])('%j is none', async (typed) => {
    expect((await failure(send(settingsOf('seven'), typed))).options).toEqual({
      retry: 'no',
      reason: 'refused',
    });
    expect(receiver.count()).toBe(0);
  });
});

describe('what a provider answers', () => {
  it.each([
    ['500', 'no'],
    ['202', 'no'],
    ['a new code', 'no'],
    ['403', 'yes'],
    ['600', 'yes'],
    ['700', 'ambiguous'],
  ])('seven: status 200 with code %s is no success', async (success, retry) => {
    answer({ body: { success, messages: [] } });

    expect((await failure(send(settingsOf('seven')))).options.retry).toBe(retry);
  });

  it('seven: a reload lock says that the very same message was taken a moment ago', async () => {
    answer({ body: '"402"' });

    expect(await send(settingsOf('seven'))).toEqual({});
  });

  it.each([
    ['"a\\u0000b "', 'ab'],
    ['4711', '4711'],
    [`"${'x'.repeat(300)}"`, 'x'.repeat(200)],
    ['" "', undefined],
    ['{"a":1}', undefined],
    ['null', undefined],
  ])('sendXMS: the id %s is kept as %s', async (id, externalRef) => {
    answer({ body: `{"id":${id}}` });

    expect((await send(settingsOf('sendxms'))).externalRef).toBe(externalRef);
  });

  it.each([
    ['no JSON', { status: 201, body: '<html>' }],
    ['no id', { status: 201, body: { status: 'queued' } }],
    ['nothing', { status: 201, body: '' }],
    ['more than anybody reads', { status: 201, body: `{"sid":"${'x'.repeat(1 << 20)}"}` }],
    ['another success', { status: 299, body: { sid: 'SM1' } }],
  ])('is not understood: %s', async (_what, how) => {
    answer(how);

    expect((await failure(send(settingsOf('twilio')))).options).toMatchObject({
      retry: 'ambiguous',
      reason: 'malformed-answer',
    });
  });

  it.each([
    [408, 'yes', 'limited'],
    [425, 'yes', 'limited'],
    [429, 'yes', 'limited'],
    [500, 'yes', 'server-error'],
    [503, 'yes', 'server-error'],
    [501, 'no', 'refused'],
    [400, 'no', 'refused'],
    [404, 'no', 'refused'],
    [307, 'no', 'refused'],
  ])('%d, in its own words', async (status, retry, reason) => {
    answer({ status, headers: { 'retry-after': '20' }, body: { code: 20500, message: 'Not now\n' } });

    const refused = await failure(send(settingsOf('twilio')));
    expect(refused.options).toMatchObject({ retry, reason });
    expect(refused.options.retryAfterSeconds).toBe(retry === 'yes' ? 20 : undefined);
    expect(refused.message).toMatch(/^The server answered \d+ [\w ]+: Not now\.$/);
  });

  it.each([
    `Invalid number +${DIGITS}`,
    'Call 0151 234 567',
    'See https://example.org/?key=1',
    'key the-secret-of-the-account is wrong',
    'ask ada@example.org',
    'ALARM. https is too long',
    '',
  ])('in words that are not repeated: %j', async (words) => {
    answer({ status: 400, body: { code: 21211, message: words } });

    expect((await failure(send(settingsOf('twilio'), NUMBER, 'ALARM. https'))).message).toBe(
      'The server answered 400 Bad Request: code 21211.',
    );
  });

  it('in more words than anybody wants to read', async () => {
    answer({ status: 400, body: { message: 'so much '.repeat(1000) } });

    expect((await failure(send(settingsOf('twilio')))).message.length).toBeLessThan(260);
  });

  it('with nothing at all, in time', async () => {
    receiver.hang();

    const channel = smsChannel(readSettings(settingsOf('twilio')));
    const late = await failure(channel.send(message('ALARM', NUMBER), AbortSignal.timeout(100)));
    expect(late.options).toEqual({ retry: 'ambiguous', reason: 'timeout' });
  });
});

describe('a report', () => {
  const asked = async (settings: Readonly<Record<string, string>>, field: string) => {
    const preset = settings['SMS_PRESET']!;
    answer((request) => SMS_PROVIDERS[preset]!.answer(request));
    await send(settings);
    const { json, body } = receiver.requests.at(-1)!;
    return preset === 'twilio'
      ? new URLSearchParams(body.toString()).get(field)
      : ((json as Record<string, string>)[field] ?? null);
  };

  it.each([
    ['twilio', 'StatusCallback', 'https://alarm.example.org/x/v1/callbacks/sms/twilio'],
    ['vonage', 'webhook_url', 'https://alarm.example.org/x/v1/callbacks/sms/vonage'],
    ['messagebird', 'reportUrl', 'https://alarm.example.org/x/v1/callbacks/sms/messagebird'],
    [
      'sinch',
      'callback_url',
      'https://alarm.example.org/x/v1/callbacks/sms/sinch?key=secret%20of%20the%20callback',
    ],
  ])('is asked for where one can arrive and be believed: %s', async (preset, field, url) => {
    expect(await asked({ ...settingsOf(preset), ...CALLBACK }, field)).toBe(url);
    expect(await asked({ ...settingsOf(preset), ...CALLBACK, SMS_CALLBACK_SECRET: '' }, field)).toBeNull();
    for (const host of ['localhost:8080', '127.0.0.1', '[::1]:80', 'alarm_broker', 'broker.local']) {
      expect(
        await asked({ ...settingsOf(preset), ...CALLBACK, BASE_URL: `http://${host}` }, field),
      ).toBeNull();
    }
  });
});
