import { NestFactory } from '@nestjs/core';

import { Doctor, error, warning, type Finding } from '#health';
import { smsProvider } from '#notifications';
import { loadConfiguration, within, type Configuration } from '#platform';

import { SCHEMA } from '../schema.ts';
import { DoctorRootModule } from './doctor.module.ts';

/** What does not let go of its connections by then is left to the end of the process. */
const CLOSE_WITHIN_MS = 2000;

/** The output belongs to the findings; they say what there is to be said. */
const NOWHERE = { write: () => undefined };

/** Examines the installation that the environment and `.env` describe. What keeps it from being examined is a finding. */
export async function examine(): Promise<readonly Finding[]> {
  try {
    const configuration = await loadConfiguration();
    if (configuration.settings.DATABASE_URL === undefined) return [NO_DATABASE];
    // Nest would put a stack trace before the sentence that says what is wrong with it.
    smsProvider(configuration.settings);
    return await examineConfigured(configuration);
  } catch (cause) {
    return [
      error(
        'settings.unusable',
        `The broker does not start: ${cause instanceof Error ? cause.message : String(cause)}`,
        'Correct what is named; .env.example describes every setting.',
      ),
    ];
  }
}

const NO_DATABASE = error(
  'settings.no-database',
  'DATABASE_URL is not set, so there is nothing to examine: `npm start` brings a database of its own.',
  'Set DATABASE_URL to the database of the installation, with its other settings, and ask again.',
);

const misspellings = ({ misspelt }: Configuration): Finding[] =>
  misspelt.map(({ written, meant }) =>
    warning(
      'settings.misspelt',
      `${written} is no setting and has no effect.`,
      `If ${meant} is meant, write it so.`,
    ),
  );

async function examineConfigured(configuration: Configuration): Promise<readonly Finding[]> {
  const options = { ...configuration, schema: SCHEMA, logDestination: NOWHERE };
  const app = await NestFactory.createApplicationContext(DoctorRootModule.forRoot(options), {
    logger: false,
    abortOnError: false,
  });
  try {
    return [...misspellings(configuration), ...(await app.get(Doctor).examine())];
  } finally {
    await within(CLOSE_WITHIN_MS, app.close());
  }
}
