/** A moment as the clocks at a place show it. */
export interface LocalTime {
  readonly date: string;
  readonly time: string;
  /** Abbreviation of the zone, as CET or GMT-3. */
  readonly zone: string;
}

/** How a language writes it. */
export interface TimeStyle {
  /** From year, month and day, each with leading zeros. */
  date(year: string, month: string, day: string): string;
  /** Locales asked for the zone's abbreviation until one has a better one than GMT+1. */
  readonly zoneLocales: readonly string[];
}

/** Making a formatter is dear, and an installation has few zones. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * @param at ISO 8601.
 * @param timeZone IANA name. One that this machine does not know is read as UTC, and says so.
 */
export function localTime(at: string, timeZone: string, style: TimeStyle): LocalTime {
  const moment = new Date(at);
  const parts = partsOf(moment, timeZone, 'en-GB');
  return {
    date: style.date(parts.year, parts.month, parts.day),
    time: `${parts.hour}:${parts.minute}:${parts.second}`,
    zone: zoneName(moment, timeZone, style.zoneLocales),
  };
}

/** In the words of the first locale that has a better name for it than an offset. */
function zoneName(moment: Date, timeZone: string, locales: readonly string[]): string {
  let first: string | undefined;
  for (const locale of locales) {
    const zone = partsOf(moment, timeZone, locale).timeZoneName;
    if (!/^GMT[+-]/.test(zone)) return zone;
    first ??= zone;
  }
  return first ?? timeZone;
}

type PartName = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'timeZoneName';

function partsOf(moment: Date, timeZone: string, locale: string): Record<PartName, string> {
  const parts = formatter(timeZone, locale).formatToParts(moment);
  return Object.fromEntries(parts.map(({ type, value }) => [type, value])) as Record<PartName, string>;
}

function formatter(timeZone: string, locale: string): Intl.DateTimeFormat {
  const key = `${locale} ${timeZone}`;
  const known = formatters.get(key) ?? newFormatter(timeZone, locale);
  formatters.set(key, known);
  return known;
}

function newFormatter(timeZone: string, locale: string): Intl.DateTimeFormat {
  const two = '2-digit';
  const fields = { year: 'numeric', month: two, day: two, hour: two, minute: two, second: two } as const;
  const options = { ...fields, hourCycle: 'h23', timeZoneName: 'short' } as const;
  try {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone });
  } catch {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  }
}
