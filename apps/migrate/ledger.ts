import type pg from 'pg';

import { isMissing, READ_FLOOR, type SchemaParts } from '#platform';

/** A migration of ours, as its class is written. */
export type MigrationClass = SchemaParts['migrations'][number];

/** What a database says of itself. */
export interface Ledger {
  /** Names of the migrations that ran, in the order in which they ran. */
  readonly applied: readonly string[];
  /** Those of this build that have not. */
  readonly pending: readonly MigrationClass[];
  /** Names of migrations that a later release brought and this build does not know. */
  readonly unknown: readonly string[];
  /** The migration a process must know to work here; null: any may. */
  readonly floor: string | null;
  /** False before the migration that brings the floor. */
  readonly hasFloor: boolean;
}

/** Reads what has run, and what of this build has not. */
export async function readLedger(client: pg.Client, parts: SchemaParts): Promise<Ledger> {
  const rows = await unlessMissing(client.query<{ name: string }>('SELECT name FROM migrations ORDER BY id'));
  const floors = await unlessMissing(client.query<{ migration: string }>(READ_FLOOR));
  const applied = (rows ?? []).map((row) => row.name);
  const known = new Set(parts.migrations.map((migration) => migration.name));
  return {
    applied,
    pending: parts.migrations.filter((migration) => !applied.includes(migration.name)),
    unknown: applied.filter((name) => !known.has(name)),
    floor: floors?.[0]?.migration ?? null,
    hasFloor: floors !== undefined,
  };
}

async function unlessMissing<Row extends object>(
  answer: Promise<pg.QueryResult<Row>>,
): Promise<Row[] | undefined> {
  try {
    return (await answer).rows;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
