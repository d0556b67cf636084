import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { house, KEY } from '../support/house.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { AppProcess } from '../support/processes.ts';
import { RedisServer } from '../support/redis-server.ts';
import { ADMIN_KEY } from '../support/world.ts';

const TOLD_WITHIN_MS = 5000;
const NAMES = ['api', 'worker'] as const;

/** What an operator sees of Redis, by real processes. */
describe('an api and a worker with a Redis that forgets keys when it is full', () => {
  const redis = new RedisServer({ settings: ['--maxmemory-policy', 'allkeys-lru'] });
  const apps: Record<(typeof NAMES)[number], { app: AppProcess; url: string }> = {} as never;
  let database: TestDatabase;
  let gateway: HttpReceiver;

  beforeAll(async () => {
    const [redisUrl] = await Promise.all([
      redis.start(),
      createDatabase().then((created) => (database = created)),
      HttpReceiver.start().then((started) => (gateway = started)),
    ]);
    for (const name of NAMES) {
      const port = String(await freePort());
      const app = await AppProcess.start(name, {
        DATABASE_URL: database.url,
        REDIS_URL: redisUrl,
        ADMIN_API_KEY: ADMIN_KEY,
        PORT: port,
        WORKER_PORT: port,
        SENDXMS_ENABLED: 'true',
        SENDXMS_BASE_URL: gateway.url,
      });
      apps[name] = { app, url: `http://127.0.0.1:${port}` };
    }
    await Promise.all(NAMES.map((name) => apps[name].app.waitForReady(`${apps[name].url}/readyz`)));
    const seeded = await fetch(`${apps.api.url}/v1/admin/seed`, {
      method: 'POST',
      headers: { 'X-Admin-Key': ADMIN_KEY, 'Content-Type': 'application/json' },
      body: house([{ id: 'guard' }, { id: 'control' }]),
    });
    expect(seeded.status).toBe(200);
  });

  afterAll(async () => {
    await Promise.all(NAMES.map((name) => apps[name].app.kill('SIGKILL')));
    await Promise.all([redis.stop(), gateway.close()]);
    await database.drop();
  });

  it.each(NAMES)('warns of that once, in a line that can be read by machines: %s', async (name) => {
    const { app } = apps[name];
    await app.waitForLog(({ message }) => String(message).includes('noeviction'));
    const warnings = app.output.filter((line) => /eviction/i.test(line));
    expect(warnings.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ level: 'warning', extra: { evictionPolicy: 'allkeys-lru' } }),
    ]);
  });

  it('names Redis when it is stopped, and tells every target within five seconds all the same', async () => {
    await redis.stop();
    for (const name of NAMES) {
      const answer = await fetch(`${apps[name].url}/readyz`);
      expect([answer.status, await answer.json()]).toEqual([503, { ok: 'false', db: 'ok', redis: 'down' }]);
      expect((await fetch(`${apps[name].url}/readyz?exclude=redis`)).status).toBe(200);
    }

    const pressed = performance.now();
    expect((await fetch(`${apps.api.url}/v1/yealink/alarm?token=${KEY}`)).status).toBe(200);
    const told = [await gateway.next(), await gateway.next()];
    expect(told.map(({ json }) => (json as { to: string }).to).sort()).toEqual(['+49control', '+49guard']);
    for (const { receivedAt } of told) expect(receivedAt - pressed).toBeLessThan(TOLD_WITHIN_MS);
  });
});
