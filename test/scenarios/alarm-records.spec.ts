import { randomUUID } from 'node:crypto';

import { house, KEY, OTHER_KEY } from '../support/house.ts';
import { ADMIN_KEY, World } from '../support/world.ts';

describe('the record of an alarm', () => {
  let world: World;
  let alarm: string;

  beforeAll(async () => {
    // Nobody can be told here, and this is not about what follows from that.
    const settings = { ESCALATE_ON_FAILURE: 'false' };
    world = await World.start({ seed: house([{ id: 'A' }, { id: 'B', after: 60 }]), settings });
  });
  afterAll(() => world.stop());
  beforeEach(async () => {
    await world.query('UPDATE devices SET last_alarm_id = NULL, alarm_times = $1', ['{}']);
    alarm = await press(KEY);
  });

  const press = async (key: string) => (await world.press(key).expect(200)).body.alarm_id as string;
  const patch = (id: string, body: object) =>
    world.http.patch(`/v1/alarms/${id}`).set('X-Admin-Key', ADMIN_KEY).send(body);
  const remove = (id: string) => world.http.delete(`/v1/alarms/${id}`).set('X-Admin-Key', ADMIN_KEY);

  it('can be described, and says who described it', async () => {
    const words = {
      title: 'Argument',
      description: 'At the desk',
      tags: ['desk', 'evening'],
      severity: 'P2',
    };
    const { body } = await patch(alarm, words).expect(200);
    expect(body).toMatchObject({
      severity: 'P2',
      meta: {
        title: 'Argument',
        description: 'At the desk',
        tags: ['desk', 'evening'],
        client_ip: '127.0.0.1',
      },
    });
    const { body: again } = await patch(alarm, { title: null }).expect(200);
    expect(again.meta).not.toHaveProperty('title');
    expect(again.meta).toMatchObject({ description: 'At the desk' });
    expect(again.severity).toBe('P2');
    expect((await world.timeline(alarm)).filter((type) => type === 'alarm.edited')).toHaveLength(2);
  });

  it.each([
    { severity: 'P4' },
    { severity: null },
    { title: 7 },
    { title: 'x'.repeat(201) },
    { tags: 'desk' },
    { tags: [''] },
    { status: 'resolved' },
    { title: 'a\u0000b' },
  ])('refuses %j', async (change) => {
    const { body } = await patch(alarm, change).expect(422);
    expect(body.errors.length).toBeGreaterThan(0);
  });

  it('is not overwritten by somebody who has not seen the last change', async () => {
    const { headers } = await world.get(`/v1/alarms/${alarm}`).expect(200);
    const seen = headers['etag'] ?? '';
    await patch(alarm, { title: 'first' }).set('If-Match', seen).expect(200);
    const { body } = await patch(alarm, { title: 'second' }).set('If-Match', seen).expect(412);
    expect(body.code).toBe('alarm.outdated');
    await remove(alarm).set('If-Match', seen).expect(412);

    const { body: kept, headers: now } = await world.get(`/v1/alarms/${alarm}`).expect(200);
    expect(kept.meta.title).toBe('first');
    await remove(alarm)
      .set('If-Match', now['etag'] ?? '')
      .expect(204);
  });

  it('can be deleted once: out of sight, kept for the audit, and nobody is alerted any more', async () => {
    const before = (await world.get('/v1/alarms/stats').expect(200)).body.total as number;
    await remove(alarm).expect(204);
    expect((await remove(alarm).expect(409)).body.code).toBe('alarm.deleted');
    await world.get(`/v1/alarms/${alarm}`).expect(404);
    await world.post(`/v1/alarms/${alarm}/ack`).expect(404);
    expect((await world.get('/v1/alarms').expect(200)).body).not.toContainEqual(
      expect.objectContaining({ id: alarm }),
    );
    expect((await world.get('/v1/alarms/stats').expect(200)).body.total).toBe(before - 1);
    expect((await world.get('/v1/alarms/export').expect(200)).text).not.toContain(alarm);

    await world.advance(600);
    const steps = (await world.timeline(alarm)).filter((type) => type === 'escalation.step-started');
    expect(steps).toHaveLength(1);
    expect(await world.timeline(alarm)).toContain('alarm.deleted');
    expect(await press(KEY)).not.toBe(alarm);
  });

  it('takes notes, oldest first, whatever its state', async () => {
    const add = (body: object) => world.post(`/v1/alarms/${alarm}/notes`, body);
    const { body: first } = await add({ note: 'Looked in.' }).expect(201);
    expect(first).toEqual({
      id: expect.any(String),
      alarm_id: alarm,
      created_at: expect.any(String),
      created_by: 'admin',
      note: 'Looked in.',
      note_type: 'comment',
    });
    await world.post(`/v1/alarms/${alarm}/resolve`).expect(204);
    world.clock.advance(1);
    await add({ note: 'All well.', created_by: 'Eva' }).expect(201);
    world.clock.advance(1);
    await add({ note: 'Signed.' }).set('X-Admin-Email', 'ben@hall.example').expect(201);

    const { body: notes } = await world.get(`/v1/alarms/${alarm}/notes`).expect(200);
    expect(notes.map((note: { note: string; created_by: string }) => [note.note, note.created_by])).toEqual([
      ['Looked in.', 'admin'],
      ['All well.', 'Eva'],
      ['Signed.', 'ben@hall.example'],
    ]);
    await add({ note: '' }).expect(422);
    await add({ note: 'x'.repeat(5001) }).expect(422);
    await add({}).expect(422);
    await world.post(`/v1/alarms/${randomUUID()}/notes`, { note: 'x' }).expect(404);
  });

  it('is answered together with others: changed, unchanged and missing ones told apart', async () => {
    const other = await press(OTHER_KEY);
    await world.post(`/v1/alarms/${other}/resolve`).expect(204);
    const missing = randomUUID();
    const ids = [alarm, alarm, other, missing];

    const { body } = await world.post('/v1/alarms/bulk/ack', { alarm_ids: ids, acked_by: 'Eva' }).expect(200);
    expect(body).toEqual({ requested: 3, changed: 1, unchanged: 1, missing: [missing] });
    expect((await world.get(`/v1/alarms/${alarm}`)).body).toMatchObject({
      status: 'acknowledged',
      acked_by: 'Eva',
    });

    const { body: resolved } = await world
      .post('/v1/alarms/bulk/resolve', { alarm_ids: ids, note: 'over' })
      .expect(200);
    expect(resolved).toEqual({ requested: 3, changed: 1, unchanged: 1, missing: [missing] });
    const { body: cancelled } = await world
      .post('/v1/alarms/bulk/cancel', { alarm_ids: [alarm] })
      .expect(200);
    expect(cancelled).toEqual({ requested: 1, changed: 0, unchanged: 1, missing: [] });

    for (const alarm_ids of [[], ['nonsense'], 'all', Array.from({ length: 501 }, () => randomUUID())]) {
      await world.post('/v1/alarms/bulk/ack', { alarm_ids }).expect(422);
    }
  });

  it('is exported as JSON and as CSV whose cells no spreadsheet runs', async () => {
    await world.query('UPDATE alarms SET deleted_at = now() WHERE id <> $1', [alarm]);
    await world.post(`/v1/alarms/${alarm}/ack`, { acked_by: '=HYPERLINK("http://x","y")' }).expect(204);

    const json = await world.get('/v1/alarms/export').expect(200);
    expect(json.headers['content-disposition']).toBe('attachment; filename="alarms.json"');
    expect(json.body).toEqual([(await world.get(`/v1/alarms/${alarm}`)).body]);

    const { text, headers } = await world.get('/v1/alarms/export?format=csv').expect(200);
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    const [columns, row] = text.trim().split('\n');
    expect(columns).toMatch(/^id,status,severity,source/);
    expect(columns).not.toContain('ack_token');
    expect(row).toContain(`"'=HYPERLINK(""http://x"",""y"")"`);
    expect((await world.get('/v1/alarms/export?status=resolved').expect(200)).body).toEqual([]);
    await world.get('/v1/alarms/export?format=xml').expect(422);
  });
});
