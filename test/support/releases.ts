import { appendFile, cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from './run-folder.ts';

const ROOT = join(import.meta.dirname, '../..');

/** A migration of a release that is still to come. */
export interface FutureMigration {
  readonly name: string;
  readonly up: string;
  /** For one that takes something away. */
  readonly floor?: string;
}

/**
 * A release as it may follow this one: the same programs, as built, with further migrations.
 * @returns its folder, for {@link AppProcess.start}.
 */
export async function releaseWith(migrations: readonly FutureMigration[]): Promise<string> {
  const folder = await temporaryFolder('release');
  await Promise.all([
    cp(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true }),
    cp(join(ROOT, 'package.json'), join(folder, 'package.json')),
    symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules')),
  ]);
  const classes = migrations.map(
    ({ name, up, floor }) => `
MIGRATIONS.push(class ${name} {
  floor = ${JSON.stringify(floor)};
  up(runner) { return runner.query(${JSON.stringify(up)}); }
  async down() {}
});`,
  );
  await appendFile(join(folder, 'dist/migrations/index.js'), classes.join('\n'));
  return folder;
}
