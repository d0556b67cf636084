import type { Situation } from '#alarms';

import type { Language } from '../language.ts';
import type { Action } from './answer-form.ts';

/** What came of the button somebody pressed. */
export type Outcome = 'done' | 'note-saved' | 'too-late' | 'nothing';

/** What a phone remembers of what was done with it: it acknowledged, or said that somebody is coming. */
export type Trace = 'answered' | 'came';

/** One look at the page of an alarm: what it is about, who looks, and when. */
export interface Visit {
  readonly situation: Situation;
  readonly language: Language;
  /** IANA name of the zone for alarms of places that have none. */
  readonly timeZone: string;
  readonly now: Date;
  /** As the visitor gave it, now or earlier on this phone. */
  readonly name: string | null;
  /** What this phone has done about the alarm before, whatever name was given. */
  readonly trace: Trace | undefined;
  /** Of the button, if this is the answer to one. */
  readonly outcome: Outcome | undefined;
}

/** Where the visitor stands among those who care for the alarm. */
export type Part = 'nobody' | 'mine' | 'others' | 'on-way' | 'there' | 'over';

export function partOf(visit: Visit): Part {
  const { alarm, responders } = visit.situation;
  if (alarm.status === 'triggered') return 'nobody';
  if (alarm.status !== 'acknowledged') return 'over';
  // Nothing tells those who gave no name from each other but what their phones remember.
  const isKnown = visit.name !== null || visit.trace !== undefined;
  const own = isKnown ? responders.filter(({ by }) => by === visit.name) : [];
  if (own.some(({ state }) => state === 'there')) return 'there';
  if (own.some(({ state }) => state === 'on-way')) return 'on-way';
  return isAnsweredBy(visit) ? 'mine' : 'others';
}

/** Whether it was the visitor who acknowledged. */
export const isAnsweredBy = ({ situation: { alarm }, name, trace }: Visit): boolean =>
  trace === 'answered' || (name !== null && name === alarm.ackedBy);

/** When it was resolved or cancelled, and by whom. */
export function endOf({ alarm }: Situation): { readonly at: Date; readonly by: string | null } | undefined {
  const at = alarm.resolvedAt ?? alarm.cancelledAt;
  return at === null ? undefined : { at, by: alarm.resolvedBy ?? alarm.cancelledBy };
}

const LINK_OUTLIVES_ALARM_MS = 24 * 3600 * 1000;

/** Messages stay on phones for years. What happened to whom is not shown to whoever finds one later. */
export function isExpired(situation: Situation, now: Date): boolean {
  const end = endOf(situation);
  return end !== undefined && now.getTime() - end.at.getTime() > LINK_OUTLIVES_ALARM_MS;
}

/** What to say of an action that did, or did not, change anything. A second tap of the same person is no defeat. */
export function outcomeOf(visit: Visit, action: Action | undefined, changed: boolean): Outcome {
  if (changed) return action === 'note' ? 'note-saved' : 'done';
  const end = endOf(visit.situation);
  const isOwn = end === undefined ? isAnsweredBy(visit) : end.by !== null && end.by === visit.name;
  if (action === undefined || action === 'note' || isOwn) return 'nothing';
  return end === undefined && action !== 'acknowledge' ? 'nothing' : 'too-late';
}
