/**
 * Numbers are taken before a transaction commits, so a lower one can appear after a higher one has been seen.
 * Whoever has been given the higher one would never ask for the lower one again. Hence nothing is given out
 * behind a gap, unless it is certain that the gap stays empty (its transaction was rolled back).
 *
 * @param head the last one given out.
 * @param settledUpTo no number up to here is still to come.
 * @returns the beginning of the rows that can be given out now.
 */
export function settledEntries<Row extends { readonly seq: bigint }>(
  rows: readonly Row[],
  head: bigint,
  settledUpTo: bigint,
): readonly Row[] {
  let last = head;
  const blocked = rows.findIndex(({ seq }) => {
    const follows = seq === last + 1n || seq <= settledUpTo + 1n;
    last = seq;
    return !follows;
  });
  return blocked < 0 ? rows : rows.slice(0, blocked);
}
