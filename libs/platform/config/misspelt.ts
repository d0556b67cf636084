import { settingNames } from './read-settings.ts';

/** A name that has no effect, and the setting it was probably meant to be. */
export interface Misspelling {
  readonly written: string;
  readonly meant: string;
}

/** Shorter names resemble too much by chance. */
const MIN_LENGTH = 8;
const MAX_SLIPS = 2;

/** Names of an environment that are no settings and look like one. Others are none of our business. */
export function misspelt(environment: readonly string[]): Misspelling[] {
  const settings = settingNames() as readonly string[];
  const known = new Set([...settings, ...settings.map((name) => `${name}_FILE`)]);
  return environment
    .filter((name) => name.length >= MIN_LENGTH && !known.has(name))
    .flatMap((written) => {
      const meant = settings.find(
        (name) => name.length >= MIN_LENGTH && slips(written.toUpperCase(), name) <= MAX_SLIPS,
      );
      return meant === undefined ? [] : [{ written, meant }];
    });
}

/** Letters to be added, dropped or exchanged (Levenshtein); more than is worth counting when lengths differ much. */
function slips(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > MAX_SLIPS) return Infinity;
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const exchanged = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      line.push(Math.min(exchanged, (above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1));
    }
    above = line;
  }
  return above[b.length] ?? Infinity;
}
