import { databaseUrl, loadConfiguration } from '#platform';

import { fail } from '../run-server.ts';
import { migrateDatabase } from './migrate.ts';

try {
  const { settings } = await loadConfiguration();
  const ran = await migrateDatabase(databaseUrl(settings));
  console.log(ran.length === 0 ? 'The database is up to date.' : `Migrated: ${ran.join(', ')}.`);
} catch (error) {
  fail(error);
}
