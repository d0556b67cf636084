import { hashSecret, REDIS_PREFIX, SharedRedis } from '#platform';

import { house, KEY } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { ADMIN_KEY, World } from '../support/world.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const BEARER = { Authorization: `Bearer ${KEY}` };

describe('GET and POST /v1/trigger/{device_token}', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start({ seed: house([]), settings: { RATE_LIMIT_PER_MINUTE: '1000' } });
  });

  beforeEach(() => {
    world.clock.advance(20);
    logLines.clear();
  });

  afterAll(() => world.stop());

  const address = `/v1/trigger/${KEY}`;
  const alarm = async (id: string) => (await world.get(`/v1/alarms/${id}`).expect(200)).body;
  const numberOfAlarms = async () =>
    (await world.query<{ count: number }>('SELECT count(*)::int AS count FROM alarms'))[0]?.count;

  it('is the door of the phones with the token in the path', async () => {
    const { body, headers } = await world.http
      .get(`${address}?mac=0015651A2B3C&model=$model`)
      .set('User-Agent', 'Shelly')
      .expect(200);

    expect(body).toEqual({ ok: true, alarm_id: expect.stringMatching(UUID), status: 'triggered' });
    expect(headers['cache-control']).toBe('no-store');
    expect(await alarm(body.alarm_id)).toMatchObject({
      source: 'url',
      event: 'alarm.trigger',
      severity: 'P0',
      silent: true,
      device_id: 'phone-1',
      meta: { mac: '0015651A2B3C', user_agent: 'Shelly', client_ip: '127.0.0.1' },
    });

    const { body: again } = await world.http.post(address).expect(200);
    expect(again.alarm_id).toBe(body.alarm_id);
  });

  it('lets the address say how bad it is', async () => {
    const { body } = await world.http
      .get(`${address}?severity=p2&silent=false&event=door.forced`)
      .expect(200);

    expect(await alarm(body.alarm_id)).toMatchObject({ severity: 'P2', silent: false, event: 'door.forced' });
  });

  it.each([
    ['words it does not know', 'severity=P9&silent=perhaps'],
    ['empty values', 'severity=&silent='],
    ['literal variables', 'severity=$severity&silent=$silent'],
    ['bytes that are no text', 'severity=%00&silent=%ff%fe&event=%ed%a0%80&format=%00'],
    ['brackets', 'severity[]=P1&silent[a]=false&format=constructor'],
    ['long values', `severity=${'x'.repeat(5000)}`],
  ])('raises the alarm whatever comes with it: %s', async (_what, query) => {
    const { body } = await world.http.get(`${address}?${query}`).expect(200);

    expect(await alarm(body.alarm_id)).toMatchObject({ severity: 'P0', silent: true });
  });

  it.each([
    ['half a JSON text', 'application/json', '{"a":'],
    ['deep JSON', 'application/json', '['.repeat(100_000)],
    ['something that is no form', 'application/x-www-form-urlencoded', '%%%&&&=\0'],
    ['a large body', 'application/json', JSON.stringify('x'.repeat(3_000_000))],
    ['a kind nobody knows', 'what/ever; charset=no-such', '?'],
    ['text in no known encoding', 'application/json; charset=no-such', '{}'],
  ])('raises the alarm whatever its body is: %s', async (_what, type, text) => {
    const { body } = await world.http.post(address).set('Content-Type', type).send(text).expect(200);

    expect(body).toMatchObject({ ok: true, status: 'triggered' });
  });

  it.each([
    ['text', 'text/plain; charset=utf-8', 'OK'],
    ['none', 'text/plain; charset=utf-8', ''],
  ])('answers as %s when asked to', async (format, type, text) => {
    const answer = await world.http.get(`${address}?format=${format}`).expect(200);

    expect(answer.headers['content-type']).toBe(type);
    expect(answer.text).toBe(text);
  });

  it.each(['xml', 'yealink-xml'])('answers with a silent screen for format=%s', async (format) => {
    const answer = await world.http.get(`${address}?format=${format}`).expect(200);

    expect(answer.headers['content-type']).toBe('text/xml; charset=utf-8');
    expect(answer.text).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<YealinkIPPhoneTextScreen Beep="no" /,
    );
    expect(answer.text).not.toMatch(/alarm/i);
  });

  it.each([address, `/v1/yealink/alarm?token=${KEY}`])('does nothing for HEAD %s', async (path) => {
    const before = await numberOfAlarms();
    const { headers } = await world.http.head(path).expect(405);

    expect(headers['allow']).toMatch(/^GET/);
    expect(await numberOfAlarms()).toBe(before);
  });

  it.each([
    ['an unknown token', '/v1/trigger/KEY-OF-SOMEBODY-ELSE', 404, 'device.unknown'],
    ['a token that was not filled in', '/v1/trigger/$token', 400, 'token.missing'],
    ['a token of nothing but NUL', '/v1/trigger/%00', 400, 'token.missing'],
    ['a device without person and room', '/v1/trigger/KEY-OF-NOBODY', 409, 'device.incomplete'],
    ['a broken address', `/v1/trigger/%zz${KEY}`, 400, 'request.refused'],
    ['no token', '/v1/trigger/', 404, 'request.refused'],
    ['more than a token', `${address}/more`, 404, 'request.refused'],
  ])('refuses %s', async (_what, path, status, code) => {
    const before = await numberOfAlarms();
    const { body } = await world.http.get(path).expect(status);

    expect(body).toMatchObject({ status, code });
    expect(await numberOfAlarms()).toBe(before);
    expect(logLines.text).not.toMatch(/KEY-OF/);
  });

  it('leaves no token in the log', async () => {
    const { body } = await world.http.get(address).expect(200);
    await world.http.post(`/V1/Trigger/${KEY}`).expect(200);
    await world.http.head(address).expect(405);

    expect(logLines.text).toContain(body.alarm_id);
    expect(logLines.text).toContain('/v1/trigger/:device_token');
    expect(logLines.text).not.toContain(KEY);
  });
});

