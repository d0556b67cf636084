import { runMigrations } from 'bullmq';
import pg from 'pg';

import { isMissing } from '../database/database-errors.ts';

/**
 * Brings BullMQ's own tables up to date, in their own schema. Run with ours, also where Redis is configured,
 * so that an operator may switch between the two by a setting alone.
 */
export const migrateJobs = (client: pg.Client): Promise<number> => runMigrations(client);

/** How far BullMQ's tables are, and the SQL that would bring them up to date. Changes nothing. */
export interface JobMigrations {
  /** 0: there are none yet. */
  readonly version: number;
  readonly pending: readonly string[];
}

/** Lets BullMQ tell what it would do: it is answered as by this database, and nothing is passed on. */
export async function jobMigrations(client: pg.Client): Promise<JobMigrations> {
  const version = await currentVersion(client);
  const statements: string[] = [];
  const answers: readonly [RegExp, () => Promise<{ rows: object[] }>][] = [
    [
      /server_version_num/,
      () => client.query(`SELECT current_setting('server_version_num') AS num, '' AS ver`),
    ],
    [/max\(version\)/i, () => Promise.resolve({ rows: [{ version }] })],
    [/^\s*SELECT/i, () => Promise.resolve({ rows: [] })],
    [/^\s*(BEGIN|COMMIT|ROLLBACK)/, () => Promise.resolve({ rows: [] })],
  ];
  const query = (sql: string, values: readonly unknown[] = []): Promise<{ rows: object[] }> => {
    const answer = answers.find(([pattern]) => pattern.test(sql))?.[1];
    const literal = (_: string, n: string): string => pg.escapeLiteral(String(values[Number(n) - 1]));
    // Only few have values, and those have no other dollar signs.
    if (answer === undefined)
      statements.push(
        (values.length === 0 ? sql : sql.replace(/\$(\d+)/g, literal)).trim().replace(/;$/, ''),
      );
    return answer?.() ?? Promise.resolve({ rows: [] });
  };
  await runMigrations({ query } as unknown as pg.Client);
  // It prepares its ledger in any case; that alone is nothing that has to be done.
  const isBehind = statements.some((sql) => /^INSERT INTO migration/i.test(sql));
  return { version, pending: isBehind ? statements : [] };
}

async function currentVersion(client: pg.Client): Promise<number> {
  try {
    const { rows } = await client.query<{ version: number }>(
      'SELECT COALESCE(max(version), 0)::int AS version FROM bullmq.migration',
    );
    return rows[0]?.version ?? 0;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}
