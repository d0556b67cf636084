import { randomUUID } from 'node:crypto';

import { World } from '../support/world.ts';

/** Alarms as if they had been raised over months, by SQL: what matters here is how they are found. */
const FILL = `
  INSERT INTO alarms (id, status, source, event, severity, silent, created_at, device_id, person_id, room_id, site_id,
                      ack_token, meta)
  SELECT gen_random_uuid(), (ARRAY['triggered','acknowledged','resolved','cancelled'])[1 + i % 4],
         'source-' || i % 40, 'alarm.trigger', 'P' || (i / 4) % 4, true,
         -- Several within the same millisecond, so that order must not rest on time alone.
         timestamptz '2026-01-01T00:00:00Z' + (i / 3) * interval '1 second',
         'device-' || i % 1000, 'person-' || i % 1000, 'room-' || i % 500, 'site-' || i % 50,
         'token-' || i || '-of-a-certain-length', '{}'
  FROM generate_series(0, $1::int - 1) AS i`;

describe('lists of alarms', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start();
  });
  afterAll(() => world.stop());
  beforeEach(() => world.query('TRUNCATE alarms CASCADE'));

  const page = async (query: Record<string, string>) => {
    const { body, headers } = await world.get('/v1/alarms').query(query).expect(200);
    return { alarms: body as Alarm[], next: headers['x-next-cursor'] };
  };

  /** Follows the cursors to the end, doing something before each page. */
  async function readAll(
    query: Record<string, string>,
    meanwhile: () => Promise<unknown> = () => Promise.resolve(),
  ) {
    const alarms: Alarm[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const { alarms: some, next } = await page({ ...query, ...(cursor ? { cursor } : {}) });
      alarms.push(...some);
      cursor = next;
      await meanwhile();
    }
    return alarms;
  }

  it.each(['created_at', 'status', 'severity'])(
    'come in order and without gaps when sorted by %s',
    async (sortBy) => {
      await world.query(FILL, [250]);
      for (const order of ['asc', 'desc'] as const) {
        const alarms = await readAll({ sort_by: sortBy, sort_order: order, limit: '70' });
        expect(new Set(alarms.map((alarm) => alarm.id)).size).toBe(250);
        const keys = alarms.map(
          (alarm) => `${String(alarm[sortBy as keyof Alarm])} ${alarm.created_at} ${alarm.id}`,
        );
        const sorted = [...keys].sort();
        expect(keys).toEqual(order === 'asc' ? sorted : sorted.reverse());
      }
    },
  );

  it('do not move under the reader while alarms arrive', async () => {
    await world.query(FILL, [200]);
    const before = new Set((await readAll({ limit: '200' })).map((alarm) => alarm.id));
    const arrive = () =>
      world.query(
        `INSERT INTO alarms (id, status, source, event, severity, silent, created_at, ack_token, meta)
         VALUES ($1, 'triggered', 'late', 'alarm.trigger', 'P0', true, '2027-01-01T00:00:00Z', $2, '{}')`,
        [randomUUID(), randomUUID()],
      );
    const read = await readAll({ limit: '30' }, arrive);
    expect(new Set(read.map((alarm) => alarm.id))).toEqual(before);
  });

  it('are narrowed by each filter', async () => {
    await world.query(FILL, [4000]);
    const filters: [Record<string, string>, (alarm: Alarm) => boolean][] = [
      [{ status: 'cancelled' }, (alarm) => alarm.status === 'cancelled'],
      [{ severity: 'P2' }, (alarm) => alarm.severity === 'P2'],
      [{ source: 'source-7' }, (alarm) => alarm.source === 'source-7'],
      [{ site_id: 'site-7' }, (alarm) => alarm.site_id === 'site-7'],
      [{ room_id: 'room-7' }, (alarm) => alarm.room_id === 'room-7'],
      [{ person_id: 'person-7' }, (alarm) => alarm.person_id === 'person-7'],
      [{ device_id: 'device-7' }, (alarm) => alarm.device_id === 'device-7'],
      [{ created_after: '2026-01-01T00:22:10Z' }, (alarm) => alarm.created_at > '2026-01-01T00:22:10.000Z'],
      [{ created_before: '2026-01-01T00:00:01Z' }, (alarm) => alarm.created_at < '2026-01-01T00:00:01.000Z'],
    ];
    const all = await readAll({ limit: '200' });
    expect(all).toHaveLength(4000);
    for (const [filter, matches] of filters) {
      const found = await readAll({ ...filter, limit: '200' });
      const expected = all.filter(matches);
      expect(expected.length).toBeGreaterThan(0);
      expect(found).toEqual(expected);
    }
  });

  it.each([
    [{ limit: '0' }, 'limit'],
    [{ limit: '201' }, 'limit'],
    [{ limit: 'many' }, 'limit'],
    [{ status: 'open' }, 'status'],
    [{ severity: 'P9' }, 'severity'],
    [{ sort_by: 'meta' }, 'sort_by'],
    [{ created_after: 'yesterday' }, 'created_after'],
    [{ cursor: 'nonsense' }, 'cursor'],
    [{ colour: 'red' }, 'colour'],
  ])('refuse %j and name what is wrong', async (query, name) => {
    const { body } = await world.get('/v1/alarms').query(query).expect(422);
    expect(body).toMatchObject({ status: 422, code: 'request.invalid' });
    expect(body.errors[0].pointer).toContain(name);
  });

  it('find what they look for by an index, and the 10,000th page as cheaply as the first', async () => {
    await world.query(FILL, [200_000]);
    await world.query('ANALYZE alarms');
    const nodes = async (where: string, order = 'created_at DESC, id DESC') => {
      const rows = await world.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
        `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON)
         SELECT * FROM alarms WHERE deleted_at IS NULL AND ${where} ORDER BY ${order} LIMIT 51`,
      );
      const plan = rows[0]?.['QUERY PLAN'][0].Plan;
      if (plan === undefined) throw new Error('EXPLAIN told nothing.');
      return { types: nodeTypes(plan), pages: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'] };
    };
    const wheres = [
      `status = 'triggered'`,
      `severity = 'P3'`,
      `source = 'source-7'`,
      `site_id = 'site-7'`,
      `room_id = 'room-7'`,
      `person_id = 'person-7'`,
      `device_id = 'device-7'`,
      `created_at > '2026-01-01T10:00:00Z'`,
      `created_at < '2026-01-01T01:00:00Z'`,
    ];
    for (const where of wheres) {
      const { types, pages } = await nodes(where);
      expect([where, types.some((type) => type.includes('Index')), types.includes('Seq Scan')]).toEqual([
        where,
        true,
        false,
      ]);
      expect(pages).toBeLessThan(600);
    }

    const first = await nodes('true');
    const [deep] = await world.query<{ created_at: Date; id: string }>(
      'SELECT created_at, id FROM alarms ORDER BY created_at DESC, id DESC OFFSET 199000 LIMIT 1',
    );
    const late = await nodes(`(created_at, id) < ('${deep?.created_at.toISOString()}', '${deep?.id}')`);
    expect(late.pages).toBeLessThanOrEqual(2 * first.pages);
  });
});

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly PlanNode[];
}

const nodeTypes = (plan: PlanNode): string[] => [plan['Node Type'], ...(plan.Plans ?? []).flatMap(nodeTypes)];

interface Alarm {
  readonly id: string;
  readonly status: string;
  readonly severity: string;
  readonly created_at: string;
  readonly source: string;
  readonly site_id: string;
  readonly room_id: string;
  readonly person_id: string;
  readonly device_id: string;
}
