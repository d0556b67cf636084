import type { Tx } from '../database/tx.ts';
import { patternOfAll, without } from './words.ts';

/** A table in which people may be named, as the room it belongs to describes it. */
export interface ErasableTable {
  readonly name: string;
  readonly key: { readonly column: string; readonly type: 'uuid' | 'bigint' };
  /** Columns of text and of JSON in which words of people stand. */
  readonly columns: readonly string[];
  /** SQL: the row is still needed as it is. */
  readonly isBusy?: string;
  /** SQL to be added to the change, as in `, version = version + 1`. */
  readonly alongside?: string;
  /** SQL to be run before the first change. */
  readonly door?: string;
}

/** What became of some rows of a table. */
export interface ErasureStep {
  readonly changed: number;
  /** Rows that name the person and are still needed as they are. */
  readonly left: number;
  /** Key of the last row that was looked at; null when it was the last of the table. */
  readonly after: string | null;
}

/** Rows looked at in one transaction; those that are changed are few. */
const ROWS_AT_ONCE = 5000;

/** Takes words out of the next rows of a table, those behind `after`, in the order of their keys. */
export async function eraseWords(
  tx: Tx,
  table: ErasableTable,
  words: readonly string[],
  after: string | null,
  rowsAtOnce = ROWS_AT_ONCE,
): Promise<ErasureStep> {
  const { name, columns, isBusy = 'false', alongside = '', door } = table;
  const { column: key, type } = table.key;
  const [end] = await tx.query<{ key: string }>(
    `SELECT ${key} AS key FROM ${name} WHERE $1::${type} IS NULL OR ${key} > $1 ORDER BY ${key} OFFSET $2 LIMIT 1`,
    [after, rowsAtOnce - 1],
  );
  // In JSON some characters are written otherwise.
  const escaped = words.map((word) => JSON.stringify(word).slice(1, -1));
  const rows = await tx.query<Record<string, unknown> & { key: string; isBusy: boolean }>(
    `SELECT ${key} AS key, ${isBusy} AS "isBusy", ${columns.join(', ')} FROM ${name}
     WHERE ($1::${type} IS NULL OR ${key} > $1) AND ($2::${type} IS NULL OR ${key} <= $2)
       AND concat_ws(' ', ${columns.map((column) => `${column}::text`).join(', ')}) ~* $3
     ORDER BY ${key} FOR NO KEY UPDATE`,
    [after, end?.key ?? null, patternOfAll([...words, ...escaped])],
  );
  const naming = rows.flatMap((row) => {
    const changed = columns.filter((column) => without(row[column], words) !== row[column]);
    return changed.length === 0 ? [] : [{ row, changed }];
  });
  const free = naming.filter(({ row }) => !row.isBusy);
  if (free.length > 0 && door !== undefined) tx.send(door);
  for (const { row, changed } of free) {
    const sets = changed.map((column, i) => `${column} = $${i + 2}`).join(', ');
    const values = changed.map((column) => without(row[column] as object, words));
    tx.send(`UPDATE ${name} SET ${sets}${alongside} WHERE ${key} = $1`, [row.key, ...values]);
  }
  return { changed: free.length, left: naming.length - free.length, after: end?.key ?? null };
}
