import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';

import { Database } from '#platform';

import { maskedAddress } from './masked-address.ts';
import { NotificationAttempt } from './notification-attempt.entity.ts';
import { Notification } from './notification.entity.ts';

/** What became of one thing that was to be told. */
export interface NotificationRecord extends Omit<
  Notification,
  'address' | 'brief' | 'stepNo' | 'leaseUntil'
> {
  /** The step of the plan; null for a follow-up, which belongs to none. */
  readonly stepNo: number | null;
  /** Recognisable, not usable; null when the channel's configured address was meant. */
  readonly maskedAddress: string | null;
  /** Every attempt that has ended, in order. */
  readonly attemptLog: readonly NotificationAttempt[];
}

/** Who was told what, when and with which result. Says nothing that could be used to reach somebody. */
@Injectable()
export class NotificationHistory {
  constructor(private readonly database: Database) {}

  /** Where it was to be sent. For comparing only: never to be logged or shown. */
  async addressOf(id: string): Promise<string | undefined> {
    const notifications = await this.database.repository(Notification);
    return (await notifications.findOne({ where: { id }, select: { address: true } }))?.address;
  }

  /** Everything of an alarm, in the order in which it was planned. */
  async of(alarmId: string): Promise<NotificationRecord[]> {
    const notifications = await this.database.repository(Notification);
    const rows = await notifications.find({ where: { alarmId }, order: { createdAt: 'ASC', id: 'ASC' } });
    const attempts = await this.database.repository(NotificationAttempt);
    const tries = await attempts.find({
      where: { notificationId: In(rows.map((row) => row.id)) },
      order: { attempt: 'ASC' },
    });
    const triesOf = Map.groupBy(tries, (attempt) => attempt.notificationId);
    return rows.map(({ address, brief: _brief, leaseUntil: _leaseUntil, stepNo, ...row }) => ({
      ...row,
      stepNo: row.purpose === 'alert' ? stepNo : null,
      maskedAddress: maskedAddress(address),
      attemptLog: triesOf.get(row.id) ?? [],
    }));
  }
}
