import { ConfigModule } from '@nestjs/config';

import { misspelt, type Misspelling } from './misspelt.ts';
import { readSettings, SettingsError } from './read-settings.ts';
import { withSecretFiles } from './secret-files.ts';
import type { Settings } from './settings.ts';

/** Variables a seed file may refer to although they are no settings: those an operator named `SEED_…`. */
export class SeedVariables {
  constructor(private readonly values: Readonly<Record<string, string>>) {}

  get(name: string): string | undefined {
    return name.startsWith('SEED_') ? this.values[name] : undefined;
  }
}

/** What an entrypoint needs to know before it builds anything. */
export interface Configuration {
  readonly settings: Settings;
  readonly seedVariables: SeedVariables;
  readonly misspelt: readonly Misspelling[];
}

/**
 * Reads `.env` and, above it, the environment, and the files that either names for secrets. The only place where
 * any of them is looked at.
 * @param defaults stand in for what neither of them says.
 * @throws SettingsError
 */
export async function loadConfiguration(
  defaults: Readonly<Record<string, string>> = {},
): Promise<Configuration> {
  let configuration: Configuration | undefined;
  await ConfigModule.forRoot({
    validate: (environment: Record<string, unknown>) => {
      const said = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
      configuration = configurationFrom({ ...defaults, ...said });
      return environment;
    },
  });
  if (configuration === undefined) throw new SettingsError('The settings could not be read.');
  return configuration;
}

/** The same from a given environment, for tests and for the standalone broker's own defaults. */
export function configurationFrom(environment: Readonly<Record<string, unknown>>): Configuration {
  const complete = withSecretFiles(environment);
  const strings = Object.entries(complete).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return {
    settings: readSettings(complete),
    seedVariables: new SeedVariables(Object.fromEntries(strings)),
    misspelt: misspelt(Object.keys(environment)),
  };
}
