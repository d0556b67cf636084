import { parseArgs } from 'node:util';

import { fail } from '../run-server.ts';
import { examine } from './examine.ts';
import { exitCodeOf, inJson, inWords } from './report.ts';

/** Beside the codes for what was found: there was no examination. */
const NOT_EXAMINED = 3;

try {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
  const findings = await examine();
  const words = `${(values.json ? inJson : inWords)(findings)}\n`;
  await new Promise((written) => process.stdout.write(words, written));
  // Also when something still hangs on a server that does not answer.
  process.exit(exitCodeOf(findings));
} catch (error) {
  fail(error, NOT_EXAMINED);
}
