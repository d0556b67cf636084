/** `npm run openapi`: writes openapi.json from the code. Needs no database: nothing here is ever asked for anything. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run, RUNTIME } from './command.mjs';
import { buildIfChanged, PreparationError, requireNode } from './prepare.mjs';

requireNode();
try {
  await buildIfChanged();
} catch (error) {
  if (!(error instanceof PreparationError)) throw error;
  console.error(error.message);
  process.exit(error.code);
}
const printed = await run(RUNTIME, [join(ROOT, 'dist/apps/api/print-openapi.js')], { quiet: true });
if (printed.code === 0) writeFileSync(join(ROOT, 'openapi.json'), printed.output);
else console.error(printed.output);
process.exitCode = printed.code;
