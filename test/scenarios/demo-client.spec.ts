import { readFile } from 'node:fs/promises';

import { ADMIN_KEY, World } from '../support/world.ts';

const KEYS = [
  'MU_YLK_NORTH_OPS_2001',
  'MU_YLK_NORTH_LIB_2002',
  'MU_YLK_CHEM_LAB_2003',
  'MU_YLK_MED_OR_2004',
  'MU_YLK_DORM_LOBBY_2005',
];

/** What the demonstration scripts of the first Alarm Broker do, call by call, with the headers they send. */
it('serves the demonstration clients of the original unchanged', async () => {
  const world = await World.start({ settings: { SIMULATION_ENABLED: 'true' } });
  try {
    const admin = (method: 'get' | 'post', path: string) =>
      world.http[method](path).set('X-Admin-Key', ADMIN_KEY);
    const { body: ready } = await world.http.get('/readyz').expect(200);
    expect(ready).toMatchObject({ ok: 'true', db: 'ok' });

    const seed = await admin('post', '/v1/admin/seed')
      .set('Content-Type', 'application/x-yaml')
      .send(await readFile(new URL('../../seeds/simulation.yaml', import.meta.url), 'utf8'));
    expect([seed.status, seed.body]).toEqual([200, { ok: 'true' }]);
    const cleared = await admin('post', '/v1/simulation/notifications/clear')
      .set('Content-Type', 'application/json')
      .send('{}');
    expect([cleared.status, cleared.body.status]).toEqual([200, 'ok']);

    const pressed: string[] = [];
    for (const key of KEYS) {
      const { body } = await world.press(key).expect(200);
      expect(body).toEqual({ ok: true, alarm_id: expect.any(String), status: 'triggered' });
      pressed.push(body.alarm_id);
    }
    await world.settle();

    const { body: alarms } = await admin('get', '/v1/alarms')
      .query({ status: 'triggered', limit: 50 })
      .expect(200);
    expect(new Set(alarms.map((alarm: { id: string }) => alarm.id))).toEqual(new Set(pressed));
    await admin('post', `/v1/alarms/${pressed[0]}/ack`)
      .send({ acked_by: 'demo', note: 'on my way' })
      .expect(204);
    await admin('post', `/v1/alarms/${pressed[0]}/resolve`).send({ actor: 'demo', note: 'over' }).expect(204);
    expect((await admin('get', `/v1/alarms/${pressed[0]}`)).body).toMatchObject({
      status: 'resolved',
      acked_by: 'demo',
      resolved_by: 'demo',
      meta: { ack_note: 'on my way', resolve_note: 'over' },
    });

    await world.settle();
    const { body: status } = await admin('get', '/v1/simulation/status').expect(200);
    expect(status).toEqual({
      simulation_enabled: true,
      total_notifications: 17,
      by_channel: { zammad: 7, sms: 5, signal: 5, email: 0, webhook: 0, ntfy: 0 },
    });
    const { body: feed } = await admin('get', '/v1/simulation/notifications')
      .query({ channel: 'sms' })
      .expect(200);
    expect(feed.total).toBe(5);
  } finally {
    await world.stop();
  }
});
