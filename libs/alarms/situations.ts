import { Injectable } from '@nestjs/common';

import { clockFaceOf, type ClockFace } from '#escalation';
import { toldOf, type Told } from '#notifications';
import { Database, statement } from '#platform';

import type { Alarm } from './alarm.entity.ts';
import { ALARM_COLUMNS } from './alarm-selection.ts';
import type { Responder } from './responders.ts';

/** A note as it was written; `at` is ISO 8601. */
export interface SaidNote {
  readonly by: string;
  readonly at: string;
  readonly note: string;
}

/** An alarm with everything somebody needs to know who comes to help, as it was at one moment. */
export interface Situation {
  readonly alarm: Alarm;
  /** Null for an alarm that has no clock. */
  readonly clock: ClockFace | null;
  readonly told: readonly Told[];
  readonly responders: readonly Responder[];
  /** The latest, oldest first. */
  readonly notes: readonly SaidNote[];
}

const ACK_TOKEN = /^[\w-]{16,128}$/;
const NOTES_SHOWN = 10;

/** One statement, because it is read on bad phones by people in a hurry, and twenty of them at once. */
const BY_LINK = statement(
  'alarms.by-link',
  `SELECT ${ALARM_COLUMNS}, ${clockFaceOf('alarms.id')} AS clock, ${toldOf('alarms.id')} AS told,
          (SELECT COALESCE(jsonb_agg(jsonb_build_object('by', n.created_by, 'at', n.created_at, 'note', n.note)
                                     ORDER BY n.created_at, n.id), '[]')
           FROM (SELECT * FROM alarm_notes WHERE alarm_id = alarms.id
                 ORDER BY created_at DESC, id DESC LIMIT ${NOTES_SHOWN}) n) AS notes
   FROM alarms WHERE ack_token = $1 AND deleted_at IS NULL`,
);

/** Reading an alarm for whoever holds the link of its messages. */
@Injectable()
export class Situations {
  constructor(private readonly database: Database) {}

  /** @returns nothing for a link that leads nowhere: mistyped, or the alarm was deleted. */
  async byLink(ackToken: string): Promise<Situation | undefined> {
    if (!ACK_TOKEN.test(ackToken)) return undefined;
    const [row] = await this.database.query<Alarm & Omit<Situation, 'alarm' | 'responders'>>(BY_LINK, [
      ackToken,
    ]);
    if (row === undefined) return undefined;
    const { clock, told, notes, ...alarm } = row;
    const responders = (alarm.meta['responders'] ?? []) as readonly Responder[];
    return { alarm, clock, told, responders, notes };
  }
}
