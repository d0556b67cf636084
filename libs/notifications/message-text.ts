import { shortId, type AlarmBrief } from './alarm-brief.ts';

/** The same news at three lengths. */
export interface MessageText {
  /** One line: a ticket's title, a mail's subject. */
  readonly subject: string;
  /** Two SMS at most, written in the GSM alphabet as far as the names in it are. */
  readonly short: string;
  /** Several lines for a screen. */
  readonly body: string;
  /** The same as a page of its own, for mail. */
  readonly html: string;
}

const DONE = {
  acknowledged: 'acknowledged',
  resolved: 'resolved',
  cancelled: 'cancelled (false alarm)',
} as const;

/** Says what happened, in words. Pure: the same brief always gives the same text. */
export function messageText(brief: AlarmBrief): MessageText {
  const words = inWords(brief);
  return { ...words, html: `<p>${escapeHtml(words.body).replaceAll('\n', '<br>')}</p>` };
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (letter) => ENTITIES[letter] ?? letter);

function inWords(brief: AlarmBrief): Omit<MessageText, 'html'> {
  const id = shortId(brief.alarmId);
  const mark = brief.simulated ? 'SIMULATION - not a real alarm. ' : '';
  const where = [line(brief.room), floorName(line(brief.floor)), line(brief.site)].filter(Boolean).join(', ');
  const role = line(brief.role);
  const who = [line(brief.person), role && `(${role})`].filter(Boolean).join(' ');
  const when = `${brief.triggeredAt.slice(0, 10)} ${brief.triggeredAt.slice(11, 19)} UTC`;
  const place = where || 'unknown place';

  if (brief.change) {
    const done = DONE[brief.change.status];
    const by = line(brief.change.by) || 'somebody';
    return {
      subject: `${mark}Alarm ${id} ${done} by ${by}: ${place}`,
      short: `${mark}Alarm ${id} ${done} by ${sms(by, 60)}. ${sms(place, 90)}.`,
      body: lines(
        `${mark}Alarm ${id} was ${done} by ${by} at ${brief.change.at}.`,
        brief.change.note && `Note: ${brief.change.note}`,
        `Where: ${place}`,
      ),
    };
  }
  const kind = brief.silent ? 'Silent alarm' : 'Alarm';
  return {
    subject: `${mark}${kind} ${brief.severity}: ${place} (${id})`,
    short: `${mark}ALARM ${brief.severity} ${sms(place, 90)}. ${who ? `${sms(who, 60)}. ` : ''}${when.slice(11)}. Acknowledge: ${brief.link}`,
    body: lines(
      `${mark}${kind} ${brief.severity}, number ${id}`,
      `Where: ${place}`,
      who && `Who: ${who}`,
      `When: ${when}`,
      brief.silent && 'The alarm is silent: do not call the room back.',
      `Acknowledge: ${brief.link}`,
    ),
  };
}

/** A name somebody typed in is one piece of a line: it begins no new one and does not turn the rest around. */
const line = (name: string | null): string =>
  (name ?? '').replace(/[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]+/gu, ' ').trim();

/** The backtick is the one printable ASCII character that the GSM alphabet lacks. */
function sms(name: string, maxLength: number): string {
  const letters = [...name.replaceAll('`', "'")];
  return letters.length > maxLength ? `${letters.slice(0, maxLength - 3).join('')}...` : letters.join('');
}

/** `3` needs a word, `3rd floor` has one. */
const floorName = (floor: string): string => (/^-?\d+$/.test(floor) ? `floor ${floor}` : floor);

const lines = (...parts: (string | false | null | undefined)[]): string => parts.filter(Boolean).join('\n');
