import { readFile } from 'node:fs/promises';

import { Client, escapeIdentifier } from 'pg';

import { secretSettingNames } from '#platform';

import { administer } from '../support/databases.ts';
import { Refusal } from '../support/emulators/smtp.ts';
import { ADDRESSES, LeakyHouse, SECRETS } from '../support/leaky-house.ts';
import type { AppName } from '../support/processes.ts';
import { formsOf, leaksIn } from '../support/secret-hunt.ts';

const url = encodeURIComponent;

const asJson = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

describe('nothing secret is in anything the processes write', () => {
  let house: LeakyHouse;

  beforeAll(async () => {
    house = await LeakyHouse.start();
  });

  afterAll(() => house.stop());

  const targets = [
    { id: 'sms', channel: 'sms', address: ADDRESSES.guardPhone },
    { id: 'mail', channel: 'email', address: ADDRESSES.guardMail },
    { id: 'signal', channel: 'signal', address: ADDRESSES.guardPhone },
    { id: 'signal-group', channel: 'signal', address: ADDRESSES.group },
    { id: 'ntfy', channel: 'ntfy', address: SECRETS.targetTopic },
    { id: 'ticket', channel: 'zammad', address: '' },
  ];

  it('when the house is furnished, also with what is refused', async () => {
    const hook = {
      id: 'hook',
      channel: 'webhook',
      address: `${house.gateway.url}/${url(SECRETS.targetHook)}`,
    };
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
    expect((await house.admin('/v1/admin/seed', asJson(seed))).status).toBe(200);
    const key = (await (
      await house.admin('/v1/admin/api-keys', asJson({ name: 'guard', role: 'responder' }))
    ).json()) as {
      key: string;
    };
    house.found['namedKey'] = key.key;
    const again = asJson({ id: 'phone', device_token: SECRETS.otherDeviceToken });
    const refused = [
      await house.admin(
        '/v1/admin/seed',
        asJson({ ...seed, devices: [{ ...seed.devices[0], person_id: SECRETS.inBody }] }),
      ),
      await house.admin(
        '/v1/admin/seed',
        asJson({ ...seed, sites: [{ id: 'x', name: '${ADMIN_API_KEY}' }] }),
      ),
      await house.admin('/v1/admin/devices', again),
      await house.admin('/v1/alarms', asJson({ title: [SECRETS.inBody], severity: SECRETS.inBody })),
      await house.admin('/v1/alarms', { ...asJson({}), body: `{ "title": "${SECRETS.inBody}` }),
      await house.admin('/v1/admin/seed', {
        method: 'POST',
        headers: { 'Content-Type': 'application/yaml' },
        body: `devices: [{ device_token: "${SECRETS.inBody}"`,
      }),
      await fetch(`${house.url}/v1/alarms`, { headers: { 'X-Admin-Key': SECRETS.wrongKey } }),
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
      expect(await house.raw(`${line}\r\n${head}\r\n\r\n`)).toMatch(/^HTTP\/1.1 [1-4]\d\d/);
    }
    // Too large for the parser, and cut off in the middle.
    await house.raw(`GET / HTTP/1.1\r\nHost: x\r\nX-A: ${path.repeat(3000)}\r\n\r\n`);
    await house.raw(
      `POST /v1/alarms HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\n{"title":"${path}`,
      50,
    );
  });

  it('when every gateway answers 500 and repeats what it got', async () => {
    house.gateway.answer(({ method, url: path, headers, body }) => ({
      status: 500,
      body: `${method} ${path} ${JSON.stringify(headers)} ${body.toString()} ${Object.values(SECRETS).join(' ')}`,
    }));
    house.smtp.onRecipient = (address) =>
      new Refusal(550, `5.1.1 <${address}> ${SECRETS.smtpPassword}: rejected`);
    const alarmId = await house.press(SECRETS.deviceToken);
    const link = await house.linkOf(alarmId);
    await Promise.all(['mail', 'hook'].map((id) => house.finished(id, alarmId)));
    await Promise.all([
      house.gateway.next(({ url: path }) => path.startsWith('/api/v1')),
      house.gateway.next(({ url: path }) => path === '/v2/send'),
    ]);
    expect((await fetch(link)).status).toBe(200);
    const form = new URLSearchParams({ acked_by: 'Eva', note: 'I am on my way' });
    expect((await fetch(link, { method: 'POST', body: form })).status).toBe(200);
  });

  it('when they refuse, and give their reasons in the words they were sent', async () => {
    house.gateway.answer(({ headers, url: path, body }) => {
      const words = [path, JSON.stringify(headers), body, ...Object.values(SECRETS)].join(' ');
      return {
        status: 400,
        body: { error: words, error_human: words, message: words, code: 40001, http: 400 },
      };
    });
    const told = house.gateway.next(({ url: path }) => path === '/v2/send', { timeoutMs: 15_000 });
    const alarmId = await house.press(SECRETS.otherDeviceToken);
    await house.linkOf(alarmId);
    await Promise.all([told, ...['ntfy', 'ticket', 'sms'].map((id) => house.finished(id, alarmId))]);
  });

  it('when they take what they are sent, and people answer', async () => {
    house.gateway.answer(({ url: path }) =>
      path === '/v2/send'
        ? { status: 201, body: { timestamp: '1772438400000' } }
        : { body: { id: 1, number: '1' } },
    );
    house.smtp.onRecipient = () => undefined;
    const alarmId = await house.press(SECRETS.thirdDeviceToken);
    await house.linkOf(alarmId);
    await Promise.all([
      house.worker.waitForLog(({ message }) => message === 'notification sent'),
      house.finished('sms', alarmId),
    ]);
    const envelope = {
      sourceNumber: ADDRESSES.answerPhone,
      sourceName: 'Eva',
      timestamp: 1772438405000,
      dataMessage: { timestamp: 1772438405000, message: 'ok', quote: { id: 1772438400000 } },
    };
    const heard = asJson({ jsonrpc: '2.0', method: 'receive', params: { envelope } });
    expect((await fetch(`${house.url}/v1/callbacks/signal/${SECRETS.signalCallback}`, heard)).status).toBe(
      200,
    );
    expect((await house.admin(`/v1/alarms/${alarmId}/resolve`, asJson({ actor: 'Eva' }))).status).toBe(204);
    expect((await house.admin('/healthz/details')).status).toBe(200);
  });

  it('when nothing can be reached any more: gateways, Redis, PostgreSQL', async () => {
    await Promise.all([house.gateway.close(), house.smtp.close(), house.collector.close()]);
    const alarmId = await house.press(SECRETS.fourthDeviceToken);
    await house.linkOf(alarmId);
    await house.worker.waitForLog(
      ({ message, extra }) =>
        /^notification .* for good/.test(String(message)) && JSON.stringify(extra).includes('ECONNREFUSED'),
    );
    await house.redis.kill();
    await house.api.waitForLog(({ logger }) => logger === 'Redis');
    await house.press(SECRETS.deviceToken);

    const name = escapeIdentifier(new URL(house.database.url).pathname.slice(1));
    await administer(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    await administer(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${house.role}'`,
    );
    await house.api.waitForLog(
      ({ logger, message }) => logger === 'Database' && /lost/.test(String(message)),
    );
    expect((await fetch(`${house.url}/v1/yealink/alarm?token=${url(SECRETS.deviceToken)}`)).status).toBe(503);
    await house.worker.waitForLog(({ message }) => message === 'A sweep failed');
    await Promise.all([house.api.kill(), house.worker.kill()]);
    await administer(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
  });

  it('nor in any trace', () => {
    const spans = house.collector.http.requests.map(({ body }) => body.toString('latin1')).join('\n');
    expect(house.collector.spans.map(({ name }) => name)).toContain('POST /a/:token');
    expect(house.collector.spans.filter(({ failed }) => failed).length).toBeGreaterThan(3);
    expect(leaksIn(spans, { ...SECRETS, ...ADDRESSES, ...house.found })).toEqual([]);
  });

  it('nor in what is kept of failures, where people look for it', async () => {
    const client = new Client({ connectionString: house.database.url });
    await client.connect();
    const { rows } = await client
      .query<{ kept: string }>(
        `SELECT reason AS kept FROM notifications WHERE reason IS NOT NULL UNION ALL SELECT data::text FROM alarm_events
         UNION ALL SELECT concat(last_error, findings) FROM channel_states`,
      )
      .finally(() => client.end());
    expect(rows.length).toBeGreaterThan(20);
    expect(
      leaksIn(rows.map(({ kept }) => kept).join('\n'), { ...SECRETS, ...ADDRESSES, ...house.found }),
    ).toEqual([]);
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
    const app = await house.run(name, { [setting]: spoiled(SECRETS.inBody) });
    expect((await app.exited).code).toBe(1);
    expect(app.output.length).toBeGreaterThan(0);
  });

  it('is so: all of it is searched for every secret in every form', async () => {
    const all = { ...SECRETS, ...ADDRESSES, ...house.found };
    const told = await Promise.all(house.apps.map(({ outputFile }) => readFile(outputFile, 'utf8')));
    const text = told.join('\n');

    expect(leaksIn(text, all)).toEqual([]);
    // The search would be worth nothing in an empty text, or without a secret of some setting.
    expect(text.split('\n').length).toBeGreaterThan(300);
    expect(Object.keys(house.found)).toHaveLength(5);
    const values = Object.values(SECRETS).flatMap(formsOf);
    for (const name of secretSettingNames())
      expect({ [name]: values.some((form) => house.environment[name]?.includes(form)) }).toEqual({
        [name]: true,
      });
  });
});
