import type pg from 'pg';
import type { QueryRunner } from 'typeorm';

import { jobMigrations, type SchemaParts } from '#platform';

import { floorOf } from './floor.ts';
import { readLedger, type MigrationClass } from './ledger.ts';

/**
 * The SQL that would bring a database up to this build. Nothing is changed and nothing is locked: the migrations are
 * asked what they would do. One that reads before it writes reads nothing here.
 */
export async function pendingSql(client: pg.Client, parts: SchemaParts): Promise<string> {
  const { pending } = await readLedger(client, parts);
  const ours = await Promise.all(
    pending.map(async (migration) => `-- ${migration.name}\n${(await sqlOf(migration)).join(';\n')};`),
  );
  const floor = floorOf(pending);
  const jobs = await jobMigrations(client);
  return [
    ...(floor === undefined
      ? []
      : [`-- First, with time for processes to notice: the floor becomes ${floor}.`]),
    ...ours,
    ...(jobs.pending.length === 0
      ? []
      : [`-- Tables of the job queue (BullMQ)\n${jobs.pending.join(';\n')};`]),
  ].join('\n\n');
}

async function sqlOf(migration: MigrationClass): Promise<string[]> {
  const statements: string[] = [];
  const recorder = {
    query: (sql: string) => {
      statements.push(outdented(sql));
      return Promise.resolve([]);
    },
  };
  await (new migration() as { up(runner: QueryRunner): Promise<void> }).up(
    recorder as unknown as QueryRunner,
  );
  return statements;
}

/** Without the indentation of the code it stands in. */
export function outdented(sql: string): string {
  const lines = sql.replace(/^\s*\n|[\s;]+$/g, '').split('\n');
  const margins = lines.filter((line) => line.trim() !== '').map((line) => /^ */.exec(line)?.[0].length ?? 0);
  const margin = Math.min(...margins);
  return lines.map((line) => line.slice(margin)).join('\n');
}
