/**
 * `npm run bench [-- name …]`: prints what was measured as a table and writes it as JSON. Real processes on this machine's
 * loopback, the load generator and the gateway among them; each figure beside a limit measured in the same run.
 */
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname } from 'node:path';

import { makeRunFolder } from '../support/run-folder.ts';
import { clock } from './clock.ts';
import { footprint } from './footprint.ts';
import { growth } from './growth.ts';
import { pressStorm, pressToHandOff } from './hand-off.ts';
import { OPTIONS } from './options.ts';
import { pressAlone, pressThroughput } from './press-throughput.ts';
import { row, type Figure, type Report } from './report.ts';
import type { Shape } from './stage.ts';

const { seconds } = OPTIONS;

type Benchmark = (shape: Shape, report: Report) => Promise<void>;

const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  throughput: (shape, report) => pressThroughput(shape, seconds, report),
  alone: (shape, report) => pressAlone(shape, seconds, report),
  latency: (shape, report) => pressToHandOff(shape, seconds, report),
  storm: (shape, report) => pressStorm(shape, 3, report),
  'storm-one': (shape, report) => pressStorm(shape, 1, report),
  clock: (shape, report) => clock(shape, seconds, report),
  growth: (shape, report) => growth(shape, seconds, report),
  footprint: (shape, report) => footprint(shape, seconds, report),
};

const names = OPTIONS.benchmarks.length > 0 ? OPTIONS.benchmarks : Object.keys(BENCHMARKS);
const unknown = names.filter((name) => BENCHMARKS[name] === undefined);
if (unknown.length > 0) {
  console.error(
    `There is no benchmark ${unknown.join(', ')}; there are ${Object.keys(BENCHMARKS).join(', ')}.`,
  );
  process.exit(1);
}

// Whatever happens to this process, nothing it started stays behind.
const reaper = new URL('../support/reaper.mts', import.meta.url).pathname;
spawn(process.execPath, [reaper, await makeRunFolder()], {
  stdio: ['pipe', 'ignore', 'inherit'],
  detached: true,
}).unref();

const figures: Figure[] = [];
for (const name of names) {
  for (const shape of OPTIONS.shapes as Shape[]) {
    console.log(`${name}, ${shape} ...`);
    const here: Figure[] = [];
    await BENCHMARKS[name]?.(shape, (figure) => here.push(figure));
    figures.push(...here);
    console.table(here.map(row));
  }
}
const machine = { processors: cpus().length, model: cpus()[0]?.model, node: process.version };
await mkdir(dirname(OPTIONS.json), { recursive: true });
await writeFile(
  OPTIONS.json,
  `${JSON.stringify({ at: new Date().toISOString(), machine, figures }, null, 2)}\n`,
);
console.log(`Written to ${OPTIONS.json}.`);
process.exit(0);
