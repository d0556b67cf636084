import { Redis } from 'ioredis';

import { createDatabase } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { AppProcess, type AppName } from '../support/processes.ts';
import { RedisServer } from '../support/redis-server.ts';
import { ADMIN_KEY } from '../support/world.ts';

/** REDIS_MAX_CONNECTIONS is a promise to the operator of a shared Redis. */
describe('connections to Redis', () => {
  const server = new RedisServer();
  let environment: Record<string, string>;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    const database = await createDatabase();
    drop = () => database.drop();
    environment = { DATABASE_URL: database.url, REDIS_URL: await server.start(), ADMIN_API_KEY: ADMIN_KEY };
  });
  afterAll(async () => {
    await server.stop();
    await drop();
  });

  const start = async (name: AppName, limit: number) => {
    const port = String(await freePort());
    const app = await AppProcess.start(name, {
      ...environment,
      PORT: port,
      WORKER_PORT: port,
      REDIS_MAX_CONNECTIONS: String(limit),
    });
    return { app, ready: () => app.waitForReady(`http://127.0.0.1:${port}/readyz`) };
  };

  it.each([
    ['api', 3],
    ['worker', 7],
  ] as const)('of the %s are %i, and a lower limit stops the start', async (name, needed) => {
    const refused = await start(name, needed - 1);
    expect(await refused.app.exited).toEqual({ code: 1, signal: null });
    expect(refused.app.output.join('\n')).toContain(`REDIS_MAX_CONNECTIONS must be at least ${needed}`);

    const { app, ready } = await start(name, needed);
    await ready();
    const redis = new Redis(environment['REDIS_URL'] ?? '');
    const clients = (await redis.client('LIST')) as string;
    redis.disconnect();
    // One of them is the connection that asks.
    expect(clients.trim().split('\n').length - 1).toBeLessThanOrEqual(needed);
    await app.kill('SIGTERM');
  });
});
