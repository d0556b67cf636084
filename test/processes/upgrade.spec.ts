import { setTimeout as sleep } from 'node:timers/promises';

import { Client } from 'pg';

import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { metricValue } from '../support/metrics.ts';
import { AppProcess, type AppName } from '../support/processes.ts';
import { testRedisUrl } from '../support/redis-databases.ts';
import { releaseWith } from '../support/releases.ts';
import { ADMIN_KEY } from '../support/world.ts';

const EXPAND = {
  name: 'Expand1999000000001',
  up: 'ALTER TABLE alarms ADD COLUMN mood text; CREATE TABLE gadgets (id text PRIMARY KEY)',
};
const CONTRACT = {
  name: 'Contract1999000000002',
  up: 'ALTER TABLE alarms DROP COLUMN mood; DROP TABLE gadgets',
  floor: EXPAND.name,
};

const KEYS = Array.from({ length: 1200 }, (_, i) => `KEY-OF-COUNTER-${i}`);
const SEED = JSON.stringify({
  sites: [{ id: 'hall', name: 'Town hall' }],
  rooms: [{ id: 'counter', site_id: 'hall', label: 'Counter' }],
  persons: [{ id: 'ada', display_name: 'Ada' }],
  devices: KEYS.map((device_token) => ({ device_token, person_id: 'ada', room_id: 'counter' })),
  escalation_policy: { id: 'default', name: 'Hall' },
  escalation_targets: [{ id: 'guard', label: 'Guard', channel: 'sms', address: '+491' }],
  escalation_steps: [{ policy_id: 'default', step_no: 0, after_seconds: 0, target_ids: ['guard'] }],
});

interface Server {
  readonly url: string;
  readonly app: AppProcess;
}

/** Processes start one after the other, on a machine that may be busy. */
const PATIENCE_MS = 90_000;

