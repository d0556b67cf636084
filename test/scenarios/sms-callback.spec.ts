import { createHash, createHmac } from 'node:crypto';

import { SMS_PROVIDERS } from '../support/emulators/sms-providers.ts';
import { house, KEY } from '../support/house.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { logLines } from '../support/log-lines.ts';
import { ADMIN_KEY, World } from '../support/world.ts';

const SECRET = 'the-secret-of-the-callback';
const PUBLIC = 'https://alarm.example.org';

let gateway: HttpReceiver;
let world: World;
let alarmId: string;

beforeAll(async () => {
  gateway = await HttpReceiver.start();
});
afterAll(() => gateway.close());

const start = async (preset: string, settings: Readonly<Record<string, string>> = {}) => {
  const provider = SMS_PROVIDERS[preset]!;
  gateway.answer((request) => provider.answer(request));
  world = await World.start({
    seed: house([{ id: 'guard', address: '+4915123456789' }]),
    settings: {
      BASE_URL: PUBLIC,
      SMS_PRESET: preset,
      SMS_BASE_URL: gateway.url,
      SMS_CALLBACK_SECRET: SECRET,
      ...provider.settings,
      ...settings,
    },
  });
};
const sent = async () => {
  world.clock.advance(60);
  alarmId = (await world.press(KEY).expect(200)).body.alarm_id;
  await world.settle();
};
const shown = async () => {
  const { body } = await world.get(`/v1/alarms/${alarmId}/notifications`).expect(200);
  return body[0] as { status: string; reason: string | null };
};
const news = async () => (await world.timeline(alarmId)).filter((type) => type.startsWith('notification.'));

