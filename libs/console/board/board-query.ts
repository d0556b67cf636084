import { SEVERITIES, type AlarmStatus, type Severity } from '#alarms';

/** What the board can be narrowed to by state; the first is what it shows by itself. */
export const SELECTIONS = {
  open: ['triggered', 'acknowledged'],
  triggered: ['triggered'],
  acknowledged: ['acknowledged'],
  closed: ['resolved', 'cancelled'],
  all: undefined,
} as const satisfies Record<string, readonly AlarmStatus[] | undefined>;
export type Selection = keyof typeof SELECTIONS;

/** What the board shows, as it stands in its address. */
export interface BoardQuery {
  readonly show: Selection;
  readonly severity: Severity | undefined;
  readonly site: string;
  /** Part of a name or an id, or the end of an alarm's id. */
  readonly search: string;
  readonly oldestFirst: boolean;
  /** Where the page begins; empty for the first one. */
  readonly cursor: string;
}

const MAX_WORD = 200;

/** Reads an address. What makes no sense counts as not said: an address that is shared or kept should open. */
export function boardQuery(asked: Readonly<Record<string, unknown>>): BoardQuery {
  const word = (name: string): string => {
    const value = asked[name];
    return typeof value === 'string'
      ? value
          .replace(/[\p{Cc}\p{Cs}]/gu, '')
          .trim()
          .slice(0, MAX_WORD)
      : '';
  };
  const show = word('show');
  return {
    show: Object.hasOwn(SELECTIONS, show) ? (show as Selection) : 'open',
    severity: SEVERITIES.find((severity) => severity === word('severity')),
    site: word('site'),
    search: word('q'),
    oldestFirst: word('order') === 'oldest',
    cursor: word('cursor'),
  };
}

/** The address that shows this; what is as usual is left out. */
export function boardAddress(query: BoardQuery, path = '/admin'): string {
  const parameters = new URLSearchParams({
    ...(query.show === 'open' ? {} : { show: query.show }),
    ...(query.severity === undefined ? {} : { severity: query.severity }),
    ...(query.site === '' ? {} : { site: query.site }),
    ...(query.search === '' ? {} : { q: query.search }),
    ...(query.oldestFirst ? { order: 'oldest' } : {}),
    ...(query.cursor === '' ? {} : { cursor: query.cursor }),
  }).toString();
  return parameters === '' ? path : `${path}?${parameters}`;
}
