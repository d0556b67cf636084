import fc from 'fast-check';

import { house, KEY, OTHER_KEY } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { World } from '../support/world.ts';
import { Contract } from './contract.ts';
import { documentOf } from './document.ts';
import { FuzzRequests, type FuzzCase } from './fuzz-requests.ts';
import { RawHttp, type RawAnswer } from './raw-http.ts';

/** The same requests every time; another seed is another run. */
const SEED = 20_260_302;
const REQUESTS = 2400;

/** What the HTTP layer refuses for any operation, documented or not. */
const UNREADABLE = new Set([400, 413, 415]);
/** Marks of a program that shows its inside. */
const INSIDE =
  /\n\s+at |node_modules|\.[jt]s:\d|node:internal|\/libs\/|SELECT |INSERT INTO|UPDATE \w+ SET|pg_|QueryFailed/;

let world: World;
let contract: Contract;
let http: RawHttp;
let requests: FuzzRequests;
let sentinel: string;
let before: unknown;
const statuses = new Map<number, number>();

beforeAll(async () => {
  world = await World.start({
    seed: house([{ id: 'guard' }, { id: 'porter', after: 60 }]),
    settings: {
      SIMULATION_ENABLED: 'true',
      RATE_LIMIT_PER_MINUTE: '10000',
      SIGNAL_CALLBACK_SECRET: 'secret-of-the-callback',
    },
  });
  const document = documentOf(world.app);
  contract = new Contract(document);
  http = new RawHttp(world.url);
  sentinel = (await world.press(KEY).expect(200)).body.alarm_id;
  const alarmIds: string[] = [];
  for (let count = 0; count < 20; count += 1) {
    const { body } = await world.post('/v1/alarms', { person_id: 'ben' }).expect(201);
    alarmIds.push(body.id);
  }
  const viewer = await world.post('/v1/admin/api-keys', { name: 'onlooker', role: 'viewer' }).expect(201);
  await world.settle();
  before = await everythingOf(sentinel);
  // Not the policy in force: that nobody is told any more when it is deleted is rightly an error in the log.
  const names = [
    'phone-2',
    'loose-phone',
    'counter-2',
    'ben',
    'hall',
    'guard',
    OTHER_KEY,
    'secret-of-the-callback',
  ];
  requests = new FuzzRequests(document, { alarmIds, names, viewerKey: viewer.body.key });
});
afterAll(async () => {
  http.close();
  await world.stop();
});

/** What is kept of an alarm: itself, its timeline, who was told. */
async function everythingOf(alarmId: string): Promise<unknown> {
  const of = (table: string) =>
    world.query(
      `SELECT * FROM ${table} t WHERE ${table === 'alarms' ? 'id' : 'alarm_id'} = $1 ORDER BY t::text`,
      [alarmId],
    );
  return Promise.all(['alarms', 'alarm_events', 'notifications', 'escalations'].map(of));
}

/** What is wrong with an answer, whatever was asked. */
function faults({ operation, request }: FuzzCase, answer: RawAnswer): string[] {
  const { status, headers, text } = answer;
  statuses.set(status, (statuses.get(status) ?? 0) + 1);
  const found: string[] = [];
  const isFull = status === 503 && operation.operationId === 'streamEvents';
  if (status >= 500 && !isFull) found.push(`answered ${status}: ${text}`);
  if (status >= 400 && !headers.get('content-type')?.startsWith('application/problem+json')) {
    found.push(`refused with ${status} as ${headers.get('content-type')}`);
  }
  if (status >= 400 && INSIDE.test(text)) found.push(`shows its inside: ${text}`);
  if (status === 304 && request.headers['If-None-Match'] !== undefined) return found;
  const isDocumented = operation.responses[String(status)] !== undefined;
  if (isDocumented || !UNREADABLE.has(status)) found.push(...contract.violations(operation, answer));
  return found;
}

/** A request, short enough to be read. */
const told = ({ request: { method, target, headers, body } }: FuzzCase): string =>
  `${method} ${target.slice(0, 200)} ${JSON.stringify(headers).slice(0, 300)} ${(body ?? '').toString().slice(0, 300)}`;

it(`stays calm under ${REQUESTS} requests that are meant to hurt`, async () => {
  const cases = fc.constantFrom(...contract.operations).chain((operation) => requests.for(operation));
  const found: string[] = [];
  for (const one of fc.sample(cases, { seed: SEED, numRuns: REQUESTS })) {
    const wrong = faults(one, await http.send(one.request));
    if (wrong.length > 0) found.push(`${wrong.join('; ')}\n  seed ${SEED}: ${told(one)}`);
  }

  expect(found).toEqual([]);
}, 180_000);

it('was reached by them: many were understood, many refused', () => {
  const count = (from: number, to: number) =>
    [...statuses].reduce((sum, [status, times]) => (status >= from && status < to ? sum + times : sum), 0);

  expect(count(100, 600)).toBeGreaterThanOrEqual(REQUESTS);
  expect(count(200, 300)).toBeGreaterThan(REQUESTS / 5);
  expect([...statuses.keys()]).toEqual(
    expect.arrayContaining([200, 201, 204, 400, 401, 403, 404, 409, 412, 415, 422]),
  );
});

it('has left alone an alarm that nobody addressed', async () => {
  expect(await everythingOf(sentinel)).toEqual(before);
});

it('still hears a press, is ready, and has nothing to complain about', async () => {
  world.clock.advance(20);
  const { body } = await world.press(KEY).expect(200);
  expect(await world.timeline(body.alarm_id)).toContain('alarm.triggered');
  await world.http.get('/readyz').expect(200);
  expect(logLines.at('error')).toEqual([]);
});
