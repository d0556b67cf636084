/** What stands where a person was named. */
export const ERASED = 'erased person';

/** Facts, not words of people: a name that happens to be the same is not meant. */
const FACTS = new Set([
  ...[
    'id',
    'alarmId',
    'alarm_id',
    'note_id',
    'device',
    'channel',
    'status',
    'source',
    'event',
    'purpose',
    'link',
  ],
]);

const PHONE = /^[+0-9][0-9\s()/.-]{4,}$/;
/** People write numbers to be read. */
const BETWEEN_DIGITS = '(?:\\(0\\)|[\\s()/.-])*';

/**
 * A regular expression that finds a name or a phone number however it is spaced. Understood alike by PostgreSQL (`~*`)
 * and by JavaScript.
 */
export function patternOf(word: string): string {
  const escape = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  if (PHONE.test(word)) {
    return [...word.replace('(0)', '').replace(/[^+0-9]/g, '')].map(escape).join(BETWEEN_DIGITS);
  }
  return word.trim().split(/\s+/).map(escape).join('\\s+');
}

/** One expression for all of them. */
export const patternOfAll = (words: readonly string[]): string => words.map(patternOf).join('|');

/**
 * The same value without these words, whatever it is made of; the very same object when none is in it. Where somebody
 * is named as `person`, their `role` goes with the name.
 */
export function without<T>(value: T, words: readonly string[]): T {
  // Not within other words: taking out Ada leaves Adam alone.
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${patternOfAll(words)})(?![\\p{L}\\p{N}])`, 'giu');
  return erased(value, pattern) as T;
}

function erased(value: unknown, pattern: RegExp): unknown {
  if (typeof value === 'string') return value.replace(pattern, ERASED);
  if (Array.isArray(value)) {
    const items: unknown[] = value.map((item) => erased(item, pattern));
    return items.some((item, i) => item !== value[i]) ? items : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const before = value as Record<string, unknown>;
  const after = Object.fromEntries(
    Object.entries(before).map(([key, item]) => [key, FACTS.has(key) ? item : erased(item, pattern)]),
  );
  if (Object.keys(after).every((key) => after[key] === before[key])) return value;
  return after['person'] !== before['person'] && 'role' in after ? { ...after, role: null } : after;
}
