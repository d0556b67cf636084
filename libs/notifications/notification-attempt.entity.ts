import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

import { Notification } from './notification.entity.ts';

/** `lost`: the worker that made the attempt died before it could say how it ended. */
export type AttemptResult = 'sent' | 'failed' | 'ambiguous' | 'skipped' | 'lost';

/** One try to send a notification. */
@Entity('notification_attempts')
export class NotificationAttempt {
  @PrimaryColumn('uuid')
  @ForeignKey(() => Notification, 'id', {
    name: 'notification_attempts_notification_id_fkey',
    onDelete: 'CASCADE',
  })
  notificationId!: string;

  @PrimaryColumn('integer')
  attempt!: number;

  @Column('timestamptz')
  startedAt!: Date;

  @Column('timestamptz')
  finishedAt!: Date;

  @Column('text')
  result!: AttemptResult;

  @Column('text', { nullable: true })
  reason!: string | null;
}
