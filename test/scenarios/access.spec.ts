import { house, KEY } from '../support/house.ts';
import { ADMIN_KEY, World } from '../support/world.ts';

describe('keys', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start({ seed: house([{ id: 'A' }]) });
  });
  afterAll(() => world.stop());

  const create = async (name: string, role: string) => {
    const { body } = await world.post('/v1/admin/api-keys', { name, role }).expect(201);
    return body as { id: string; key: string };
  };
  const as = (key: string) => ({
    get: (path: string) => world.http.get(path).set('X-Admin-Key', key),
    post: (path: string, body: object = {}) => world.http.post(path).set('X-Admin-Key', key).send(body),
    delete: (path: string) => world.http.delete(path).set('X-Admin-Key', key),
  });

  it('allow what their role allows, and no more', async () => {
    const viewer = as((await create('board', 'viewer')).key);
    const responder = as((await create('desk', 'responder')).key);
    const { body: pressed } = await world.press(KEY).expect(200);
    const alarm = `/v1/alarms/${pressed.alarm_id}`;

    const { body: seen } = await viewer.get(alarm).expect(200);
    expect(seen.ack_token).toBeNull();
    const { body: refused } = await viewer.post(`${alarm}/ack`).expect(403);
    expect(refused).toMatchObject({
      code: 'access.role',
      detail: 'This needs the role responder; the key has viewer.',
    });
    await viewer.post(`${alarm}/notes`, { note: 'x' }).expect(403);
    await viewer.delete(alarm).expect(403);
    await viewer.get('/v1/admin/api-keys').expect(403);

    expect((await responder.get(alarm).expect(200)).body.ack_token).toEqual(expect.any(String));
    await responder.post(`${alarm}/ack`).expect(204);
    await responder.delete(alarm).expect(403);
    await responder.post('/v1/admin/seed').expect(403);
  });

  it('stand on the timeline by their name', async () => {
    const { key } = await create('night shift', 'responder');
    const { body: pressed } = await world.press(KEY).expect(200);
    await as(key).post(`/v1/alarms/${pressed.alarm_id}/resolve`, { actor: 'Eva' }).expect(204);

    expect((await world.get(`/v1/alarms/${pressed.alarm_id}`)).body.resolved_by).toBe('Eva');
    const [event] = await world.query<{ actor: string; data: object }>(
      `SELECT actor, data FROM alarm_events WHERE alarm_id = $1 AND type = 'alarm.resolved'`,
      [pressed.alarm_id],
    );
    expect(event).toEqual({ actor: 'night shift', data: { by: 'Eva' } });
  });

  it('are shown once, listed without themselves, kept by their hash only, and open nothing once revoked', async () => {
    const { id, key } = await create('temporary', 'admin');
    const { body: keys } = await as(key).get('/v1/admin/api-keys').expect(200);
    expect(keys).toContainEqual(
      expect.objectContaining({
        id,
        name: 'temporary',
        role: 'admin',
        created_by: 'admin',
        last_used_at: expect.any(String),
      }),
    );
    expect(JSON.stringify(keys)).not.toContain(key);
    const rows = await world.query('SELECT * FROM api_keys');
    expect(JSON.stringify(rows)).not.toContain(key);

    expect(
      (await world.post('/v1/admin/api-keys', { name: 'temporary', role: 'viewer' }).expect(409)).body.code,
    ).toBe('key.name-taken');
    await as(ADMIN_KEY).delete(`/v1/admin/api-keys/${id}`).expect(204);
    await as(key).get('/v1/alarms').expect(401);
    await as(ADMIN_KEY).delete(`/v1/admin/api-keys/${id}`).expect(404);
    await as(ADMIN_KEY).delete('/v1/admin/api-keys/nonsense').expect(404);
    await create('temporary', 'viewer');
  });

  it.each([
    { name: '', role: 'viewer' },
    { name: 'x', role: 'king' },
    { name: '=cmd', role: 'viewer' },
    { role: 'viewer' },
    {},
  ])('are not made from %j', async (body) => {
    await world.post('/v1/admin/api-keys', body).expect(422);
  });

  it('cannot be guessed quickly: after twenty wrong ones an address has to wait', async () => {
    const guesser = await World.start({ settings: { TRUSTED_PROXY_CIDRS: '127.0.0.1' } });
    try {
      const guess = (key: string, address: string) =>
        guesser.http.get('/v1/alarms').set('X-Admin-Key', key).set('X-Forwarded-For', address);
      for (let i = 0; i < 20; i += 1) await guess(`wrong ${i}`, '203.0.113.7').expect(401);
      const { body, headers } = await guess('wrong again', '203.0.113.7').expect(429);
      expect(body.code).toBe('access.limited');
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
      await guess(ADMIN_KEY, '203.0.113.7').expect(429);
      await guess(ADMIN_KEY, '203.0.113.8').expect(200);
    } finally {
      await guesser.stop();
    }
  });

  it('open nothing where the server has none', async () => {
    const closed = await World.start({ settings: { ADMIN_API_KEY: '' } });
    try {
      const { body } = await closed.http.get('/v1/alarms').set('X-Admin-Key', 'anything').expect(403);
      expect(body.code).toBe('access.not-configured');
    } finally {
      await closed.stop();
    }
  });
});
