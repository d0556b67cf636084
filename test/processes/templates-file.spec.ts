import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createDatabase } from '../support/databases.ts';
import { AppProcess } from '../support/processes.ts';

it('A worker whose texts cannot be used does not start, and says why in a sentence', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'texts-'));
  const database = await createDatabase();
  const file = join(folder, 'texts.yaml');
  await writeFile(file, 'de:\n  sms:\n    alert:\n      short: "{{ plce }}: {{ link }}"\n');

  const worker = await AppProcess.start('worker', { DATABASE_URL: database.url, TEMPLATES_FILE: file });

  expect(await worker.exited).toEqual({ code: 1, signal: null });
  expect(worker.output).toContain(
    `alarm-broker: Bad settings: TEMPLATES_FILE ${file} cannot be used: ` +
      'de.sms.alert.short: there is no variable "plce" here.',
  );
  await database.drop();
  await rm(folder, { recursive: true });
});
