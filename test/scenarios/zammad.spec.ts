import { ApiModule } from '../../apps/api/api.module.ts';
import { WorkerModule } from '../../apps/worker/worker.module.ts';
import { createDatabase } from '../support/databases.ts';
import { ZammadEmulator } from '../support/emulators/zammad.ts';
import { house, KEY, type TargetSketch } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { SHAPES, World } from '../support/world.ts';

const settingsFor = (zammad: ZammadEmulator) => ({
  ZAMMAD_BASE_URL: zammad.url,
  ZAMMAD_API_TOKEN: ZammadEmulator.TOKEN,
  ZAMMAD_GROUP: 'Notfallstelle',
  ZAMMAD_CUSTOMER: 'alarm@example.org',
});

describe.each(SHAPES)('the ticket of an alarm, with jobs in %s', (shape) => {
  let zammad: ZammadEmulator;
  let world: World;
  let alarmId: string;

  beforeEach(async () => {
    zammad = await ZammadEmulator.start();
    world = await World.start({
      shape,
      settings: settingsFor(zammad),
    });
  });

  afterEach(async () => {
    expect(logLines.text).not.toContain(ZammadEmulator.TOKEN);
    expect(logLines.text).not.toContain('alarm@example.org');
    await world.stop();
    await zammad.close();
  });

  const desk: TargetSketch = { id: 'desk', channel: 'zammad', address: 'Notfallstelle' };

  /** Presses and waits until the first attempt of everything has ended. */
  const press = async (...targets: TargetSketch[]) => {
    await world.seed(house(targets));
    alarmId = (await world.press(KEY).expect(200)).body.alarm_id;
    await world.settle();
  };
  const alarm = async () => (await world.get(`/v1/alarms/${alarmId}`).expect(200)).body;
  const outcomes = async () =>
    (await world.notifications(alarmId)).map(
      ({ label, status, attempts }) => `${label} ${status} ${attempts}`,
    );
  const opened = async () =>
    world.query<{ data: object }>(
      `SELECT data FROM alarm_events WHERE alarm_id = $1 AND type = 'ticket.opened'`,
      [alarmId],
    );

  it('is opened by the press, told of what happens, and closed when all is over', async () => {
    await press(desk);

    const tag = `alarm-${alarmId.slice(-6)}`;
    expect(zammad.tickets).toMatchObject([
      { group: 'Notfallstelle', state: 'new', priority: '3 high', tags: ['duress', 'silent', tag] },
    ]);
    expect(await alarm()).toMatchObject({
      zammad_ticket_id: 19,
      meta: {
        received_at: expect.any(String),
        zammad_ticket_number: '22019',
        zammad_ticket_url: `${zammad.url}/#ticket/zoom/19`,
      },
    });
    expect(await opened()).toEqual([{ data: { channel: 'zammad', target: 'desk', ticket_number: '22019' } }]);

    await world.post(`/v1/alarms/${alarmId}/ack`, { acked_by: 'Eva', note: 'On my way' }).expect(204);
    await world.settle();
    expect(zammad.tickets[0]).toMatchObject({
      state: 'new',
      articles: [
        {},
        {
          subject: expect.stringContaining('acknowledged by Eva'),
          body: expect.stringContaining('On my way'),
        },
      ],
    });

    await world.post(`/v1/alarms/${alarmId}/resolve`, { actor: 'Tom' }).expect(204);
    await world.settle();
    expect(zammad.tickets).toMatchObject([
      { state: 'closed', articles: [{}, {}, { subject: expect.stringContaining('resolved by Tom') }] },
    ]);
    expect(await outcomes()).toEqual(['desk sent 1', 'desk sent 1', 'desk sent 1']);
    expect(await opened()).toHaveLength(1);
    expect(await alarm()).toMatchObject({ meta: { ack_note: 'On my way', zammad_ticket_number: '22019' } });
  });

  it('is one ticket, though nobody knows whether the first attempt arrived', async () => {
    zammad.loseAnswers();
    zammad.indexLags = true;
    await press(desk);
    expect(await alarm()).toMatchObject({ zammad_ticket_id: null });

    await world.advance(3);
    expect(zammad.tickets).toHaveLength(1);
    expect(zammad.tickets[0]!.articles).toHaveLength(1);
    expect(await outcomes()).toEqual(['desk sent 2']);
    expect(await alarm()).toMatchObject({ zammad_ticket_id: 19, meta: { zammad_ticket_number: '22019' } });
    expect(await world.timeline(alarmId)).toEqual(
      expect.arrayContaining(['notification.retrying', 'notification.sent', 'ticket.opened']),
    );
  });

  it('is opened as soon as Zammad is back', async () => {
    await zammad.close();
    await press(desk);
    expect(await outcomes()).toEqual(['desk scheduled 1']);

    await zammad.up();
    await world.advance(3);
    expect(await outcomes()).toEqual(['desk sent 2']);
    expect(zammad.tickets).toHaveLength(1);
  });

  it('waits as long as it is asked to', async () => {
    zammad.answerInstead({ status: 429, headers: { 'retry-after': '40' } });
    await press(desk);
    await world.advance(30);
    expect(zammad.calls.filter((call) => call.startsWith('POST'))).toEqual(['POST /tickets']);

    await world.advance(15);
    expect(zammad.tickets).toHaveLength(1);
  });

  it('hears of a later step in the same group, and another group gets one of its own', async () => {
    await press(
      desk,
      { ...desk, id: 'chief', after: 60 },
      { ...desk, id: 'centre', address: 'Leitstelle', after: 60 },
    );
    await world.advance(60);

    expect(zammad.tickets.map(({ group, articles }) => [group, articles.length])).toEqual([
      ['Notfallstelle', 2],
      ['Leitstelle', 1],
    ]);
    expect(zammad.tickets[0]!.articles[1]!.subject).toMatch(/ - Still unanswered$/);
    expect(await alarm()).toMatchObject({ zammad_ticket_id: 19 });

    await world.post(`/v1/alarms/${alarmId}/cancel`, { actor: 'Tom' }).expect(204);
    await world.settle();
    expect(zammad.tickets.map(({ state }) => state)).toEqual(['closed', 'closed']);
    expect(await opened()).toHaveLength(1);
  });

  it('is closed also when nobody knew that it had been opened', async () => {
    zammad.loseAnswers();
    await press(desk);
    await world.post(`/v1/alarms/${alarmId}/resolve`, { actor: 'Tom' }).expect(204);
    await world.settle();

    expect(await outcomes()).toEqual(['desk withdrawn 1', 'desk sent 1']);
    expect(zammad.tickets).toMatchObject([{ state: 'closed' }]);
    expect(await alarm()).toMatchObject({ zammad_ticket_id: 19, meta: { zammad_ticket_number: '22019' } });
  });

  it('is not looked for when nothing was ever sent to Zammad', async () => {
    await zammad.close();
    await press(desk);
    await world.post(`/v1/alarms/${alarmId}/resolve`, { actor: 'Tom' }).expect(204);
    await world.settle();

    expect(await outcomes()).toEqual(['desk withdrawn 1']);
    await zammad.up();
  });

  it('is refused for a reason that is on record', async () => {
    await press({ ...desk, address: 'Notruf' });

    expect(await world.notifications(alarmId)).toMatchObject([
      {
        status: 'failed',
        attempts: 1,
        reason: `Zammad answered 422 Unprocessable Entity: No lookup value found for 'group': "Notruf".`,
      },
    ]);
    expect(await alarm()).toMatchObject({ zammad_ticket_id: null });
  });

  it('is not something whoever raises an alarm can speak of', async () => {
    await world.seed(house([]));
    const meta = {
      floor_plan: 'B2',
      zammad_ticket_url: 'https://elsewhere.example',
      zammad_ticket_number: '1',
    };
    const { body } = await world.post('/v1/alarms', { room_id: 'counter-1', meta }).expect(201);
    alarmId = body.id;

    expect((await alarm()).meta).toMatchObject({ floor_plan: 'B2' });
    expect(Object.keys((await alarm()).meta).filter((key) => key.startsWith('zammad'))).toEqual([]);
  });
});

