import pg from 'pg';

import { databaseUrl, loadConfiguration } from '#platform';

import { fail } from '../run-server.ts';
import { SCHEMA } from '../schema.ts';
import { commandOf, USAGE } from './command.ts';
import { pendingSql } from './dry-run.ts';
import { migrateDatabase } from './migrate.ts';
import { describeStatus } from './status.ts';
import { verifySchema } from './verify.ts';

async function main(): Promise<void> {
  const command = commandOf(process.argv.slice(2));
  if (command === undefined) {
    process.stderr.write(`${USAGE}\n`);
    process.exitCode = 2;
    return;
  }
  if (command === 'help') return console.log(USAGE);
  const { settings } = await loadConfiguration();
  const url = databaseUrl(settings);
  if (command === 'migrate') {
    const ran = await migrateDatabase(url);
    return console.log(ran.length === 0 ? 'The database is up to date.' : `Migrated: ${ran.join(', ')}.`);
  }
  const client = new pg.Client({ connectionString: url, application_name: 'alarm-broker migrate' });
  await client.connect();
  try {
    if (command === 'status') console.log(await describeStatus(client, SCHEMA));
    else if (command === 'dry-run')
      console.log((await pendingSql(client, SCHEMA)) || '-- Nothing would run.');
    else await verify(client);
  } finally {
    await client.end();
  }
}

async function verify(client: pg.Client): Promise<void> {
  const found = await verifySchema(client, SCHEMA);
  console.log(found.length === 0 ? 'The database is as the migrations make it.' : found.join('\n'));
  if (found.length > 0) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  fail(error);
}
