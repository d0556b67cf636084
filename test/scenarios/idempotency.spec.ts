import { house, KEY } from '../support/house.ts';
import { ADMIN_KEY, World } from '../support/world.ts';

/** What is known of a key. */
interface Row {
  caller: string;
  key: string;
  status: number | null;
}

describe('POST /v1/alarms with an Idempotency-Key', () => {
  let world: World;
  let keys = 0;
  let key: string;

  beforeAll(async () => {
    world = await World.start({
      seed: house([{ id: 'guard' }]),
      settings: { RATE_LIMIT_PER_MINUTE: '1000' },
    });
  });

  beforeEach(() => {
    world.clock.advance(20);
    key = `"call-${++keys}"`;
  });

  afterAll(() => world.stop());

  const raise = (body: object = { person_id: 'ada' }, sent = key) =>
    world.post('/v1/alarms', body).set('Idempotency-Key', sent);
  const alarmsSince = async (since: Date) =>
    (
      await world.query<{ id: string }>('SELECT id FROM alarms WHERE created_at >= $1', [since.toISOString()])
    ).map((row) => row.id);
  const rows = () =>
    world.query<Row>('SELECT caller, key, status FROM idempotent_requests WHERE key = $1', [
      key.replaceAll('"', ''),
    ]);

  it('raises one alarm and repeats its answer to the letter', async () => {
    const began = world.clock.now();
    const first = await raise().expect(201);
    world.clock.advance(3600);
    await world.post(`/v1/alarms/${first.body.id}/ack`).expect(204);
    const again = await raise().expect(201);

    expect(again.text).toBe(first.text);
    for (const name of ['location', 'etag', 'content-type']) {
      expect(again.headers[name]).toBe(first.headers[name]);
    }
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(await alarmsSince(began)).toEqual([first.body.id]);
  });

  it('takes the same key with and without quotes, and the same body in another order, for the same', async () => {
    const first = await raise({ person_id: 'ada', meta: { a: 1, b: { c: 2, d: 3 } } }).expect(201);
    const again = await raise(
      { meta: { b: { d: 3, c: 2 }, a: 1 }, person_id: 'ada' },
      key.replaceAll('"', ''),
    );

    expect(again.status).toBe(201);
    expect(again.body.id).toBe(first.body.id);
  });

  it('repeats also that it was another press', async () => {
    const first = await world.press(KEY).expect(200);
    const second = await raise({ device_token: KEY }).expect(200);
    world.clock.advance(60);
    const again = await raise({ device_token: KEY }).expect(200);

    expect(second.body.id).toBe(first.body.alarm_id);
    expect(again.text).toBe(second.text);
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  it.each(['', '""', '"open', '"one", "two"', '"one";q=1', 'two words', `"${'x'.repeat(300)}"`])(
    'is refused with the key %j',
    async (sent) => {
      const began = world.clock.now();
      const { body } = await raise({ person_id: 'ada' }, sent).expect(400);

      expect(body.code).toBe('idempotency.malformed');
      expect(await alarmsSince(began)).toEqual([]);
    },
  );

  it('is refused when the key was used for something else', async () => {
    const { body: alarm } = await raise().expect(201);
    const began = world.clock.now();
    const { body } = await raise({ person_id: 'ben' }).expect(422);

    expect(body.code).toBe('idempotency.mismatch');
    expect(await alarmsSince(began)).toEqual([alarm.id]);
  });

  it('has keys that belong to who used them', async () => {
    const { body: named } = await world
      .post('/v1/admin/api-keys', { name: 'desk', role: 'responder' })
      .expect(201);
    const bySomebody = (header: Record<string, string>, body: object) =>
      world.http.post('/v1/alarms').set(header).set('Idempotency-Key', key).send(body).expect(201);

    const one = await raise().expect(201);
    const two = await bySomebody({ 'X-Admin-Key': named.key }, { person_id: 'ada' });
    const three = await bySomebody({ Authorization: `Bearer ${KEY}` }, {});

    expect(new Set([one.body.id, two.body.id, three.body.id]).size).toBe(3);
    // What opens something is not written down.
    const callers = (await rows()).map((row) => row.caller).join();
    expect(callers).not.toContain(KEY);
    expect(callers).not.toContain(named.key);
  });

  it.each([
    [{ person_id: 'nobody' }, 422],
    [{ device_token: 'NOBODY-HAS-THIS' }, 404],
    [{ device_token: 'KEY-OF-NOBODY' }, 409],
  ])('frees its key when it is refused, so that it can be mended: %j', async (wrong, status) => {
    await raise(wrong).expect(status);

    expect(await rows()).toEqual([]);
    await raise({ person_id: 'ada' }).expect(201);
  });

  it('can be new again after a day', async () => {
    const { body: first } = await raise().expect(201);
    world.clock.advance(24 * 3600 - 1);
    expect((await raise()).body.id).toBe(first.id);
    world.clock.advance(1);

    const { body: second } = await raise({ person_id: 'ben' }).expect(201);
    expect(second.id).not.toBe(first.id);
  });

  it('leaves nothing behind that has expired, a few at a time', async () => {
    await world.query(
      `INSERT INTO idempotent_requests (caller, key, fingerprint, claim, lease_until, expires_at)
       SELECT 'somebody', n::text, '', gen_random_uuid(), $1, $1 FROM generate_series(1, 120) n`,
      [world.clock.now().toISOString()],
    );
    const left = async () =>
      (
        await world.query<{ count: number }>(
          `SELECT count(*)::int AS count FROM idempotent_requests WHERE caller = 'somebody'`,
        )
      )[0]?.count;

    await raise().expect(201);
    expect(await left()).toBeGreaterThan(0);
    await raise({ person_id: 'ada' }, '"cleaner 1"').expect(201);
    await raise({ person_id: 'ada' }, '"cleaner 2"').expect(201);
    expect(await left()).toBe(0);
  });

  it.each([
    ['one process', false],
    ['two processes', true],
  ])('raises one alarm for twenty calls at once, in %s', async (_where, two) => {
    const began = world.clock.now();
    const other = two ? await world.secondApi() : undefined;
    const urls = [world.url, other ? await other.getUrl() : world.url];
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const answer = await fetch(`${urls[i % 2]}/v1/alarms`, {
          method: 'POST',
          headers: { 'X-Admin-Key': ADMIN_KEY, 'Content-Type': 'application/json', 'Idempotency-Key': key },
          body: JSON.stringify({ person_id: 'ada' }),
        });
        return {
          status: answer.status,
          headers: answer.headers,
          body: (await answer.json()) as { id?: string },
        };
      }),
    );
    await other?.close();

    const [alarmId, ...others] = await alarmsSince(began);
    expect(others).toEqual([]);
    const created = answers.filter(({ status }) => status === 201);
    expect(created.map(({ body }) => body.id)).toEqual(created.map(() => alarmId));
    expect(created.filter(({ headers }) => !headers.has('idempotency-replayed'))).toHaveLength(1);
    for (const { status, headers, body } of answers.filter((answer) => answer.status !== 201)) {
      expect(status).toBe(409);
      expect(body).toMatchObject({ code: 'idempotency.in-progress' });
      expect(headers.get('retry-after')).toBe('1');
    }
    expect((await raise().expect(201)).body.id).toBe(alarmId);
  });

  describe('when a process dies', () => {
    /** As if a process had claimed the key and been killed before its transaction committed. */
    const dieAfterClaim = async () => {
      await raise().expect(201);
      await world.query(
        `UPDATE idempotent_requests SET status = NULL, headers = NULL, body = NULL, claim = gen_random_uuid()
         WHERE key = $1`,
        [key.replaceAll('"', '')],
      );
      world.clock.advance(1);
    };

    it('before anything was kept, is in progress for a moment and then done by whoever asks', async () => {
      await dieAfterClaim();
      const began = world.clock.now();
      const { body } = await raise().expect(409);
      expect(body.code).toBe('idempotency.in-progress');
      await raise({ person_id: 'ben' }).expect(422);
      expect(await alarmsSince(began)).toEqual([]);

      world.clock.advance(9);
      const { body: alarm } = await raise().expect(201);
      expect(await alarmsSince(began)).toEqual([alarm.id]);
      expect((await raise().expect(201)).headers['idempotency-replayed']).toBe('true');
    });

    it('is taken over by one of twenty', async () => {
      await dieAfterClaim();
      world.clock.advance(10);
      const began = world.clock.now();
      const answers = await Promise.all(Array.from({ length: 20 }, () => raise()));

      expect(await alarmsSince(began)).toHaveLength(1);
      expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
    });

    it('after the commit, has its answer given to whoever asks again: they are one commit', async () => {
      // Each transaction that wrote an alarm with a key wrote the finished key as well: xmin is the transaction.
      const { body } = await raise().expect(201);
      const [same] = await world.query<{ same: boolean }>(
        `SELECT a.xmin = r.xmin AS same FROM alarms a, idempotent_requests r WHERE a.id = $1 AND r.key = $2`,
        [body.id, key.replaceAll('"', '')],
      );
      expect(same).toEqual({ same: true });
    });

    it('only seemingly, cannot raise what somebody else has raised meanwhile', async () => {
      const began = world.clock.now();
      // Whoever claims the key loses it before finishing: the claim is changed under its hands.
      await world.query(
        `CREATE FUNCTION take_over() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN NEW.claim := gen_random_uuid(); RETURN NEW; END $$`,
      );
      await world.query(
        `CREATE TRIGGER take_over BEFORE INSERT ON idempotent_requests FOR EACH ROW EXECUTE FUNCTION take_over()`,
      );
      const { body } = await raise().expect(409);
      await world.query('DROP TRIGGER take_over ON idempotent_requests');

      expect(body.code).toBe('idempotency.in-progress');
      expect(await alarmsSince(began)).toEqual([]);
      expect(await rows()).toMatchObject([{ status: null }]);
    });
  });
});
