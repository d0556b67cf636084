import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';

const folder = dirname(findPackageJSON('.', import.meta.url) ?? '');
// docker/Dockerfile writes the second one; a working copy has none.
const description = readJson('package.json');
const notes = readJson('build-info.json');

/** The release this is. */
export const VERSION = description['version'] ?? 'unknown';

/** The commit this was built from, and when (ISO 8601); null where nobody wrote it down. */
export const BUILD: { readonly commit: string | null; readonly builtAt: string | null } = {
  commit: known(notes['commit']),
  builtAt: known(notes['builtAt']),
};

function readJson(name: string): Readonly<Record<string, string | undefined>> {
  try {
    return JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, string>;
  } catch {
    return {};
  }
}

function known(note: string | undefined): string | null {
  return note === undefined || note === 'unknown' ? null : note;
}
