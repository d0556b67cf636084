import { Injectable } from '@nestjs/common';

import { AlarmNotes, Alarms, type Alarm, type AlarmNote } from '#alarms';
import { Timeline, type AlarmEvent } from '#audit';
import { Escalations, type EscalationState, type Outlook } from '#escalation';
import { NotificationHistory, type NotificationRecord } from '#notifications';

/** Everything there is to say about one alarm. */
export interface AlarmRecord {
  readonly alarm: Alarm;
  readonly escalation: EscalationState | undefined;
  readonly outlook: Outlook | undefined;
  readonly notifications: readonly NotificationRecord[];
  readonly events: readonly AlarmEvent[];
  readonly notes: readonly AlarmNote[];
}

/** Reads it, from every room that knows something. */
@Injectable()
export class AlarmRecordReader {
  constructor(
    private readonly alarms: Alarms,
    private readonly escalations: Escalations,
    private readonly notifications: NotificationHistory,
    private readonly timeline: Timeline,
    private readonly notes: AlarmNotes,
  ) {}

  /** @throws BrokerError `alarm.unknown` */
  async read(id: string): Promise<AlarmRecord> {
    const alarm = await this.alarms.get(id);
    const [escalations, outlook, notifications, events, notes] = await Promise.all([
      this.escalations.of([alarm.id]),
      this.escalations.outlook(alarm.id),
      this.notifications.of(alarm.id),
      this.timeline.of(alarm.id),
      this.notes.of(alarm.id),
    ]);
    return { alarm, escalation: escalations.get(alarm.id), outlook, notifications, events, notes };
  }
}
