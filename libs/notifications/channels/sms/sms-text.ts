import { septets } from '../../gsm-alphabet.ts';

/** How much fits into one SMS, and into each of several that are put together again. */
const LIMITS = { gsm: { single: 160, part: 153 }, ucs2: { single: 70, part: 67 } } as const;

export interface SmsSize {
  readonly alphabet: keyof typeof LIMITS;
  /** Messages the network sends and charges. */
  readonly segments: number;
}

/** How many SMS a text becomes. One character outside the GSM alphabet more than halves what fits. */
export function smsSize(text: string): SmsSize {
  const characters = [...text];
  const alphabet = characters.every((character) => septets(character) > 0) ? 'gsm' : 'ucs2';
  const widths = characters.map((character) => (alphabet === 'gsm' ? septets(character) : character.length));
  return { alphabet, segments: packed(widths, LIMITS[alphabet]) };
}

/** A character of two units is not torn apart at the end of a part. */
function packed(widths: readonly number[], { single, part }: { single: number; part: number }): number {
  if (widths.reduce((sum, width) => sum + width, 0) <= single) return 1;
  let parts = 1;
  let used = 0;
  for (const width of widths) {
    if (used + width > part) {
      parts += 1;
      used = 0;
    }
    used += width;
  }
  return parts;
}

/** The link a message ends with: without it, nobody can acknowledge. */
const LINK_AT_END = /\s*https?:\/\/\S+\s*$/i;
const ELLIPSIS = '...';
/** The beginning says what it is, and that it is a drill if it is one. It is kept even if that makes it too long. */
const KEPT_BEGINNING = 40;

/**
 * Shortens a text until it takes no more than the given number of SMS: in the middle, never the link at its
 * end or the mark at its beginning. Where those two alone are too long they stay, and it takes more.
 */
export function fitted(text: string, maxSegments: number): string {
  if (smsSize(text).segments <= maxSegments) return text;
  const end = LINK_AT_END.exec(text)?.[0].trim() ?? '';
  const tail = end === '' ? ELLIPSIS : `${ELLIPSIS} ${end}`;
  const beginning = [...text.slice(0, text.length - (LINK_AT_END.exec(text)?.[0].length ?? 0))];
  const longest = Math.min(beginning.length, maxSegments * LIMITS.gsm.single);
  for (let kept = longest; kept > KEPT_BEGINNING; kept -= 1) {
    const shortened = `${beginning.slice(0, kept).join('').trimEnd()}${tail}`;
    if (smsSize(shortened).segments <= maxSegments) return shortened;
  }
  return `${beginning.slice(0, KEPT_BEGINNING).join('').trimEnd()}${tail}`;
}
