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

  it('does so when all is well', () => world.stop(), BOUND_MS);

  it(
    'does so when Redis does not answer',
    async () => {
      redis.pause();
      await world.stop();
    },
    BOUND_MS,
  );
});
