import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';

import { Redis } from 'ioredis';
import { Client, escapeIdentifier } from 'pg';

import { secretSettingNames } from '#platform';

import { administer, createDatabase, type TestDatabase } from '../support/databases.ts';
import { SmtpEmulator, Refusal } from '../support/emulators/smtp.ts';
import { freePort } from '../support/free-port.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { OtlpReceiver } from '../support/otlp-receiver.ts';
import { AppProcess, type AppName } from '../support/processes.ts';
import { RedisServer } from '../support/redis-server.ts';
import { formsOf, leaksIn } from '../support/secret-hunt.ts';

/** Not to be found by chance, and with what has to be encoded in URLs. */
const secret = (name: string): string => `${name}/${randomBytes(9).toString('base64')}+x`;
const url = encodeURIComponent;

const SECRETS = {
  adminKey: secret('admin'),
  databasePassword: secret('database'),
  redisPassword: secret('redis'),
  zammadToken: secret('zammad'),
  smsKey: secret('sms'),
  smsLogin: secret('smslogin'),
  smsSecret: secret('smssecret'),
  smsCallback: secret('smscallback'),
  signalCallback: `signal-callback-${randomBytes(12).toString('hex')}`,
  smtpUser: secret('smtpuser'),
  smtpPassword: secret('smtppassword'),
  ntfyToken: secret('ntfy'),
  ntfyTopic: `topic-${randomBytes(9).toString('hex')}`,
  webhookPath: secret('webhook'),
  webhookSecret: secret('signing'),
  webhookSecretBefore: secret('signed'),
  collectorKey: secret('collector'),
  collectorPassword: secret('otlp'),
  deviceToken: secret('device'),
  otherDeviceToken: secret('other'),
  thirdDeviceToken: secret('third'),
  fourthDeviceToken: secret('fourth'),
  unknownToken: secret('unknown'),
  targetHook: secret('target'),
  wrongKey: secret('wrong'),
  inBody: secret('body'),
  targetTopic: `their-topic-${randomBytes(9).toString('hex')}`,
};

const ADDRESSES = {
  guardPhone: '+4915123456001',
  personPhone: '+4915123456777',
  brokerPhone: '+4930111222333',
  answerPhone: '+4915123456888',
  guardMail: 'guard.one@clinic.example',
  senderMail: 'alarm.sender@clinic.example',
  customerMail: 'desk.customer@clinic.example',
  group: `group.${Buffer.from(randomBytes(32).toString('base64')).toString('base64')}`,
};

