import { house, KEY, OTHER_KEY } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { World } from '../support/world.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('a press of an alarm key', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start({ seed: house([]), settings: { RATE_LIMIT_PER_MINUTE: '1000' } });
  });

  beforeEach(() => {
    // Beyond the duplicate window, so that each story raises an alarm of its own.
    world.clock.advance(20);
    logLines.clear();
  });

  afterAll(() => world.stop());

  /** The query exactly as a phone put it into the address. */
  const call = (query: string) => world.http.get(`/v1/yealink/alarm?${query}`);
  const alarm = async (id: string) => (await world.get(`/v1/alarms/${id}`).expect(200)).body;
  const newAlarms = (since: string) => world.query(`SELECT id FROM alarms WHERE created_at > $1`, [since]);

  it('is answered with the alarm, which by then is kept', async () => {
    const { body, headers } = await call(`token=${KEY}`).set('User-Agent', 'Yealink T54W').expect(200);

    expect(body).toEqual({ ok: true, alarm_id: expect.stringMatching(UUID), status: 'triggered' });
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(headers['cache-control']).toBe('no-store');
    expect(await alarm(body.alarm_id)).toEqual({
      id: body.alarm_id,
      status: 'triggered',
      source: 'yealink',
      event: 'alarm.trigger',
      created_at: world.clock.now().toISOString(),
      person_id: 'ada',
      room_id: 'counter-1',
      site_id: 'hall',
      device_id: 'phone-1',
      severity: 'P0',
      silent: true,
      zammad_ticket_id: null,
      ack_token: expect.stringMatching(/^[\w-]{43}$/),
      acked_at: null,
      acked_by: null,
      resolved_at: null,
      resolved_by: null,
      cancelled_at: null,
      cancelled_by: null,
      meta: {
        received_at: world.clock.now().toISOString(),
        client_ip: '127.0.0.1',
        user_agent: 'Yealink T54W',
      },
    });
  });

  it('keeps what the phone says about itself', async () => {
    const { body } = await call(`token=${KEY}&event=panic.button&mac=0015651A2B3C&model=T54W&ip=10.0.0.7`);

    expect(await alarm(body.alarm_id)).toMatchObject({
      event: 'panic.button',
      meta: { mac: '0015651A2B3C', model: 'T54W', ip: '10.0.0.7' },
    });
  });

  it.each([
    ['no token', 'event=x', 400, 'token.missing'],
    ['an empty token', 'token=', 400, 'token.missing'],
    ['a token the phone did not fill in', 'token=$token', 400, 'token.missing'],
    ['an unknown token', 'token=KEY-OF-SOMEBODY-ELSE', 404, 'device.unknown'],
    ['a device without person and room', 'token=KEY-OF-NOBODY', 409, 'device.incomplete'],
  ])('with %s is refused in words and raises nothing', async (_what, query, status, code) => {
    const before = world.clock.now().toISOString();
    world.clock.advance(1);
    const { body, headers } = await call(query).set('X-Request-ID', 'call-17').expect(status);

    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(body).toEqual({
      type: 'about:blank',
      title: expect.any(String),
      status,
      detail: expect.stringMatching(/^[A-Z].*\.$/),
      code,
      request_id: 'call-17',
    });
    expect(await newAlarms(before)).toEqual([]);
  });

  const LONG = 'x'.repeat(4000);
  // A surrogate pair exactly where a long value is cut: half of it would be no text at all.
  const CUT_EMOJI = `${'x'.repeat(199)}${encodeURIComponent('😀')}${LONG}`;

  it.each([
    ['literal variables', 'mac=$mac&model=$model&ip=$ip&event=$event'],
    ['empty values', 'mac=&model=&ip=&event='],
    ['names without values', 'mac&model&event'],
    ['repeated parameters', 'mac=&mac=$mac&event=a&event=&event=alarm.trigger'],
    ['a repeated token', `token=${KEY}`],
    ['NUL bytes', 'mac=%00&model=%00%00&event=alarm%00.trigger%00'],
    ['line breaks', 'event=%0d%0aalarm.trigger&model=%0a'],
    ['broken UTF-8', 'firmware=%ff%fe%c3%28%ed%a0%80&event=alarm.trigger'],
    ['broken percent signs', 'firmware=%&ip=%zz&mac=100%25%'],
    ['very long values', `firmware=${LONG}&model=${LONG}&mac=${LONG}`],
    ['an emoji that is cut in two', `firmware=${CUT_EMOJI}`],
    ['names of its own', `client_ip=1.2.3.4&__proto__=x&constructor=y&received_at=never&token[]=z`],
  ])('raises the alarm whatever comes with it: %s', async (_what, query) => {
    const { body } = await call(`token=${KEY}&${query}`).expect(200);

    const { event, meta } = await alarm(body.alarm_id);
    expect(event).toBe('alarm.trigger');
    expect(meta.client_ip).toBe('127.0.0.1');
    expect(meta.received_at).toBe(world.clock.now().toISOString());
    for (const value of Object.values<string | null>(meta))
      expect((value ?? '').length).toBeLessThanOrEqual(200);
    expect(await world.timeline(body.alarm_id)).toContain('alarm.triggered');
    expect(logLines.at('error')).toEqual([
      'EscalationClock: An alarm has no escalation policy: nobody is told',
    ]);
  });

  it('raises the alarm also when the event itself is cut in the middle of an emoji', async () => {
    const { body } = await call(`token=${KEY}&event=${CUT_EMOJI}`).expect(200);

    expect((await alarm(body.alarm_id)).event).toMatch(/^x{199}/);
  });

  it('finds the device although the phone added a NUL byte to the token', async () => {
    const { body } = await call(`token=${KEY}%00`).expect(200);

    expect((await alarm(body.alarm_id)).device_id).toBe('phone-1');
  });

  it('takes the last token when the phone sends two', async () => {
    const { body } = await call(`token=${OTHER_KEY}&token=${KEY}`).expect(200);

    expect((await alarm(body.alarm_id)).device_id).toBe('phone-1');
  });

  it('hands the id of its request on, when it is a sane one', async () => {
    const { body, headers } = await call(`token=${KEY}`).set('X-Request-ID', 'pbx-4711:a.b_c').expect(200);

    expect(headers['x-request-id']).toBe('pbx-4711:a.b_c');
    expect(
      await world.query('SELECT DISTINCT request_id FROM alarm_events WHERE alarm_id = $1 AND type = $2', [
        body.alarm_id,
        'alarm.triggered',
      ]),
    ).toEqual([{ request_id: 'pbx-4711:a.b_c' }]);
    const told = logLines.lines.find((line) => line.message === 'alarm triggered');
    expect(told?.extra).toMatchObject({ requestId: 'pbx-4711:a.b_c', alarmId: body.alarm_id });
  });

  it.each([
    ['too long', 'x'.repeat(129)],
    ['with blanks', 'two words'],
    ['with quotes', 'a"b'],
    ['empty', ''],
  ])('gets a request id of ours instead of one that is %s', async (_what, sent) => {
    const { headers } = await call(`token=${KEY}`).set('X-Request-ID', sent).expect(200);

    expect(headers['x-request-id']).toMatch(UUID);
  });

  it('leaves no token in the log, neither of a press nor of a refusal', async () => {
    const { body } = await call(`token=${KEY}`).expect(200);
    await call('token=KEY-OF-SOMEBODY-ELSE').expect(404);
    await call('token=KEY-OF-NOBODY').expect(409);

    expect(logLines.text).toContain(body.alarm_id);
    for (const secret of [
      KEY,
      'KEY-OF-SOMEBODY-ELSE',
      'KEY-OF-NOBODY',
      (await alarm(body.alarm_id)).ack_token,
    ]) {
      expect(logLines.text).not.toContain(secret);
    }
  });
});

