import { EmbeddedPostgres } from '../../apps/standalone/embedded-postgres.ts';
import { migrateDatabase } from '../../apps/migrate/migrate.ts';
import { SignalCli, type SignalPerson } from '../support/emulators/signal.ts';
import { house, KEY } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { temporaryFolder } from '../support/run-folder.ts';
import { World, type WorldOptions } from '../support/world.ts';

const SECRET = 'secret-of-the-callback';
const GUARD: SignalPerson = { number: '+491701234567', name: 'The guard' };
const SEED = house([{ id: 'guard', channel: 'signal', address: '+491701234567' }]);

const startWorld = (server: SignalCli, wishes: WorldOptions = {}) =>
  World.start({
    seed: SEED,
    ...wishes,
    settings: {
      SIGNAL_ENABLED: 'true',
      SIGNAL_CLI_ENDPOINT: server.url,
      SIGNAL_NUMBER: '+4930111222',
      SIGNAL_CALLBACK_SECRET: SECRET,
      ...wishes.settings,
    },
  });

describe('the door for what Signal receives', () => {
  let server: SignalCli;
  let world: World;

  beforeAll(async () => {
    server = await SignalCli.start();
    world = await startWorld(server);
  });

  afterAll(async () => {
    await world.stop();
    await server.close();
  });

  const line = () => server.reaction(GUARD, 1);
  const knock = (secret: string, body: string, at = world) =>
    at.http.post(`/v1/callbacks/signal/${secret}`).set('Content-Type', 'application/json').send(body);

  it('opens to who knows the secret, and shows nobody else that it is there', async () => {
    expect((await knock(SECRET, line()).expect(200)).body).toEqual({ ok: true });
    for (const secret of [`${SECRET}x`, SECRET.slice(1), 'x', '%00']) await knock(secret, line()).expect(404);
    expect(logLines.text).not.toContain(SECRET);
  });

  it('is closed where there is no secret', async () => {
    const other = await startWorld(server, { settings: { SIGNAL_CALLBACK_SECRET: '' } });
    try {
      for (const secret of [SECRET, 'undefined', '']) await knock(secret, line(), other).expect(404);
    } finally {
      await other.stop();
    }
  });

  it.each(['', '{', '[]', 'null', '7', '{}', '{"params":7}'])('refuses %j', async (body) => {
    await knock(SECRET, body)
      .expect(400)
      .expect('Content-Type', /problem\+json/);
  });
});

it('says that it could not keep an answer while the database is away, and takes it afterwards', async () => {
  const server = await SignalCli.start();
  const postgres = new EmbeddedPostgres({
    folder: await temporaryFolder('signal'),
    database: 'broker',
    user: 'broker',
    settings: { fsync: 'off', max_connections: '60' },
  });
  const url = await postgres.start();
  await migrateDatabase(url);
  const world = await startWorld(server, { database: { url, drop: () => postgres.stop() } });
  try {
    const { body } = await world.press(KEY).expect(200);
    await world.settle();
    const answer = server.reaction(GUARD, server.sent[0]!.timestamp);
    const knock = () =>
      world.http
        .post(`/v1/callbacks/signal/${SECRET}`)
        .set('Content-Type', 'application/json')
        .timeout(2000)
        .send(answer);
    await postgres.kill();
    await knock().expect(503);

    await postgres.start();
    await knock().expect(200);
    expect((await world.get(`/v1/alarms/${body.alarm_id}`)).body).toMatchObject({ acked_by: 'The guard' });
  } finally {
    await world.stop();
    await server.close();
  }
});
