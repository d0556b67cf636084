import type { DatabaseFacts, Settings } from '#platform';

import { advice, error, ok, orElse, warning, type Finding } from './finding.ts';
import { hostOf, isLoopback } from './hosts.ts';

const OLDEST_VERSION = 15;
const SLOW_MS = 5;
const VERY_SLOW_MS = 50;
const HOUR = 3600;
/** The server itself warns from two thousand million on; until then somebody should have looked. */
const OLD_TRANSACTIONS = 1_000_000_000;
/** Connections of a process beside its pool: pulse, live events, and jobs where PostgreSQL keeps them. */
const BESIDE_THE_POOL = 2;
const FOR_JOBS = 6;

type Rule = (facts: DatabaseFacts) => Finding | undefined;

/** What keeps an alarm from being kept. */
const RULES: readonly Rule[] = [
  ({ versionNumber, version }) =>
    Math.floor(versionNumber / 10_000) >= OLDEST_VERSION
      ? undefined
      : error(
          'database.old',
          `The server is PostgreSQL ${version}; this broker needs ${OLDEST_VERSION} or newer.`,
          'Upgrade the server.',
        ),
  ({ isStandby, isReadOnly }) =>
    isStandby || isReadOnly
      ? error(
          'database.read-only',
          'The server takes no writes: every press is answered 503.',
          'Let DATABASE_URL lead to the primary, with default_transaction_read_only off.',
        )
      : undefined,
  ({ fsync, fullPageWrites }) =>
    fsync && fullPageWrites
      ? undefined
      : error(
          'database.may-lose-everything',
          `The server has ${fsync ? 'full_page_writes' : 'fsync'} off: a power cut may destroy the whole database.`,
          'Switch both on in postgresql.conf and reload the server.',
        ),
  ({ synchronousCommit }) =>
    synchronousCommit !== 'off'
      ? undefined
      : error(
          'database.answers-before-it-keeps',
          'synchronous_commit is off: an alarm that was answered 200 is lost when the server crashes right after.',
          'Set synchronous_commit = on for the server, the database and the role.',
        ),
  ({ encoding }) =>
    encoding === 'UTF8'
      ? undefined
      : error(
          'database.encoding',
          `The database is encoded in ${encoding}: a name with a foreign letter would be refused.`,
          'Make a new database with ENCODING UTF8 and restore a backup into it.',
        ),
  ({ autovacuum }) =>
    autovacuum
      ? undefined
      : warning(
          'database.no-autovacuum',
          'autovacuum is off: tables grow and slow down without end.',
          'Switch autovacuum on in postgresql.conf and reload the server.',
        ),
  ({ latencyMs }) =>
    latencyMs < SLOW_MS
      ? undefined
      : (latencyMs < VERY_SLOW_MS ? advice : warning)(
          'database.far',
          `A question to PostgreSQL takes ${rounded(latencyMs)} ms, and a press asks several.`,
          'Run api and worker close to the database, and look at the load of both machines.',
        ),
  ({ oldestTransactionSeconds: seconds }) =>
    seconds < HOUR
      ? undefined
      : warning(
          'database.long-transaction',
          `A transaction has been open for ${Math.floor(seconds / HOUR)} hours, and nothing behind it can be vacuumed.`,
          'Find it in pg_stat_activity by xact_start and end it.',
        ),
  ({ transactionAge }) =>
    transactionAge < OLD_TRANSACTIONS
      ? undefined
      : warning(
          'database.wraparound',
          'Vacuum is far behind: at two thousand million transactions the server stops writing.',
          'Run VACUUM (FREEZE) and find out why autovacuum does not come to an end.',
        ),
  ({ isSuperuser }) =>
    isSuperuser
      ? advice(
          'database.superuser',
          'The broker is a superuser of the server, which it does not need to be.',
          'Give it a role of its own that owns its database only.',
        )
      : undefined,
];

