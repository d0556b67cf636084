import { house } from '../support/house.ts';
import { masterData } from '../support/master-data.ts';
import { ADMIN_KEY, World } from '../support/world.ts';

const STEPS = [{ step_no: 0, after_seconds: 0, target_ids: ['guard'] }];

/** Each kind: where it lives, a least and a full description, and what the least one becomes. */
const KINDS = [
  {
    path: 'sites',
    noun: 'site',
    least: { name: 'Annex' },
    full: { name: 'Annex North', time_zone: 'Europe/Berlin', escalation_policy_id: 'default' },
    becomes: { name: 'Annex', time_zone: null, escalation_policy_id: null },
  },
  {
    path: 'rooms',
    noun: 'room',
    least: { site_id: 'hall', label: 'Archive' },
    full: {
      site_id: 'hall',
      label: 'Archive',
      floor: '-1',
      notes: 'Ring twice.',
      escalation_policy_id: 'default',
    },
    becomes: { site_id: 'hall', label: 'Archive', floor: null, notes: null, escalation_policy_id: null },
  },
  {
    path: 'persons',
    noun: 'person',
    least: { display_name: 'Eva' },
    full: { display_name: 'Eva', role: 'Clerk', phone_mobile: '+491', phone_ext: '17', active: false },
    becomes: { display_name: 'Eva', role: null, phone_mobile: null, phone_ext: null, active: true },
  },
  {
    path: 'devices',
    noun: 'device',
    least: { person_id: null, room_id: null },
    full: {
      vendor: 'snom',
      model_family: 'D7',
      mac: '0004',
      account_ext: '9',
      person_id: 'ada',
      room_id: 'counter-1',
      escalation_policy_id: 'default',
      enabled: false,
    },
    becomes: {
      vendor: 'yealink',
      model_family: null,
      mac: null,
      account_ext: null,
      person_id: null,
      room_id: null,
      escalation_policy_id: null,
      enabled: true,
      last_pressed_at: null,
    },
  },
  {
    path: 'escalation-targets',
    noun: 'target',
    least: { label: 'Porter', channel: 'sms', address: '+492' },
    full: { label: 'Porter', channel: 'email', address: 'porter@example.org', enabled: false },
    becomes: { label: 'Porter', channel: 'sms', address: '+492', enabled: true },
  },
  {
    path: 'escalation-policies',
    noun: 'policy',
    least: { name: 'Night', steps: STEPS },
    full: {
      name: 'Night',
      repeat_count: 2,
      repeat_after_seconds: 90,
      steps: [...STEPS, { step_no: 1, after_seconds: 60, target_ids: ['guard', 'mayor'] }],
    },
    becomes: { name: 'Night', repeat_count: 0, repeat_after_seconds: 60, steps: STEPS },
  },
];

const SEED = house([{ id: 'guard' }, { id: 'mayor', after: 60 }]);

