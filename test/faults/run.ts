import type { Shape } from '../support/world.ts';
import type { Fault } from './faults.ts';
import { dustSettles, judge, type Verdict } from './judge.ts';
import { Load } from './load.ts';
import { SeededRandom } from './random.ts';
import { pause, Town } from './town.ts';

export interface Run {
  readonly shape: Shape;
  readonly faults: readonly Fault[];
  readonly seed: number;
  readonly alarms: number;
  /** Milliseconds over which people press. */
  readonly overMs: number;
}

/** How long the last send may take to come to an end after the last press: retries are patient. */
const SETTLES_WITHIN_MS = 90_000;

/** Lets the faults happen, one after the other at random moments, to a town under load, and looks what came of it. */
export async function runFaults({ shape, faults, seed, alarms, overMs }: Run): Promise<Verdict> {
  const random = new SeededRandom(seed);
  const town = await Town.build(shape, alarms);
  try {
    const load = new Load(town, new SeededRandom(seed + 1));
    const strikes = (async () => {
      for (const fault of faults) {
        await pause(random.between(0.1, 0.5) * (overMs / faults.length));
        await fault.strike(town, random);
      }
    })();
    const [report] = await Promise.all([load.run(alarms, overMs), strikes]);
    await town.ready();
    await load.end();
    await dustSettles(town, SETTLES_WITHIN_MS);
    return await judge(town, report, Math.max(...faults.map((fault) => fault.boundSeconds)));
  } finally {
    await town.close();
  }
}
