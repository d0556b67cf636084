import { randomUUID } from 'node:crypto';

import { Client, escapeIdentifier } from 'pg';

/** Migrated once by the global setup; every test database is a copy of it. */
export const TEMPLATE_DATABASE = 'alarm_broker_template';

export interface TestDatabase {
  readonly url: string;
  /** Removes it, ending connections that are still open. */
  drop(): Promise<void>;
}

/** A fresh database for this test alone: with the complete schema and no rows, or not even migrated. */
export async function createDatabase({ migrated = true } = {}): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const template = migrated ? TEMPLATE_DATABASE : 'template0';
  await administer(`CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${escapeIdentifier(template)}`);
  return {
    url: databaseUrl(name),
    drop: () => administer(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`),
  };
}

/** The URL of another database of the test server. */
export function databaseUrl(name: string): string {
  const server = process.env['TEST_DATABASE_URL'];
  if (!server) throw new Error("TEST_DATABASE_URL is not set: Jest's global setup did not run.");
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** Runs one statement as the server's superuser. */
export async function administer(statement: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl('postgres') });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
