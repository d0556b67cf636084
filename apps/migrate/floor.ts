import { setTimeout as sleep } from 'node:timers/promises';

import type pg from 'pg';

import { SchemaTooNewError, type SchemaParts } from '#platform';

import type { Ledger, MigrationClass } from './ledger.ts';

/**
 * A migration that takes something away says by `floor` which migration a process must know to work beside it: the
 * last one of the first release that did without what is taken away.
 */
interface Contracting {
  readonly floor?: string;
}

const SET = `
  INSERT INTO schema_floor (migration, raised_at) VALUES ($1, now())
  ON CONFLICT (only_row) DO UPDATE SET migration = excluded.migration, raised_at = excluded.raised_at`;

/** The floor that holds once these have run; nothing when they leave it as it is. */
export function floorOf(migrations: readonly MigrationClass[]): string | undefined {
  return migrations
    .map((migration) => (new migration() as Contracting).floor)
    .findLast((name) => name !== undefined);
}

/** @throws SchemaTooNewError when the database asks for more than this build knows. */
export function requireKnownFloor({ floor }: Ledger, parts: SchemaParts): void {
  if (floor !== null && !parts.migrations.some((migration) => migration.name === floor))
    throw new SchemaTooNewError(floor);
}

/**
 * Tells processes that are too old to stop before anything is taken from under them, and gives them the time to.
 * To be committed before the migrations run. @returns how to take it back should they fail.
 */
export async function raiseFloor(
  client: pg.Client,
  ledger: Ledger,
  floor: string,
  noticeMs: number,
): Promise<() => Promise<void>> {
  await setFloor(client, floor);
  // An idle database need not be waited for. Who is connected is not asked by name: a role may not see names.
  const { rows } = await client.query(
    'SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
  if (rows.length > 0) await sleep(noticeMs);
  return async () => {
    if (ledger.floor === null) await client.query('DELETE FROM schema_floor');
    else await setFloor(client, ledger.floor);
  };
}

export const setFloor = async (client: pg.Client, floor: string): Promise<void> => {
  await client.query(SET, [floor]);
};
