import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { AppProcess } from '../support/processes.ts';
import { RedisCluster } from '../support/redis-cluster.ts';
import { RedisSentinels } from '../support/redis-sentinels.ts';
import { until } from '../support/until.ts';
import { ADMIN_KEY } from '../support/world.ts';

/** A press is answered by then in any case. */
const ANSWERED_WITHIN_MS = 2000;
/** However the bell fares, the sweep has told somebody by then. */
const TOLD_WITHIN_MS = 5000;
/** Well below the half minute that service managers and Kubernetes give a process before they kill it. */
const ENDED_WITHIN_MS = 8000;
/** The sweep leaves a row to the bell for a second: what is told sooner was rung for. */
const RUNG_WITHIN_MS = 900;

const PRESS_EVERY_MS = 40;
const DEVICES = 1500;

interface Press {
  readonly alarmId: string;
  readonly tookMs: number;
  readonly answeredAt: number;
}

const seed = {
  sites: [{ id: 'town', name: 'Town' }],
  rooms: [{ id: 'room', site_id: 'town', label: 'Room' }],
  persons: [{ id: 'ada', display_name: 'Ada' }],
  devices: Array.from({ length: DEVICES }, (_, n) => ({
    id: `phone-${n}`,
    device_token: `KEY-NUMBER-${n}`,
    person_id: 'ada',
    room_id: 'room',
  })),
  escalation_policy: { id: 'default', name: 'Town' },
  escalation_targets: [{ id: 'control', label: 'Control room', channel: 'webhook', address: '' }],
  escalation_steps: [{ policy_id: 'default', step_no: 0, after_seconds: 0, target_ids: ['control'] }],
};

describe.each([
  ['Sentinel', RedisSentinels],
  ['Cluster', RedisCluster],
] as const)('a broker with Redis %s', (_name, Redises) => {
  const redis = new Redises();
  const apps: Record<'api' | 'worker', { app: AppProcess; url: string }> = {} as never;
  let database: TestDatabase;
  let hook: HttpReceiver;
  let device = 0;

  beforeAll(async () => {
    const [redisUrl] = await Promise.all([
      redis.start(),
      createDatabase().then((created) => (database = created)),
      HttpReceiver.start().then((started) => (hook = started)),
    ]);
    for (const name of ['api', 'worker'] as const) {
      const port = String(await freePort());
      const app = await AppProcess.start(name, {
        DATABASE_URL: database.url,
        REDIS_URL: redisUrl,
        REDIS_MAX_CONNECTIONS: '7',
        ADMIN_API_KEY: ADMIN_KEY,
        PORT: port,
        WORKER_PORT: port,
        WEBHOOK_ENABLED: 'true',
        WEBHOOK_URL: hook.url,
        WEBHOOK_ALLOWED_HOSTS: '127.0.0.1',
      });
      apps[name] = { app, url: `http://127.0.0.1:${port}` };
    }
    await ready();
    const seeded = await fetch(`${apps.api.url}/v1/admin/seed`, {
      method: 'POST',
      headers: { 'X-Admin-Key': ADMIN_KEY, 'Content-Type': 'application/json' },
      body: JSON.stringify(seed),
    });
    expect(seeded.status).toBe(200);
  });

  afterAll(async () => {
    await Promise.all(Object.values(apps).map(({ app }) => app.kill('SIGKILL')));
    await Promise.all([redis.stop(), hook.close()]);
    await database.drop();
  });

  const ready = () =>
    Promise.all(Object.values(apps).map(({ app, url }) => app.waitForReady(`${url}/readyz`)));

  const press = async (): Promise<Press> => {
    const began = performance.now();
    const answer = await fetch(`${apps.api.url}/v1/yealink/alarm?token=KEY-NUMBER-${device++}`);
    const answeredAt = performance.now();
    const { alarm_id: alarmId } = (await answer.json()) as { alarm_id: string };
    expect(answer.status).toBe(200);
    return { alarmId, tookMs: answeredAt - began, answeredAt };
  };

  /** How long after its answer a press was told. */
  const toldAfter = async ({ alarmId, answeredAt }: Press): Promise<number> => {
    const isIt = ({ json }: { json: unknown }) =>
      (json as { data: { alarm_id: string } }).data.alarm_id === alarmId;
    return (await hook.next(isIt)).receivedAt - answeredAt;
  };

  /** Whether somebody was told before the sweep would have looked. */
  const rings = async () => (await toldAfter(await press())) < RUNG_WITHIN_MS;

  /** Presses all the time until something has happened, and a second longer. */
  const pressWhile = async (happens: Promise<void>): Promise<Press[]> => {
    const presses: Promise<Press>[] = [];
    const timer = setInterval(() => presses.push(press()), PRESS_EVERY_MS);
    try {
      await happens;
      const enough = presses.length + 1000 / PRESS_EVERY_MS;
      await until('some more presses', () => presses.length > enough);
    } finally {
      clearInterval(timer);
    }
    return Promise.all(presses);
  };

  const expectTold = async (presses: readonly Press[]) => {
    const times = await Promise.all(presses.map(toldAfter));
    expect(Math.max(...presses.map(({ tookMs }) => tookMs))).toBeLessThan(ANSWERED_WITHIN_MS);
    expect(Math.max(...times)).toBeLessThan(TOLD_WITHIN_MS);
  };

  const replaced = async (lost: { readonly port: number }) => {
    await until('there is another master', async () => {
      const master = await redis.master().catch(() => lost);
      return master.port !== lost.port;
    });
  };

  it('rings the bell there, under its prefix alone', async () => {
    await until('the bell rings', rings);
    const keys = await redis.keys();
    expect(keys).toContain('{alarm-broker}:deliveries:meta');
    expect(keys.filter((key) => !key.startsWith('{alarm-broker}:'))).toEqual([]);
  });

  it('goes on ringing at the next master after a planned fail-over', async () => {
    const master = await redis.master();
    await expectTold(await pressWhile(redis.failOver().then(() => replaced(master))));
    await ready();
    await until('the bell rings', rings);
    await redis.recover(master);
  });

  it('answers and tells while the master is killed, and rings again at the next one', async () => {
    const master = await redis.master();
    const presses = await pressWhile(master.kill().then(() => replaced(master)));
    await expectTold(presses);
    await ready();
    await until('the bell rings', rings);
    await redis.recover(master);
  });

  it('does so, too, while the master is frozen', async () => {
    const master = await redis.master();
    master.pause();
    const presses = await pressWhile(replaced(master));
    await expectTold(presses);
    await ready();
    await until('the bell rings', rings);
    master.resume();
  });

  it('ends within its bound when nothing of it is left', async () => {
    await redis.stop();
    const told = performance.now();
    const exits = await Promise.all(Object.values(apps).map(({ app }) => app.kill('SIGTERM')));
    expect(exits).toEqual([
      { code: null, signal: 'SIGTERM' },
      { code: null, signal: 'SIGTERM' },
    ]);
    expect(performance.now() - told).toBeLessThan(ENDED_WITHIN_MS);
  });
});
