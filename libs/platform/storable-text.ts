/** What PostgreSQL cannot keep as text: NUL, and half of a surrogate pair. */
const UNSTORABLE = /[\0\p{Cs}]/u;

export const isStorable = (text: string): boolean => !UNSTORABLE.test(text);

/** Text from anywhere as one line that can be stored: control characters gone, cut to a length. */
export const cleanLine = (text: string, maxLength: number, instead = ''): string =>
  text
    .replace(/\p{Cc}/gu, instead)
    .trim()
    .slice(0, maxLength)
    // The cut may have gone through the middle of a character.
    .replace(/\p{Cs}/gu, '');
