import { useView } from '../frame/view.ts';
import type { Language } from '../language.ts';

const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE' };
const formats = new Map<string, Intl.DateTimeFormat>();

function format(language: Language, timeZone: string, style: 'clock' | 'date'): Intl.DateTimeFormat {
  const name = `${language} ${timeZone} ${style}`;
  const known = formats.get(name);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(LOCALES[language], {
    timeZone,
    ...(style === 'date' ? { dateStyle: 'medium' } : {}),
    timeStyle: 'medium',
  });
  formats.set(name, made);
  return made;
}

const isSameDay = (a: Date, b: Date, timeZone: string): boolean => {
  const day = format('en', timeZone, 'date');
  const dayOf = (time: Date) =>
    day
      .formatToParts(time)
      .slice(0, 5)
      .map((part) => part.value)
      .join('');
  return dayOf(a) === dayOf(b);
};

/** A moment: the time of day, with the date unless it is today. */
export function Moment({ at, zone }: { at: Date; zone?: string | undefined }) {
  const { language, timeZone, now } = useView();
  const where = zone ?? timeZone;
  const style = isSameDay(at, now, where) ? 'clock' : 'date';
  return <time dateTime={at.toISOString()}>{format(language, where, style).format(at)}</time>;
}

/** How long ago; ticks while it is looked at. */
export function Age({ since }: { since: Date }) {
  const { now } = useView();
  return (
    <time dateTime={since.toISOString()} data-tick="since">
      {duration(now.getTime() - since.getTime())}
    </time>
  );
}

/** How long until then; ticks, and stops at nothing. */
export function Countdown({ until }: { until: Date }) {
  const { now } = useView();
  return (
    <time dateTime={until.toISOString()} data-tick="until">
      {duration(until.getTime() - now.getTime())}
    </time>
  );
}

/** `0:07`, `12:31`, `3:05:00`, `2 d 4 h`. The script that makes it tick says it the same way. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600),
    Math.floor(seconds / 60),
  ];
  const two = (number: number): string => String(number % 60).padStart(2, '0');
  if (days > 0) return `${days} d ${hours % 24} h`;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}
