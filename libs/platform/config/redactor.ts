import { secretSettingNames } from './setting-decorators.ts';
import type { Settings } from './settings.ts';

/** Shorter ones would be found by chance, and garble what they are found in. */
const MIN_LENGTH = 8;

/**
 * Takes out of a text whatever the settings keep secret. The net below all care: who writes a text for people to read
 * still says nothing secret, but a server of somebody else may repeat what it was sent.
 */
export function redactor(settings: Settings): (text: string) => string {
  const values = [...secretSettingNames()].flatMap((name) => {
    const value = settings[name as keyof Settings];
    return typeof value === 'string' ? [value, ...secretParts(value)] : [];
  });
  const forms = values
    .filter((value) => value.length >= MIN_LENGTH)
    .flatMap((value) => [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)]);
  if (forms.length === 0) return (text) => text;
  // The longest first: of a URL not only its password is to go.
  const longest = [...new Set(forms)].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longest.map(literally).join('|'), 'g');
  return (text) => text.replace(pattern, '…');
}

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Of an address its password and, if it is called over HTTP, a key in its path or query. */
function secretParts(value: string): string[] {
  if (!URL.canParse(value)) return [];
  const { protocol, password, pathname, searchParams } = new URL(value);
  const path = pathname.slice(1);
  const parts = /^https?:$/.test(protocol)
    ? // A path of plain words is no key, and "notification" would be missed in the log.
      [password, /\d/.test(path) ? path : '', ...searchParams.values()]
    : [password];
  return parts.flatMap((part) => [part, decoded(part)]);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
