/** `npm run bench`: installs and builds what is missing, then runs test/bench/main.ts with the same arguments. */
import { ROOT, run, RUNTIME } from './command.mjs';
import { buildIfChanged, install, requireNode } from './prepare.mjs';

requireNode();
await install();
await buildIfChanged();
const main = `${ROOT}/test/bench/main.ts`;
const { code } = await run(RUNTIME, [
  '--disable-warning=ExperimentalWarning',
  main,
  ...process.argv.slice(2),
]);
process.exitCode = code;
