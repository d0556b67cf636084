import { Refusal, SmtpEmulator } from '../support/emulators/smtp.ts';
import { house, KEY } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { World } from '../support/world.ts';

describe('an alarm by mail', () => {
  let server: SmtpEmulator;
  let world: World;
  let alarmId: string;

  beforeAll(async () => {
    // The certificate of the test is nobody's; what TLS does is told beside the channel.
    server = await SmtpEmulator.start({
      hasStartTls: false,
      login: { user: 'alarm', password: 'top-secret' },
    });
    world = await World.start({
      settings: {
        SMTP_URL: `smtp://alarm:top-secret@127.0.0.1:${server.port}`,
        SMTP_FROM: 'Alarm Broker <alarm@hall.example>',
        SMTP_REQUIRE_TLS: 'false',
      },
    });
  });

  beforeEach(() => {
    server.mails.length = 0;
    server.onMail = () => undefined;
    server.onRecipient = () => undefined;
    logLines.clear();
  });

  afterEach(async () => {
    await world.post(`/v1/alarms/${alarmId}/cancel`);
    await world.advance(60);
  });

  afterAll(async () => {
    await world.stop();
    await server.close();
  });

  const press = async (...addresses: string[]) => {
    const targets = addresses.map((address, i) => ({ id: `guard-${i}`, channel: 'email', address }));
    await world.seed(house(targets));
    alarmId = (await world.press(KEY).expect(200)).body.alarm_id;
    await world.settle();
  };
  const secrets = /top-secret|night@|day@|guard@/;

  it('reaches everybody, and every mailbox shows it as one conversation', async () => {
    await press('guard@example.org', 'Night <night@example.org>, day@example.org');

    expect(server.mails.map(({ to }) => to)).toEqual(
      expect.arrayContaining([['guard@example.org'], ['night@example.org', 'day@example.org']]),
    );
    expect(server.mails.map(({ mail }) => mail.references)).toEqual(
      Array(2).fill(`<${alarmId}@hall.example>`),
    );
    expect(server.newest.mail.text).toContain('Counter 1');
    const refs = await world.query<{ external_ref: string }>(
      'SELECT external_ref FROM notifications WHERE alarm_id = $1',
      [alarmId],
    );
    expect(refs.map(({ external_ref: ref }) => ref).sort()).toEqual(
      server.mails.map(({ mail }) => mail.messageId).sort(),
    );
  });

  it('is told once more when it may have been lost, and can be told from news', async () => {
    const endings = ['reset', undefined] as const;
    let tries = 0;
    server.onMail = () => endings[tries++];
    await press('guard@example.org');
    await world.advance(10);

    const [row] = await world.notifications(alarmId);
    expect(row).toMatchObject({ status: 'sent', attempts: 2 });
    expect(tries).toBe(2);
    expect(server.newest.mail.messageId).toBe(`<${row!.id}@hall.example>`);
  });

  it('counts as sent when some can read it, and the log says that others cannot', async () => {
    server.onRecipient = (address) =>
      address.startsWith('day') ? new Refusal(550, `5.1.1 <${address}>: User unknown`) : undefined;
    await press('night@example.org, day@example.org');

    expect((await world.notifications(alarmId))[0]).toMatchObject({ status: 'sent' });
    const warning = logLines.lines.find(({ logger }) => logger === 'EmailChannel');
    expect(warning).toMatchObject({ level: 'warning', extra: { accepted: 1, rejected: 1 } });
    expect(logLines.text).not.toMatch(secrets);
  });

  it('fails in words that name neither mailbox nor login', async () => {
    server.onRecipient = (address) => new Refusal(550, `5.1.1 <${address}>: User unknown`);
    await press('night@example.org');

    expect((await world.notifications(alarmId))[0]).toMatchObject({
      status: 'failed',
      attempts: 1,
      reason: 'The mail server answered: 550 5.1.1 …: User unknown',
    });
    const told = JSON.stringify(await world.query('SELECT * FROM alarm_events'));
    expect(told + logLines.text).not.toMatch(secrets);
  });
});
