import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { Redis } from 'ioredis';
import { Client } from 'pg';

import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { HttpReceiver, type Recorded } from '../support/http-receiver.ts';
import { AppProcess } from '../support/processes.ts';
import { testRedisUrl } from '../support/redis-databases.ts';
import { ADMIN_KEY, SHAPES } from '../support/world.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** The guard is told at once, the manager after ESCALATE_T1, the crisis team long after. */
const SEED = `
sites: [{ id: hall, name: Town hall }]
rooms: [{ id: counter, site_id: hall, label: Counter 3 }]
persons: [{ id: ada, display_name: Ada }]
devices: [{ id: phone, device_token: KEY-OF-COUNTER-3, person_id: ada, room_id: counter }]
escalation_policy: { id: default, name: Hall }
escalation_targets:
  - { id: guard, label: Guard, channel: sms, address: '+491' }
  - { id: hook, label: Control room, channel: webhook, address: '' }
  - { id: manager, label: Manager, channel: sms, address: '+492' }
  - { id: crisis, label: Crisis team, channel: sms, address: '+493' }
escalation_steps:
  - { policy_id: default, step_no: 0, after_seconds: 0, target_ids: [guard, hook] }
  - { policy_id: default, step_no: 1, after_seconds: '\${ESCALATE_T1}', target_ids: [manager] }
  - { policy_id: default, step_no: 2, after_seconds: '\${ESCALATE_T2}', target_ids: [crisis] }
`;