describe('an upgrade under load', () => {
  let database: TestDatabase;
  let psql: Client;
  let sms: HttpReceiver;
  let environment: Record<string, string>;
  let next: string;
  let afterNext: string;
  let oldApi: Server;
  let oldWorker: Server;
  const unpressed = [...KEYS];

  beforeAll(async () => {
    [database, sms, next, afterNext] = await Promise.all([
      createDatabase(),
      HttpReceiver.start(),
      releaseWith([EXPAND]),
      releaseWith([EXPAND, CONTRACT]),
    ]);
    psql = new Client({ connectionString: database.url });
    await psql.connect();
    environment = {
      DATABASE_URL: database.url,
      DATABASE_POOL_SIZE: '5',
      ADMIN_API_KEY: ADMIN_KEY,
      SENDXMS_ENABLED: 'true',
      SENDXMS_BASE_URL: sms.url,
      SENDXMS_API_KEY: 'sms key',
      REDIS_URL: await testRedisUrl(),
    };
    [oldApi, oldWorker] = await Promise.all([start('api'), start('worker')]);
    const headers = { 'X-Admin-Key': ADMIN_KEY, 'Content-Type': 'application/json' };
    const seeded = await fetch(`${oldApi.url}/v1/admin/seed`, { method: 'POST', headers, body: SEED });
    expect(seeded.status).toBe(200);
  }, PATIENCE_MS);

  afterAll(async () => {
    await Promise.all([oldApi.app.kill(), oldWorker.app.kill()]);
    await psql.end();
    await Promise.all([sms.close(), database.drop()]);
  });

  const start = async (name: 'api' | 'worker', release?: string): Promise<Server> => {
    const port = String(await freePort());
    const app = await run(name, release, { PORT: port, WORKER_PORT: port });
    const url = `http://127.0.0.1:${port}`;
    await app.waitForReady(`${url}/readyz`);
    return { url, app };
  };
  const run = (name: AppName, release?: string, more = {}) =>
    AppProcess.start(name, { ...environment, ...more }, release === undefined ? {} : { release });
  const migrate = async (release: string): Promise<void> => {
    const program = await run('migrate', release);
    expect(await program.exited).toMatchObject({ code: 0 });
  };
  const press = async ({ url }: Server): Promise<number> =>
    (await fetch(`${url}/v1/yealink/alarm?token=${unpressed.pop()}`)).status;
  /** Keeps pressing until told to stop. @returns what the presses were answered. */
  const pressAt = (server: Server) => {
    let stopped = false;
    const answers = (async () => {
      const statuses: number[] = [];
      while (!stopped) {
        statuses.push(await press(server));
        await sleep(50);
      }
      return statuses;
    })();
    return async (): Promise<number[]> => {
      stopped = true;
      return answers;
    };
  };
  /** Waits until everybody was told; everybody was told once. */
  const toldOnce = async (): Promise<void> => {
    const open = `SELECT FROM notifications WHERE status <> 'sent'`;
    while ((await psql.query(open)).rows.length > 0) await sleep(50);
    const links = sms.requests.map(
      ({ json }) => /http\S+\/a\/\S+/.exec((json as { message: string }).message)?.[0],
    );
    expect(new Set(links).size).toBe(KEYS.length - unpressed.length);
    expect(links).toHaveLength(new Set(links).size);
  };
  const sentBy = async ({ url }: Server): Promise<number> => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return metricValue(text, 'alarm_broker_notifications_total', { channel: 'sms', result: 'sent' });
  };
  const readiness = async ({ url }: Server) => {
    const answer = await fetch(`${url}/readyz`);
    return [answer.status, ((await answer.json()) as { schema?: string }).schema];
  };

  it(
    'that only adds is nothing to processes of the release before: they go on',
    async () => {
      const stop = pressAt(oldApi);
      await migrate(next);
      expect(await readiness(oldApi)).toEqual([200, undefined]);
      expect(await readiness(oldWorker)).toEqual([200, undefined]);
      await press(oldApi);
      const statuses = await stop();

      expect(statuses).toEqual(statuses.map(() => 200));
      await toldOnce();
      // Back to the release before: it also starts here.
      const again = await start('worker');
      await again.app.kill();
    },
    PATIENCE_MS,
  );

  it(
    'that takes something away stops those who do not know of it, and nothing else',
    async () => {
      const [newApi, newWorker] = await Promise.all([start('api', next), start('worker', next)]);
      const stops = [pressAt(oldApi), pressAt(newApi)];

      await migrate(afterNext);

      const word = await oldWorker.app.waitForLog(({ level }) => level === 'error');
      expect(word['message']).toBe(
        'The database belongs to a newer release: whoever works with it must know Expand1999000000001. ' +
          'Start that release or a later one. This process takes no more work.',
      );
      expect(await readiness(oldWorker)).toEqual([503, 'too-new']);
      expect(await readiness(oldApi)).toEqual([503, 'too-new']);
      expect(await readiness(newWorker)).toEqual([200, undefined]);
      const before = await sentBy(oldWorker);
      expect([await press(oldApi), await press(newApi)]).toEqual([200, 200]);
      const statuses = (await Promise.all(stops.map((stop) => stop()))).flat();
      expect(statuses).toEqual(statuses.map(() => 200));
      await toldOnce();
      expect(await sentBy(oldWorker)).toBe(before);
      expect(await sentBy(newWorker)).toBeGreaterThan(0);
      expect(oldWorker.app.logs.filter(({ level }) => level === 'error')).toHaveLength(1);

      await Promise.all([newApi.app.kill(), newWorker.app.kill()]);
    },
    PATIENCE_MS,
  );

  it.each(['api', 'worker', 'migrate'] as const)(
    'ends a start of the old release with one sentence: %s',
    async (name) => {
      const late = await run(name, undefined, { PORT: '0', WORKER_PORT: '0' });

      expect(await late.exited).toEqual({ code: 1, signal: null });
      expect(late.output.filter((line) => !line.startsWith('{'))).toEqual([
        expect.stringMatching(
          /^alarm-broker: The database belongs to a newer release: .* must know Expand1999000000001/,
        ),
      ]);
    },
  );

  it('that is taken back lets the old release work again', async () => {
    expect(await press(oldApi)).toBe(200);
    await psql.query('DELETE FROM schema_floor');

    await oldWorker.app.waitForLog(({ message }) =>
      String(message).startsWith('The database suits this release'),
    );
    await toldOnce();
    await oldWorker.app.waitForReady(`${oldWorker.url}/readyz`);
  });
});
