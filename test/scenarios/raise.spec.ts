import { house, KEY } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { World } from '../support/world.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const BEARER = { Authorization: `Bearer ${KEY}` };

/** What no column, and no careless reader, could take. */
const HOSTILE: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['half a body', '{"person_id":"ada"'],
  ['a list', '[]'],
  ['a list of bodies', '[{"person_id":"ada"}]'],
  ['null', 'null'],
  ['a number', '7'],
  ['a word', '"ada"'],
  ['a NUL byte as person', '{"person_id":"a\\u0000da"}'],
  ['half a surrogate pair as event', '{"person_id":"ada","event":"\\ud800"}'],
  ['two lines as event', '{"person_id":"ada","event":"a\\r\\nBcc: b"}'],
  ['blanks as event', '{"person_id":"ada","event":"   "}'],
  ['a long event', `{"person_id":"ada","event":"${'x'.repeat(201)}"}`],
  ['a NUL byte as a name in meta', '{"person_id":"ada","meta":{"a\\u0000":1}}'],
  ['a NUL byte deep in meta', '{"person_id":"ada","meta":{"a":[{"b":"\\u0000"}]}}'],
  ['half a surrogate pair as a name in meta', '{"person_id":"ada","meta":{"a":{"\\udfff":1}}}'],
  ['a deep meta', `{"person_id":"ada","meta":${'{"a":'.repeat(6)}1${'}'.repeat(6)}}`],
  ['a very deep meta', `{"person_id":"ada","meta":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
  ['a large meta', `{"person_id":"ada","meta":{"a":"${'x'.repeat(8192)}"}}`],
  ['a list as meta', '{"person_id":"ada","meta":[1]}'],
  ['an unknown severity', '{"person_id":"ada","severity":"P9"}'],
  ['a number as severity', '{"person_id":"ada","severity":0}'],
  ['a word as silent', '{"person_id":"ada","silent":"yes"}'],
  ['a huge number as person', '{"person_id":1e999}'],
  ['an object as person', '{"person_id":{"$ne":null}}'],
  ['an unknown field', '{"person_id":"ada","id":"01a20a4c-ea88-7c34-9b49-f2058dc1c76e"}'],
  ['a person nobody knows', '{"person_id":"nobody"}'],
  ['a room nobody knows', '{"person_id":"ada","room_id":"nowhere"}'],
  ['nobody at all', '{"event":"panic.button"}'],
  ['a device and a person', `{"device_token":"${KEY}","person_id":"ada"}`],
];

describe('POST /v1/alarms', () => {
  let world: World;
  let responder: string;
  let viewer: string;

  beforeAll(async () => {
    world = await World.start({
      seed: house([{ id: 'guard' }]),
      settings: { RATE_LIMIT_PER_MINUTE: '1000' },
    });
    const keyOf = async (role: string) =>
      (await world.post('/v1/admin/api-keys', { name: role, role }).expect(201)).body.key as string;
    responder = await keyOf('responder');
    viewer = await keyOf('viewer');
  });

  beforeEach(() => {
    world.clock.advance(20);
    logLines.clear();
  });

  afterAll(() => world.stop());

  const raise = (body: object, headers: Record<string, string> = { 'X-Admin-Key': responder }) =>
    world.http.post('/v1/alarms').set(headers).send(body);
  const numberOfAlarms = async () =>
    (await world.query<{ count: number }>('SELECT count(*)::int AS count FROM alarms'))[0]?.count;

  it('raises an alarm for a person in a room and answers with it and its address', async () => {
    const { body, headers } = await raise({
      person_id: 'ada',
      room_id: 'counter-1',
      event: 'panic.button',
      severity: 'P1',
      silent: false,
      meta: { title: 'Argument', camera: { id: 17 } },
    })
      .set('User-Agent', 'watch/1')
      .expect(201);

    expect(headers).toMatchObject({ location: `/v1/alarms/${body.id}`, etag: '"1"' });
    expect(headers).not.toHaveProperty('idempotency-replayed');
    const { body: read } = await world.get(headers['location'] as string).expect(200);
    expect(body).toEqual(read);
    expect(read).toMatchObject({
      id: expect.stringMatching(UUID),
      status: 'triggered',
      source: 'api',
      event: 'panic.button',
      severity: 'P1',
      silent: false,
      device_id: null,
      person_id: 'ada',
      room_id: 'counter-1',
      site_id: 'hall',
      meta: {
        title: 'Argument',
        camera: { id: 17 },
        client_ip: '127.0.0.1',
        user_agent: 'watch/1',
        received_at: world.clock.now().toISOString(),
      },
    });
    expect(await world.notifications(body.id)).toHaveLength(1);
  });

  it('says on the timeline which key it was, and in the messages whom it is about', async () => {
    const { body } = await raise({ person_id: 'ada', room_id: 'counter-1' }).expect(201);

    expect(
      await world.query('SELECT actor, data FROM alarm_events WHERE alarm_id = $1 AND type = $2', [
        body.id,
        'alarm.triggered',
      ]),
    ).toEqual([{ actor: 'responder', data: { source: 'api' } }]);
    const [row] = await world.query<{ brief: object }>(
      'SELECT brief FROM notifications WHERE alarm_id = $1',
      [body.id],
    );
    expect(row?.brief).toMatchObject({ person: 'Ada', room: 'Counter 1', floor: '2', site: 'Town hall' });
  });

  it.each([
    [{ person_id: 'ben' }, { person_id: 'ben', room_id: null, site_id: null }],
    [{ room_id: 'counter-2' }, { person_id: null, room_id: 'counter-2', site_id: 'hall' }],
  ])('is content with %j', async (sent, expected) => {
    const { body } = await raise(sent).expect(201);

    expect(body).toMatchObject({ ...expected, event: 'alarm.trigger', severity: 'P0', silent: true });
  });

  it('knows no duplicates where no device stands between', async () => {
    const first = await raise({ person_id: 'ada' }).expect(201);
    const second = await raise({ person_id: 'ada' }).expect(201);

    expect(first.body.id).not.toBe(second.body.id);
  });

  it('does not let a caller write what the broker notes itself', async () => {
    const { body } = await raise({
      person_id: 'ada',
      meta: {
        received_at: 'never',
        client_ip: '1.2.3.4',
        user_agent: 'x',
        notes: ['x'],
        ack_note: 'on my way',
        place: 'roof',
      },
    }).expect(201);

    expect(body.meta).toEqual({
      place: 'roof',
      received_at: world.clock.now().toISOString(),
      client_ip: '127.0.0.1',
      user_agent: null,
    });
  });

  it.each(['meta', 'event', 'severity', 'silent'])('takes null for %s as left out', async (field) => {
    const { body } = await raise({ person_id: 'ada', [field]: null }).expect(201);

    expect(body).toMatchObject({ event: 'alarm.trigger', severity: 'P0', silent: true });
  });

  it.each(HOSTILE)('refuses %s with words and raises nothing', async (_what, text) => {
    const before = await numberOfAlarms();
    const { body, status } = await world.http
      .post('/v1/alarms')
      .set({ 'X-Admin-Key': responder, 'Content-Type': 'application/json' })
      .send(text);

    expect([400, 422]).toContain(status);
    expect(body).toMatchObject({ status, detail: expect.stringMatching(/./), code: expect.any(String) });
    expect(await numberOfAlarms()).toBe(before);
  });

  it('takes numbers of any size in meta', async () => {
    const { body } = await world.http
      .post('/v1/alarms')
      .set({ 'X-Admin-Key': responder, 'Content-Type': 'application/json' })
      .send(
        '{"person_id":"ada","meta":{"a":1e308,"b":-1e-320,"c":123456789012345678901234567890,"__proto__":{"d":1}}}',
      )
      .expect(201);

    expect(body.meta).toMatchObject({ a: 1e308 });
  });

  it('is not open to everybody', async () => {
    await raise({ person_id: 'ada' }, {}).expect(401);
    await raise({ person_id: 'ada' }, { 'X-Admin-Key': 'wrong' }).expect(401);
    await raise({ person_id: 'ada' }, { 'X-Admin-Key': viewer }).expect(403);
    await raise({ person_id: 'ada' }, { Authorization: 'Basic YTpi' }).expect(401);
    // A wrong key is not mended by the token of a device.
    await raise({}, { 'X-Admin-Key': 'wrong', ...BEARER }).expect(401);
  });

  describe('for a device', () => {
    const press = (headers: Record<string, string>, body: object = {}) => raise(body, headers);

    it.each([
      ['by a key', () => ({ 'X-Admin-Key': responder }), { device_token: KEY }],
      ['by its own token', () => BEARER, {}],
      ['by its own token, twice', () => BEARER, { device_token: KEY }],
    ])('is a press like that of a phone (%s)', async (_how, headers, body) => {
      const first = await press(headers(), body).expect(201);
      world.clock.advance(5);
      const second = await press(headers(), body).expect(200);

      expect(first.body).toMatchObject({ source: 'api', device_id: 'phone-1', person_id: 'ada' });
      expect(second.body.id).toBe(first.body.id);
      expect(second.headers['location']).toBe(`/v1/alarms/${first.body.id}`);
      expect(await world.timeline(first.body.id)).toContain('alarm.pressed-again');
      // The phone itself joins the same alarm.
      expect((await world.press(KEY).expect(200)).body.alarm_id).toBe(first.body.id);
    });

    it('does not hand a device the link by which alarms are acknowledged', async () => {
      const { body } = await press(BEARER).expect(201);
      expect(body.ack_token).toBeNull();

      const { body: forKey } = await press({ 'X-Admin-Key': responder }, { device_token: KEY }).expect(200);
      expect(forKey.ack_token).toEqual(expect.any(String));
    });

    it.each([
      [
        'an unknown token by a key',
        () => ({ 'X-Admin-Key': responder }),
        { device_token: 'NOBODY-HAS-THIS' },
        404,
      ],
      ['an unknown token as bearer', () => ({ Authorization: 'Bearer NOBODY-HAS-THIS' }), {}, 401],
      ['a device without person and room', () => ({ Authorization: 'Bearer KEY-OF-NOBODY' }), {}, 409],
      ['a token that is not its own', () => BEARER, { device_token: 'KEY-OF-NOBODY' }, 422],
      ['a person of its choice', () => BEARER, { person_id: 'ben' }, 422],
    ])('refuses %s', async (_what, headers, body, status) => {
      await press(headers(), body).expect(status);

      expect(logLines.text).not.toContain('NOBODY-HAS-THIS');
    });
  });
});
