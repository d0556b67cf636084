import { readSettings } from '#platform';

import { channelMessage, failureOf } from '../../../../test/support/channel-message.ts';
import { freePort } from '../../../../test/support/free-port.ts';
import { selfSigned } from '../../../../test/support/certificate.ts';
import { Refusal, SmtpEmulator, type SmtpWishes } from '../../../../test/support/emulators/smtp.ts';
import { EmailChannel, emailChannel } from './email.channel.ts';

const PASSWORD = 'pass word?';
const LOGIN = { user: 'alarm', password: PASSWORD };
const ALERT = channelMessage();

describe('mail', () => {
  let server: SmtpEmulator;
  const channels: EmailChannel[] = [];

  const serve = async (wishes: SmtpWishes = {}) => (server = await SmtpEmulator.start(wishes));

  beforeEach(() => serve({ login: LOGIN }));

  afterEach(async () => {
    for (const channel of channels.splice(0)) channel.close();
    await server.close();
  });

  /** Of a broker set up for the server, which trusts its certificate unless told otherwise. */
  function channelOf(
    settings: Record<string, string> = {},
    ca: string | undefined = server.certificate.cert,
  ) {
    const channel = new EmailChannel(
      readSettings({
        SMTP_URL: `smtp://alarm:${encodeURIComponent(PASSWORD)}@localhost:${server.port}`,
        SMTP_FROM: 'Alarm Broker <alarm@hall.example>',
        ...settings,
      }),
      ca === undefined ? {} : { ca },
    );
    channels.push(channel);
    return channel;
  }
  const to = (address: string, more = {}) => channelMessage({ address, ...more });
  const send = (message = to('guard@example.org'), channel = channelOf()) =>
    channel.send(message, AbortSignal.timeout(10_000));
  /** The limits of the connection itself are longer. */
  const atOnce = async <T>(work: Promise<T>): Promise<T> => {
    const began = performance.now();
    const result = await work;
    expect(performance.now() - began).toBeLessThan(3000);
    return result;
  };
  const failure = (attempt: Promise<unknown>) =>
    failureOf(attempt, /pass|example|guard|127\.0\.0\.1|localhost|:\/\/|@/);

  it('reaches a mailbox: signed in, encrypted, as text and as a page', async () => {
    expect(await send()).toEqual({ externalRef: `<${ALERT.notificationId}@hall.example>` });

    expect(server.newest).toMatchObject({
      from: 'alarm@hall.example',
      to: ['guard@example.org'],
      user: 'alarm',
      isEncrypted: true,
      mail: {
        from: { name: 'Alarm Broker', address: 'alarm@hall.example' },
        to: [{ name: '', address: 'guard@example.org' }],
        subject: ALERT.text.subject,
      },
    });
    const { text, html } = server.newest.mail;
    expect(text?.trim()).toBe(ALERT.text.body);
    expect(html?.trim()).toBe(ALERT.text.html);
  });

  it('says that a machine wrote it, that it is urgent and which request caused it', async () => {
    await send();

    const headers = Object.fromEntries(server.newest.mail.headers.map(({ key, value }) => [key, value]));
    expect(headers).toMatchObject({
      'auto-submitted': 'auto-generated',
      'x-auto-response-suppress': 'All',
      'x-priority': '1',
      importance: 'high',
      'x-request-id': 'request-7',
    });
    expect(Math.abs(Date.parse(headers['date'] ?? '') - Date.now())).toBeLessThan(60_000);
  });

  it('is not urgent when it tells that somebody has answered', async () => {
    await send(to('guard@example.org', { purpose: 'acknowledged', requestId: null }));

    expect(server.newest.raw).not.toMatch(/^(x-priority|importance|x-request-id):/im);
  });

  it('can be told apart from its repetition by no mailbox, and hangs on its alarm', async () => {
    const channel = channelOf();
    await send(to('guard@example.org'), channel);
    await send(to('guard@example.org', { attempt: 2 }), channel);
    await send(to('guard@example.org', { notificationId: 'another', purpose: 'resolved' }), channel);

    const conversation = `<${ALERT.brief.alarmId}@hall.example>`;
    const mails = server.mails.map(({ mail }) => mail);
    expect(mails.map(({ messageId }) => messageId)).toEqual([
      `<${ALERT.notificationId}@hall.example>`,
      `<${ALERT.notificationId}@hall.example>`,
      '<another@hall.example>',
    ]);
    expect(mails.map(({ inReplyTo, references }) => [inReplyTo, references])).toEqual(
      Array(3).fill([conversation, conversation]),
    );
    expect(server.connections).toBe(1);
  });

  it('goes over TLS from the first byte with smtps', async () => {
    await server.close();
    await serve({ isSecure: true, login: LOGIN });

    await send(undefined, channelOf({ SMTP_URL: `smtps://alarm:pass%20word%3F@localhost:${server.port}` }));
    expect(server.newest).toMatchObject({ isEncrypted: true, user: 'alarm' });
  });

  describe('without encryption', () => {
    beforeEach(async () => {
      await server.close();
      await serve({ hasStartTls: false, login: LOGIN });
    });

    it('is not sent, not even the login', async () => {
      expect(await failure(send())).toMatchObject({
        message: 'The mail server offers no encryption (STARTTLS). Nothing was sent.',
        options: { retry: 'yes', reason: 'network' },
      });
      expect(server.begun).toEqual([]);
    });

    it('is sent where the operator allows it', async () => {
      await send(undefined, channelOf({ SMTP_REQUIRE_TLS: 'false' }));
      expect(server.newest).toMatchObject({ isEncrypted: false });
    });
  });

  it.each([
    [
      'nobody vouches for',
      undefined,
      /^The certificate of the server is not trusted \(\w+\)\. Nothing was sent\.$/,
    ],
    [
      'is for another name',
      selfSigned({ name: 'mail.example.net' }),
      /^The certificate of the server is for another name\. Nothing was sent\.$/,
    ],
    [
      'has expired',
      selfSigned({ notAfter: new Date(Date.now() - 1000) }),
      /^The certificate of the server has expired\. Nothing was sent\.$/,
    ],
  ])('is not sent to a server whose certificate %s', async (_why, certificate, words) => {
    for (const isSecure of [false, true]) {
      await server.close();
      await serve({ isSecure, ...(certificate && { certificate }) });
      const settings = isSecure ? { SMTP_URL: `smtps://localhost:${server.port}` } : {};
      const channel = certificate
        ? channelOf(settings)
        : new EmailChannel(
            readSettings({
              SMTP_URL: `smtp://localhost:${server.port}`,
              SMTP_FROM: 'alarm@hall.example',
              ...settings,
            }),
          );

      const error = await failure(send(undefined, channel));
      expect(error.message).toMatch(words);
      expect(error.options).toEqual({ retry: 'yes', reason: 'network' });
      expect(server.begun).toEqual([]);
    }
  });

  it('is not tried again with a login that is refused, and nobody reads what it was', async () => {
    const url = `smtp://alarm:wrong-pass@localhost:${server.port}`;

    expect(await failure(send(undefined, channelOf({ SMTP_URL: url })))).toMatchObject({
      message: 'The mail server refuses the login of SMTP_URL (535).',
      options: { retry: 'no', reason: 'refused' },
    });
  });

  it('is greylisted, and taken over at the second try', async () => {
    const channel = channelOf();
    server.onRecipient = (address) =>
      server.begun.length === 1 ? new Refusal(450, `4.2.0 <${address}>: Greylisted, come back`) : undefined;

    expect(await failure(send(undefined, channel))).toMatchObject({
      message: 'The mail server answered: 450 4.2.0 …: Greylisted, come back',
      options: { retry: 'yes', reason: 'limited' },
    });
    await send(undefined, channel);
    expect(server.mails).toHaveLength(1);
  });

  it.each([
    [421, '4.3.2 Service shutting down', { retry: 'yes', reason: 'limited' }],
    [451, '4.7.1 Greylisting in action', { retry: 'yes', reason: 'limited' }],
    [452, '4.3.1 Insufficient system storage', { retry: 'yes', reason: 'server-error' }],
    [503, '5.5.1 Bad sequence of commands', { retry: 'yes', reason: 'server-error' }],
    [552, '5.3.4 Message size exceeds fixed limit', { retry: 'no', reason: 'refused' }],
    [554, '5.7.1 Spam message rejected', { retry: 'no', reason: 'refused' }],
  ])('that is answered %d %s at its end has not arrived', async (code, words, options) => {
    server.onMail = () => new Refusal(code, words);

    expect(await failure(send())).toMatchObject({
      message: `The mail server answered: ${code} ${words}`,
      options,
    });
  });

  it('is not tried again when every address is refused for good', async () => {
    server.onRecipient = (address) =>
      new Refusal(
        550,
        `5.1.1 <${address}>: Recipient address rejected: User unknown. ${'Sorry. '.repeat(99)}`,
      );

    const { message, options } = await failure(send(to('guard@example.org, porter@example.org')));
    expect(options).toEqual({ retry: 'no', reason: 'refused' });
    expect(message).toMatch(
      /^The mail server answered: 550 5\.1\.1 …: Recipient address rejected: User unknown\./,
    );
    expect(message.length).toBeLessThan(240);
    expect(server.mails).toEqual([]);
  });

  it('is tried again when one of the addresses may be accepted later', async () => {
    server.onRecipient = (address) => new Refusal(address.startsWith('a') ? 450 : 550, '4.2.1 Mailbox');

    expect((await failure(send(to('a@example.org, b@example.org')))).options).toMatchObject({ retry: 'yes' });
  });

  it('is sent to those who are accepted, and tells how many are not', async () => {
    server.onRecipient = (address) =>
      address.startsWith('gone') ? new Refusal(550, '5.1.1 User unknown') : undefined;

    expect(await send(to('guard@example.org, gone@example.org, "Porter, day" <porter@example.org>'))).toEqual(
      {
        externalRef: expect.any(String),
        facts: { accepted: 2, rejected: 1 },
      },
    );
    expect(server.newest.to).toEqual(['guard@example.org', 'porter@example.org']);
  });

  describe('to a server that does not answer', () => {
    it('at its end may have arrived', async () => {
      server.onMail = () => 'hang';
      const time = new AbortController();
      const attempt = failure(channelOf().send(to('guard@example.org'), time.signal));
      await server.until(() => server.complete === 1);
      time.abort();

      expect(await atOnce(attempt)).toMatchObject({
        message: 'No answer within the time limit.',
        options: { retry: 'ambiguous', reason: 'timeout' },
      });
      await server.until(() => server.ended === 1);
    });

    it('with its greeting has not arrived', async () => {
      server.greets = false;
      const time = new AbortController();
      const attempt = failure(channelOf().send(to('guard@example.org'), time.signal));
      await server.until(() => server.connections === 1);
      time.abort();

      expect(await atOnce(attempt)).toMatchObject({
        message: 'No answer within the time limit. Nothing was sent.',
        options: { retry: 'yes', reason: 'timeout' },
      });
    });

    it('with its greeting is given up after five seconds', async () => {
      server.greets = false;

      expect(await failure(send())).toMatchObject({
        message: 'The mail server does not answer. Nothing was sent.',
        options: { retry: 'yes', reason: 'timeout' },
      });
    });
  });

  it('may have arrived when the connection breaks at its end', async () => {
    server.onMail = () => 'reset';

    expect((await failure(send())).options).toEqual({ retry: 'ambiguous', reason: 'network' });
    expect(server.begun).toHaveLength(1);
  });

  it('has not arrived where nobody listens', async () => {
    const channel = channelOf({ SMTP_URL: `smtp://127.0.0.1:${await freePort()}` });

    expect(await failure(send(undefined, channel))).toMatchObject({
      message: 'The connection failed (ECONNREFUSED). Nothing was sent.',
      options: { retry: 'yes', reason: 'network' },
    });
  });

  it('goes over a new connection when the one that was kept is dead', async () => {
    const channel = channelOf();
    await send(undefined, channel);
    server.cut();
    await send(to('porter@example.org'), channel);

    expect(server.mails).toHaveLength(2);
    expect(server.connections).toBe(2);
  });

  it.each([
    'guard@example.org\r\nBcc: evil@example.net',
    'guard@example.org>\r\nRCPT TO:<evil@example.net',
    'nobody',
    '',
  ])('has no address that could be mistaken: %j', async (address) => {
    expect((await failure(send(to(address)))).options).toEqual({ retry: 'no', reason: 'refused' });
    expect(server.connections).toBe(0);
  });

  it('carries names that somebody chose, and nothing they smuggle in', async () => {
    const evil = '\r\nBcc: evil@example.net\r\n\r\nX';
    await send(
      to('"Wächter, Nacht \u{1F6A8}" <guard@example.org>', {
        requestId: `7${evil}`,
        text: { ...ALERT.text, subject: `Alarm${evil} “Büro” \u2028 \u{1F6A8}`, body: `.\r\n.${evil}\r\n.` },
      }),
    );

    const { mail, to: recipients, raw } = server.newest;
    expect(recipients).toEqual(['guard@example.org']);
    expect(mail.to).toEqual([{ name: 'Wächter, Nacht \u{1F6A8}', address: 'guard@example.org' }]);
    expect(mail.subject).toBe('Alarm Bcc: evil@example.net X “Büro” \u{1F6A8}');
    expect(mail.bcc).toBeUndefined();
    expect(raw.slice(0, raw.indexOf('\r\n\r\n'))).not.toMatch(/^bcc/im);
    expect(mail.text?.trim()).toBe(`.\n.\nBcc: evil@example.net\n\nX\n.`);
    expect(server.mails).toHaveLength(1);
  });

  describe('asked whether it would work', () => {
    const probe = (channel: EmailChannel) => channel.probe(AbortSignal.timeout(10_000));

    it('has nothing to complain of when it could log in', async () => {
      expect(await probe(channelOf())).toEqual([]);
      expect(server.begun).toEqual([]);
    });

    it('names a login that is refused', async () => {
      const channel = channelOf({ SMTP_URL: `smtp://alarm:wrong@localhost:${server.port}` });
      expect(await probe(channel)).toEqual(['The mail server refuses the login of SMTP_URL (535).']);
    });

    it('cannot tell of a server that is not there, or gives no answer in time', async () => {
      const channel = channelOf({ SMTP_URL: `smtp://127.0.0.1:${await freePort()}` });
      expect((await failure(probe(channel))).options.reason).toBe('network');

      server.greets = false;
      const time = new AbortController();
      const attempt = failure(channelOf().probe(time.signal));
      await server.until(() => server.connections === 1);
      time.abort();
      expect((await atOnce(attempt)).options.reason).toBe('timeout');
    });
  });

  it.each([
    { SMTP_URL: 'smtp://user:p%@ss@mail.example' },
    { SMTP_FROM: 'Alarm Broker' },
    { SMTP_FROM: 'a@hall.example, b@hall.example' },
  ])('is not set up halfway: %j', (settings) => {
    expect(() => channelOf(settings as Record<string, string>)).toThrow(
      /^SMTP_(URL is not|FROM must be)(?!.*p%@)/,
    );
  });
});

it('is skipped, with a reason, where no server is set up', async () => {
  expect(
    await failureOf(emailChannel(readSettings({})).send(ALERT, AbortSignal.timeout(1000))),
  ).toMatchObject({
    message: 'E-mail is not set up: SMTP_URL is not set.',
    options: { reason: 'not-configured' },
  });
});
