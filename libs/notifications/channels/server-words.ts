const MAX_LENGTH = 160;

/** What may name somebody: URLs, mail addresses, groups and other long ids, phone numbers. */
const NAMES = [
  /\b[a-z][a-z0-9+.-]*:\/\/\S+/gi,
  /\S+@\S+/g,
  /\bgroup\.\S+/g,
  /\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi,
  /[A-Za-z0-9+/]{40,}={0,2}/g,
  /\+?\d[\d ()/.-]{4,}\d/g,
];

/**
 * What a server said of a failure, as one short line that may be stored and shown: without whatever could be
 * used to reach somebody.
 * @param secrets further texts that must not be in it.
 */
export function serverWords(text: string, ...secrets: readonly string[]): string {
  let words = text.replace(/[\s\p{Cc}\p{Cf}\p{Cs}]+/gu, ' ');
  for (const secret of secrets) if (secret !== '') words = words.replaceAll(secret, '…');
  for (const name of NAMES) words = words.replace(name, '…');
  const letters = [...words.trim()];
  return letters.length > MAX_LENGTH ? `${letters.slice(0, MAX_LENGTH - 1).join('')}…` : letters.join('');
}
