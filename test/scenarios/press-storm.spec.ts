import { HttpReceiver } from '../support/http-receiver.ts';
import { house } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { SHAPES, World } from '../support/world.ts';

const CLIENTS = 20;
const PRESSES = 200;
const KEYS = Array.from({ length: 10 }, (_, i) => `KEY-OF-DESK-${i}`);

const manyDesks = (): string => {
  const seed = JSON.parse(house([{ id: 'guard' }])) as { devices: object[] };
  seed.devices = KEYS.map((device_token, i) => ({
    id: `desk-${i}`,
    device_token,
    person_id: 'ada',
    room_id: 'counter-1',
  }));
  return JSON.stringify(seed);
};

describe.each(SHAPES)('two hundred presses of ten keys at once, with jobs in %s', (shape) => {
  let gateway: HttpReceiver;
  let world: World;

  beforeEach(async () => {
    gateway = await HttpReceiver.start();
    world = await World.start({
      shape,
      seed: manyDesks(),
      settings: { SENDXMS_ENABLED: 'true', SENDXMS_BASE_URL: gateway.url },
    });
  });

  afterEach(async () => {
    await world.stop();
    await gateway.close();
  });

  /** Twenty clients press as fast as they are answered, each call at the next of these processes. */
  const storm = async (urls: readonly string[]) => {
    let next = 0;
    const answers: { status: number; key: string; alarmId: string }[] = [];
    const client = async () => {
      while (next < PRESSES) {
        const turn = next++;
        const key = KEYS[turn % KEYS.length]!;
        // Each key reaches every process in turn.
        const url = urls[Math.floor(turn / KEYS.length) % urls.length]!;
        const response = await fetch(`${url}/v1/yealink/alarm?token=${key}`);
        const { alarm_id } = (await response.json()) as { alarm_id: string };
        answers.push({ status: response.status, key, alarmId: alarm_id });
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    return answers;
  };

  const expectTenAlarms = async (answers: Awaited<ReturnType<typeof storm>>) => {
    expect(answers).toHaveLength(PRESSES);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ alarmId }) => alarmId)).size).toBe(10);
    expect(new Set(answers.map(({ key, alarmId }) => `${key} ${alarmId}`)).size).toBe(10);
    expect(await world.query('SELECT FROM alarms')).toHaveLength(10);
    const presses = await world.query<{ type: string; count: number }>(
      `SELECT type, count(*)::int AS count FROM alarm_events WHERE type LIKE 'alarm.%' GROUP BY type ORDER BY type`,
    );
    expect(presses).toEqual([
      { type: 'alarm.pressed-again', count: PRESSES - 10 },
      { type: 'alarm.triggered', count: 10 },
    ]);

    await world.settle();
    expect(gateway.count()).toBe(10);
    expect(new Set(gateway.requests.map(({ headers }) => headers['idempotency-key'])).size).toBe(10);
    expect([...logLines.at('error'), ...logLines.at('warning')]).toEqual([]);
  };

  it('are ten alarms', async () => {
    await expectTenAlarms(await storm([world.url]));
  });

  it('are ten alarms also when they are spread over two processes', async () => {
    const second = await world.secondApi();
    try {
      await expectTenAlarms(await storm([world.url, await second.getUrl()]));
    } finally {
      await second.close();
    }
  });
});