describe('a door with a list of addresses', () => {
  let world: World;

  afterEach(() => world.stop());

  const start = async (settings: Record<string, string>) => {
    world = await World.start({
      seed: house([]),
      settings: { YELK_IP_ALLOWLIST: '10.1.0.0/16, fd00::/8', ...settings },
    });
  };
  const pressFrom = (forwardedFor: string) => world.press(KEY).set('X-Forwarded-For', forwardedFor);

  it('is closed to everybody else, whatever they claim to be', async () => {
    await start({});

    const { body } = await world.press(KEY).expect(403);
    expect(body).toMatchObject({ code: 'address.forbidden', detail: expect.any(String) });
    await pressFrom('10.1.2.3').expect(403);
    expect(await world.query('SELECT FROM alarms')).toEqual([]);
  });

  it('believes a trusted proxy, and nothing left of the first address it does not trust', async () => {
    await start({ TRUSTED_PROXY_CIDRS: '127.0.0.1, 192.168.7.0/24' });

    await world.press(KEY).expect(403); // the proxy itself
    await pressFrom('203.0.113.9').expect(403);
    await pressFrom('10.1.2.3, 203.0.113.9').expect(403); // the left part is what the caller made up
    await pressFrom('10.1.2.3, 203.0.113.9, 192.168.7.1').expect(403);
    await pressFrom('10.1.2.3, nonsense').expect(403);
    expect(await world.query('SELECT FROM alarms')).toEqual([]);

    const { body } = await pressFrom('made up, 10.1.2.3, 192.168.7.1').expect(200);
    const { body: alarm } = await world.get(`/v1/alarms/${body.alarm_id}`);
    expect(alarm.meta.client_ip).toBe('10.1.2.3');
    await pressFrom('fd00::17').expect(200);
  });
});

describe('a phone that calls the token differently', () => {
  it('is understood by the name that is configured, and by no other', async () => {
    const world = await World.start({ seed: house([]), settings: { YELK_TOKEN_QUERY_PARAM: 'device_key' } });

    await world.http.get('/v1/yealink/alarm').query({ device_key: KEY }).expect(200);
    const { body } = await world.http.get('/v1/yealink/alarm').query({ token: OTHER_KEY }).expect(400);
    expect(body.detail).toContain('device_key');
    await world.stop();
  });
});
