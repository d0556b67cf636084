import { configurationFrom } from '#platform';

import { createServer, fail } from '../run-server.ts';
import { SCHEMA } from '../schema.ts';
import { ApiModule } from './api.module.ts';
import { openApiDocument } from './openapi.ts';

/** A server that is built and never started connects to nothing. */
const NOWHERE = 'postgresql://nobody@localhost:1/nowhere';

try {
  const configuration = configurationFrom({ DATABASE_URL: NOWHERE });
  // Its log would stand among the document.
  const logDestination = { write: () => undefined };
  const app = await createServer(ApiModule.forRoot({ ...configuration, schema: SCHEMA, logDestination }));
  const text = `${JSON.stringify(openApiDocument(app), null, 2)}\n`;
  process.stdout.write(text, () => process.exit(0));
} catch (error) {
  fail(error);
}
