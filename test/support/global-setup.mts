/**
 * Runs once before all specs: one PostgreSQL, one Redis, one migrated template database.
 *
 * Jest loads this file and what it imports with Node's own loader, not through the transform of the specs: types
 * are merely stripped, so decorators, parameter properties and `#name` imports cannot be used from here. That is
 * why the template is migrated by the built program.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { promisify } from 'node:util';
import { EmbeddedPostgres } from '../../apps/standalone/embedded-postgres.ts';
import { administer, databaseUrl, TEMPLATE_DATABASE } from './databases.ts';
import { CHROMIUM, findOrInstall, KUBECTL, POSTGRESQL, REDIS_SERVER } from './programs.ts';
import { RedisServer } from './redis-server.ts';
import { makeRunFolder } from './run-folder.ts';

const REAPER = new URL('./reaper.mts', import.meta.url).pathname;
const MIGRATE = new URL('../../dist/apps/migrate/main.js', import.meta.url).pathname;

interface Services {
  readonly postgres: EmbeddedPostgres;
  readonly redis: RedisServer;
  readonly reaper: ChildProcess;
}

let services: Services | undefined;

export default async function globalSetup(): Promise<void> {
  const folder = await makeRunFolder();
  const reaper = startReaper(folder);
  await findOrInstall([REDIS_SERVER, CHROMIUM, POSTGRESQL, KUBECTL]);

  // A crash of the machine may cost a test run its data; a commit must still be a commit.
  const settings = { fsync: 'off', max_connections: '300' };
  const postgres = new EmbeddedPostgres({
    folder,
    database: TEMPLATE_DATABASE,
    user: 'alarm_broker',
    settings,
  });
  const redis = new RedisServer();
  services = { postgres, redis, reaper };

  const [databaseServer, redisUrl] = await Promise.all([postgres.start(), redis.start()]);
  process.env['TEST_DATABASE_URL'] = databaseServer;
  process.env['TEST_REDIS_URL'] = redisUrl;
  process.env['TEST_DATABASE_URL'] = databaseUrl('postgres');
  await migrate(databaseUrl(TEMPLATE_DATABASE));
  await administer(`ALTER DATABASE ${TEMPLATE_DATABASE} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false`);
}

/** What the teardown has to stop; nothing when the setup did not get that far. */
export function runningServices(): Services | undefined {
  return services;
}

function startReaper(folder: string): ChildProcess {
  const stdio = ['pipe', 'ignore', 'inherit'] as const;
  const reaper = spawn(process.execPath, [REAPER, folder], { stdio: [...stdio], detached: true });
  reaper.unref();
  return reaper;
}

async function migrate(url: string): Promise<void> {
  const env = { PATH: process.env['PATH'], DATABASE_URL: url };
  try {
    await promisify(execFile)(process.execPath, [MIGRATE], { env });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(
      `The template database could not be migrated (npm run build first?):\n${stdout}${stderr}`,
    );
  }
}
