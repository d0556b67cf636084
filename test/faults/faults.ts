import type { Shape } from '../support/world.ts';
import type { SeededRandom } from './random.ts';
import { pause, type Town } from './town.ts';

/** Something that goes wrong while people press and answer. */
export interface Fault {
  readonly name: string;
  readonly shapes: readonly Shape[];
  /**
   * How late a step may be told under it, in seconds, from its due moment: the length of the outage, a restart, and
   * what it costs to find out that a send was lost (time limit of the channel and the margin of its lease).
   */
  readonly boundSeconds: number;
  /** Lets it happen once, and puts everything in order again. */
  strike(town: Town, random: SeededRandom): Promise<void>;
}

const BOTH = ['PostgreSQL', 'Redis'] as const;
const REDIS = ['Redis'] as const;

export const FAULTS: readonly Fault[] = [
  { name: 'nothing', shapes: BOTH, boundSeconds: 3, strike: () => Promise.resolve() },
  {
    name: 'an api is killed',
    shapes: BOTH,
    boundSeconds: 5,
    strike: (town, random) => town.replace(random.pick(town.posts.api), 'SIGKILL'),
  },
  {
    name: 'a worker is killed',
    shapes: BOTH,
    boundSeconds: 17,
    strike: (town, random) => town.replace(random.pick(town.posts.worker), 'SIGKILL'),
  },
  {
    name: 'all workers are killed',
    shapes: BOTH,
    boundSeconds: 22,
    strike: async (town) => {
      await Promise.all(town.posts.worker.map((post) => town.replace(post, 'SIGKILL', 2000)));
    },
  },
  {
    name: 'rolling restart',
    shapes: BOTH,
    boundSeconds: 5,
    strike: async (town) => {
      for (const post of [...town.posts.api, ...town.posts.worker]) await town.replace(post, 'SIGTERM');
    },
  },
  {
    name: 'clocks jump by five minutes',
    shapes: BOTH,
    boundSeconds: 5,
    strike: async (town) => {
      for (let i = 0; i < 4; i += 1) {
        // One of each kind: the others keep their time.
        town.posts.api[0]?.process.signal('SIGWINCH');
        town.posts.worker[0]?.process.signal('SIGWINCH');
        await pause(1000);
      }
    },
  },
  {
    name: 'PostgreSQL crashes',
    shapes: BOTH,
    boundSeconds: 20,
    strike: (town, random) => town.crashPostgres(random.between(0, 2000)),
  },
  {
    name: 'PostgreSQL stands still',
    shapes: BOTH,
    boundSeconds: 22,
    strike: async (town) => {
      town.databaseLine.freeze(true);
      await pause(4000);
      town.databaseLine.freeze(false);
    },
  },
  {
    name: 'connections to PostgreSQL are cut',
    shapes: BOTH,
    boundSeconds: 17,
    strike: async (town) => {
      for (let i = 0; i < 3; i += 1) {
        town.databaseLine.cut();
        await pause(400);
      }
    },
  },
  {
    name: 'connections to PostgreSQL are slow',
    shapes: BOTH,
    boundSeconds: 10,
    strike: async (town) => {
      town.databaseLine.slow(100);
      await pause(3000);
      town.databaseLine.slow(0);
    },
  },
  {
    name: 'a gateway stands still',
    shapes: BOTH,
    boundSeconds: 25,
    strike: async (town) => {
      town.smsLine.freeze(true);
      await pause(4000);
      town.smsLine.freeze(false);
    },
  },
  {
    name: 'connections to a gateway are cut',
    shapes: BOTH,
    boundSeconds: 25,
    strike: async (town, random) => {
      town.smsLine.refuse(true);
      town.smsLine.cut();
      await pause(random.between(200, 1500));
      town.smsLine.refuse(false);
    },
  },
  {
    name: 'Redis is killed, its file survives',
    shapes: REDIS,
    boundSeconds: 5,
    strike: async (town, random) => {
      await town.redis.kill();
      await pause(random.between(0, 3000));
      await town.redis.start();
    },
  },
  {
    name: 'Redis is killed and wiped',
    shapes: REDIS,
    boundSeconds: 5,
    strike: async (town, random) => {
      await town.redis.killAndWipe();
      await pause(random.between(0, 3000));
      await town.redis.start();
    },
  },
  {
    name: 'Redis stands still',
    shapes: REDIS,
    boundSeconds: 5,
    strike: async (town) => {
      town.redis.pause();
      await pause(4000);
      town.redis.resume();
    },
  },
  {
    name: 'Redis is full',
    shapes: REDIS,
    boundSeconds: 5,
    strike: async (town) => {
      await town.withRedis(async (redis) => {
        await redis.config('SET', 'maxmemory-policy', 'noeviction');
        await redis.config('SET', 'maxmemory', '1');
        await pause(4000);
        await redis.config('SET', 'maxmemory', '0');
      });
    },
  },
];