/** As the provider signs it, not as we check it. */
const twilioSignature = (url: string, fields: Readonly<Record<string, string>>, key = SECRET): string => {
  const text = Object.keys(fields)
    .sort()
    .reduce((whole, name) => whole + name + fields[name], url);
  return createHmac('sha1', key).update(text).digest('base64');
};
const jwt = (claims: object, key = SECRET, header: object = { alg: 'HS256', typ: 'JWT' }): string => {
  const part = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
};
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('Twilio', () => {
  const URL_SIGNED = `${PUBLIC}/v1/callbacks/sms/twilio`;
  const sid = SMS_PROVIDERS['twilio']!.messageId!;

  beforeAll(() => start('twilio'));
  afterAll(() => world.stop());
  afterEach(() => world.post(`/v1/alarms/${alarmId}/cancel`));

  const fields = (MessageStatus: string, more: Readonly<Record<string, string>> = {}) => ({
    MessageSid: sid,
    MessageStatus,
    To: '+4915123456789',
    From: '+15005550006',
    AccountSid: 'AC0123456789abcdef',
    ...more,
  });
  const report = (content: Readonly<Record<string, string>>, signature: string | undefined) => {
    const call = world.http.post('/v1/callbacks/sms/twilio').type('form').send(content);
    return signature === undefined ? call : call.set('X-Twilio-Signature', signature);
  };
  const signed = (status: string, more: Readonly<Record<string, string>> = {}, url = URL_SIGNED) =>
    report(fields(status, more), twilioSignature(url, fields(status, more)));
  /** One message id for all: a story of its own for each needs those before to be forgotten. */
  const forget = () =>
    world.query(`UPDATE notifications SET external_ref = NULL WHERE alarm_id <> '${alarmId}'`);

  it('says that the SMS was delivered, and it shows', async () => {
    await sent();
    expect(new URLSearchParams(gateway.requests.at(-1)!.body.toString()).get('StatusCallback')).toBe(
      URL_SIGNED,
    );
    expect((await shown()).status).toBe('sent');
    for (const status of ['queued', 'sending', 'sent']) await signed(status).expect(200);
    expect((await shown()).status).toBe('sent');

    await signed('delivered')
      .expect(200, 'OK')
      .expect('Content-Type', /text\/plain/);
    await signed('delivered').expect(200);
    await signed('sent').expect(200);
    expect(await shown()).toMatchObject({ status: 'delivered', reason: null });
    expect(await news()).toEqual(['notification.sent', 'notification.delivered']);
  });

  it('says that it was not, and why', async () => {
    await sent();
    await forget();
    await signed('undelivered', { ErrorCode: '30003' }).expect(200);

    const reason = 'The provider reports: undelivered, code 30003.';
    expect(await shown()).toMatchObject({ status: 'failed', reason });
    expect(await news()).toEqual(['notification.sent', 'notification.failed']);
  });

  it('may be faster than the record of the send', async () => {
    gateway.answer(async (request) => {
      const taken = SMS_PROVIDERS['twilio']!.answer(request);
      await world.query('UPDATE notifications SET external_ref = NULL');
      await signed('delivered').expect(200);
      return taken;
    });
    await sent();
    gateway.answer((request) => SMS_PROVIDERS['twilio']!.answer(request));

    expect((await shown()).status).toBe('delivered');
  });

  it.each([`${PUBLIC}:443/v1/callbacks/sms/twilio`, `${URL_SIGNED}?attempt=2`])(
    'signs the address as it calls it: %s',
    async (url) => {
      await sent();
      await forget();
      const { pathname, search } = new URL(url);
      const content = fields('delivered');
      await world.http
        .post(`${pathname}${search}`)
        .type('form')
        .send(content)
        .set('X-Twilio-Signature', twilioSignature(url, content))
        .expect(200);
      expect((await shown()).status).toBe('delivered');
    },
  );

  it.each<[string, () => [Record<string, string>, string | undefined]]>([
    ['no signature', () => [fields('delivered'), undefined]],
    ['an empty signature', () => [fields('delivered'), '']],
    ['another key', () => [fields('delivered'), twilioSignature(URL_SIGNED, fields('delivered'), 'guessed')]],
    ['another status', () => [fields('delivered'), twilioSignature(URL_SIGNED, fields('failed'))]],
    [
      'another address',
      () => [fields('delivered'), twilioSignature('https://elsewhere.example/', fields('delivered'))],
    ],
    [
      'a field added',
      () => [fields('delivered', { X: '1' }), twilioSignature(URL_SIGNED, fields('delivered'))],
    ],
  ])('is not believed with %s, and nothing changes', async (_what, forged) => {
    await sent();
    await forget();
    const [content, signature] = forged();
    const { body } = await report(content, signature).expect(403);

    expect(body).toMatchObject({ code: 'callback.refused' });
    expect((await shown()).status).toBe('sent');
    expect(await news()).toEqual(['notification.sent']);
  });

  it('is not mistaken for another provider', async () => {
    for (const path of ['seven', 'sendxms', 'custom', 'TWILIO', '..%2ftwilio', 'constructor']) {
      await world.http.post(`/v1/callbacks/sms/${path}`).send({}).expect(404);
    }
    await world.http.head('/v1/callbacks/sms/twilio').expect(405);
  });

  it('may send what is no report: it is signed, so it is taken, and nothing comes of it', async () => {
    await sent();
    for (const content of [{}, { MessageSid: sid }, { MessageStatus: 'delivered' }]) {
      await report(content, twilioSignature(URL_SIGNED, content)).expect(200);
    }
    expect((await shown()).status).toBe('sent');
  });
});

