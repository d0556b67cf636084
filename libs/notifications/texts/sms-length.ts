import anyAscii from 'any-ascii';

/** GSM 03.38, the letters an SMS can have without becoming half as long (3GPP TS 23.038, 6.2.1). */
const GSM = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Its extension table: each of these counts twice. */
const GSM_TWICE = new Set('\f^{}\\[~]|€');

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
  if (GSM.has(letter)) return 1;
  if (GSM_TWICE.has(letter)) return 2;
  const written = anyAscii(letter);
  return Math.max(1, written.length + [...written].filter((ascii) => GSM_TWICE.has(ascii)).length);
}