describe.each(SHAPES)('api and worker as processes, jobs in %s', (shape) => {
  let database: TestDatabase;
  let sms: HttpReceiver;
  let hook: HttpReceiver;
  let api: AppProcess;
  let worker: AppProcess;
  let url: string;
  let workerUrl: string;

  beforeAll(async () => {
    [database, sms, hook] = await Promise.all([createDatabase(), HttpReceiver.start(), HttpReceiver.start()]);
    const redisUrl = await testRedisUrl();
    const [port, workerPort] = [await freePort(), await freePort()];
    url = `http://127.0.0.1:${port}`;
    workerUrl = `http://127.0.0.1:${workerPort}`;
    const environment = {
      DATABASE_URL: database.url,
      ADMIN_API_KEY: ADMIN_KEY,
      PORT: String(port),
      WORKER_PORT: String(workerPort),
      BASE_URL: url,
      ESCALATE_T1: '2',
      ESCALATE_T2: '30',
      SENDXMS_ENABLED: 'true',
      SENDXMS_BASE_URL: sms.url,
      SENDXMS_API_KEY: 'sms key',
      WEBHOOK_ENABLED: 'true',
      WEBHOOK_URL: `${hook.url}/alarms`,
      WEBHOOK_SECRET: SECRET,
      WEBHOOK_ALLOWED_HOSTS: '127.0.0.1',
      ...(shape === 'Redis' ? { REDIS_URL: redisUrl } : {}),
    };
    [api, worker] = await Promise.all([
      AppProcess.start('api', environment),
      AppProcess.start('worker', environment),
    ]);
    await Promise.all([api.waitForReady(`${url}/readyz`), worker.waitForReady(`${workerUrl}/readyz`)]);
    const seeded = await fetch(`${url}/v1/admin/seed`, {
      method: 'POST',
      headers: { 'X-Admin-Key': ADMIN_KEY, 'Content-Type': 'application/x-yaml' },
      body: SEED,
    });
    expect([seeded.status, await seeded.json()]).toEqual([200, { ok: 'true' }]);
  });

  afterAll(async () => {
    const exits = await Promise.all([api.kill('SIGTERM'), worker.kill('SIGTERM')]);
    expect(exits).toEqual([
      { code: null, signal: 'SIGTERM' },
      { code: null, signal: 'SIGTERM' },
    ]);
    await Promise.all([sms.close(), hook.close(), database.drop()]);
  });

  it('leads a press to the right requests, to the second step two seconds later, and an answer to silence', async () => {
    const pressed = await fetch(`${url}/v1/yealink/alarm?token=KEY-OF-COUNTER-3`, {
      headers: { 'X-Request-ID': 'press-1' },
    });
    expect(pressed.status).toBe(200);
    const { alarm_id: alarmId } = (await pressed.json()) as { alarm_id: string };

    const [guard, control] = await Promise.all([sms.next(), hook.next()]);
    expect(guard).toMatchObject({
      url: '/send',
      headers: { authorization: 'Bearer sms key', 'x-request-id': 'press-1' },
      json: { to: '+491', from: 'ALARM' },
    });
    const link = /http\S+\/a\/\S+/.exec((guard.json as { message: string }).message)?.[0] ?? '';
    expect(control.url).toBe('/alarms');
    expect(control.json).toMatchObject({
      type: 'alarm.triggered',
      data: { alarm_id: alarmId, ack_url: link },
    });
    expect(signatureOf(control)).toBe(control.headers['webhook-signature']);

    const manager = await sms.next();
    expect(manager.json).toMatchObject({ to: '+492' });
    expect(manager.receivedAt - guard.receivedAt).toBeGreaterThan(1400);

    const acknowledged = await fetch(link, {
      method: 'POST',
      body: new URLSearchParams({ acked_by: 'Eva' }),
    });
    expect([acknowledged.status, await acknowledged.text()]).toEqual([
      200,
      expect.stringContaining('You take care of it'),
    ]);
    const change = await hook.next();
    expect(change.json).toMatchObject({
      type: 'alarm.acknowledged',
      data: { alarm_id: alarmId, changed_by: 'Eva' },
    });
    expect(signatureOf(change)).toBe(change.headers['webhook-signature']);

    expect(await waiting(database.url, alarmId)).toEqual([]);
    expect([sms.count(), hook.count()]).toEqual([2, 2]);
  });

  it('counts it on both processes and logs it in the documented shape', async () => {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    const workerMetrics = await (await fetch(`${workerUrl}/metrics`)).text();
    expect(metrics).toContain('alarm_broker_alarms_total{source="yealink",severity="P0",result="created"} 1');
    expect(workerMetrics).toContain('alarm_broker_notifications_total{channel="sms",result="sent"} 2');
    expect(workerMetrics).toContain('alarm_broker_notifications_total{channel="webhook",result="sent"} 2');
    expect(workerMetrics).toContain('alarm_broker_webhook_duration_seconds_count{result="2xx"} 2');
    for (const text of [metrics, workerMetrics]) {
      expect(text).toContain('alarm_broker_active_alarms{status="acknowledged"} 1');
    }

    const lines = [...api.logs, ...worker.logs];
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) {
      expect(line).toEqual({
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        level: expect.stringMatching(/^(debug|info|warning)$/),
        logger: expect.any(String),
        message: expect.any(String),
        extra: expect.any(Object),
      });
    }
    expect(lines).toContainEqual(
      expect.objectContaining({
        message: 'notification sent',
        extra: expect.objectContaining({ requestId: 'press-1' }),
      }),
    );
    for (const app of [api, worker]) {
      const output = await readFile(app.outputFile, 'utf8');
      for (const secret of ['KEY-OF-COUNTER-3', ADMIN_KEY, 'sms key', SECRET, '+491', '/a/']) {
        expect(output).not.toContain(secret);
      }
    }
  });

  it('keeps its jobs where it was told', async () => {
    const redis = new Redis(await testRedisUrl({ empty: false }));
    const keys = await redis.keys('{alarm-broker}:*');
    redis.disconnect();
    if (shape === 'Redis') expect(keys).toContain('{alarm-broker}:deliveries:meta');
    else expect(keys).toEqual([]);
  });
});

function signatureOf({ headers, body }: Recorded): string {
  const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body.toString()}`;
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}

/** What is still to be sent or started for an alarm. Nothing of it: silence, however long one listens. */
async function waiting(databaseUrl: string, alarmId: string): Promise<unknown[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query(
      `SELECT 'notification' AS what FROM notifications
       WHERE alarm_id = $1 AND status IN ('scheduled', 'sending') AND purpose = 'alert'
       UNION ALL
       SELECT 'step' FROM escalations WHERE alarm_id = $1 AND next_step_at IS NOT NULL`,
      [alarmId],
    );
    return rows;
  } finally {
    await client.end();
  }
}
