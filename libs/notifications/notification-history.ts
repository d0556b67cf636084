import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';

import { Database, isId, statement } from '#platform';

import type { ChannelKind } from './channels/notification-channel.ts';
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

/** How far telling people of an alarm has come. */
export interface Tally {
  /** Everybody the steps so far name, but for those who need not be told any more. */
  readonly planned: number;
  readonly told: number;
  /** Did not arrive, or nobody knows. */
  readonly failed: number;
}

const TALLY = statement(
  'notifications.tally',
  `SELECT alarm_id AS "alarmId", count(*)::int AS planned,
          count(*) FILTER (WHERE status IN ('sent', 'delivered'))::int AS told,
          count(*) FILTER (WHERE status IN ('failed', 'ambiguous'))::int AS failed
   FROM notifications WHERE alarm_id = ANY($1) AND purpose = 'alert' AND status <> 'withdrawn'
   GROUP BY alarm_id`,
);

/** The ends that call for somebody: it did not arrive, or nobody knows. */
export const DEAD_STATUSES = ['failed', 'ambiguous'] as const;
export type DeadStatus = (typeof DEAD_STATUSES)[number];

export interface DeadFilter {
  readonly statuses?: readonly DeadStatus[] | undefined;
  readonly channel?: ChannelKind | undefined;
}

/** The statuses stand in it once more, as in the index that holds only those. */
const DEAD = statement(
  'notifications.dead',
  `SELECT id FROM notifications
   WHERE status IN ('failed', 'ambiguous') AND status = ANY($1) AND ($2::text IS NULL OR channel = $2) AND id < $3
   ORDER BY id DESC LIMIT $4`,
);

/** Behind every other. */
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Who was told what, when and with which result. Says nothing that could be used to reach somebody. */
@Injectable()
export class NotificationHistory {
  constructor(private readonly database: Database) {}

  /** Where it was to be sent. For comparing only: never to be logged or shown. */
  async addressOf(id: string): Promise<string | undefined> {
    const notifications = await this.database.repository(Notification);
    return (await notifications.findOne({ where: { id }, select: { address: true } }))?.address;
  }

  /** How far it has come for each of these alarms; nothing for one of which nobody is told. */
  async tally(alarmIds: readonly string[]): Promise<ReadonlyMap<string, Tally>> {
    const rows = await this.database.query<Tally & { alarmId: string }>(TALLY, [[...alarmIds]]);
    return new Map(rows.map(({ alarmId, ...tally }) => [alarmId, tally]));
  }

  /** Everything of an alarm, in the order in which it was planned. */
  async of(alarmId: string): Promise<NotificationRecord[]> {
    const notifications = await this.database.repository(Notification);
    return this.records(
      await notifications.find({ where: { alarmId }, order: { createdAt: 'ASC', id: 'ASC' } }),
    );
  }

  /** One of them; nothing for something that is no id at all. */
  async find(id: string): Promise<NotificationRecord | undefined> {
    if (!isId(id)) return undefined;
    const notifications = await this.database.repository(Notification);
    const [record] = await this.records(await notifications.findBy({ id }));
    return record;
  }

  /** What failed for good, the latest first: up to `limit`, older than the one called `before`. */
  async dead(filter: DeadFilter, limit: number, before?: string): Promise<NotificationRecord[]> {
    const ids = await this.database.query<{ id: string }>(DEAD, [
      [...(filter.statuses ?? DEAD_STATUSES)],
      filter.channel ?? null,
      before ?? LAST_ID,
      limit,
    ]);
    const notifications = await this.database.repository(Notification);
    const id = In(ids.map((row) => row.id));
    return this.records(await notifications.find({ where: { id }, order: { id: 'DESC' } }));
  }

  private async records(rows: readonly Notification[]): Promise<NotificationRecord[]> {
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
