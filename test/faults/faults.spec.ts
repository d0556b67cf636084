import { appendFile } from 'node:fs/promises';

import { SHAPES } from '../support/world.ts';
import { FAULTS } from './faults.ts';
import { runFaults } from './run.ts';

/**
 * Run by `npm run test:faults`, which says by the environment how many seeds and alarms there are; each fault gets runs
 * of its own. With no seed it is the short form: all faults of a shape in one run.
 */
const SEEDS = Number(process.env['FAULT_SEEDS'] ?? 0);
const ALARMS = Number(process.env['FAULT_ALARMS'] ?? 120);
const FIRST_SEED = Number(process.env['FAULT_SEED'] ?? 1);
const ONLY = process.env['FAULT_ONLY'];
const TABLE = process.env['FAULT_TABLE'];

const runs =
  SEEDS === 0
    ? SHAPES.map((shape) => {
        const faults = FAULTS.filter((fault) => fault.shapes.includes(shape));
        return { name: 'everything', shape, faults, seed: FIRST_SEED, overMs: 24_000 };
      })
    : Array.from({ length: SEEDS }, (_, n) => FIRST_SEED + n).flatMap((seed) =>
        FAULTS.filter(({ name }) => ONLY === undefined || name.includes(ONLY)).flatMap((fault) =>
          fault.shapes.map((shape) => ({ name: fault.name, shape, faults: [fault], seed, overMs: 12_000 })),
        ),
      );

describe('nothing is lost', () => {
  it.each(runs)(
    'when this happens: $name; jobs in $shape, seed $seed',
    async (run) => {
      const verdict = await runFaults({ ...run, alarms: ALARMS });

      if (TABLE !== undefined)
        await appendFile(
          TABLE,
          `${JSON.stringify({ fault: run.name, shape: run.shape, seed: run.seed, ...verdict })}\n`,
        );
      expect(verdict).toMatchObject({ lost: [], stuck: [], false: [], untold: [], unexplained: [] });
      expect(verdict.alarms).toBeGreaterThan(0);
      expect(verdict.worstLateness).toBeLessThan(Math.max(...run.faults.map((fault) => fault.boundSeconds)));
    },
    240_000,
  );
});
