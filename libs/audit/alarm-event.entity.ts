import { Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';

/** One thing that happened to an alarm. */
@Entity('alarm_events')
@Index('alarm_events_alarm_id_idx', ['alarmId', 'seq'])
export class AlarmEvent {
  /** bigint, hence a string. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  seq!: string;

  @Column('uuid')
  @ForeignKey('Alarm', 'id', { name: 'alarm_events_alarm_id_fkey', onDelete: 'CASCADE' })
  alarmId!: string;

  @Column('timestamptz')
  at!: Date;

  @Column('text')
  type!: EventType;

  /** Who did it: a person's word, the name of a key, or null for the broker itself. */
  @Column('text', { nullable: true })
  actor!: string | null;

  @Column('text', { nullable: true })
  requestId!: string | null;

  @Column('jsonb')
  data!: Record<string, unknown>;
}

/** Everything that can stand on a timeline. */
export const EVENT_TYPES = [
  'alarm.triggered',
  'alarm.pressed-again',
  'alarm.acknowledged',
  'alarm.resolved',
  'alarm.cancelled',
  'alarm.noted',
  'alarm.edited',
  'alarm.deleted',
  'escalation.step-started',
  'escalation.repeated',
  'escalation.exhausted',
  'escalation.missing',
  'notification.sent',
  'notification.retrying',
  'notification.failed',
  'notification.ambiguous',
  'notification.skipped',
  'notification.withdrawn',
  'notification.delivered',
  'notification.resent',
  'escalation.hastened',
  'channel.down',
  'channel.up',
  'target.disabled',
  'ticket.opened',
  'responder.on-way',
  'responder.there',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];