/** The server behind DATABASE_URL, which answered. */
export const examineDatabase = (facts: DatabaseFacts, settings: Settings): readonly Finding[] =>
  orElse(
    [
      ...RULES.map((rule) => rule(facts)),
      connectionsLeft(facts, settings),
      fullServer(facts),
      openRoad(facts, settings),
    ].filter((finding) => finding !== undefined),
    ok(
      'database.ok',
      `PostgreSQL ${facts.version} answers in ${rounded(facts.latencyMs)} ms and keeps what it confirms; ` +
        `the database holds ${megabytes(facts.sizeBytes)} MB.`,
    ),
  );

/** It did not answer. @param reason words of the driver. */
export const databaseAway = (reason: string): Finding =>
  error(
    'database.away',
    `PostgreSQL cannot be used: ${reason.replace(/\.$/, '')}.`,
    'Check DATABASE_URL, the server and the network between, for instance with psql.',
  );

/** Whether the tables are those this build was written for. */
export function examineSchema(isCurrent: boolean, newer: readonly string[]): Finding {
  if (!isCurrent)
    return error(
      'schema.pending',
      'The database lacks tables or columns this version needs.',
      'Make a backup, then run `npm run migrate`.',
    );
  if (newer.length > 0)
    return advice(
      'schema.newer',
      `The database has been migrated by a newer version (${newer.at(-1) ?? ''}).`,
      'Bring this installation up to that version.',
    );
  return ok('schema.ok', 'The database has the schema of this version.');
}

/** The clock of this machine against that of the database. */
export function examineClock(aheadMs: number): Finding {
  const seconds = Math.abs(aheadMs) / 1000;
  if (seconds < 1) return ok('clock.ok', 'This machine and PostgreSQL agree about the time.');
  return (seconds < 30 ? advice : warning)(
    'clock.apart',
    `This machine is ${seconds.toFixed(1)} s ${aheadMs > 0 ? 'behind' : 'ahead of'} PostgreSQL; steps go by PostgreSQL, ` +
      'but logs cannot be compared, and certificates and signatures may be refused.',
    'Let NTP (chrony, systemd-timesyncd) set the clocks of both machines.',
  );
}

/** The most connections one process may open. */
const connectionsOfAProcess = (settings: Settings): number =>
  settings.DATABASE_POOL_SIZE +
  settings.DATABASE_MAX_OVERFLOW +
  BESIDE_THE_POOL +
  (settings.REDIS_URL === undefined ? FOR_JOBS : 0);

function connectionsLeft({ connectionLimit }: DatabaseFacts, settings: Settings): Finding | undefined {
  const each = connectionsOfAProcess(settings);
  const processes = Math.floor(connectionLimit / each);
  if (processes >= 4) return undefined;
  return (processes < 2 ? warning : advice)(
    'database.few-connections',
    `The server grants ${connectionLimit} connections and a process may open ${each}: ` +
      `${processes === 0 ? 'not even one fits' : `only ${processes} fit`}, api and worker together.`,
    'Lower DATABASE_POOL_SIZE and DATABASE_MAX_OVERFLOW, or raise max_connections.',
  );
}

function fullServer({ connections, connectionLimit }: DatabaseFacts): Finding | undefined {
  if (connections <= connectionLimit * 0.8) return undefined;
  return warning(
    'database.connections-used',
    `${connections} of ${connectionLimit} connections to the server are in use.`,
    'Find out in pg_stat_activity whose they are; raise max_connections or lower DATABASE_POOL_SIZE.',
  );
}

function openRoad({ isEncrypted }: DatabaseFacts, { DATABASE_URL }: Settings): Finding | undefined {
  const isHere =
    DATABASE_URL === undefined || !URL.canParse(DATABASE_URL) || isLoopback(hostOf(DATABASE_URL));
  if (isEncrypted || isHere) return undefined;
  return advice(
    'database.unencrypted',
    'The connection to PostgreSQL crosses a network without encryption.',
    'Switch on ssl in PostgreSQL and add ?sslmode=verify-full to DATABASE_URL.',
  );
}

const rounded = (value: number): string => value.toPrecision(2);
const megabytes = (bytes: number): number => Math.ceil(bytes / 1024 ** 2);
