import { alert, webhook, type AlertSketch } from '../support/alerts.ts';
import { house } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { ADMIN_KEY, World } from '../support/world.ts';

let fingerprints = 0;
const newFingerprint = () => (++fingerprints).toString(16).padStart(16, '0');

describe('alerts of Alertmanager', () => {
  let world: World;
  let fingerprint: string;

  beforeAll(async () => {
    world = await World.start({ seed: house([{ id: 'guard' }]) });
  });

  beforeEach(() => {
    world.clock.advance(60);
    logLines.clear();
    fingerprint = newFingerprint();
  });

  afterAll(() => world.stop());

  const send = (...alerts: unknown[]) => world.post('/v1/ingest/alertmanager', webhook(alerts));
  const firing = (sketch: AlertSketch = {}) => alert({ fingerprint, ...sketch });
  const resolved = (sketch: AlertSketch = {}) => firing({ status: 'resolved', ...sketch });
  const alarmsOf = (of: string) =>
    world.query<{ id: string; status: string; resolved_by: string | null }>(
      'SELECT id, status, resolved_by FROM alarms WHERE fingerprint = $1 ORDER BY created_at, id',
      [of],
    );
  const alarmOf = async (of: string) => {
    const [row] = await alarmsOf(of);
    return (await world.get(`/v1/alarms/${row?.id}`).expect(200)).body;
  };

  it('become alarms, told to people like any other', async () => {
    const { body } = await send(
      firing({
        labels: {
          alertname: 'ServerRoomTooHot',
          severity: 'critical',
          room_id: 'counter-1',
          person_id: 'ada',
        },
        annotations: {
          summary: '41 °C in the server room',
          description: 'The air conditioning\nhas failed.',
        },
      }),
    ).expect(200);

    expect(body).toEqual({ received: 1, created: 1, resolved: 0, unchanged: 0 });
    const alarm = await alarmOf(fingerprint);
    expect(alarm).toMatchObject({
      status: 'triggered',
      source: 'alertmanager',
      event: 'ServerRoomTooHot',
      severity: 'P0',
      silent: false,
      device_id: null,
      person_id: 'ada',
      room_id: 'counter-1',
      site_id: 'hall',
      meta: {
        title: '41 °C in the server room',
        description: 'The air conditioning\nhas failed.',
        fingerprint,
        starts_at: '2026-03-02T07:59:30.123Z',
        generator_url: 'https://prometheus.example.org/graph?g0.expr=temperature',
        labels: { alertname: 'ServerRoomTooHot', severity: 'critical' },
        client_ip: '127.0.0.1',
      },
    });
    expect(await world.notifications(alarm.id)).toHaveLength(1);
    expect(await world.timeline(alarm.id)).toContain('alarm.triggered');
  });

  it.each([
    [{ site_id: 'hall' }, { site_id: 'hall', room_id: null, person_id: null }],
    [
      { room_id: 'nowhere', person_id: 'nobody', site_id: 'hall' },
      { site_id: 'hall', room_id: null, person_id: null },
    ],
    [
      { room_id: 'counter-2', site_id: 'elsewhere' },
      { site_id: 'hall', room_id: 'counter-2' },
    ],
    [
      { room_id: 17, site_id: 'elsewhere' },
      { site_id: null, room_id: null },
    ],
  ])('stand where %j says, as far as that is known', async (labels, expected) => {
    await send(firing({ labels })).expect(200);

    expect(await alarmOf(fingerprint)).toMatchObject({ ...expected, event: 'alert' });
  });

  it('are one alarm however often they are repeated, and over when they say so', async () => {
    await send(firing()).expect(200);
    world.clock.advance(300);
    expect((await send(firing()).expect(200)).body).toMatchObject({ created: 0, unchanged: 1 });
    const [alarm] = await alarmsOf(fingerprint);
    await world.post(`/v1/alarms/${alarm?.id}/ack`).expect(204);
    expect((await send(firing()).expect(200)).body).toMatchObject({ created: 0, unchanged: 1 });

    expect((await send(resolved()).expect(200)).body).toMatchObject({ resolved: 1, unchanged: 0 });
    expect((await send(resolved()).expect(200)).body).toMatchObject({ resolved: 0, unchanged: 1 });
    expect(await alarmsOf(fingerprint)).toEqual([
      { id: alarm?.id, status: 'resolved', resolved_by: 'alertmanager' },
    ]);
    expect(
      await world.query('SELECT actor FROM alarm_events WHERE alarm_id = $1 AND type = $2', [
        alarm?.id ?? '',
        'alarm.resolved',
      ]),
    ).toEqual([{ actor: 'admin' }]);
  });

  it('are a new alarm when they fire again after that', async () => {
    for (const one of [firing(), resolved(), firing()]) await send(one).expect(200);

    expect((await alarmsOf(fingerprint)).map(({ status }) => status)).toEqual(['resolved', 'triggered']);
  });

  it.each(['resolve', 'cancel'])('leave an alarm alone that a person has closed (%s)', async (end) => {
    await send(firing()).expect(200);
    const [alarm] = await alarmsOf(fingerprint);
    await world.post(`/v1/alarms/${alarm?.id}/${end}`).expect(204);

    expect((await send(resolved()).expect(200)).body).toMatchObject({ resolved: 0, unchanged: 1 });
    expect((await alarmsOf(fingerprint))[0]?.resolved_by).not.toBe('alertmanager');
  });

  it('that are resolved before anybody heard of them raise nothing', async () => {
    expect((await send(resolved()).expect(200)).body).toMatchObject({ received: 1, unchanged: 1 });
    expect(await alarmsOf(fingerprint)).toEqual([]);
  });

  it('come in one list, each for itself', async () => {
    const others = [newFingerprint(), newFingerprint()] as const;
    await send(firing(), firing({ fingerprint: others[0] })).expect(200);
    const { body } = await send(
      firing(),
      resolved({ fingerprint: others[0] }),
      firing({ fingerprint: others[1] }),
      resolved({ fingerprint: others[1] }),
      firing({ fingerprint: others[1] }),
    ).expect(200);

    expect(body).toEqual({ received: 5, created: 2, resolved: 2, unchanged: 1 });
  });

  it('that nobody can understand take none of the others with them', async () => {
    const { body } = await send(
      null,
      'alert',
      [],
      firing({ status: 'suppressed' }),
      firing({ fingerprint: undefined }),
      firing({ fingerprint: 7 }),
      firing({ fingerprint: '\0' }),
      firing({ labels: null }),
      firing(),
    ).expect(200);

    expect(body).toMatchObject({ received: 9, created: 1, resolved: 0, unchanged: 0 });
    expect(body.errors.map(({ index }: { index: number }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(body.errors[3]).toEqual({ index: 3, detail: 'status: must be firing or resolved' });
    expect(await alarmsOf(fingerprint)).toHaveLength(1);
    expect(logLines.at('warning')).toContain('AlertIngest: Alerts of Alertmanager could not be understood');
  });

  it.each([
    ['nothing', ''],
    ['half a body', '{"version":"4","alerts":['],
    ['a list', '[]'],
    ['a word', '"alert"'],
    ['another version', JSON.stringify({ ...webhook([]), version: '5' })],
    ['a number as version', JSON.stringify({ ...webhook([]), version: 4 })],
    ['no alerts', JSON.stringify({ ...webhook([]), alerts: undefined })],
    ['alerts by name', JSON.stringify({ ...webhook([]), alerts: { a: alert() } })],
    ['a deep body', `{"version":"4","alerts":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
  ])('are refused as a whole when it is no webhook of theirs: %s', async (_what, text) => {
    const { body } = await world.http
      .post('/v1/ingest/alertmanager')
      .set({ 'X-Admin-Key': ADMIN_KEY, 'Content-Type': 'application/json' })
      .send(text);

    expect([400, 422]).toContain(body.status);
  });

  it('are repeated by Alertmanager when something of ours failed, and then only what is missing comes in', async () => {
    await world.query(
      `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken'; END $$`,
    );
    await world.query(
      `CREATE TRIGGER fail BEFORE INSERT ON alarms FOR EACH ROW WHEN (NEW.fingerprint = '${fingerprint}')
       EXECUTE FUNCTION fail()`,
    );
    const other = newFingerprint();
    const list = [firing(), firing({ fingerprint: other })];
    await send(...list).expect(500);
    expect(await alarmsOf(fingerprint)).toEqual([]);
    expect(await alarmsOf(other)).toHaveLength(1);

    await world.query('DROP TRIGGER fail ON alarms');
    expect((await send(...list).expect(200)).body).toMatchObject({ created: 1, unchanged: 1 });
  });

  it('take whatever stands in them', async () => {
    const { body } = await send(
      firing({
        labels: { alertname: 'a\0b', 'x\0': '\0', '\udfff': '\ud800x', constructor: 'y', n: 1e308 },
        annotations: { summary: '\ud800', description: '😀\0\n'.repeat(50_000) },
      }),
    ).expect(200);

    expect(body).toEqual({ received: 1, created: 1, resolved: 0, unchanged: 0 });
    expect((await alarmOf(fingerprint)).event).toBe('ab');
  });

  it('may be none, or more than Alertmanager was told to send', async () => {
    expect((await send().expect(200)).body).toMatchObject({ received: 0 });

    await world.post('/v1/ingest/alertmanager', webhook([firing()], { truncatedAlerts: 3 })).expect(200);
    expect(logLines.at('warning')).toContain(
      'AlertIngest: Alertmanager left alerts out; raise its max_alerts',
    );
  });

  it('are one alarm when replicas send them at the same moment, in two processes', async () => {
    const other = await world.secondApi();
    const urls = [world.url, await other.getUrl()];
    const others = [newFingerprint(), newFingerprint(), newFingerprint()];
    const deliver = async (url: string | undefined, alerts: readonly unknown[]) => {
      const answer = await fetch(`${url}/v1/ingest/alertmanager`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${ADMIN_KEY}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(webhook(alerts)),
      });
      expect(answer.status).toBe(200);
      return (await answer.json()) as { created: number; resolved: number };
    };
    const all = others.map((of) => alert({ fingerprint: of }));
    const fired = await Promise.all(
      // In any order: whoever holds one may wait for another.
      Array.from({ length: 20 }, (_, i) => deliver(urls[i % 2], i % 3 === 0 ? [...all].reverse() : all)),
    );
    expect(fired.reduce((sum, { created }) => sum + created, 0)).toBe(3);

    const over = all.map((one) => ({ ...one, status: 'resolved' }));
    const ended = await Promise.all(Array.from({ length: 20 }, (_, i) => deliver(urls[i % 2], over)));
    expect(ended.reduce((sum, { resolved: count }) => sum + count, 0)).toBe(3);
    for (const of of others) {
      expect((await alarmsOf(of)).map(({ status }) => status)).toEqual(['resolved']);
    }
    await other.close();
  });

  it('ask for a key of a responder', async () => {
    const keyOf = async (role: string) =>
      (await world.post('/v1/admin/api-keys', { name: role, role }).expect(201)).body.key as string;
    const sendAs = (headers: Record<string, string>) =>
      world.http
        .post('/v1/ingest/alertmanager')
        .set(headers)
        .send(webhook([firing()]));

    await sendAs({}).expect(401);
    await sendAs({ Authorization: 'Bearer wrong' }).expect(401);
    await sendAs({ 'X-Admin-Key': await keyOf('viewer') }).expect(403);
    expect(await alarmsOf(fingerprint)).toEqual([]);
    const responder = await keyOf('responder');
    await sendAs({ Authorization: `Bearer ${responder}` }).expect(200);
    expect((await sendAs({ 'X-Admin-Key': responder }).expect(200)).body).toMatchObject({ unchanged: 1 });
  });
});
