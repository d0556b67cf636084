import anyAscii from 'any-ascii';

/** The default alphabet of 3GPP TS 23.038; each of these takes one septet. */
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
    '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Its extension table: an escape and a septet, which are never parted. */
const EXTENDED = new Set('\f^{}\\[~]|€');

/** Where a better reading exists than the one of any-ascii, which would write a name or leave the alphabet. */
const READINGS: Readonly<Record<string, string>> = {
  '`': "'",
  '\t': ' ',
  '•': '-',
  '·': '-',
  '°': ' deg',
  ẞ: 'ß',
};

/** How much room a character takes, in septets; 0 for one that the alphabet lacks. */
export const septets = (character: string): number =>
  BASIC.has(character) ? 1 : EXTENDED.has(character) ? 2 : 0;

/** The same text in the GSM alphabet: what it lacks is written with the letters it has. */
export const toGsm = (text: string): string =>
  [...text.normalize('NFC')]
    .map((character) => (septets(character) > 0 ? character : reading(character)))
    .join('');

function reading(character: string): string {
  const letters = READINGS[character] ?? anyAscii(character);
  return [...letters].map((letter) => (septets(letter) > 0 ? letter : (READINGS[letter] ?? ''))).join('');
}
