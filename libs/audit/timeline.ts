import { Injectable } from '@nestjs/common';

import { Database, statement, type Tx } from '#platform';

import { AlarmEvent, type EventType } from './alarm-event.entity.ts';
import { TimelineBell } from './timeline-bell.ts';

const APPEND = statement(
  'timeline.append',
  `INSERT INTO alarm_events (alarm_id, at, type, actor, request_id, data)
   SELECT e."alarmId", e.at, e.type, e.actor, e."requestId", e.data
   FROM jsonb_to_recordset($1) AS e
     ("alarmId" uuid, at timestamptz, type text, actor text, "requestId" text, data jsonb)`,
);

/** What is put on a timeline. `data` never holds a token, a phone number or an address. */
export interface TimelineEntry {
  readonly alarmId: string;
  readonly at: Date;
  readonly type: EventType;
  readonly actor?: string | undefined;
  readonly requestId?: string | undefined;
  readonly data?: Record<string, unknown>;
}

/** The append-only record of what happened to an alarm, in the order in which it happened. */
@Injectable()
export class Timeline {
  constructor(
    private readonly database: Database,
    private readonly bell: TimelineBell,
  ) {}

  /** Written with the change it tells of or not at all; the statement is not waited for. */
  append(tx: Tx, entries: readonly TimelineEntry[]): void {
    if (entries.length === 0) return;
    tx.add(APPEND, ...entries.map((entry) => ({ ...entry, data: entry.data ?? {} })));
    tx.afterCommit(() => this.bell.ring());
  }

  /**
   * Forgets alarms that are removed altogether. This opens the door in the append-only table until the end of the
   * transaction; nothing else may remove what was written.
   */
  remove(tx: Tx, alarmIds: readonly string[]): void {
    tx.send(`SELECT set_config('alarm_broker.history', 'removal', true)`);
    tx.send('DELETE FROM alarm_events WHERE alarm_id = ANY($1)', [[...alarmIds]]);
  }

  /** Everything that happened to an alarm, oldest first. */
  async of(alarmId: string): Promise<AlarmEvent[]> {
    const events = await this.database.repository(AlarmEvent);
    return events.find({ where: { alarmId }, order: { seq: 'ASC' } });
  }
}
