import { logLines } from '../support/log-lines.ts';
import { ADMIN_KEY, World } from '../support/world.ts';

describe('the key to all this', () => {
  const DOORS = [
    ['get', '/v1/alarms'],
    ['get', '/v1/alarms/018f0000-0000-7000-8000-000000000000'],
    ['post', '/v1/alarms/018f0000-0000-7000-8000-000000000000/ack'],
    ['post', '/v1/alarms/018f0000-0000-7000-8000-000000000000/resolve'],
    ['post', '/v1/alarms/018f0000-0000-7000-8000-000000000000/cancel'],
    ['post', '/v1/admin/seed'],
    ['post', '/v1/admin/devices'],
    ['post', '/v1/admin/escalation-policy'],
    ['get', '/v1/simulation/status'],
    ['get', '/v1/simulation/notifications'],
    ['post', '/v1/simulation/notifications/clear'],
    ['post', '/v1/simulation/seed'],
  ] as const;
  let world: World;

  afterEach(() => world.stop());

  it('must be the right one, and is asked for before anything else', async () => {
    world = await World.start({ settings: { SIMULATION_ENABLED: 'true' } });

    for (const [method, path] of DOORS) {
      const { body } = await world.http[method](path).expect(401);
      expect(body).toMatchObject({ status: 401, code: 'access.denied', detail: expect.any(String) });
    }
    for (const wrong of [`${ADMIN_KEY}x`, ADMIN_KEY.slice(0, -1), ADMIN_KEY.toUpperCase(), '']) {
      await world.http.get('/v1/alarms').set('X-Admin-Key', wrong).expect(401);
    }
    await world.http.get('/v1/alarms').set('X-Admin-Key', ADMIN_KEY).expect(200);
    expect(logLines.text).not.toContain(ADMIN_KEY);
  });

  it('opens nothing when the server has none', async () => {
    world = await World.start({ settings: { ADMIN_API_KEY: '', SIMULATION_ENABLED: 'true' } });

    for (const [method, path] of DOORS) {
      const { body } = await world.http[method](path).set('X-Admin-Key', '').expect(403);
      expect(body).toMatchObject({ status: 403, code: 'access.not-configured', detail: expect.any(String) });
    }
    await world.get('/v1/alarms').expect(403);
  });
});
