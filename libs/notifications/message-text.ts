import { shortId, type AlarmBrief } from './alarm-brief.ts';

/** The same news at three lengths. */
export interface MessageText {
  /** One line: a ticket's title, a mail's subject. */
  readonly subject: string;
  /** One or two SMS: where, who, when, and the link. Only characters every phone network carries. */
  readonly short: string;
  /** Several lines for a screen. */
  readonly body: string;
}

const DONE = { acknowledged: 'acknowledged', resolved: 'resolved', cancelled: 'cancelled (false alarm)' } as const;

/** Says what happened, in words. Pure: the same brief always gives the same text. */
export function messageText(brief: AlarmBrief): MessageText {
  const id = shortId(brief.alarmId);
  const mark = brief.simulated ? 'SIMULATION - not a real alarm. ' : '';
  const where = [brief.room, floorName(brief.floor), brief.site].filter(Boolean).join(', ');
  const who = [brief.person, brief.role && `(${brief.role})`].filter(Boolean).join(' ');
  const when = `${brief.triggeredAt.slice(0, 10)} ${brief.triggeredAt.slice(11, 19)} UTC`;
  const place = where || 'unknown place';

  if (brief.change) {
    const done = DONE[brief.change.status];
    const by = brief.change.by ?? 'somebody';
    return {
      subject: `${mark}Alarm ${id} ${done} by ${by}: ${place}`,
      short: `${mark}Alarm ${id} ${done} by ${by}. ${place}.`,
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
    short: `${mark}ALARM ${brief.severity} ${place}. ${who ? `${who}. ` : ''}${when.slice(11)}. Acknowledge: ${brief.link}`,
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

/** `3` needs a word, `3rd floor` has one. */
const floorName = (floor: string | null): string | null => (floor && /^-?\d+$/.test(floor) ? `floor ${floor}` : floor);

const lines = (...parts: (string | false | null | undefined)[]): string => parts.filter(Boolean).join('\n');