describe('the doors of the devices', () => {
  let world: World;

  afterEach(() => world.stop());

  it('share the list of addresses, from which a key is exempt', async () => {
    world = await World.start({ seed: house([]), settings: { YELK_IP_ALLOWLIST: '10.1.0.0/16' } });

    await world.http.get(`/v1/trigger/${KEY}`).expect(403);
    await world.http.post('/v1/alarms').set(BEARER).expect(403);
    await world.http.post('/v1/alarms').set('X-Admin-Key', ADMIN_KEY).send({ device_token: KEY }).expect(201);
  });

  it.each(['PostgreSQL', 'Redis'] as const)('share one limit and say when it ends (%s)', async (shape) => {
    world = await World.start({ shape, seed: house([]), settings: { RATE_LIMIT_PER_MINUTE: '2' } });
    for (const path of [`/v1/trigger/${KEY}`, `/v1/yealink/alarm?token=${KEY}`]) {
      const { body } = await world.http.get(path).expect(200);
      await world.post(`/v1/alarms/${body.alarm_id}/resolve`).expect(204);
      world.clock.advance(10);
    }

    const limited = [
      await world.http.get(`/v1/trigger/${KEY}`).expect(429),
      await world.press(KEY).expect(429),
      await world.http.post('/v1/alarms').set(BEARER).expect(429),
    ];
    for (const { body, headers } of limited) {
      expect(body).toMatchObject({
        type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
        code: 'device.limited',
        'violated-policies': ['device'],
      });
      expect(headers['retry-after']).toBe('40');
      expect(headers['ratelimit-policy']).toBe('"device";q=2;w=60');
      expect(headers['ratelimit']).toBe('"device";r=0;t=40');
    }
    world.clock.advance(39);
    await world.http.get(`/v1/trigger/${KEY}`).expect(429).expect('Retry-After', '1');
    world.clock.advance(1);
    await world.http.get(`/v1/trigger/${KEY}`).expect(200);
  });

  it('say so also when Redis alone has turned a flood away', async () => {
    world = await World.start({
      shape: 'Redis',
      seed: house([]),
      settings: { RATE_LIMIT_PER_MINUTE: '2' },
    });
    const redis = world.app.get(SharedRedis).client;
    // Alarms 50, 40 and 30 seconds ago by the clock of Redis, which no story can move.
    const [seconds] = (await redis?.time()) ?? [];
    const ago = (age: number) => (Number(seconds) - age) * 1000;
    await redis?.zadd(
      `${REDIS_PREFIX}:gate:${hashSecret(KEY)}:new`,
      ago(50),
      'a',
      ago(40),
      'b',
      ago(30),
      'c',
    );

    const { headers } = await world.http.get(`/v1/trigger/${KEY}`).expect(429);
    // One over the limit: the second has to leave the minute, not the first.
    expect(Number(headers['retry-after'])).toBeGreaterThan(15);
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(21);
    expect(headers['ratelimit-policy']).toBe('"device";q=2;w=60');
  });

  it('say which limit an address has reached that guesses keys', async () => {
    world = await World.start({ seed: house([]) });
    for (let i = 0; i < 20; i += 1)
      await world.http.get('/v1/alarms').set('X-Admin-Key', `guess ${i}`).expect(401);

    const { headers } = await world.http.get('/v1/alarms').set('X-Admin-Key', 'guess').expect(429);
    expect(headers['ratelimit-policy']).toBe('"wrong-keys";q=20;w=60');
    expect(headers['ratelimit']).toBe(`"wrong-keys";r=0;t=${headers['retry-after']}`);
  });
});
