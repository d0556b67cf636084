/**
 * `npm run test:faults`: the long form of the fault suite. Each fault in each shape, by itself, for each seed; prints
 * what came of it. With a part of a fault's name as argument only that one. By the environment: FAULT_SEEDS (10),
 * FAULT_SEED (the first, 1), FAULT_ALARMS (500).
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, RUNTIME } from './command.mjs';

const folder = mkdtempSync(join(tmpdir(), 'alarm-broker-faults-'));
const table = join(folder, 'runs.jsonl');
const [only] = process.argv.slice(2);
Object.assign(process.env, {
  FAULT_SEEDS: process.env.FAULT_SEEDS ?? '10',
  FAULT_ALARMS: process.env.FAULT_ALARMS ?? '500',
  FAULT_TABLE: table,
  ...(only === undefined ? {} : { FAULT_ONLY: only }),
});

const { code } = await run(RUNTIME, [join(import.meta.dirname, 'test.mjs'), 'test/faults']);
print(table);
rmSync(folder, { recursive: true, force: true });
process.exitCode = code;

function print(file) {
  let runs;
  try {
    runs = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  } catch {
    return; // none came to an end
  }
  const rows = [...Map.groupBy(runs, ({ fault, shape }) => `${fault} (${shape})`)].map(([name, same]) => ({
    fault: name,
    runs: same.length,
    alarms: sum(same, ({ alarms }) => alarms),
    refused: sum(same, ({ refused }) => refused),
    notifications: sum(same, ({ notifications }) => notifications),
    lost: sum(same, ({ lost }) => lost.length),
    stuck: sum(same, ({ stuck }) => stuck.length),
    'late, worst (s)': Math.max(...same.map(({ worstLateness }) => worstLateness)).toFixed(1),
    duplicates: sum(same, ({ duplicates }) => duplicates),
    unexplained: sum(same, ({ unexplained }) => unexplained.length),
    'press, worst (ms)': Math.round(Math.max(...same.map(({ slowestPressMs }) => slowestPressMs))),
  }));
  console.table(rows);
}

function sum(runs, count) {
  return runs.reduce((total, one) => total + count(one), 0);
}
