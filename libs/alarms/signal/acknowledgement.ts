/**
 * What people answer when they take over, in German and English. Short on purpose: anything else is kept as a
 * note, and nothing stops being escalated because somebody was misunderstood.
 */
const WORDS = new Set([
  'ok',
  'okay',
  'ack',
  'acknowledged',
  'coming',
  "i'm coming",
  'on my way',
  'i take it',
  'i take care of it',
  'komme',
  'ich komme',
  'bin unterwegs',
  'unterwegs',
  'übernehme',
  'ich übernehme',
  'uebernehme',
  'ich uebernehme',
  'quittiert',
]);

const EMOJI = new Set(['👍', '✅']);

/** Skin tones, and what asks for an emoji in colour or in black and white. */
const VARIANTS = /[\u{1F3FB}-\u{1F3FF}\uFE0E\uFE0F]/gu;

/** Whether a reaction says that somebody takes over: 👍 in any skin tone, or ✅. */
export const isAcknowledgingEmoji = (emoji: string): boolean => EMOJI.has(emoji.replace(VARIANTS, '').trim());

/** Whether a reply says so, with or without an emoji. A question does not: "ok?" asks. */
export function isAcknowledgingText(text: string): boolean {
  const [emoji, words] = partition([...text.replace(VARIANTS, '')]);
  const plain = words
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/[\s.,!]+/g, ' ')
    .trim();
  return plain === '' ? emoji > 0 : WORDS.has(plain);
}

/** How many emoji there are that acknowledge, and what else there is. */
function partition(letters: readonly string[]): [number, string] {
  const words = letters.filter((letter) => !EMOJI.has(letter));
  return [letters.length - words.length, words.join('')];
}
