import { Injectable, Logger } from '@nestjs/common';

import { NotificationHistory, Outbox, type DeadFilter, type NotificationRecord } from '#notifications';
import { BrokerError, Database } from '#platform';

import type { AlarmStatus } from './alarm.entity.ts';
import type { Editor } from './alarm-records.ts';
import { Alarms } from './alarms.ts';

export interface DeadPage {
  readonly records: readonly NotificationRecord[];
  /** Where the next page begins; nothing on the last one. */
  readonly next: string | undefined;
}

/** What could not be told, and a second chance for it. */
@Injectable()
export class DeadLetters {
  private readonly logger = new Logger('DeadLetters');

  constructor(
    private readonly database: Database,
    private readonly history: NotificationHistory,
    private readonly outbox: Outbox,
    private readonly alarms: Alarms,
  ) {}

  /** The latest first. Those of deleted alarms are left out, so a page may be shorter than its limit. */
  async list(filter: DeadFilter, limit: number, before?: string): Promise<DeadPage> {
    // One more than asked for tells whether there is another page.
    const found = await this.history.dead(filter, limit + 1, before);
    const page = found.slice(0, limit);
    const shown = await this.alarms.known(page.map((record) => record.alarmId));
    return {
      records: page.filter((record) => shown.has(record.alarmId)),
      next: found.length > page.length ? page.at(-1)?.id : undefined,
    };
  }

  /**
   * Has a notification sent once more that failed, may have failed, or was passed over by its channel. Its retries
   * count anew.
   * @throws BrokerError `notification.unknown`; `notification.answered` for the alert of an alarm that needs no
   *   answer any more; `notification.not-failed`.
   */
  async resend(id: string, editor: Editor): Promise<NotificationRecord> {
    const { alarmId, purpose, channel, label } = await this.get(id);
    const row = await this.database.transaction(async (tx) => {
      // An answer that comes now waits, and then finds something to withdraw.
      const [alarm] = await tx.query<{ status: AlarmStatus }>(
        'SELECT status FROM alarms WHERE id = $1 AND deleted_at IS NULL FOR SHARE',
        [alarmId],
      );
      if (alarm === undefined) throw unknown();
      if (purpose === 'alert' && alarm.status !== 'triggered') throw answered(alarm.status);
      return this.outbox.resend(tx, id, editor);
    });
    if (row === undefined) throw notFailed((await this.get(id)).status);
    this.outbox.ring([row]);
    this.logger.log({ alarmId, notificationId: id, channel, target: label }, 'notification sent once more');
    return this.get(id);
  }

  private async get(id: string): Promise<NotificationRecord> {
    const record = await this.history.find(id);
    if (record === undefined) throw unknown();
    return record;
  }
}

const unknown = (): BrokerError =>
  new BrokerError('not-found', 'notification.unknown', 'There is no such notification.');

const answered = (status: AlarmStatus): BrokerError =>
  new BrokerError('conflict', 'notification.answered', `The alarm is ${status}: nobody is alerted any more.`);

const notFailed = (status: string): BrokerError =>
  new BrokerError(
    'conflict',
    'notification.not-failed',
    `A notification that is ${status} is not sent again.`,
  );
