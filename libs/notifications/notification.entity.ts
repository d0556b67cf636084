import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import type { AlarmBrief, Purpose } from './alarm-brief.ts';
import type { ChannelKind } from './channels/notification-channel.ts';

/**
 * scheduled → sending → sent | failed | ambiguous | skipped, back to scheduled for another attempt, and
 * withdrawn when the alarm was answered first. The other side may report later what became of what was sent:
 * delivered or failed.
 */
export type NotificationStatus =
  'scheduled' | 'sending' | 'sent' | 'delivered' | 'failed' | 'ambiguous' | 'skipped' | 'withdrawn';

/** One thing to tell one target. */
@Entity('notifications')
@Unique('notifications_once_key', ['alarmId', 'purpose', 'round', 'stepNo', 'targetId'])
@Index('notifications_due_idx', ['channel', 'dueAt'], { where: `status = 'scheduled'` })
@Index('notifications_leased_idx', ['channel', 'leaseUntil'], { where: `status = 'sending'` })
@Index('notifications_external_ref_idx', ['channel', 'externalRef'], { where: 'external_ref IS NOT NULL' })
@Index('notifications_dead_idx', ['id'], { where: `status IN ('failed', 'ambiguous')` })
@Check(
  'notifications_status_check',
  `status IN ('scheduled', 'sending', 'sent', 'delivered', 'failed', 'ambiguous', 'skipped', 'withdrawn')`,
)
export class Notification {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  @ForeignKey('Alarm', 'id', { name: 'notifications_alarm_id_fkey', onDelete: 'CASCADE' })
  alarmId!: string;

  @Column('text')
  purpose!: Purpose;

  /** How many times the whole plan had been repeated before. */
  @Column('integer')
  round!: number;

  @Column('integer')
  stepNo!: number;

  @Column('text')
  targetId!: string;

  @Column('text')
  label!: string;

  @Column('text')
  channel!: ChannelKind;

  @Column('text')
  address!: string;

  @Column('jsonb')
  brief!: AlarmBrief;

  @Column('text', { nullable: true })
  requestId!: string | null;

  /** The `traceparent` of what planned it, where tracing was on. */
  @Column('text', { nullable: true })
  traceParent!: string | null;

  @Column('text')
  status!: NotificationStatus;

  @Column('integer')
  attempts!: number;

  /** Those made before somebody asked for it to be sent again. */
  @Column('integer', { default: 0 })
  attemptsBefore!: number;

  @Column('timestamptz')
  createdAt!: Date;

  /** When it may be claimed; moved on by each retry. */
  @Column('timestamptz')
  dueAt!: Date;

  /** Until when the worker that claimed it may be believed to be alive. */
  @Column('timestamptz', { nullable: true })
  leaseUntil!: Date | null;

  @Column('timestamptz', { nullable: true })
  finishedAt!: Date | null;

  /** When the alarm was answered, if that came first. A send under way is not called back, only not repeated. */
  @Column('timestamptz', { nullable: true })
  withdrawnAt!: Date | null;

  @Column('text', { nullable: true })
  externalRef!: string | null;

  /** Why it is not sent (yet), for a person. */
  @Column('text', { nullable: true })
  reason!: string | null;
}
