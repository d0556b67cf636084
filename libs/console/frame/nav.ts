import type { Role } from '#access';

import type { Words } from '../language.ts';

export interface NavEntry {
  readonly path: string;
  /** Who is shown it; the page itself asks again. */
  readonly role: Role;
  readonly words: Words<string>;
}

/** The way around the console, in order. */
export const NAV: readonly NavEntry[] = [
  { path: '/admin', role: 'viewer', words: { en: 'Alarms', de: 'Alarme' } },
];

/** The entry a page belongs to: the longest that its path begins with. */
export const entryOf = (address: string): NavEntry | undefined => {
  const path = new URL(address, 'http://console').pathname;
  return NAV.filter((entry) => path === entry.path || path.startsWith(`${entry.path}/`)).sort(
    (a, b) => b.path.length - a.path.length,
  )[0];
};
