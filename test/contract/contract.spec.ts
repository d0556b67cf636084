import { alert, webhook } from '../support/alerts.ts';
import { house, KEY, OTHER_KEY } from '../support/house.ts';
import { ADMIN_KEY, World } from '../support/world.ts';
import { ContractCaller, type Call, type Heard } from './caller.ts';
import { Contract } from './contract.ts';
import { documentOf } from './document.ts';
import { everyCallFor, KINDS, refusedChanges } from './master-data-calls.ts';

const SIGNAL_SECRET = 'secret-of-the-callback';
const STRANGER = '01a20a4c-0000-7000-8000-000000000000';

let world: World;
let contract: Contract;
let api: ContractCaller;

beforeAll(async () => {
  world = await World.start({
    seed: house([{ id: 'guard' }]),
    settings: {
      SIMULATION_ENABLED: 'true',
      EVENTS_MAX_READERS: '1',
      RATE_LIMIT_PER_MINUTE: '100',
      SIGNAL_CALLBACK_SECRET: SIGNAL_SECRET,
    },
  });
  contract = new Contract(documentOf(world.app));
  api = new ContractCaller(world, contract);
});
afterAll(() => world.stop());

const call = (operationId: string, status: number, wishes?: Call): Promise<Heard> =>
  api.call(operationId, status, wishes);

/** @returns the id of a new alarm. */
async function raised(): Promise<string> {
  return (await call('raiseAlarm', 201, { body: { person_id: 'ada' } })).body['id']!;
}

