/**
 * `npm test`: every check there is, then all specs, then faults on whole installations. With arguments
 * (`npm test -- libs/alarms`) it only builds and hands them to Jest.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCodeOf, packageScript, run, RUNTIME, signalRunning } from './command.mjs';
import { build, buildIfChanged, install, PreparationError, requireNode } from './prepare.mjs';

const FAULTS = ['test/faults'];
const FOLDERS = ['apps', 'libs', 'migrations', 'test'];
const TYPESCRIPT = 'typescript/bin/tsc';
// The build keeps its own notes about incremental compilation in dist/.
const TYPECHECK_NOTES = packageScript('.cache/typecheck.tsbuildinfo');

const node = (path, ...args) => run(RUNTIME, [packageScript(path), ...args], { quiet: true });

/** Two lanes for two processors; inside a lane one check after the other. */
const LANES = [
  [
    { title: 'types', check: () => node(TYPESCRIPT, '--noEmit', '--tsBuildInfoFile', TYPECHECK_NOTES) },
    { title: 'build', check: () => build({ quiet: true }) },
  ],
  [
    { title: 'format', check: () => node('prettier/bin/prettier.cjs', '--check', '.') },
    { title: 'imports', check: () => node('dependency-cruiser/bin/dependency-cruise.mjs', ...FOLDERS) },
    { title: 'lint', check: () => node('eslint/bin/eslint.js', '--max-warnings', '0', '.') },
  ],
];

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    signalRunning('SIGTERM');
    process.exit(exitCodeOf(signal));
  });
}

requireNode();
const jestArgs = process.argv.slice(2);
try {
  await install();
  if (jestArgs.length > 0) await buildIfChanged();
  else await Promise.all(LANES.map(runLane));
} catch (error) {
  if (!(error instanceof PreparationError)) throw error;
  console.error(error.message);
  process.exit(error.code);
}
process.exitCode = await (jestArgs.length > 0 ? runSpecs([jestArgs]) : runSpecs([[], FAULTS]));

async function runLane(lane) {
  for (const { title, check } of lane) {
    const begun = performance.now();
    const { code, output } = await check();
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    console.log(`${code === 0 ? '✓' : '✗'} ${title} (${seconds} s)`);
    if (code === 0) continue;
    console.log(`\n${output.trim()}\n`);
    signalRunning('SIGTERM');
    process.exit(code);
  }
}

/** The last line says how many passed and failed, alone and plain, for people and programs alike. */
async function runSpecs(runs) {
  const total = { passed: 0, failed: 0 };
  let worst = 0;
  for (const args of runs) {
    // Real faults on whole installations want the machine for themselves; without a number of seeds in a short form.
    if (args === FAULTS) process.env.FAULT_SEEDS ??= '0';
    const { code, passed, failed } = await runJest(args);
    total.passed += passed;
    total.failed += failed;
    worst ||= code;
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  return worst || Math.min(total.failed, 1);
}

async function runJest(args) {
  const folder = mkdtempSync(join(tmpdir(), 'alarm-broker-jest-'));
  const resultFile = join(folder, 'result.json');
  const nodeArgs = ['--disable-warning=ExperimentalWarning', '--experimental-vm-modules'];
  const jest = [packageScript('jest/bin/jest.js'), '--json', '--outputFile', resultFile, ...args];
  const { code } = await run(RUNTIME, [...nodeArgs, ...jest]);
  const counts = countTests(resultFile);
  rmSync(folder, { recursive: true, force: true });
  return { code, ...counts };
}

function countTests(resultFile) {
  try {
    const result = JSON.parse(readFileSync(resultFile, 'utf8'));
    // A spec file that cannot even be loaded has no failed test of its own.
    return {
      passed: result.numPassedTests,
      failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    };
  } catch {
    return { passed: 0, failed: 1 }; // Jest did not come to an end
  }
}
