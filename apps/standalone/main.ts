import type { NestExpressApplication } from '@nestjs/platform-express';

import { smsProvider } from '#notifications';
import { listen, loadConfiguration, logProcess, within, type Configuration, type Settings } from '#platform';

import { migrateDatabase } from '../migrate/migrate.ts';
import { createServer, fail, STOP_SIGNALS } from '../run-server.ts';
import { SCHEMA } from '../schema.ts';
import { keptAdminKey } from './admin-key.ts';
import { seedWhenEmpty } from './demo-data.ts';
import { EmbeddedPostgres } from './embedded-postgres.ts';
import { StandaloneModule } from './standalone.module.ts';
import { welcome } from './welcome.ts';

/** What the embedded default decides where nobody else has: a demonstration on this machine alone. */
const DEFAULTS = { SIMULATION_ENABLED: 'true', LISTEN_HOST: '127.0.0.1' };

/** After an error nobody caught, its PostgreSQL gets this long to stop. */
const FATAL_STOP_MS = 5000;

let postgres: EmbeddedPostgres | undefined;
let app: NestExpressApplication | undefined;
let stopping: Promise<void> | undefined;

/** Everything that was started, in the opposite order. Runs once, whoever asks. */
function stop(): Promise<void> {
  stopping ??= (async () => {
    await app?.close();
    await postgres?.stop();
  })();
  return stopping;
}

logProcess(() => void within(FATAL_STOP_MS, stop()).finally(() => process.exit(1)));
for (const signal of STOP_SIGNALS) {
  process.on(signal, () => {
    stop().then(() => process.exit(0), fail);
  });
}

/** Settings completed by what this data folder brings along: a database and an admin key. */
async function completeConfiguration(): Promise<Configuration> {
  const { settings } = await loadConfiguration(DEFAULTS);
  // Before anything is started that would have to be stopped again.
  smsProvider(settings);
  const completed: Record<string, string> = { ...DEFAULTS, BASE_URL: `http://localhost:${settings.PORT}` };
  if (settings.DATABASE_URL === undefined) {
    postgres = new EmbeddedPostgres({ folder: settings.DATA_DIR, database: 'alarm', user: 'alarm' });
    completed['DATABASE_URL'] = await postgres.start();
  }
  if (settings.ADMIN_API_KEY === undefined)
    completed['ADMIN_API_KEY'] = await keptAdminKey(settings.DATA_DIR);
  return loadConfiguration(completed);
}

async function start(): Promise<Settings> {
  const configuration = await completeConfiguration();
  const { settings } = configuration;
  await migrateDatabase(settings.DATABASE_URL ?? '');
  app = await createServer(StandaloneModule.forRoot({ ...configuration, schema: SCHEMA }));
  await seedWhenEmpty(app);
  await listen(app, 'PORT', settings.PORT, settings.LISTEN_HOST);
  return settings;
}

try {
  process.stdout.write(`${welcome(await start())}\n`);
} catch (error) {
  await stop().catch(() => undefined);
  fail(error);
}
