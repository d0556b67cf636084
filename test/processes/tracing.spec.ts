import { Client } from 'pg';

import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { house, KEY, OTHER_KEY } from '../support/house.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { OtlpReceiver, type CollectedSpan } from '../support/otlp-receiver.ts';
import { AppProcess, type LogLine } from '../support/processes.ts';
import { testRedisUrl } from '../support/redis-databases.ts';
import { ADMIN_KEY } from '../support/world.ts';

const CALLER = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };

/** The guard is told at once, the manager two seconds later; WEBHOOK_URL hears of every answer. */
const SEED = house([{ id: 'guard' }, { id: 'manager', after: 2 }]);

/** With a bell that is heard, and with a Redis the api cannot reach, so that the sweep finds what it has kept. */
describe.each(['bell', 'sweep'])('one press through both processes, found by the %s', (way) => {
  let database: TestDatabase;
  let [sms, hook] = [] as unknown as [HttpReceiver, HttpReceiver];
  let collector: OtlpReceiver;
  let api: AppProcess;
  let worker: AppProcess;
  let url: string;
  let alarmId: string;
  let link: string;

  beforeAll(async () => {
    [database, sms, hook, collector] = await Promise.all([
      createDatabase(),
      HttpReceiver.start(),
      HttpReceiver.start(),
      OtlpReceiver.start(),
    ]);
    const [port, workerPort, nobody] = [await freePort(), await freePort(), await freePort()];
    url = `http://127.0.0.1:${port}`;
    const environment = {
      DATABASE_URL: database.url,
      REDIS_URL: await testRedisUrl(),
      ADMIN_API_KEY: ADMIN_KEY,
      LOG_LEVEL: 'DEBUG',
      PORT: String(port),
      WORKER_PORT: String(workerPort),
      BASE_URL: url,
      SENDXMS_ENABLED: 'true',
      SENDXMS_BASE_URL: sms.url,
      WEBHOOK_ENABLED: 'true',
      WEBHOOK_URL: hook.url,
      WEBHOOK_ALLOWED_HOSTS: '127.0.0.1',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-key=of%20the%20house',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
      OTEL_BSP_SCHEDULE_DELAY: '50',
    };
    const deaf = { REDIS_URL: `redis://127.0.0.1:${nobody}` };
    [api, worker] = await Promise.all([
      AppProcess.start('api', { ...environment, ...(way === 'sweep' ? deaf : {}) }),
      AppProcess.start('worker', environment),
    ]);
    await Promise.all([
      api.waitForReady(`${url}/readyz?exclude=redis`),
      worker.waitForReady(`http://127.0.0.1:${workerPort}/readyz`),
    ]);
    const seeded = await fetch(`${url}/v1/admin/seed`, {
      method: 'POST',
      headers: { 'X-Admin-Key': ADMIN_KEY, 'Content-Type': 'application/x-yaml' },
      body: SEED,
    });
    expect(seeded.status).toBe(200);
  });

  afterAll(async () => {
    await Promise.all([api.kill(), worker.kill()]);
    await Promise.all([sms.close(), hook.close(), collector.close(), database.drop()]);
  });

  const spanOf = (service: string, name: string, more: (span: CollectedSpan) => boolean = () => true) =>
    collector.span((span) => span.service === `alarm-broker-${service}` && span.name === name && more(span));
  const extra = (line: LogLine) => line['extra'] as Record<string, unknown>;

  it('carries the id of its request to the gateway, into both logs and onto the timeline, also minutes later', async () => {
    const pressed = await fetch(`${url}/v1/yealink/alarm?token=${KEY}`, {
      headers: { 'X-Request-ID': 'press-1', traceparent: `00-${CALLER.traceId}-${CALLER.spanId}-01` },
    });
    expect(pressed.headers.get('x-request-id')).toBe('press-1');
    ({ alarm_id: alarmId } = (await pressed.json()) as { alarm_id: string });

    const [guard, manager] = [await sms.next(), await sms.next()];
    link = /http\S+\/a\/\S+/.exec((guard.json as { message: string }).message)?.[0] ?? '';
    for (const { headers } of [guard, manager]) expect(headers['x-request-id']).toBe('press-1');

    const both = { alarmId, requestId: 'press-1' };
    const lines = await Promise.all([
      api.waitForLog(({ message }) => message === 'alarm triggered'),
      worker.waitForLog(({ message }) => message === 'escalation step started'),
      worker.waitForLog(
        (line) => line['message'] === 'notification sent' && extra(line)['target'] === 'manager',
      ),
    ]);
    for (const line of lines) expect(line['extra']).toMatchObject(both);

    const answered = await fetch(link, {
      method: 'POST',
      headers: { 'X-Request-ID': 'answer-1' },
      body: new URLSearchParams({ acked_by: 'Eva' }),
    });
    expect(answered.status).toBe(200);
    expect((await hook.next()).headers['x-request-id']).toBe('answer-1');
    await worker.waitForLog((line) => extra(line)['requestId'] === 'answer-1');

    expect(await timeline(database.url, alarmId)).toEqual([
      'press-1 alarm.triggered',
      'press-1 escalation.step-started',
      'press-1 notification.sent',
      'press-1 escalation.step-started',
      'press-1 notification.sent',
      'answer-1 alarm.acknowledged',
      'answer-1 notification.sent',
    ]);
  });

  it('is one trace from the caller to the hand-off of every step, and the answer is another one that names it', async () => {
    const press = await spanOf('api', 'GET /v1/yealink/alarm');
    const keep = await spanOf('api', 'keep alarm');
    const delivers = await Promise.all(
      [0, 1].map((step) =>
        spanOf('worker', 'deliver notification', (span) => span.attributes['alarm_broker.step'] === step),
      ),
    );
    const advance = await spanOf('worker', 'advance escalation');
    const sends = await Promise.all(
      delivers.map(({ spanId }) => spanOf('worker', 'send sms', (span) => span.parentSpanId === spanId)),
    );
    expect(press).toMatchObject({
      ...CALLER,
      spanId: press.spanId,
      parentSpanId: CALLER.spanId,
      kind: 'server',
    });
    expect(press.attributes).toEqual({
      'http.request.method': 'GET',
      'http.route': '/v1/yealink/alarm',
      'http.response.status_code': 200,
    });
    expect(keep).toMatchObject({ traceId: CALLER.traceId, parentSpanId: press.spanId });
    expect(keep.attributes).toMatchObject({
      'alarm_broker.alarm.id': alarmId,
      'alarm_broker.result': 'created',
    });
    expect(advance).toMatchObject({ traceId: CALLER.traceId, parentSpanId: keep.spanId });
    expect(delivers.map(({ parentSpanId }) => parentSpanId)).toEqual([keep.spanId, advance.spanId]);
    for (const span of [...delivers, ...sends]) expect(span.traceId).toBe(CALLER.traceId);
    expect(sends[0]).toMatchObject({
      kind: 'client',
      failed: false,
      attributes: { 'alarm_broker.channel': 'sms', 'alarm_broker.result': 'sent' },
      resource: {
        'service.namespace': 'alarm-broker',
        'service.name': 'alarm-broker-worker',
        'deployment.environment.name': 'test',
      },
    });
    for (const span of collector.spans) expect(span.end).toBeGreaterThanOrEqual(span.start);

    const change = await spanOf('api', 'acknowledge alarm');
    expect(change.traceId).not.toBe(CALLER.traceId);
    expect(change.links).toEqual([{ traceId: CALLER.traceId, spanId: keep.spanId }]);
    const news = await spanOf('worker', 'send webhook');
    expect(news.traceId).toBe(change.traceId);
  });

  it('tells the bell', async () => {
    const ring = await spanOf('api', 'ring deliveries');
    expect(ring).toMatchObject({ traceId: CALLER.traceId, kind: 'producer', failed: way === 'sweep' });
  });

  it('lets a gateway and a reader of the log go on with the trace', async () => {
    const sent = await spanOf('worker', 'send sms');
    expect(sms.requests.map(({ headers }) => headers['traceparent'])).toContain(
      `00-${sent.traceId}-${sent.spanId}-01`,
    );
    const line = await worker.waitForLog(({ message }) => message === 'notification sent');
    expect(line['extra']).toMatchObject({
      trace_id: CALLER.traceId,
      span_id: expect.stringMatching(/^[\da-f]{16}$/),
    });
  });

  it('goes on through a failure, named by one word, to those who are told at once because of it', async () => {
    sms.answer(({ json }) => ({ status: (json as { to: string }).to === '+49guard' ? 400 : 200 }));
    expect((await fetch(`${url}/v1/yealink/alarm?token=${OTHER_KEY}`)).status).toBe(200);

    const failure = await spanOf('worker', 'send sms', ({ failed }) => failed);
    expect(failure.attributes).toEqual({
      'alarm_broker.channel': 'sms',
      'alarm_broker.result': 'failed',
      'error.type': 'refused',
    });
    const ofTrace = ({ traceId }: CollectedSpan) => traceId === failure.traceId;
    const haste = await spanOf('worker', 'advance escalation', ofTrace);
    const told = await spanOf('worker', 'deliver notification', (span) => span.parentSpanId === haste.spanId);
    await spanOf('worker', 'claim', ({ parentSpanId }) => parentSpanId === told.spanId);
    await spanOf('worker', 'send sms', (span) => span.parentSpanId === told.spanId && !span.failed);
  });

  it('sends its spans as the settings say, and nothing in them that is nobody’s business', () => {
    expect(collector.http.requests[0]).toMatchObject({
      url: '/v1/traces',
      headers: { 'content-type': 'application/x-protobuf', 'x-collector-key': 'of the house' },
    });
    const told = JSON.stringify(collector.spans, (_key, value) => (typeof value === 'bigint' ? 0 : value));
    for (const secret of [KEY, link.split('/a/')[1], '+49guard', ADMIN_KEY, 'Eva', 'Ada', 'Counter'])
      expect(told).not.toContain(secret);
    expect(collector.spans.filter(({ name }) => /readyz|metrics/.test(name))).toEqual([]);
  });
});

async function timeline(databaseUrl: string, alarmId: string): Promise<string[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (;;) {
      const { rows } = await client.query<{ entry: string }>(
        `SELECT coalesce(request_id, '-') || ' ' || type AS entry FROM alarm_events WHERE alarm_id = $1 ORDER BY seq`,
        [alarmId],
      );
      // The record of a send comes after the gateway has answered.
      if (rows.filter(({ entry }) => entry.endsWith('notification.sent')).length === 3)
        return rows.map(({ entry }) => entry);
    }
  } finally {
    await client.end();
  }
}
