import type { Settings } from '#platform';

import { shortId } from '../../alarm-brief.ts';
import type { ChannelMessage } from '../notification-channel.ts';
import type { Article, NewTicket } from './zammad-api.ts';

/** Zammad cuts longer titles, and with them the short id at their end. */
const MAX_TITLE = 200;

const STILL_UNANSWERED = {
  en: {
    subject: 'Still unanswered',
    body: (step: number) => `Nobody has answered yet. Step ${step} has begun.`,
  },
  de: {
    subject: 'Weiterhin unbeantwortet',
    body: (step: number) => `Es hat noch niemand reagiert. Stufe ${step} hat begonnen.`,
  },
} as const;

/** The tag by which the ticket of an alarm can be found: `alarm-3f2a91`. */
export const alarmTag = (alarmId: string): string => `alarm-${shortId(alarmId).toLowerCase()}`;

/** What is asked of Zammad for a new alarm. Pure, like all of these. */
export function newTicket(message: ChannelMessage, group: string, settings: Settings): NewTicket {
  const { brief } = message;
  const { ZAMMAD_STATE_ID_NEW: stateId, ZAMMAD_PRIORITY_ID_P0: priorityId } = settings;
  return {
    title: titleOf(message),
    group,
    customer: `guess:${settings.ZAMMAD_CUSTOMER ?? ''}`,
    ...(stateId === undefined ? { state: settings.ZAMMAD_STATE } : { state_id: stateId }),
    ...(priorityId === undefined || brief.severity !== 'P0'
      ? { priority: settings.ZAMMAD_PRIORITY }
      : { priority_id: priorityId }),
    tags: [
      'duress',
      ...(brief.silent ? ['silent'] : []),
      ...(brief.simulated ? ['simulation'] : []),
      ...(brief.drill ? ['drill'] : []),
      alarmTag(brief.alarmId),
    ].join(','),
    article: note(message),
  };
}

/** What the message says, as a note for agents. */
export const note = ({ text }: ChannelMessage): Article => article(text.subject, text.body);

/** A later step, or the same one once more: on the ticket there is. */
export function stillUnanswered(message: ChannelMessage, language: Settings['DEFAULT_LANGUAGE']): Article {
  const { subject, body } = STILL_UNANSWERED[language];
  const { text, stepNo } = message;
  // Behind the text: a simulation or a drill is marked at its very beginning.
  return article(`${text.subject} - ${subject}`, `${text.body}\n\n${body(stepNo + 1)}`);
}

const article = (subject: string, body: string): Article => ({
  subject: cut(subject, MAX_TITLE),
  body,
  type: 'note',
  internal: true,
  content_type: 'text/plain',
});

/** By the short id in it a ticket is found where there is no search index. */
function titleOf({ text, brief }: ChannelMessage): string {
  const id = shortId(brief.alarmId);
  const title = cut(text.subject, MAX_TITLE);
  return title.includes(id) ? title : `${cut(text.subject, MAX_TITLE - id.length - 3)} (${id})`;
}

function cut(text: string, maxLength: number): string {
  const letters = [...text];
  return letters.length > maxLength ? `${letters.slice(0, maxLength - 1).join('')}…` : text;
}
