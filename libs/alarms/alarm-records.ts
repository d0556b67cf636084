import { Injectable } from '@nestjs/common';

import { Timeline } from '#audit';
import { Devices } from '#directory';
import { EscalationClock } from '#escalation';
import { Outbox } from '#notifications';
import { BrokerError, Clock, Database, entityTag, isId, type Precondition, type Tx } from '#platform';

import type { Severity } from './alarm.entity.ts';
import { unknownAlarm } from './lifecycle.ts';

/** What may be changed about an alarm afterwards. Left out: stays. Null: is removed. */
export interface AlarmChange {
  readonly title?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly tags?: readonly string[] | null | undefined;
  readonly severity?: Severity | undefined;
}

export interface Editor {
  readonly actor: string;
  readonly requestId: string | null;
}

interface LockedAlarm {
  readonly version: number;
  readonly deviceId: string | null;
  readonly deleted: boolean;
}

/** The record of an alarm, apart from its life: describing it, and taking it out of sight. */
@Injectable()
export class AlarmRecords {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly timeline: Timeline,
    private readonly escalations: EscalationClock,
    private readonly outbox: Outbox,
    private readonly devices: Devices,
  ) {}

  /**
   * Changes what is said about an alarm. Messages on their way keep what was known at the press.
   * @throws BrokerError `alarm.unknown`, `alarm.outdated`.
   */
  async edit(
    alarmId: string,
    change: AlarmChange,
    precondition: Precondition,
    editor: Editor,
  ): Promise<void> {
    const words = Object.entries({ title: change.title, description: change.description, tags: change.tags });
    const removed = words.flatMap(([key, value]) => (value === null ? [key] : []));
    const set = Object.fromEntries(words.filter(([, value]) => value !== null && value !== undefined));
    const severity = change.severity ?? null;
    await this.database.transaction(async (tx) => {
      const alarm = await this.lock(tx, alarmId);
      if (alarm.deleted) throw unknownAlarm();
      precondition.require('alarm', entityTag(alarm.version));
      tx.send(
        `UPDATE alarms SET meta = (meta - $2::text[]) || $3, severity = COALESCE($4, severity), version = version + 1
         WHERE id = $1`,
        [alarmId, removed, set, severity],
      );
      this.append(tx, alarmId, 'alarm.edited', editor, {
        ...set,
        ...(severity === null ? {} : { severity }),
        ...(removed.length === 0 ? {} : { removed }),
      });
    });
  }

  /**
   * Takes an alarm out of lists, figures and exports; the row and its timeline stay for the audit. Nobody is
   * alerted any more, because the link in the message would lead nowhere.
   * @throws BrokerError `alarm.unknown`, `alarm.deleted`, `alarm.outdated`.
   */
  async delete(alarmId: string, precondition: Precondition, editor: Editor): Promise<void> {
    await this.database.transaction(async (tx) => {
      const alarm = await this.lock(tx, alarmId);
      if (alarm.deleted) throw new BrokerError('conflict', 'alarm.deleted', 'The alarm was deleted already.');
      precondition.require('alarm', entityTag(alarm.version));
      tx.send('UPDATE alarms SET deleted_at = $2, version = version + 1 WHERE id = $1', [
        alarmId,
        this.clock.now(),
      ]);
      this.append(tx, alarmId, 'alarm.deleted', editor);
      if (alarm.deviceId !== null) this.devices.release(tx, alarm.deviceId, alarmId);
      await Promise.all([
        this.escalations.end(tx, alarmId, 'deleted'),
        this.outbox.withdraw(tx, alarmId, editor.requestId),
      ]);
    });
  }

  private async lock(tx: Tx, alarmId: string): Promise<LockedAlarm> {
    if (!isId(alarmId)) throw unknownAlarm();
    const [alarm] = await tx.query<LockedAlarm>(
      `SELECT version, device_id AS "deviceId", deleted_at IS NOT NULL AS deleted
       FROM alarms WHERE id = $1 FOR NO KEY UPDATE`,
      [alarmId],
    );
    if (alarm === undefined) throw unknownAlarm();
    return alarm;
  }

  private append(
    tx: Tx,
    alarmId: string,
    type: 'alarm.edited' | 'alarm.deleted',
    { actor, requestId }: Editor,
    data: Record<string, unknown> = {},
  ): void {
    this.timeline.append(tx, [
      { alarmId, at: this.clock.now(), type, actor, requestId: requestId ?? undefined, data },
    ]);
  }
}
