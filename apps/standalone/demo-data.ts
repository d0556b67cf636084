import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { INestApplicationContext } from '@nestjs/common';

import { SeedImport } from '#admin';
import { Database } from '#platform';

const SEED = 'seeds/simulation.yaml';

/** Fills an empty directory with the bundled mock university. @returns whether it was empty. */
export async function seedWhenEmpty(app: INestApplicationContext): Promise<boolean> {
  const [sites] = await app
    .get(Database)
    .query<{ empty: boolean }>('SELECT NOT EXISTS (SELECT FROM sites) AS empty');
  if (!sites?.empty) return false;
  await app
    .get(SeedImport, { strict: false })
    .importYaml(await readFile(join(await projectFolder(), SEED), 'utf8'));
  return true;
}

/** Where `seeds/` lies, seen from the sources and from `dist/` alike. */
async function projectFolder(): Promise<string> {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const found = await readFile(join(folder, SEED)).then(
      () => true,
      () => false,
    );
    if (found || folder === dirname(folder)) return folder;
  }
}
