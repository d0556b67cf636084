import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

const file = findPackageJSON('.', import.meta.url);
const description = (file === undefined ? {} : JSON.parse(readFileSync(file, 'utf8'))) as {
  version?: string;
};

/** The release this is. */
export const VERSION = description.version ?? 'unknown';
