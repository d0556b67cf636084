import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { newSecret } from '#platform';

const FILE = 'admin-key';

/** The admin key of this data folder: made once, readable by its owner only, the same after every start. */
export async function keptAdminKey(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, FILE);
  try {
    await writeFile(file, `${newSecret()}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return (await readFile(file, 'utf8')).trim();
}