describe('every operation answers as documented', () => {
  it('probes and figures', async () => {
    await call('live', 200, { key: null });
    await call('health', 200, { key: null });
    await call('ready', 200, { key: null });
    await call('ready', 200, { query: { verbose: '', exclude: 'redis' } });
    await call('metrics', 200, { key: null });
    await call('healthDetails', 200);
  });

  it('the doors of the devices', async () => {
    await call('pressPhoneKey', 200, { key: null, query: { token: KEY } });
    await call('pressPhoneKey', 400);
    await call('pressPhoneKey', 404, { query: { token: 'nobody' } });
    await call('pressPhoneKey', 409, { query: { token: 'KEY-OF-NOBODY' } });
    for (const operation of ['pressKey', 'postKey']) {
      for (const format of ['json', 'text', 'none', 'xml']) {
        await call(operation, 200, { path: { device_token: KEY }, query: { format } });
      }
      await call(operation, 400, { path: { device_token: '$token' } });
      await call(operation, 404);
      await call(operation, 409, { path: { device_token: 'KEY-OF-NOBODY' } });
    }
  });

  it('raising', async () => {
    const key = { 'Idempotency-Key': '"once"' };
    const body = { room_id: 'counter-1', severity: 'P1', silent: false, meta: { camera: 1 } };
    const first = await call('raiseAlarm', 201, { body, headers: key });
    const again = await call('raiseAlarm', 201, { body, headers: key });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body['id']).toBe(first.body['id']);
    await call('raiseAlarm', 422, { body: { room_id: 'counter-2' }, headers: key });
    const bearer = { Authorization: `Bearer ${OTHER_KEY}` };
    await call('raiseAlarm', 201, { key: null, headers: bearer });
    await call('raiseAlarm', 200, { key: null, headers: bearer });
    await call('raiseAlarm', 401, { key: null, headers: { Authorization: 'Bearer nobody-at-all' } });
    await call('raiseAlarm', 400, { body: '{' });
    await call('raiseAlarm', 422, { body: {} });
    await call('raiseAlarm', 422, { body: { room_id: 'counter-1', surprise: true } });
    await call('raiseAlarm', 404, { body: { device_token: 'nobody-at-all' } });
    await call('raiseAlarm', 409, { body: { device_token: 'KEY-OF-NOBODY' } });
    await call('raiseAlarm', 413, { body: { room_id: 'x'.repeat(1_100_000) } });
    await call('raiseAlarm', 415, { body: '{}', headers: { 'Content-Encoding': 'snappy' } });
  });

  it('alerts', async () => {
    await call('ingestAlerts', 200, { body: webhook([alert()]) });
    await call('ingestAlerts', 200, { body: webhook([alert(), 'no alert']) });
    await call('ingestAlerts', 400, { body: '[' });
    await call('ingestAlerts', 422, { body: {} });
  });

  it('what Signal receives', async () => {
    const path = { secret: SIGNAL_SECRET };
    await call('receiveSignal', 200, { key: null, path, body: { params: { envelope: {} } } });
    await call('receiveSignal', 400, { key: null, path, body: {} });
    await call('receiveSignal', 404, { key: null, body: { params: {} } });
  });

  it('reading alarms', async () => {
    const id = await raised();
    await raised();
    const { headers } = await call('listAlarms', 200, { query: { limit: '1' } });
    await call('listAlarms', 200, { query: { limit: '1', cursor: headers.get('x-next-cursor')! } });
    await call('listAlarms', 422, { query: { limit: '0' } });
    await call('listAlarms', 422, { query: { cursor: '???' } });
    await call('alarmStats', 200);
    await call('exportAlarms', 200, { query: { format: 'json' } });
    await call('exportAlarms', 200, { query: { format: 'csv', status: 'triggered' } });
    await call('exportAlarms', 422, { query: { format: 'pdf' } });
    await world.settle();
    for (const operation of ['readAlarm', 'listAlarmEvents', 'listAlarmNotifications', 'listNotes']) {
      await call(operation, 200, { id });
      await call(operation, 404, { id: STRANGER });
      await call(operation, 404, { id: 'no id' });
    }
  });

  it('what could not be told', async () => {
    const id = await raised();
    await raised();
    await world.settle();
    await world.query(`UPDATE notifications SET status = 'failed' WHERE purpose = 'alert'`);
    const { headers, text } = await call('listFailedNotifications', 200, { query: { limit: '1' } });
    const cursor = headers.get('x-next-cursor')!;
    await call('listFailedNotifications', 200, { query: { cursor, status: 'failed', channel: 'sms' } });
    await call('listFailedNotifications', 422, { query: { cursor: '???' } });
    await call('listFailedNotifications', 422, { query: { status: 'sent' } });
    const [letter] = JSON.parse(text) as { id: string }[];
    await call('resendNotification', 202, letter);
    await world.settle();
    await call('resendNotification', 409, letter);
    await call('resendNotification', 404, { id });
    await call('resendNotification', 404, { id: 'no id' });
  });

  it('the record of an alarm', async () => {
    const id = await raised();
    const { headers } = await call('readAlarm', 200, { id });
    const tag = { 'If-Match': headers.get('etag')! };
    await call('editAlarm', 200, { id, body: { title: 'A dispute', tags: ['desk'] }, headers: tag });
    await call('editAlarm', 412, { id, body: { title: 'Another' }, headers: tag });
    await call('editAlarm', 400, { id, body: {}, headers: { 'If-Match': 'unquoted' } });
    await call('editAlarm', 422, { id, body: { severity: 'P9' } });
    await call('editAlarm', 404, { id: STRANGER, body: { title: 'Nobody' } });
    await call('addNote', 201, { id, body: { note: 'All are well.' } });
    await call('addNote', 400, { id, body: '{' });
    await call('addNote', 422, { id, body: { note: '' } });
    await call('addNote', 404, { id: STRANGER, body: { note: 'Where?' } });
    await call('listNotes', 200, { id });
    await call('deleteAlarm', 400, { id, headers: { 'If-Match': 'unquoted' } });
    await call('deleteAlarm', 412, { id, headers: tag });
    await call('deleteAlarm', 204, { id });
    await call('deleteAlarm', 409, { id });
    await call('deleteAlarm', 404, { id: STRANGER });
  });

  it.each([
    ['acknowledgeAlarm', 'acknowledgeAlarms', 'acked_by'],
    ['resolveAlarm', 'resolveAlarms', 'actor'],
    ['cancelAlarm', 'cancelAlarms', 'actor'],
  ])('%s, one or many', async (one, many, by) => {
    const [id, closed] = [await raised(), await raised()];
    await call(one, 204, { id, body: { [by]: 'Eva', note: 'on my way' } });
    await call(one, 204, { id });
    await call(
      one === 'cancelAlarm' ? 'resolveAlarm' : 'cancelAlarm',
      one === 'acknowledgeAlarm' ? 204 : 409,
      { id },
    );
    await call(one === 'cancelAlarm' ? 'resolveAlarm' : 'cancelAlarm', 204, { id: closed });
    await call(one, 409, { id: closed });
    await call(one, 404, { id: STRANGER });
    await call(one, 422, { id, body: { [by]: 7 } });
    await call(one, 400, { id, body: '{"' });
    await call(many, 200, { body: { alarm_ids: [id, await raised(), STRANGER], [by]: 'Eva' } });
    await call(many, 422, { body: { alarm_ids: [] } });
    await call(many, 400, { body: 'null' });
  });

  it('live events', async () => {
    await call('streamEvents', 200, { headers: { 'Last-Event-ID': '1' } });
    await call('streamEvents', 422, { headers: { 'Last-Event-ID': 'yesterday' } });
    const reader = await fetch(`${world.url}/v1/events`, { headers: { 'X-Admin-Key': ADMIN_KEY } });
    await call('streamEvents', 503);
    await reader.body?.cancel();
    await call('streamEvents', 422, { query: { type: 'weather.changed' } });
  });

  it('keys', async () => {
    const { body } = await call('createApiKey', 201, { body: { name: 'desk', role: 'viewer' } });
    await call('createApiKey', 409, { body: { name: 'desk', role: 'viewer' } });
    await call('createApiKey', 400, { body: '{' });
    await call('createApiKey', 422, { body: { name: 'desk', role: 'king' } });
    await call('listAlarms', 200, { key: body['key']! });
    await call('addNote', 403, { key: body['key']!, id: await raised(), body: { note: 'May I?' } });
    await call('listApiKeys', 200);
    await call('revokeApiKey', 204, { id: body['id']! });
    await call('revokeApiKey', 404, { id: body['id']! });
  });

  it('master data as the first broker took it', async () => {
    const yaml = { 'Content-Type': 'application/x-yaml' };
    await call('importSeed', 200, { body: 'sites: [{id: barn, name: Barn}]', headers: yaml });
    await call('importSeed', 200, { body: { sites: [{ id: 'barn', name: 'Barn' }] } });
    await call('importSeed', 400, { body: 'sites: [', headers: yaml });
    await call('importSeed', 400, { body: { sites: 7 } });
    await call('registerDevice', 200, { body: { device_token: 'a-token-of-eight', id: 'old-phone' } });
    await call('registerDevice', 422, { body: { device_token: 'short' } });
    await call('registerDevice', 400, { body: { device_token: 'a-token-of-eight', room_id: 'nowhere' } });
    const targets = [{ id: 'guard', label: 'Guard', channel: 'sms', address: '+491' }];
    const steps = [{ step_no: 0, after_seconds: 0, target_ids: ['guard'] }];
    await call('savePolicy', 200, { body: { policy_id: 'day', name: 'By day', targets, steps } });
    await call('savePolicy', 400, {
      body: { policy_id: 'day', name: 'By day', targets, steps: [...steps, ...steps] },
    });
    await call('savePolicy', 422, { body: { name: 'No id' } });
  });

  it.each(KINDS)('master data: $one', (kind) => everyCallFor(kind, call));

  it('refusals of master data', () => refusedChanges(call));

  it('the feed of the simulation', async () => {
    await call('simulationStatus', 200);
    await call('simulationFeed', 200);
    await call('simulationFeed', 200, { query: { channel: 'sms' } });
    await call('simulationFeed', 400, { query: { channel: 'pigeon' } });
    await call('simulationSeed', 200);
    await call('clearSimulation', 200);
  });
});

