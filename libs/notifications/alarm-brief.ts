/** Why somebody is told. An alert is a step of the plan; the others follow a change of the alarm's state. */
export const PURPOSES = ['alert', 'acknowledged', 'resolved', 'cancelled'] as const;
export type Purpose = (typeof PURPOSES)[number];

/**
 * What a message says about an alarm, frozen at the press: a later edit of a room or a person changes
 * nothing that is already on its way. Stored as JSON, hence times as ISO 8601 strings; what is optional is missing
 * in briefs that were frozen before it was known.
 */
export interface AlarmBrief {
  readonly alarmId: string;
  readonly severity: string;
  readonly silent: boolean;
  readonly source: string;
  readonly event: string;
  readonly triggeredAt: string;
  /** Nothing of this is real; every message must say so. */
  readonly simulated: boolean;
  /** An exercise: people are really told, and every message must say that it is one. */
  readonly drill?: boolean;
  readonly person: string | null;
  readonly role: string | null;
  readonly room: string | null;
  readonly floor: string | null;
  readonly site: string | null;
  /** IANA name of the zone people at the place live by. */
  readonly timeZone?: string;
  /** The responder's page. Whoever has it can acknowledge. */
  readonly link: string;
  /** For follow-ups: what changed. */
  readonly change?: StateChange;
}

export interface StateChange {
  readonly status: 'acknowledged' | 'resolved' | 'cancelled';
  readonly at: string;
  readonly by: string | null;
  readonly note: string | null;
}

/** Six characters a person can read out over the radio. The end of the id: its beginning is the time. */
export const shortId = (alarmId: string): string => alarmId.replaceAll('-', '').slice(-6).toUpperCase();