describe('seven, Vonage, MessageBird, Sinch, LOX24 and sendXMS', () => {
  afterEach(() => world.stop());

  const outcome = async () => (await shown()).status;
  const post = (path: string, text: string, headers: Readonly<Record<string, string>> = {}) =>
    world.http
      .post(`/v1/callbacks/sms/${path}`)
      .set({ 'Content-Type': 'application/json', ...headers })
      .send(text);

  it('seven signs five lines', async () => {
    await start('seven');
    await sent();
    const text = JSON.stringify({
      webhook_event: 'dlr',
      webhook_timestamp: '2026-03-02 09:00:01',
      data: { msg_id: '77229135982', status: 'DELIVERED', timestamp: '2026-03-02 09:00:00' },
    });
    const nonce = '0123456789abcdef0123456789abcdef';
    const lines = ['1772442000', nonce, 'POST', `${PUBLIC}/v1/callbacks/sms/seven`];
    const hash = createHash('md5').update(text).digest('hex');
    const signature = createHmac('sha256', SECRET)
      .update([...lines, hash].join('\n'))
      .digest('hex');
    const headers = { 'X-Timestamp': '1772442000', 'X-Nonce': nonce, 'X-Signature': signature };

    await post('seven', text.replace('DELIVERED', 'REJECTED'), headers).expect(403);
    await post('seven', text, { ...headers, 'X-Nonce': 'another' }).expect(403);
    await post(`seven?key=${SECRET}`, text).expect(403);
    expect(await outcome()).toBe('sent');
    await post('seven', text, headers).expect(200);
    expect(await outcome()).toBe('delivered');
  });

  it('Vonage sends a token with a hash of the body', async () => {
    await start('vonage');
    await sent();
    const text = JSON.stringify({
      message_uuid: SMS_PROVIDERS['vonage']!.messageId,
      to: '4915123456789',
      status: 'undeliverable',
      error: { type: 'https://developer.vonage.com/api-errors/messages#1260', title: '1260' },
    });
    const claims = { iat: 1772442000, iss: 'Vonage', api_key: 'abcd1234', payload_hash: sha256(text) };
    const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

    await post('vonage', text).expect(403);
    await post('vonage', text, bearer(jwt(claims, 'guessed'))).expect(403);
    await post('vonage', text, bearer(jwt(claims, SECRET, { alg: 'none' }))).expect(403);
    await post('vonage', text, bearer(`${jwt(claims).split('.').slice(0, 2).join('.')}.`)).expect(403);
    await post('vonage', text, bearer(jwt({ ...claims, payload_hash: sha256('{}') }))).expect(403);
    await post('vonage', text, bearer(jwt({ ...claims, payload_hash: undefined }))).expect(403);
    expect(await outcome()).toBe('sent');
    await post('vonage', text, bearer(jwt(claims))).expect(200);
    expect(await shown()).toMatchObject({
      status: 'failed',
      reason: 'The provider reports: undeliverable, code 1260.',
    });
  });

  it('MessageBird asks with GET, and signs the address', async () => {
    await start('messagebird');
    await sent();
    const query = `id=${SMS_PROVIDERS['messagebird']!.messageId}&reference=r&recipient=4915123456789&status=delivered&statusDatetime=2026-03-02T08%3A00%3A01%2B00%3A00`;
    const path = `/v1/callbacks/sms/messagebird?${query}`;
    const token = (url: string, iss = 'MessageBird') => jwt({ iss, jti: 'x', url_hash: sha256(url) });
    const get = (signature: string) => world.http.get(path).set('MessageBird-Signature-JWT', signature);

    await world.http.get(path).expect(403);
    await get(token(`${PUBLIC}/v1/callbacks/sms/messagebird`)).expect(403);
    await get(token(`${PUBLIC}${path}`, 'Somebody')).expect(403);
    const withBody = (more: object) =>
      world.http
        .post(path)
        .set(
          'MessageBird-Signature-JWT',
          jwt({ iss: 'MessageBird', url_hash: sha256(PUBLIC + path), ...more }),
        )
        .type('json')
        .send('{"a":1}');
    await withBody({}).expect(403);
    await withBody({ payload_hash: sha256('{"a":2}') }).expect(403);
    await withBody({ payload_hash: sha256('{"a":1}') }).expect(200);
    expect(await outcome()).toBe('sent');
    await get(token(`${PUBLIC}${path}`)).expect(200, 'OK');
    expect(await outcome()).toBe('delivered');
  });

  it.each([
    [
      'sinch',
      { type: 'recipient_delivery_report_sms', code: 0, status: 'Delivered' },
      'batch_id',
      'delivered',
    ],
    ['sinch', { type: 'recipient_delivery_report_sms', code: 402, status: 'Aborted' }, 'batch_id', 'failed'],
    ['sinch', { type: 'recipient_delivery_report_sms', code: 401, status: 'Dispatched' }, 'batch_id', 'sent'],
    ['sendxms', { status: 'delivered' }, 'id', 'delivered'],
  ])('%s has a key in its address: %j', async (preset, content, idField, status) => {
    await start(preset);
    await sent();
    const text = JSON.stringify({ ...content, [idField]: SMS_PROVIDERS[preset]!.messageId });

    await post(preset, text).expect(403);
    await post(`${preset}?key=`, text).expect(403);
    await post(`${preset}?key=guessed`, text).expect(403);
    await post(`${preset}?key=${SECRET}&key=${SECRET}`, text).expect(403);
    await post(`${preset}?key[]=${SECRET}`, text).expect(403);
    await post(`${preset}?key=${SECRET}`, text).expect(200);
    expect(await outcome()).toBe(status);
    expect(logLines.text).not.toContain(SECRET);
    expect(logLines.text).not.toContain('15123456789');
  });

  it('LOX24 reports numbers', async () => {
    await start('lox24');
    await sent();
    const data = { id: SMS_PROVIDERS['lox24']!.messageId, key_id: 8207, status_code: 100 };
    for (const [dlr_code, status] of [
      [4, 'sent'],
      [16, 'failed'],
      [1, 'delivered'],
      [8, 'delivered'],
    ] as const) {
      const text = JSON.stringify({ name: 'sms.delivery', data: { ...data, dlr_code } });
      await post(`lox24?key=${SECRET}`, text).expect(200);
      expect(await outcome()).toBe(status);
    }
  });

  it('are not believed at all without SMS_CALLBACK_SECRET', async () => {
    await start('sinch', { SMS_CALLBACK_SECRET: '' });
    await sent();
    const text = JSON.stringify({ batch_id: SMS_PROVIDERS['sinch']!.messageId, status: 'Delivered' });

    for (const key of ['', '?key=', '?key=undefined']) await post(`sinch${key}`, text).expect(403);
    expect(await outcome()).toBe('sent');
    expect(logLines.at('warning')).toEqual(['SmsCallback: a delivery report was refused']);
  });

  it('are asked to come back when the report cannot be kept', async () => {
    await start('sinch');
    await sent();
    const text = JSON.stringify({ batch_id: SMS_PROVIDERS['sinch']!.messageId, status: 'Delivered' });
    await world.query('ALTER TABLE notifications RENAME TO notifications_away');
    try {
      await post(`sinch?key=${SECRET}`, text).expect(503);
    } finally {
      await world.query('ALTER TABLE notifications_away RENAME TO notifications');
    }
    await post(`sinch?key=${SECRET}`, text).expect(200);
    expect(await outcome()).toBe('delivered');
  });

  it('send bodies within bounds', async () => {
    await start('sinch');
    const path = `sinch?key=${SECRET}`;
    await post(path, `{"a":"${'x'.repeat(1_100_000)}"}`).expect(413);
    await post(path, '['.repeat(5000)).expect(400);
    await post(path, `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`).expect(400);
    for (const text of ['null', '[]', '"text"', '{"__proto__":{"batch_id":"x"}}', '']) {
      expect([200, 400]).toContain((await post(path, text)).status);
    }
    await world.http.post(`/v1/callbacks/sms/${path}`).type('text').send('Delivered').expect(200);
  });

  it('name the message as we did, when their answer to it was lost', async () => {
    await start('sinch');
    gateway.answer(() => 'reset');
    await sent();
    await world.advance(3);
    expect(await outcome()).toBe('ambiguous');
    const { client_reference } = gateway.requests.at(-1)!.json as Record<string, string>;
    const text = JSON.stringify({ batch_id: 'B1', client_reference, status: 'Delivered' });

    await post(`sinch?key=${SECRET}`, text).expect(200);
    expect(await outcome()).toBe('delivered');
  });

  it('have no door in simulation, and none at a provider that reports nothing', async () => {
    await start('sinch', { SIMULATION_ENABLED: 'true' });
    await post(`sinch?key=${SECRET}`, '{}').expect(404);
    await world.stop();
    await start('sipgate');
    await sent();
    expect(await outcome()).toBe('sent');
    await post(`sipgate?key=${SECRET}`, '{}').expect(404);
    await world.http.post('/v1/callbacks/sms/sipgate').set('X-Admin-Key', ADMIN_KEY).expect(404);
  });
});