it('the ticket is written onto the alarm by a worker that is a process of its own', async () => {
  const zammad = await ZammadEmulator.start();
  const database = await createDatabase();
  const settings = settingsFor(zammad);
  const seed = house([{ id: 'desk', channel: 'zammad', address: 'Notfallstelle' }]);
  const api = await World.start({ database, settings, seed, root: ApiModule });
  const { alarm_id } = (await api.press(KEY).expect(200)).body;
  const worker = await World.start({ database, settings, root: WorkerModule });
  await worker.settle();

  const { body } = await api.get(`/v1/alarms/${alarm_id}`).expect(200);
  await api.app.close();
  await worker.stop();
  await zammad.close();
  expect(body.zammad_ticket_id).toBe(19);
});

it('no ticket is written onto an alarm when nothing leaves the house', async () => {
  const zammad = await ZammadEmulator.start();
  const world = await World.start({
    seed: house([{ id: 'desk', channel: 'zammad', address: 'Notfallstelle' }]),
    settings: { SIMULATION_ENABLED: 'true', ...settingsFor(zammad) },
  });
  const { alarm_id } = (await world.press(KEY).expect(200)).body;
  await world.settle();
  await world.post(`/v1/alarms/${alarm_id}/resolve`).expect(204);
  await world.settle();

  const told = await world.notifications(alarm_id);
  const { body } = await world.get(`/v1/alarms/${alarm_id}`).expect(200);
  const timeline = await world.timeline(alarm_id);
  await world.stop();
  await zammad.close();
  expect(told.map(({ status }) => status)).toEqual(['sent', 'sent']);
  expect(body.zammad_ticket_id).toBeNull();
  expect(timeline).not.toContain('ticket.opened');
  expect(zammad.requests).toEqual([]);
});
