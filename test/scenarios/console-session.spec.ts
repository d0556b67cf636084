import { randomUUID } from 'node:crypto';

import { logLines } from '../support/log-lines.ts';
import { ConsoleVisitor } from '../support/console-visitor.ts';
import { ADMIN_KEY, World } from '../support/world.ts';

describe('a session at the console', () => {
  let world: World;
  let visitor: ConsoleVisitor;

  beforeAll(async () => {
    world = await World.start();
  });

  beforeEach(() => {
    visitor = new ConsoleVisitor(world.url);
  });

  afterAll(() => world.stop());

  const namedKey = async (role: string): Promise<{ key: string; id: string }> =>
    (await world.post('/v1/admin/api-keys', { name: `desk ${randomUUID()}`, role }).expect(201)).body;

  it('begins with a key and leads to where one wanted to go', async () => {
    const asked = await visitor.get('/admin?status=closed');
    expect(asked).toMatchObject({ status: 303, location: '/admin/sign-in?to=%2Fadmin%3Fstatus%3Dclosed' });

    const answer = await visitor.post('/admin/sign-in', { key: ADMIN_KEY, to: '/admin?status=closed' });

    expect(answer).toMatchObject({ status: 303, location: '/admin?status=closed' });
    expect((await visitor.get('/admin')).status).toBe(200);
    expect(logLines.text).not.toContain(ADMIN_KEY);
  });

  it.each([
    'https://elsewhere.example/',
    '//elsewhere.example/admin',
    '/\\elsewhere.example/admin',
    '/admin/../v1/alarms',
    '/administrators',
    'javascript:alert(1)',
    '/admin/sign-out',
    '',
  ])('leads nobody to %s', async (to) => {
    expect(await visitor.post('/admin/sign-in', { key: ADMIN_KEY, to })).toMatchObject({
      status: 303,
      location: '/admin',
    });
  });

  it('has a cookie no script and no other site can use, which the API is never sent', async () => {
    const { cookies } = await visitor.signIn(ADMIN_KEY);

    expect(cookies).toEqual([
      expect.stringMatching(/^alarm_broker_session=[\w-]{43}; Path=\/admin; HttpOnly; SameSite=Lax$/),
    ]);
    const secure = await visitor.signIn(ADMIN_KEY, { origin: world.url.replace('http:', 'https:') });
    expect(secure.cookies.join()).toContain('; Secure');
  });

  it('never opens the API', async () => {
    await visitor.signIn(ADMIN_KEY);
    for (const path of ['/v1/alarms', '/v1/events', '/v1/admin/api-keys', '/healthz/details']) {
      expect((await visitor.get(path)).status).toBe(401);
    }
  });

  it('is another one after each sign-in, and the old one is over', async () => {
    await visitor.signIn(ADMIN_KEY);
    const before = visitor.clone();
    await visitor.signIn(ADMIN_KEY);

    expect((await visitor.get('/admin')).status).toBe(200);
    expect((await before.get('/admin')).status).toBe(303);
  });

  it('ends by signing out, at the server too', async () => {
    await visitor.signIn(ADMIN_KEY);
    const copy = visitor.clone();
    const token = await visitor.formToken('/admin');

    expect(await visitor.post('/admin/sign-out', { _token: token })).toMatchObject({ status: 303 });
    expect((await copy.get('/admin')).status).toBe(303);
  });

  it('ends with its key', async () => {
    const { key, id } = await namedKey('viewer');
    await visitor.signIn(key);
    expect((await visitor.get('/admin')).status).toBe(200);

    await world.delete(`/v1/admin/api-keys/${id}`).expect(204);

    expect((await visitor.get('/admin')).status).toBe(303);
  });

  it('ends when nothing is done for an hour, and lasts while something is', async () => {
    await visitor.signIn(ADMIN_KEY);
    for (let i = 0; i < 3; i += 1) {
      world.clock.advance(50 * 60);
      expect((await visitor.get('/admin')).status).toBe(200);
    }
    world.clock.advance(62 * 60);
    expect((await visitor.get('/admin')).status).toBe(303);
  });

  it('ends after twelve hours, whatever is done', async () => {
    await visitor.signIn(ADMIN_KEY);
    for (let hours = 0; hours < 11.5; hours += 0.5) {
      world.clock.advance(30 * 60);
      expect((await visitor.get('/admin')).status).toBe(200);
    }
    world.clock.advance(31 * 60);
    expect((await visitor.get('/admin')).status).toBe(303);
  });

  it('leaves nothing in the table that would open the console', async () => {
    await visitor.signIn(ADMIN_KEY);
    const rows = await world.query<{ token_hash: string }>('SELECT token_hash FROM sessions');
    for (const { token_hash: hash } of rows) {
      const thief = new ConsoleVisitor(world.url, { alarm_broker_session: hash });
      expect((await thief.get('/admin')).status).toBe(303);
    }
    expect(JSON.stringify(rows)).not.toContain(visitor.cookie('alarm_broker_session'));
  });

  it('is refused with a wrong key, and slowed down after many', async () => {
    const guesser = new ConsoleVisitor(world.url);
    for (let i = 0; i < 20; i += 1) expect((await guesser.signIn(`guess ${i}`)).status).toBe(401);

    expect((await guesser.signIn(ADMIN_KEY)).status).toBe(429);
    expect(logLines.text).not.toContain('guess 1');
  });
});
