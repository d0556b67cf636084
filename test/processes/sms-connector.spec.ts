import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createDatabase } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { AppProcess } from '../support/processes.ts';
import { temporaryFolder } from '../support/run-folder.ts';

it.each(['api', 'worker', 'standalone'] as const)(
  'a description of an SMS provider that is wrong stops the start of the %s in one sentence',
  async (name) => {
    const database = await createDatabase();
    const file = join(await temporaryFolder(), 'connector.yaml');
    await writeFile(file, 'extends: seven\nnumberFormat: roman\n');
    const port = String(await freePort());

    const app = await AppProcess.start(name, {
      DATABASE_URL: database.url,
      PORT: port,
      WORKER_PORT: port,
      DATA_DIR: join(file, '..', 'data'),
      SMS_CONNECTOR_FILE: file,
      SMS_SECRET: 'k',
    });
    expect(await app.exited).toEqual({ code: 1, signal: null });
    expect(app.output).toEqual([
      `alarm-broker: The SMS connector file ${file} is wrong at /numberFormat: must be one of e164, digits, 00.`,
    ]);
    await database.drop();
  },
);
