import { shortId, type AlarmBrief } from '../alarm-brief.ts';
import { localTime } from './local-time.ts';
import type { Language } from './language.ts';

/** What people typed in, made fit for where it is going to stand. */
export type NameFilter = (name: string) => string;

const asItIs: NameFilter = (name) => name;

/**
 * What a template can name. What is not known is null, so that `if` asks for it. There is no link but in alerts: the
 * link of an alarm that was answered must not be offered.
 * @param timeZone of briefs that name none.
 */
export function textVariables(
  brief: AlarmBrief,
  language: Language,
  timeZone: string,
  { name = asItIs, note = asItIs }: { name?: NameFilter; note?: NameFilter } = {},
): Readonly<Record<string, unknown>> {
  const said = (text: string | null): string | null => {
    const clean = line(text ?? '');
    return clean === '' ? null : name(clean);
  };
  const person = said(brief.person);
  const role = said(brief.role);
  const room = said(brief.room);
  const floor = said(brief.floor && floorName(line(brief.floor), language.floor));
  const site = said(brief.site);
  const clock = (at: string) => localTime(at, brief.timeZone ?? timeZone, language.timeStyle);
  const { change } = brief;
  return {
    number: shortId(brief.alarmId),
    severity: line(brief.severity),
    urgency: language.urgency[brief.severity] ?? null,
    silent: brief.silent,
    simulated: brief.simulated,
    drill: brief.drill ?? false,
    source: said(brief.source),
    event: said(brief.event),
    person,
    role,
    who: [person, role && `(${role})`].filter(Boolean).join(' ') || null,
    room,
    floor,
    site,
    place: [room, floor, site].filter(Boolean).join(', ') || language.unknownPlace,
    ...clock(brief.triggeredAt),
    ...(change === undefined
      ? { link: brief.link }
      : {
          change: {
            status: change.status,
            at: Object.values(clock(change.at)).join(' '),
            by: said(change.by),
            note: paragraphs(change.note ?? '') === '' ? null : note(paragraphs(change.note ?? '')),
          },
        }),
  };
}

const TURNS = '\\u202A-\\u202E\\u2066-\\u2069';
const NOT_IN_A_LINE = new RegExp(`[\\p{Cc}\\p{Zl}\\p{Zp}${TURNS}]+`, 'gu');
const NOT_IN_A_TEXT = new RegExp(`(?!\\n)[\\p{Cc}${TURNS}]`, 'gu');

/** A name somebody typed in is one piece of a line: it begins no new one and does not turn the rest around. */
export const line = (name: string): string => name.replace(NOT_IN_A_LINE, ' ').trim();

/** A note may have several lines, but it does not turn the rest around either. */
const paragraphs = (note: string): string =>
  note
    .replace(/\r\n?|[\p{Zl}\p{Zp}]/gu, '\n')
    .replace(NOT_IN_A_TEXT, ' ')
    .trim();

/** `3` needs a word, `3rd floor` has one. */
export const floorName = (floor: string, word: string): string =>
  /^-?\d+$/.test(floor) ? `${word} ${floor}` : floor;
