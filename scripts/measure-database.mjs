/**
 * `node scripts/measure-database.mjs [alarms]` (1,000,000): fills an embedded PostgreSQL with alarms as years leave them
 * behind and prints how large it is, how each important question is answered, and how fast old alarms and persons go.
 * Needs `npm run build` and, for a million, some 5 GB of disk and some minutes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { FILL } from './fill-database.mjs';

const ALARMS = Number(process.argv[2] ?? 1_000_000);
const AT_ONCE = 20_000;
const BATCHES = 50;
const RULE = '-'.repeat(100);

const built = (path) => import(new URL(`../dist/${path}`, import.meta.url).href);
const seconds = (since) => ((performance.now() - since) / 1000).toFixed(1);

const folder = mkdtempSync(join(tmpdir(), 'alarm-broker-measure-'));
await chmod(folder, 0o755);
const { EmbeddedPostgres } = await built('apps/standalone/embedded-postgres.js');
const settings = { fsync: 'off', max_wal_size: '4GB', shared_buffers: '512MB', autovacuum: 'off' };
const postgres = new EmbeddedPostgres({ folder, database: 'alarm', user: 'alarm', settings });
try {
  await measure(await postgres.start());
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(url) {
  const { migrateDatabase } = await built('apps/migrate/migrate.js');
  await migrateDatabase(url);
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  await fill(client);
  await printSizes(client);
  await printPlans(client);
  await printUpkeep(url, client);
  await client.end();
}

async function fill(client) {
  const began = performance.now();
  for (let first = 1; first <= ALARMS; first += AT_ONCE)
    for (const sql of FILL) await client.query(sql, [first, Math.min(ALARMS, first + AT_ONCE - 1), ALARMS]);
  console.log(`${ALARMS} alarms written in ${seconds(began)} s`);
  const vacuum = performance.now();
  await client.query('VACUUM (ANALYZE)');
  console.log(`VACUUM (ANALYZE): ${seconds(vacuum)} s\n${RULE}`);
}

async function printSizes(client) {
  const { rows } = await client.query(`
    SELECT relname AS "table", n_live_tup AS rows, pg_size_pretty(pg_table_size(relid)) AS "table size",
           pg_size_pretty(pg_indexes_size(relid)) AS indexes
    FROM pg_stat_user_tables WHERE n_live_tup > 100 ORDER BY pg_total_relation_size(relid) DESC`);
  console.table(rows);
  const { rows: total } = await client.query(
    'SELECT pg_size_pretty(pg_database_size(current_database())) AS size',
  );
  console.log(`Altogether ${total[0].size}`);
  const { rows: indexes } = await client.query(`
    SELECT indexrelname AS index, pg_size_pretty(pg_relation_size(indexrelid)) AS size
    FROM pg_stat_user_indexes WHERE pg_relation_size(indexrelid) > 1e6 ORDER BY pg_relation_size(indexrelid) DESC`);
  console.table(indexes);
}

/** The questions of the main path and of the lists, as they are asked. */
async function printPlans(client) {
  const { selectAlarms } = await built('libs/alarms/alarm-selection.js');
  const list = (filter, page = {}) =>
    selectAlarms(filter, { limit: 50, sortBy: 'created_at', order: 'desc', ...page });
  const middle = {
    sortedBy: 'created_at',
    value: '',
    createdAt: new Date(Date.now() - 5e10),
    id: '0'.repeat(8) + '-0000-0000-0000-000000000000',
  };
  const questions = {
    'list, first page': list({}),
    'list, open': list({ status: 'triggered' }),
    'list, one person': list({ personId: 'person-77' }),
    'list, one room and P0': list({ roomId: 'room-4', severity: 'P0' }),
    'list, by severity': list({}, { sortBy: 'severity' }),
    'export, a page in the middle': list({}, { limit: 250, after: middle }),
    stats: {
      sql: 'SELECT status, severity, count(*)::int AS count FROM alarms WHERE deleted_at IS NULL GROUP BY status, severity',
    },
    'gauge of open alarms': {
      sql: `SELECT s.status, count(a.id)::int FROM (VALUES ('triggered'), ('acknowledged')) AS s (status) LEFT JOIN alarms a
            ON a.status = s.status AND a.status IN ('triggered', 'acknowledged') AND a.deleted_at IS NULL GROUP BY s.status`,
    },
    'sweep, due notifications': {
      sql: `SELECT id FROM notifications WHERE channel = 'sms' AND status = 'scheduled' AND due_at <= now() ORDER BY due_at LIMIT 500`,
    },
    'sweep, lost leases': {
      sql: `SELECT id FROM notifications WHERE channel = 'sms' AND status = 'sending' AND lease_until < now()
            ORDER BY lease_until LIMIT 500 FOR UPDATE SKIP LOCKED`,
    },
    'sweep, overdue steps': {
      sql: 'SELECT alarm_id FROM escalations WHERE next_step_at <= now() ORDER BY next_step_at LIMIT 100',
    },
    'claim, five rows': {
      sql: `SELECT id FROM notifications WHERE id = ANY(ARRAY(SELECT md5('notification' || n || '-0')::uuid FROM generate_series(1, 5) n))
            AND status = 'scheduled' AND due_at <= now() ORDER BY id FOR UPDATE SKIP LOCKED`,
    },
    'timeline of an alarm': {
      sql: `SELECT * FROM alarm_events WHERE alarm_id = ('0' || substr(md5('alarm77'), 2))::uuid ORDER BY seq`,
    },
    'dead letters': {
      sql: `SELECT id FROM notifications WHERE status IN ('failed', 'ambiguous') ORDER BY id DESC LIMIT 50`,
    },
  };
  const rows = [];
  for (const [question, { sql, values = [] }] of Object.entries(questions)) {
    const explain = async () => {
      const { rows: lines } = await client.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${sql}`, values);
      return lines[0]['QUERY PLAN'][0];
    };
    await explain();
    const plan = await explain();
    const { Plan: top } = plan;
    const pages = top['Shared Hit Blocks'] + top['Shared Read Blocks'];
    rows.push({
      question,
      ms: plan['Execution Time'].toFixed(2),
      pages,
      by: [...new Set(ways(top))].join(', '),
    });
  }
  console.table(rows);
}

function ways(node) {
  const { 'Index Name': index, 'Node Type': type, 'Relation Name': table, Plans: plans = [] } = node;
  const here = index ?? (type.endsWith('Seq Scan') ? `ALL of ${table}` : undefined);
  return [...(here === undefined ? [] : [here]), ...plans.flatMap(ways)];
}

/** Retention and erasure by their own code, batch by batch as a worker's sweep does, without the second in between. */
async function printUpkeep(url, client) {
  const { configurationFrom } = await built('libs/platform/index.js');
  const { createServer } = await built('apps/run-server.js');
  const { SCHEMA } = await built('apps/schema.js');
  const { StandaloneModule } = await built('apps/standalone/standalone.module.js');
  const { AlarmRemoval } = await built('libs/alarms/index.js');
  const { Erasures } = await built('libs/admin/erasure/erasures.js');
  const configuration = configurationFrom({
    DATABASE_URL: url,
    DATABASE_POOL_SIZE: '2',
    SIMULATION_ENABLED: 'true',
  });
  const logDestination = { write: () => undefined };
  const app = await createServer(
    StandaloneModule.forRoot({ ...configuration, schema: SCHEMA, logDestination }),
  );

  const removal = app.get(AlarmRemoval, { strict: false });
  const times = [];
  let [removed, position] = [0, undefined];
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const began = performance.now();
    const step = await removal.removeSome(new Date(Date.now() - 86_400_000), 200, position);
    times.push(performance.now() - began);
    removed += step.removed;
    position = step.next;
  }
  times.sort((a, b) => a - b);
  console.log(
    `Retention: ${removed} alarms in ${BATCHES} batches; a batch took ${at(times, 0.5)} ms (median), ${at(times, 1)} ms (worst)`,
  );

  await client.query(
    `INSERT INTO persons VALUES ('person-77', 'Person 77', 'Registrar', '+49151999', NULL, true, now(), now())`,
  );
  await client.query(`UPDATE alarms SET status = 'resolved' WHERE person_id = 'person-77'`);
  const erasures = app.get(Erasures, { strict: false });
  await erasures.request('person-77', [], 'measure');
  const began = performance.now();
  let walks = 1;
  let worst = 0;
  for (let more = true; more; walks += 1) {
    const walk = performance.now();
    more = await erasures.walk();
    worst = Math.max(worst, performance.now() - walk);
  }
  const { rows } = await client.query(
    'SELECT rows_changed, finished_at IS NOT NULL AS finished FROM erasures',
  );
  console.log(
    `Erasure: ${walks} transactions in ${seconds(began)} s, the longest ${worst.toFixed(0)} ms;`,
    rows[0],
  );
  await app.close();
}

function at(times, part) {
  return times[Math.min(times.length - 1, Math.floor(times.length * part))].toFixed(0);
}