describe('every operation that asks for a key', () => {
  const guarded = () => contract.operations.filter(({ security }) => security?.length !== 0);

  it('answers 401 without one, and 403 to one that may not', async () => {
    const { body } = await call('createApiKey', 201, { body: { name: 'onlooker', role: 'viewer' } });
    for (const operation of guarded()) {
      await call(operation.operationId, 401, { key: null });
      if (operation['x-required-role'] === 'viewer') continue;
      await call(operation.operationId, 403, { key: body['key']! });
    }
  });

  it('answers 429 to who guesses, and tells for how long', async () => {
    for (let guess = 0; guess < 20; guess += 1) await call('listAlarms', 401, { key: `guess ${guess}` });
    for (const { operationId } of guarded()) await call(operationId, 429, { key: ADMIN_KEY });
  });
});

it('and where there is neither simulation nor a key, and presses are limited', async () => {
  const other = await World.start({
    seed: house([]),
    settings: {
      ADMIN_API_KEY: '',
      RATE_LIMIT_PER_MINUTE: '1',
      YELK_IP_ALLOWLIST: '127.0.0.1',
      TRUSTED_PROXY_CIDRS: '127.0.0.1',
      SMS_PRESET: 'sinch',
      SMS_ACCOUNT: 'plan',
      SMS_SECRET: 'token',
      SMS_FROM: '491',
      SMS_CALLBACK_SECRET: 'of-the-callback',
    },
  });
  try {
    const there = new ContractCaller(other, contract);
    for (const { operationId, tags, security } of contract.operations) {
      if (tags.includes('Simulation')) await there.call(operationId, 404);
      else if (security?.length !== 0) await there.call(operationId, 403);
    }
    const doors: [string, Call][] = [
      ['pressPhoneKey', { query: { token: KEY } }],
      ['pressKey', { path: { device_token: KEY } }],
      ['postKey', { path: { device_token: KEY } }],
    ];
    for (const [operation, press] of doors) {
      await there.call(operation, 403, { ...press, headers: { 'X-Forwarded-For': '203.0.113.5' } });
    }
    const path = { preset: 'sinch' };
    const query = { key: 'of-the-callback' };
    const body = { batch_id: '01FC66621XXXXX119Z8PMV1QPQ', status: 'Delivered' };
    await there.call('reportDelivery', 200, { key: null, path, query, body });
    await there.call('reportDelivery', 400, { path, query, body: '{' });
    await there.call('reportDeliveryByAddress', 200, { key: null, path, query: { ...query, ...body } });
    for (const operation of ['reportDelivery', 'reportDeliveryByAddress']) {
      await there.call(operation, 403, { path });
      await there.call(operation, 404, { path: { preset: 'twilio' }, query });
    }
    await there.call('pressPhoneKey', 200, { query: { token: KEY } });
    other.clock.advance(20);
    for (const [operation, press] of doors) await there.call(operation, 429, press);
  } finally {
    await other.stop();
  }
});

it('leaves out nothing that the document promises', () => {
  // That the database is away, and what the body parsers refuse, is the same everywhere.
  const sameEverywhere = new Set([413, 415, 503]);
  const missed = contract.operations.flatMap(({ operationId, responses }) =>
    Object.keys(responses)
      .map(Number)
      .filter((status) => !sameEverywhere.has(status) && !contract.hasMet(operationId, status))
      .map((status) => `${operationId} ${status}`),
  );

  expect(missed).toEqual([]);
});
