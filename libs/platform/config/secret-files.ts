import { readFileSync } from 'node:fs';

import { SettingsError } from './read-settings.ts';
import { secretSettingNames } from './setting-decorators.ts';

type Environment = Readonly<Record<string, unknown>>;

/**
 * Reads secrets that are kept in files, as Docker and Kubernetes hand them out: `NAME_FILE` is the path of a file
 * with the value of `NAME`, for every secret setting. White space around the value is not part of it.
 * @throws SettingsError naming every file that is no help, never what is in one.
 */
export function withSecretFiles(environment: Environment): Environment {
  const problems: string[] = [];
  const secrets: Record<string, string> = {};
  for (const name of secretSettingNames()) {
    const file = environment[`${name}_FILE`];
    if (typeof file !== 'string' || file === '') continue;
    const secret = contentsOf(file);
    if ((environment[name] ?? '') !== '') problems.push(`${name} and ${name}_FILE must not both be set`);
    else if ('trouble' in secret) problems.push(`${name}_FILE must name a file that ${secret.trouble}`);
    else secrets[name] = secret.value;
  }
  if (problems.length > 0) throw new SettingsError(`Bad settings: ${problems.join('; ')}.`);
  return { ...environment, ...secrets };
}

function contentsOf(file: string): { value: string } | { trouble: string } {
  try {
    const value = readFileSync(file, 'utf8').trim();
    // An empty variable counts as not set; nobody mounts an empty file to say nothing.
    return value === '' ? { trouble: 'is not empty' } : { value };
  } catch (error) {
    return { trouble: `can be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})` };
  }
}
