import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

export const ALARM_STATUSES = ['triggered', 'acknowledged', 'resolved', 'cancelled'] as const;
export type AlarmStatus = (typeof ALARM_STATUSES)[number];

export const SEVERITIES = ['P0', 'P1', 'P2', 'P3'] as const;
export type Severity = (typeof SEVERITIES)[number];

const NOT_DELETED = { where: 'deleted_at IS NULL' };

/** Somebody needs help. Names device, person, room and site as they were at the press. */
@Entity('alarms')
@Unique('alarms_ack_token_key', ['ackToken'])
@Index('alarms_created_at_idx', ['createdAt', 'id'], NOT_DELETED)
@Index('alarms_status_idx', ['status', 'createdAt', 'id'], NOT_DELETED)
@Index('alarms_severity_idx', ['severity', 'createdAt', 'id'], NOT_DELETED)
@Index('alarms_source_idx', ['source', 'createdAt', 'id'], NOT_DELETED)
@Index('alarms_site_id_idx', ['siteId', 'createdAt', 'id'], NOT_DELETED)
@Index('alarms_room_id_idx', ['roomId', 'createdAt', 'id'], NOT_DELETED)
@Index('alarms_person_id_idx', ['personId', 'createdAt', 'id'], NOT_DELETED)
@Index('alarms_device_id_idx', ['deviceId', 'createdAt', 'id'], NOT_DELETED)
@Index('alarms_deleted_at_idx', ['deletedAt', 'id'], { where: 'deleted_at IS NOT NULL' })
@Index('alarms_open_fingerprint_idx', ['source', 'fingerprint'], {
  unique: true,
  where: `fingerprint IS NOT NULL AND status IN ('triggered', 'acknowledged') AND deleted_at IS NULL`,
})
@Check('alarms_status_check', `status IN ('triggered', 'acknowledged', 'resolved', 'cancelled')`)
@Check('alarms_severity_check', `severity IN ('P0', 'P1', 'P2', 'P3')`)
export class Alarm {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  status!: AlarmStatus;

  /** The door it came in by. */
  @Column('text')
  source!: string;

  @Column('text')
  event!: string;

  @Column('text')
  severity!: Severity;

  /** Nothing at the place of the press may show that it was raised. */
  @Column('boolean')
  silent!: boolean;

  @Column({ type: 'timestamptz', precision: 3 })
  createdAt!: Date;

  @Column('text', { nullable: true })
  deviceId!: string | null;

  @Column('text', { nullable: true })
  personId!: string | null;

  @Column('text', { nullable: true })
  roomId!: string | null;

  @Column('text', { nullable: true })
  siteId!: string | null;

  @Column('integer', { nullable: true })
  zammadTicketId!: number | null;

  /** The secret part of the responder's link. */
  @Column('text')
  ackToken!: string;

  @Column('timestamptz', { nullable: true })
  ackedAt!: Date | null;

  @Column('text', { nullable: true })
  ackedBy!: string | null;

  @Column('timestamptz', { nullable: true })
  resolvedAt!: Date | null;

  @Column('text', { nullable: true })
  resolvedBy!: string | null;

  @Column('timestamptz', { nullable: true })
  cancelledAt!: Date | null;

  @Column('text', { nullable: true })
  cancelledBy!: string | null;

  @Column('timestamptz', { nullable: true })
  deletedAt!: Date | null;

  /** Counts the changes made by people. */
  @Column('integer', { default: 1 })
  version!: number;

  /** What it is called where it comes from; among open alarms of a source there is one of that name. */
  @Column('text', { nullable: true })
  fingerprint!: string | null;

  @Column('jsonb')
  meta!: Record<string, unknown>;
}