describe('nothing secret is in anything the processes write', () => {
  const role = `leaky_${randomBytes(6).toString('hex')}`;
  const apps: AppProcess[] = [];
  const found: Record<string, string> = {};
  let database: TestDatabase;
  let databaseUrl: string;
  let redis: RedisServer;
  let gateway: HttpReceiver;
  let collector: OtlpReceiver;
  let smtp: SmtpEmulator;
  let environment: Record<string, string>;
  let [api, worker] = [] as unknown as [AppProcess, AppProcess];
  let base: string;

  const run = async (name: AppName, more: Readonly<Record<string, string>> = {}) => {
    const app = await AppProcess.start(name, { ...environment, ...more });
    apps.push(app);
    return app;
  };

  beforeAll(async () => {
    [database, gateway, collector, smtp] = await Promise.all([
      createDatabase(),
      HttpReceiver.start(),
      OtlpReceiver.start(),
      SmtpEmulator.start({
        hasStartTls: false,
        login: { user: SECRETS.smtpUser, password: SECRETS.smtpPassword },
      }),
    ]);
    await administer(`CREATE ROLE ${role} LOGIN SUPERUSER PASSWORD '${SECRETS.databasePassword}'`);
    databaseUrl = Object.assign(new URL(database.url), {
      username: role,
      password: url(SECRETS.databasePassword),
    }).href;
    redis = new RedisServer();
    const redisUrl = await redis.start();
    const keeper = new Redis(redisUrl);
    await keeper.config('SET', 'requirepass', SECRETS.redisPassword);
    keeper.disconnect();

    const [port, workerPort] = [await freePort(), await freePort()];
    base = `http://127.0.0.1:${port}`;
    const gatewayHost = new URL(gateway.url).host;
    const collectorHost = new URL(collector.url).host;
    environment = {
      LOG_LEVEL: 'DEBUG',
      // Every statement is slow.
      DATABASE_SLOW_MS: '1',
      PORT: String(port),
      WORKER_PORT: String(workerPort),
      BASE_URL: base,
      DATABASE_URL: databaseUrl,
      DATABASE_LISTEN_URL: databaseUrl,
      DATABASE_POOL_SIZE: '3',
      REDIS_URL: redisUrl.replace('//', `//:${url(SECRETS.redisPassword)}@`),
      ADMIN_API_KEY: SECRETS.adminKey,
      ZAMMAD_BASE_URL: gateway.url,
      ZAMMAD_API_TOKEN: SECRETS.zammadToken,
      ZAMMAD_GROUP: 'Desk',
      ZAMMAD_CUSTOMER: ADDRESSES.customerMail,
      SENDXMS_ENABLED: 'true',
      SENDXMS_BASE_URL: `http://gateway-user:${url(SECRETS.smsLogin)}@${gatewayHost}`,
      SENDXMS_API_KEY: SECRETS.smsKey,
      SMS_SECRET: SECRETS.smsSecret,
      SMS_CALLBACK_SECRET: SECRETS.smsCallback,
      SIGNAL_ENABLED: 'true',
      SIGNAL_CLI_ENDPOINT: gateway.url,
      SIGNAL_NUMBER: ADDRESSES.brokerPhone,
      SIGNAL_CALLBACK_SECRET: SECRETS.signalCallback,
      SMTP_URL: `smtp://${url(SECRETS.smtpUser)}:${url(SECRETS.smtpPassword)}@127.0.0.1:${smtp.port}`,
      SMTP_FROM: `Alarm <${ADDRESSES.senderMail}>`,
      SMTP_REQUIRE_TLS: 'false',
      NTFY_BASE_URL: gateway.url,
      NTFY_TOKEN: SECRETS.ntfyToken,
      NTFY_TOPIC: SECRETS.ntfyTopic,
      WEBHOOK_ENABLED: 'true',
      WEBHOOK_URL: `${gateway.url}/hooks/${url(SECRETS.webhookPath)}`,
      WEBHOOK_SECRET: SECRETS.webhookSecret,
      WEBHOOK_SECRET_PREVIOUS: SECRETS.webhookSecretBefore,
      WEBHOOK_ALLOWED_HOSTS: '127.0.0.1',
      WEBHOOK_MAX_RETRIES: '1',
      WEBHOOK_RETRY_DELAY_SECONDS: '0',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://otel:${url(SECRETS.collectorPassword)}@${collectorHost}`,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `http://otel:${url(SECRETS.collectorPassword)}@${collectorHost}/v1/traces`,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=${url(SECRETS.collectorKey)}`,
      OTEL_BSP_SCHEDULE_DELAY: '50',
    };
    [api, worker] = await Promise.all([run('api'), run('worker')]);
    await Promise.all([
      api.waitForReady(`${base}/readyz`),
      worker.waitForReady(`http://127.0.0.1:${workerPort}/readyz`),
    ]);
  });

  afterAll(async () => {
    await Promise.all(apps.map((app) => app.kill('SIGKILL')));
    await Promise.all([gateway.close().catch(() => undefined), smtp.close(), redis.stop(), database.drop()]);
    await administer(`DROP ROLE ${role}`);
  });

  const admin = (path: string, init: RequestInit = {}) =>
    fetch(base + path, { ...init, headers: { 'X-Admin-Key': SECRETS.adminKey, ...init.headers } });
  const asJson = (body: unknown): RequestInit => ({
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });

  const press = async (token: string): Promise<string> => {
    const pressed = await fetch(`${base}/v1/yealink/alarm?token=${url(token)}`);
    return ((await pressed.json()) as { alarm_id: string }).alarm_id;
  };
  const linkOf = async (alarmId: string): Promise<string> => {
    const { ack_token: token } = (await (await admin(`/v1/alarms/${alarmId}`)).json()) as {
      ack_token: string;
    };
    found[`ackToken ${alarmId}`] = token;
    return `${base}/a/${token}`;
  };
  const finished = (target: string, alarmId: string) =>
    worker.waitForLog(({ message, extra }) => {
      const facts = extra as Record<string, unknown>;
      return (
        /^notification/.test(String(message)) && facts['target'] === target && facts['alarmId'] === alarmId
      );
    });

  const targets = [
    { id: 'sms', channel: 'sms', address: ADDRESSES.guardPhone },
    { id: 'mail', channel: 'email', address: ADDRESSES.guardMail },
    { id: 'signal', channel: 'signal', address: ADDRESSES.guardPhone },
    { id: 'signal-group', channel: 'signal', address: ADDRESSES.group },
    { id: 'ntfy', channel: 'ntfy', address: SECRETS.targetTopic },
    { id: 'ticket', channel: 'zammad', address: '' },
  ];

  it('when the house is furnished, also with what is refused', async () => {
    const hook = { id: 'hook', channel: 'webhook', address: `${gateway.url}/${url(SECRETS.targetHook)}` };
    const seed = {
      sites: [{ id: 'hall', name: 'Hall' }],
      rooms: [{ id: 'counter', site_id: 'hall', label: 'Counter' }],
      persons: [{ id: 'ada', display_name: 'Ada', phone_mobile: ADDRESSES.personPhone }],
      devices: [
        { id: 'phone', device_token: SECRETS.deviceToken, person_id: 'ada', room_id: 'counter' },
        { id: 'other', device_token: SECRETS.otherDeviceToken, person_id: 'ada', room_id: 'counter' },
        { id: 'third', device_token: SECRETS.thirdDeviceToken, person_id: 'ada', room_id: 'counter' },
        { id: 'fourth', device_token: SECRETS.fourthDeviceToken, person_id: 'ada', room_id: 'counter' },
      ],
      escalation_policy: { id: 'default', name: 'Hall' },
      escalation_targets: [...targets, hook].map((target) => ({
        ...target,
        label: target.id,
        enabled: true,
      })),
      escalation_steps: [
        {
          policy_id: 'default',
          step_no: 0,
          after_seconds: 0,
          target_ids: [...targets, hook].map(({ id }) => id),
        },
      ],
    };
    expect((await admin('/v1/admin/seed', asJson(seed))).status).toBe(200);
    const key = (await (
      await admin('/v1/admin/api-keys', asJson({ name: 'guard', role: 'responder' }))
    ).json()) as {
      key: string;
    };
    found['namedKey'] = key.key;
    const again = asJson({ id: 'phone', device_token: SECRETS.otherDeviceToken });
    const refused = [
      await admin(
        '/v1/admin/seed',
        asJson({ ...seed, devices: [{ ...seed.devices[0], person_id: SECRETS.inBody }] }),
      ),
      await admin('/v1/admin/seed', asJson({ ...seed, sites: [{ id: 'x', name: '${ADMIN_API_KEY}' }] })),
      await admin('/v1/admin/devices', again),
      await admin('/v1/alarms', asJson({ title: [SECRETS.inBody], severity: SECRETS.inBody })),
      await admin('/v1/alarms', { ...asJson({}), body: `{ "title": "${SECRETS.inBody}` }),
      await admin('/v1/admin/seed', {
        method: 'POST',
        headers: { 'Content-Type': 'application/yaml' },
        body: `devices: [{ device_token: "${SECRETS.inBody}"`,
      }),
      await fetch(`${base}/v1/alarms`, { headers: { 'X-Admin-Key': SECRETS.wrongKey } }),
    ];
    for (const { status } of refused) expect(status).toBeLessThan(500);
  });

  it('when requests are malformed, with tokens wherever one can put them', async () => {
    const path = url(SECRETS.unknownToken);
    const lines = [
      `GET /v1/yealink/alarm?token=${path} HTTP/1.1`,
      `GET /v1/yealink/alarm?token=${path}%ZZ%E0%A4%A HTTP/1.1`,
      `GET /v1/trigger/${path} HTTP/1.1`,
      `GET /v1/trigger/${path}%E0%A4%A HTTP/1.1`,
      `GET /v1/trigger/${path}/%ZZ HTTP/1.1`,
      `POST /a/${path}%C0 HTTP/1.1`,
      `GET /a/${path} HTTP/1.1`,
      `GET /nowhere/${path}?token=${path} HTTP/1.1`,
      `GET //${path}?%00 HTTP/1.1`,
      `GET http://[${path}/ HTTP/1.1`,
      `BREW /v1/trigger/${path} HTTP/1.1`,
      `GET /v1/trigger/${SECRETS.unknownToken}\u0001 HTTP/1.1`,
      `GET /v1/trigger/${path} HTTP/9.9`,
      `GET /v1/alarms?cursor=${path}&limit=${path} HTTP/1.1`,
      `POST /v1/callbacks/signal/${path} HTTP/1.1`,
      `POST /v1/callbacks/sms/sendxms?key=${path} HTTP/1.1`,
    ];
    for (const line of lines) {
      const head = `Host: x\r\nAuthorization: Bearer ${SECRETS.unknownToken}\r\nCookie: a=${path}\r\nConnection: close`;
      expect(await raw(base, `${line}\r\n${head}\r\n\r\n`)).toMatch(/^HTTP\/1.1 [1-4]\d\d/);
    }
    // Too large for the parser, and cut off in the middle.
    await raw(base, `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${path.repeat(3000)}\r\n\r\n`);
    await raw(
      base,
      `POST /v1/alarms HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\n{"title":"${path}`,
      50,
    );
  });

  it('when every gateway answers 500 and repeats what it got', async () => {
    gateway.answer(({ method, url: path, headers, body }) => ({
      status: 500,
      body: `${method} ${path} ${JSON.stringify(headers)} ${body.toString()} ${Object.values(SECRETS).join(' ')}`,
    }));
    smtp.onRecipient = (address) => new Refusal(550, `5.1.1 <${address}> ${SECRETS.smtpPassword}: rejected`);
    const alarmId = await press(SECRETS.deviceToken);
    const link = await linkOf(alarmId);
    await Promise.all(['mail', 'hook'].map((id) => finished(id, alarmId)));
    await Promise.all([
      gateway.next(({ url: path }) => path.startsWith('/api/v1')),
      gateway.next(({ url: path }) => path === '/v2/send'),
    ]);
    expect((await fetch(link)).status).toBe(200);
    const form = new URLSearchParams({ acked_by: 'Eva', note: 'I am on my way' });
    expect((await fetch(link, { method: 'POST', body: form })).status).toBe(200);
  });

  it('when they refuse, and give their reasons in the words they were sent', async () => {
    gateway.answer(({ headers, url: path, body }) => {
      const words = [path, JSON.stringify(headers), body, ...Object.values(SECRETS)].join(' ');
      return {
        status: 400,
        body: { error: words, error_human: words, message: words, code: 40001, http: 400 },
      };
    });
    const told = gateway.next(({ url: path }) => path === '/v2/send', { timeoutMs: 15_000 });
    const alarmId = await press(SECRETS.otherDeviceToken);
    await linkOf(alarmId);
    await Promise.all([told, ...['ntfy', 'ticket', 'sms'].map((id) => finished(id, alarmId))]);
  });

  it('when they take what they are sent, and people answer', async () => {
    gateway.answer(({ url: path }) =>
      path === '/v2/send'
        ? { status: 201, body: { timestamp: '1772438400000' } }
        : { body: { id: 1, number: '1' } },
    );
    smtp.onRecipient = () => undefined;
    const alarmId = await press(SECRETS.thirdDeviceToken);
    await linkOf(alarmId);
    await Promise.all([
      worker.waitForLog(({ message }) => message === 'notification sent'),
      finished('sms', alarmId),
    ]);
    const envelope = {
      sourceNumber: ADDRESSES.answerPhone,
      sourceName: 'Eva',
      timestamp: 1772438405000,
      dataMessage: { timestamp: 1772438405000, message: 'ok', quote: { id: 1772438400000 } },
    };
    const heard = asJson({ jsonrpc: '2.0', method: 'receive', params: { envelope } });
    expect((await fetch(`${base}/v1/callbacks/signal/${SECRETS.signalCallback}`, heard)).status).toBe(200);
    expect((await admin(`/v1/alarms/${alarmId}/resolve`, asJson({ actor: 'Eva' }))).status).toBe(204);
    expect((await admin('/healthz/details')).status).toBe(200);
  });

  it('when nothing can be reached any more: gateways, Redis, PostgreSQL', async () => {
    await Promise.all([gateway.close(), smtp.close(), collector.close()]);
    const alarmId = await press(SECRETS.fourthDeviceToken);
    await linkOf(alarmId);
    await worker.waitForLog(
      ({ message, extra }) =>
        /^notification .* for good/.test(String(message)) && JSON.stringify(extra).includes('ECONNREFUSED'),
    );
    await redis.kill();
    await api.waitForLog(({ logger }) => logger === 'Redis');
    await press(SECRETS.deviceToken);

    const name = escapeIdentifier(new URL(database.url).pathname.slice(1));
    await administer(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    await administer(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${role}'`);
    await api.waitForLog(({ logger, level }) => logger === 'Database' && level === 'warning');
    expect((await fetch(`${base}/v1/yealink/alarm?token=${url(SECRETS.deviceToken)}`)).status).toBe(503);
    await worker.waitForLog(({ message }) => message === 'A sweep failed');
    await Promise.all([api.kill(), worker.kill()]);
    await administer(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
  });

  it('nor in any trace', () => {
    const spans = collector.http.requests.map(({ body }) => body.toString('latin1')).join('\n');
    expect(collector.spans.map(({ name }) => name)).toContain('POST /a/:token');
    expect(collector.spans.filter(({ failed }) => failed).length).toBeGreaterThan(3);
    expect(leaksIn(spans, { ...SECRETS, ...ADDRESSES, ...found })).toEqual([]);
  });

  it('nor in what is kept of failures, where people look for it', async () => {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client
      .query<{ kept: string }>(
        `SELECT reason AS kept FROM notifications WHERE reason IS NOT NULL UNION ALL SELECT data::text FROM alarm_events
         UNION ALL SELECT concat(last_error, findings) FROM channel_states`,
      )
      .finally(() => client.end());
    expect(rows.length).toBeGreaterThan(20);
    expect(leaksIn(rows.map(({ kept }) => kept).join('\n'), { ...SECRETS, ...ADDRESSES, ...found })).toEqual(
      [],
    );
  });

  it.each<[AppName, string, (value: string) => string]>([
    ['api', 'DATABASE_URL', (value) => `mysql://user:${url(value)}@db/x`],
    ['api', 'REDIS_URL', (value) => `http://:${url(value)}@redis`],
    ['worker', 'SMTP_URL', (value) => `smtp://user:${value}@[mail`],
    ['worker', 'WEBHOOK_SECRET', (value) => `whsec_!${value}`],
    ['worker', 'WEBHOOK_URL', (value) => `hook/${value}`],
    ['api', 'OTEL_EXPORTER_OTLP_ENDPOINT', (value) => `grpc://x:${url(value)}@collector`],
    ['migrate', 'DATABASE_URL', (value) => `postgresql://nobody:${url(value)}@127.0.0.1:1/x`],
    ['migrate', 'DATABASE_URL', (value) => `postgresql://nobody:${value}%ZZ@127.0.0.1:1/x?sslmode=maybe`],
  ])('when %s does not start because of its %s', async (name, setting, spoiled) => {
    const app = await run(name, { [setting]: spoiled(SECRETS.inBody) });
    expect((await app.exited).code).toBe(1);
    expect(app.output.length).toBeGreaterThan(0);
  });

  it('is so: all of it is searched for every secret in every form', async () => {
    const all = { ...SECRETS, ...ADDRESSES, ...found };
    const told = await Promise.all(apps.map(({ outputFile }) => readFile(outputFile, 'utf8')));
    const text = told.join('\n');

    expect(leaksIn(text, all)).toEqual([]);
    // The search would be worth nothing in an empty text, or without a secret of some setting.
    expect(text.split('\n').length).toBeGreaterThan(300);
    expect(Object.keys(found)).toHaveLength(5);
    const values = Object.values(SECRETS).flatMap(formsOf);
    for (const name of secretSettingNames())
      expect({ [name]: values.some((form) => environment[name]?.includes(form)) }).toEqual({ [name]: true });
  });
});

describe('the search', () => {
  it.each([
    ['as it is', (value: string) => value],
    ['in a URL', (value: string) => `https://x/?token=${url(value)}`],
    ['in JSON', (value: string) => JSON.stringify({ value })],
    ['in a login', (value: string) => Buffer.from(`somebody:${value}`).toString('base64')],
    ['in bytes', (value: string) => Buffer.from(value).toString('hex')],
  ])('finds a secret %s', (_how, hide) => {
    const value = secret('hidden');
    expect(
      leaksIn(`one line\n and ${hide(value)} in another`, { value, other: secret('other') }),
    ).toHaveLength(1);
  });
});

/** Sends bytes as they are. @returns what came back until the connection ended, or nothing came for so long. */
async function raw(base: string, bytes: string, patienceMs = 2000): Promise<string> {
  const { hostname, port } = new URL(base);
  const socket = connect(Number(port), hostname);
  socket.setTimeout(patienceMs, () => socket.destroy());
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString()));
  socket.on('error', () => undefined);
  socket.write(bytes);
  await new Promise((resolve) => socket.once('close', resolve));
  return answer;
}