describe('master data', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start({ seed: SEED });
  });

  afterAll(() => world.stop());

  const { get, put, remove, tagOf } = masterData(() => world);

  describe.each(KINDS)('of $path', ({ path, noun, least, full, becomes }) => {
    it('is created, read, replaced and deleted', async () => {
      const created = await put(`${path}/new`, full).expect(201);
      const { device_token: _, ...shown } = created.body;
      const born = world.clock.now().toISOString();
      expect(shown).toMatchObject({ ...full, id: 'new', created_at: born, updated_at: born });
      const read = await get(`${path}/new`).expect(200);
      expect(read.body).toEqual(shown);
      expect(read.headers['etag']).toBe(created.headers['etag']);
      expect(read.headers['etag']).toMatch(/^"[^"]+"$/);

      world.clock.advance(5);
      const replaced = await put(`${path}/new`, least).expect(200);
      expect(replaced.body).toEqual({
        ...becomes,
        id: 'new',
        created_at: born,
        updated_at: world.clock.now().toISOString(),
      });
      expect(replaced.headers['etag']).not.toBe(created.headers['etag']);
      expect((await get(path).expect(200)).body).toContainEqual(replaced.body);

      await remove(`${path}/new`).expect(204);
      const { body } = await get(`${path}/new`).expect(404);
      expect(body).toMatchObject({ code: `${noun}.unknown`, detail: `There is no such ${noun}.` });
      await remove(`${path}/new`).expect(404);
    });

    it('is listed page by page, in the order of the ids', async () => {
      const ids = ['a', 'b b', 'ü', 'z/z', '日'];
      for (const id of ids) await put(`${path}/${encodeURIComponent(id)}`, least).expect(201);
      const seen: { id: string }[] = [];
      let cursor: string | undefined;
      do {
        const page = await get(path).query({ limit: 2, ...(cursor === undefined ? {} : { cursor }) });
        expect(page.status).toBe(200);
        expect(page.body.length).toBeLessThanOrEqual(2);
        seen.push(...page.body);
        cursor = page.headers['x-next-cursor'];
      } while (cursor !== undefined);

      expect(seen).toEqual((await get(path).expect(200)).body);
      expect(seen.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
      expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
      for (const id of ids) await remove(`${path}/${encodeURIComponent(id)}`).expect(204);
    });

    it.each(['limit=0', 'limit=201', 'limit=many', 'cursor=', 'cursor=%21', 'cursor=AA', 'order=desc'])(
      'refuses a list with %s',
      async (query) => {
        const { body } = await get(`${path}?${query}`).expect(422);
        expect(body.code).toBe('request.invalid');
      },
    );

    it('is not changed over the change of somebody else', async () => {
      await put(`${path}/shared`, least).expect(201);
      const tag = await tagOf(`${path}/shared`);
      const mine = await put(`${path}/shared`, full).set('If-Match', tag).expect(200);

      const { body } = await put(`${path}/shared`, least).set('If-Match', tag).expect(412);
      expect(body).toMatchObject({
        code: `${noun}.outdated`,
        detail: expect.stringContaining('read it again'),
      });
      await remove(`${path}/shared`).set('If-Match', tag).expect(412);
      expect((await get(`${path}/shared`).expect(200)).body).toEqual(mine.body);
      expect(await tagOf(`${path}/shared`)).toBe(mine.headers['etag']);

      await put(`${path}/shared`, least).set('If-Match', `"other", ${mine.headers['etag']}`).expect(200);
      await remove(`${path}/shared`).set('If-Match', '*').expect(204);
    });

    it('is created only, or changed only, where that is asked for', async () => {
      await put(`${path}/once`, least).set('If-Match', '*').expect(412);
      await get(`${path}/once`).expect(404);
      await put(`${path}/once`, least).set('If-None-Match', '*').expect(201);
      await put(`${path}/once`, full).set('If-None-Match', '*').expect(412);
      expect((await get(`${path}/once`).expect(200)).body).toMatchObject(becomes);
      await remove(`${path}/once`).set('If-Match', 'no-quotes').expect(400);

      const old = await tagOf(`${path}/once`);
      await remove(`${path}/once`).expect(204);
      world.clock.advance(1);
      await put(`${path}/once`, least).expect(201);
      // The same version of the same name, but not the same thing.
      await put(`${path}/once`, full).set('If-Match', old).expect(412);
      await remove(`${path}/once`).expect(204);
    });

    it('is changed by one of many who try at the same moment', async () => {
      const race = async (header: string, value: string) => {
        const tries = Array.from({ length: 8 }, () => put(`${path}/raced`, least).set(header, value));
        return (await Promise.all(tries)).map(({ status }) => status).sort();
      };

      expect(await race('If-None-Match', '*')).toEqual([201, ...Array<number>(7).fill(412)]);
      expect(await race('If-Match', await tagOf(`${path}/raced`))).toEqual([
        200,
        ...Array<number>(7).fill(412),
      ]);
      await remove(`${path}/raced`).expect(204);
    });

    it('refuses what it cannot keep, and says where', async () => {
      const [text] = Object.keys(least);
      const bad: [object, string][] = [
        [{}, ''],
        [[], ''],
        [{ ...least, surprise: 1 }, '/surprise'],
        [{ ...least, id: 'other' }, '/id'],
        [{ ...least, [text!]: 17 }, `/${text}`],
        [{ ...least, [text!]: 'x'.repeat(5001) }, `/${text}`],
        [{ ...least, [text!]: 'a\0b' }, `/${text}`],
        [{ ...least, [text!]: { toString: 1 } }, `/${text}`],
      ];
      for (const [body, pointer] of bad) {
        const answer = await put(`${path}/bad`, body);
        expect([answer.status, answer.body.code]).toEqual([422, 'request.invalid']);
        if (pointer !== '') expect(answer.body.errors).toContainEqual(expect.objectContaining({ pointer }));
      }
      const raw = (type: string, text: string) =>
        world.http
          .put(`/v1/admin/${path}/bad`)
          .set({ 'X-Admin-Key': ADMIN_KEY, 'Content-Type': type })
          .send(text);
      await raw('application/json', '{').expect(400);
      await raw('application/json', '"words"').expect(400);
      await raw('text/plain', JSON.stringify(least)).expect(422);
      await raw('application/yaml', JSON.stringify(least)).expect(422);
      await get(`${path}/bad`).expect(404);
    });

    it.each(['x'.repeat(101), '%00', 'a%00b', '%ED%A0%80', '%FF'])('has no name like %s', async (id) => {
      for (const answer of [await put(`${path}/${id}`, least), await get(`${path}/${id}`)]) {
        expect([400, 404, 422]).toContain(answer.status);
      }
    });

    it('is read by those who may see it and written by an admin', async () => {
      const readers = { persons: 'responder', 'escalation-targets': 'admin' }[path] ?? 'viewer';
      for (const role of ['viewer', 'responder']) {
        const { body } = await world.post('/v1/admin/api-keys', { name: `${path} ${role}`, role });
        const holder = (method: 'get' | 'put' | 'delete', name: string) =>
          world.http[method](`/v1/admin/${path}${name}`).set('X-Admin-Key', body.key);
        const mayRead = readers === 'viewer' || readers === role;

        await holder('get', '').expect(mayRead ? 200 : 403);
        await holder('get', '/of-nobody').expect(mayRead ? 404 : 403);
        await holder('put', '/of-nobody').send(least).expect(403);
        await holder('delete', '/of-nobody').expect(403);
      }
      await world.http.get(`/v1/admin/${path}`).expect(401);
    });
  });
});
