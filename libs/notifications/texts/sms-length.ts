import { septets, toGsm } from '../gsm-alphabet.ts';

/** Two SMS joined together hold 153 letters each, and one that counts twice is not parted. */
export const TWO_SMS = 2 * 153 - 1;

/**
 * What a text takes up in an SMS, in letters of the GSM alphabet. What the alphabet lacks counts as what it will be
 * written with instead.
 */
export function smsLength(text: string): number {
  let length = 0;
  for (const letter of text) length += letterLength(letter);
  return length;
}

/** The beginning of a name as far as it fits, with dots where something is missing. */
export function shortened(name: string, limit: number): string {
  if (smsLength(name) <= limit) return name;
  let room = limit - 3;
  let kept = '';
  for (const letter of name) {
    room -= letterLength(letter);
    if (room < 0) break;
    kept += letter;
  }
  return `${kept.trimEnd()}...`;
}

function letterLength(letter: string): number {
  return Math.max(
    1,
    [...toGsm(letter)].reduce((sum, written) => sum + septets(written), 0),
  );
}
