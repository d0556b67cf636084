import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { AppProcess } from '../support/processes.ts';
import { RedisServer } from '../support/redis-server.ts';

/** Well below the half minute that service managers and Kubernetes give a process before they kill it. */
const BOUND_MS = 8000;

describe('a process that is told to stop while Redis is gone', () => {
  let redis: RedisServer;
  let database: TestDatabase;

  beforeEach(async () => {
    redis = new RedisServer();
    database = await createDatabase();
  });

  afterEach(async () => {
    await redis.stop();
    await database.drop();
  });

  const start = async (name: 'api' | 'worker') => {
    const port = String(await freePort());
    const app = await AppProcess.start(name, {
      DATABASE_URL: database.url,
      REDIS_URL: await redis.start(),
      PORT: port,
      WORKER_PORT: port,
    });
    await app.waitForReady(`http://127.0.0.1:${port}/readyz`);
    return app;
  };

  it.each(['api', 'worker'] as const)(
    'does so: %s',
    async (name) => {
      const app = await start(name);
      await redis.kill();
      const told = performance.now();
      expect(await app.kill('SIGTERM')).toEqual({ code: null, signal: 'SIGTERM' });
      expect(performance.now() - told).toBeLessThan(BOUND_MS);
    },
    2 * BOUND_MS,
  );
});
