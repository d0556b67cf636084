import { NtfyServer, type NtfyMessage } from '../support/emulators/ntfy.ts';
import { house, KEY } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { World } from '../support/world.ts';

const TOKEN = 'tk_of_the_broker';
const TOPIC = 'alarm-4f9c2b7e';

describe('an alarm told by ntfy', () => {
  let server: NtfyServer;
  let world: World;
  let alarmId: string;

  beforeEach(async () => {
    server = await NtfyServer.start(TOKEN);
    world = await World.start({
      seed: house([
        { id: 'Guard on duty', channel: 'ntfy', address: '' },
        { id: 'later', channel: 'ntfy', address: 'another-topic', after: 60 },
      ]),
      settings: {
        NTFY_BASE_URL: server.url,
        NTFY_TOKEN: TOKEN,
        NTFY_TOPIC: TOPIC,
        DEFAULT_LANGUAGE: 'de',
      },
    });
  });

  afterEach(async () => {
    await world.stop();
    await server.close();
  });

  const press = async (): Promise<NtfyMessage> => {
    alarmId = (await world.press(KEY).expect(200)).body.alarm_id;
    await world.settle();
    return server.messages[0]!;
  };
  /** The link of a message leads to where the broker is reached, which in a test is another address. */
  const button = (message: NtfyMessage) => {
    const [action] = message.actions;
    return { ...action!, url: action!.url.replace('http://localhost:8080', world.url) };
  };
  const alarm = async () => (await world.get(`/v1/alarms/${alarmId}`).expect(200)).body;

  it('is acknowledged by the button of the message', async () => {
    const message = await press();
    expect(message).toMatchObject({ topic: TOPIC, priority: 5, click: message.actions[0]!.url });
    expect(button(message).label).toBe('Quittieren');

    expect(await server.press(button(message))).toBe(true);
    expect(await alarm()).toMatchObject({ status: 'acknowledged', acked_by: 'Guard on duty' });
    await world.advance(120);
    expect(server.messages).toHaveLength(1);
    // A second press, or that of another phone, changes nothing; the message goes away there, too.
    expect(await server.press(button(message))).toBe(true);
    expect((await world.timeline(alarmId)).filter((type) => type === 'alarm.acknowledged')).toHaveLength(1);
  });

  it('is acknowledged from the web app, which may read the answer', async () => {
    const message = await press();

    expect(await server.press(button(message), server.url)).toBe(true);
    expect((await alarm()).status).toBe('acknowledged');
  });

  it('shows a button as failed whose link leads nowhere', async () => {
    const message = await press();
    const elsewhere = { ...button(message), url: `${world.url}/a/${'x'.repeat(43)}` };

    expect(await server.press(elsewhere, server.url)).toBe(false);
  });

  it('lets no other page read the answer, and none look', async () => {
    const message = await press();
    const { url } = button(message);
    const path = new URL(url).pathname;

    expect(await server.press(button(message), 'https://elsewhere.example.org')).toBe(false);
    const { headers } = await world.http.get(path).set('Origin', server.url).expect(200);
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('goes out with the token, which is nowhere to be read, and neither is the topic', async () => {
    server.answer({ status: 507, body: { code: 50701, http: 507, error: `no room for ${TOPIC}` } });
    await press();
    server.answer(undefined);
    await world.advance(5);

    expect(server.messages).toHaveLength(1);
    const kept = JSON.stringify(
      await world.query('SELECT data FROM alarm_events WHERE alarm_id = $1', [alarmId]),
    );
    for (const text of [kept, logLines.text]) {
      expect(text).not.toContain(TOKEN);
      expect(text).not.toContain(TOPIC);
    }
  });

  it('fails for good where the token is refused, in words somebody can act on', async () => {
    server.answer({ status: 403, body: { code: 40301, http: 403, error: 'forbidden' } });
    await press();

    const refused = { status: 'failed', attempts: 1, reason: 'ntfy refused it: forbidden (40301).' };
    // Nobody could be told, so the next step, which goes the same way, did not wait.
    expect(await world.notifications(alarmId)).toMatchObject([refused, refused]);
  });
});

it('without ntfy no page may read what the form answers', async () => {
  const world = await World.start({ seed: house([]) });
  try {
    const { body } = await world.press(KEY).expect(200);
    const [row] = await world.query<{ token: string }>(
      'SELECT ack_token AS token FROM alarms WHERE id = $1',
      [body.alarm_id],
    );
    const { headers } = await world.http.post(`/a/${row!.token}`).expect(200);

    expect(headers).not.toHaveProperty('access-control-allow-origin');
  } finally {
    await world.stop();
  }
});
