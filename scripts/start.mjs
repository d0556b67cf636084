/**
 * `npm start`: installs and builds what is missing, then runs the broker with its embedded database.
 *
 * Ctrl-C in a terminal goes to every process of the group. The broker answers it by shutting down in order, so this
 * launcher must not go first: it lets signals pass and ends when the broker has ended, with the broker's exit code.
 */
import { join } from 'node:path';
import { exitCodeOf, ROOT, run, RUNTIME, signalRunning } from './command.mjs';
import { buildIfChanged, install, PreparationError, requireNode } from './prepare.mjs';

let stoppedBy;
for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => (stoppedBy = signal));
process.on('SIGTERM', () => {
  stoppedBy = 'SIGTERM';
  signalRunning('SIGTERM');
});

requireNode();
process.exitCode = await start();

async function start() {
  try {
    for (const step of [install, buildIfChanged]) {
      await step();
      if (stoppedBy) return exitCodeOf(stoppedBy);
    }
  } catch (error) {
    if (stoppedBy || !(error instanceof PreparationError))
      return stoppedBy ? exitCodeOf(stoppedBy) : fail(error);
    console.error(error.message);
    return error.code;
  }
  const { code } = await run(RUNTIME, ['--enable-source-maps', join(ROOT, 'dist/apps/standalone/main.js')]);
  return code;
}

function fail(error) {
  console.error(error);
  return 1;
}
