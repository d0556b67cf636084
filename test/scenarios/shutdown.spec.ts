import { house, KEY } from '../support/house.ts';
import { RedisServer } from '../support/redis-server.ts';
import { World } from '../support/world.ts';

/** Well below the half minute that service managers and Kubernetes give a process before they kill it. */
const BOUND_MS = 8000;

describe('a broker that is told to stop', () => {
  let redis: RedisServer;
  let world: World;

  beforeEach(async () => {
    redis = new RedisServer();
    world = await World.start({ seed: house([]), settings: { REDIS_URL: await redis.start() } });
    await world.press(KEY).expect(200);
  });

  afterEach(async () => {
    redis.resume();
    await redis.stop();
  });

  it.each([
    ['is well', () => Promise.resolve()],
    ['is dead', () => redis.kill()],
    ['is frozen', () => Promise.resolve(redis.pause())],
    [
      'has just come back',
      async () => {
        await redis.kill();
        await redis.start();
      },
    ],
  ])(
    'does so when Redis %s',
    async (_how, happens) => {
      await happens();
      await world.stop();
    },
    BOUND_MS,
  );
});
