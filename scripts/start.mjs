/**
 * `npm start`: installs and builds what is missing, then runs the broker with its embedded database.
 *
 * Ctrl-C in a terminal goes to every process of the group. The broker answers it by shutting down in order, so this
 * launcher must not go first: it lets signals pass and ends when the broker has ended, with the broker's exit code.
 */
import { join } from 'node:path';
import { exitCodeOf, ROOT, run, RUNTIME, signalRunning } from './command.mjs';
import { buildIfChanged, install, PreparationError, requireNode } from './prepare.mjs';

let preparing = true;
let stoppedBy;
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM']) process.on(signal, () => stop(signal));

requireNode();
process.exitCode = await start();

async function start() {
  try {
    await install();
    if (!stoppedBy) await buildIfChanged();
  } catch (error) {
    if (!(error instanceof PreparationError)) throw error;
    if (!stoppedBy) console.error(error.message);
    return stoppedBy ? exitCodeOf(stoppedBy) : error.code;
  }
  if (stoppedBy) return exitCodeOf(stoppedBy);

  preparing = false;
  const { code } = await run(RUNTIME, [
    '--enable-source-maps',
    '--max-semi-space-size=8',
    join(ROOT, 'dist/apps/standalone/main.js'),
  ]);
  return code;
}

function stop(signal) {
  stoppedBy = signal;
  // npm would take half a minute to undo what it did; the next start sees that it is incomplete and repeats it.
  if (preparing) signalRunning('SIGKILL');
  else if (signal === 'SIGTERM') signalRunning(signal); // the others come from the terminal, to everybody
}
