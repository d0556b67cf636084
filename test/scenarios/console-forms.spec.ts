import { ConsoleVisitor } from '../support/console-visitor.ts';
import { EventStream } from '../support/event-stream.ts';
import { house, KEY } from '../support/house.ts';
import { ADMIN_KEY, World } from '../support/world.ts';

describe('forms of the console', () => {
  let world: World;
  let visitor: ConsoleVisitor;
  let alarmId: string;

  beforeAll(async () => {
    world = await World.start({
      seed: house([]),
      settings: { RATE_LIMIT_PER_MINUTE: '1000', BASE_URL: 'https://alarm.hall.example' },
    });
  });

  beforeEach(async () => {
    world.clock.advance(20);
    alarmId = (await world.press(KEY).expect(200)).body.alarm_id;
    visitor = new ConsoleVisitor(world.url);
    await visitor.signIn(ADMIN_KEY);
  });

  afterAll(() => world.stop());

  const status = async (): Promise<string> => (await world.get(`/v1/alarms/${alarmId}`)).body.status;

  const answer = (token: string, headers?: Record<string, string>, fields = {}) =>
    visitor.post(
      '/admin/answers',
      { _token: token, alarm: alarmId, command: 'acknowledge', ...fields },
      headers,
    );

  it('are taken with the proof that stands in them', async () => {
    expect(await answer(await visitor.formToken('/admin'))).toMatchObject({
      status: 303,
      location: '/admin',
    });
    expect(await status()).toBe('acknowledged');
  });

  it.each([
    ['no proof', ''],
    ['a proof from nowhere', 'a'.repeat(64)],
  ])('change nothing with %s, and are shown once more', async (_, token) => {
    const { status: answered, text } = await answer(token);

    expect(answered).toBe(409);
    expect(text).toContain('Not sent yet');
    expect(await status()).toBe('triggered');
  });

  it("change nothing with the proof of somebody else's session", async () => {
    const other = new ConsoleVisitor(world.url);
    await other.signIn(ADMIN_KEY);

    expect((await answer(await other.formToken('/admin'))).status).toBe(409);
    expect(await status()).toBe('triggered');
  });

  it.each([
    { origin: 'https://elsewhere.example' },
    { origin: 'null' },
    { origin: 'https://alarm.hall.example', 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('are refused from another site, however they look (%j)', async (headers) => {
    const { status: answered } = await answer(await visitor.formToken('/admin'), headers);

    expect(answered).toBe(403);
    expect(await status()).toBe('triggered');
  });

  it('are taken behind a proxy that changes the name of the host', async () => {
    const { status: answered } = await answer(await visitor.formToken('/admin'), {
      origin: 'https://alarm.hall.example',
    });
    expect(answered).toBe(303);
  });

  it('are not kept for somebody whom another site sends to sign in', async () => {
    const stranger = new ConsoleVisitor(world.url);
    const { status: answered, text } = await stranger.post(
      `/admin/answers`,
      { alarm: alarmId, command: 'cancel' },
      { origin: 'https://elsewhere.example' },
    );
    expect(answered).toBe(403);
    expect(text).not.toContain(alarmId);
    const signIn = { key: ADMIN_KEY, to: '/admin/answers', 'kept.alarm': alarmId, 'kept.command': 'cancel' };
    expect(
      (await stranger.post('/admin/sign-in', signIn, { origin: 'https://elsewhere.example' })).status,
    ).toBe(403);
  });

  it.each([{ command: 'delete' }, { command: 'constructor' }])(
    'are refused when they ask for nonsense (%j)',
    async (fields) => {
      expect((await answer(await visitor.formToken('/admin'), undefined, fields)).status).toBe(422);
      expect(await status()).toBe('triggered');
    },
  );

  it('lead nowhere but back into the console', async () => {
    const token = await visitor.formToken('/admin');
    const { location } = await answer(token, undefined, { back: 'https://elsewhere.example/admin' });
    expect(location).toBe('/admin');
  });

  it('tell live pages nothing without a session, and no longer than one lasts', async () => {
    expect((await new ConsoleVisitor(world.url).get('/admin/live')).status).toBe(303);
    expect((await visitor.get('/admin/live?alarm_id=everything')).status).toBe(422);

    const stream = await EventStream.open(world.url, {
      path: '/admin/live',
      cookie: visitor.cookies,
      key: '',
    });
    await stream.position();
    await visitor.post('/admin/sign-out', { _token: await visitor.formToken('/admin') });
    await stream.over();
    const late = await EventStream.open(world.url, { path: '/admin/live', cookie: visitor.cookies, key: '' });
    expect(late.status).toBe(401);
  });

  it('have a page of their own for addresses that do not exist', async () => {
    const { status: answered, text } = await visitor.get('/admin/nothing/at/all');
    expect(answered).toBe(404);
    expect(text).toContain('There is nothing here');
    expect((await world.http.get('/v1/nothing')).body.code).toBe('request.refused');
  });
});
