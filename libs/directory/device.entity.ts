import { Column, Entity, ForeignKey, Index, Unique } from 'typeorm';

import { RegisterEntity } from '#platform';

import { Person } from './person.entity.ts';
import { Room } from './room.entity.ts';

/** A phone or button with an alarm key. Its token is known here by its hash only. */
@Entity('devices')
@Unique('devices_token_hash_key', ['tokenHash'])
@Index('devices_person_id_idx', ['personId'])
@Index('devices_room_id_idx', ['roomId'])
export class Device extends RegisterEntity {
  @Column('text')
  vendor!: string;

  @Column('text', { nullable: true })
  modelFamily!: string | null;

  @Column('text', { nullable: true })
  mac!: string | null;

  @Column('text', { nullable: true })
  accountExt!: string | null;

  @Column('text')
  tokenHash!: string;

  @Column('text', { nullable: true })
  @ForeignKey(() => Person, 'id', { name: 'devices_person_id_fkey' })
  personId!: string | null;

  @Column('text', { nullable: true })
  @ForeignKey(() => Room, 'id', { name: 'devices_room_id_fkey' })
  roomId!: string | null;

  /** The last press of its key, whatever came of it. */
  @Column('timestamptz', { nullable: true })
  lastPressedAt!: Date | null;

  /** The alarm that further presses belong to while the duplicate window lasts; null once it is closed. */
  @Column('uuid', { nullable: true })
  lastAlarmId!: string | null;

  /** Whether that alarm is an exercise. */
  @Column('boolean', { default: false })
  lastWasDrill!: boolean;

  /** When its recent alarms began, for the rate limit. */
  @Column('timestamptz', { array: true, default: [] })
  alarmTimes!: Date[];

  /** Whom its alarms tell, unless something nearer says otherwise. */
  @Column('text', { nullable: true })
  @ForeignKey('EscalationPolicy', 'id', { name: 'devices_escalation_policy_id_fkey' })
  escalationPolicyId!: string | null;

  /** A key that is switched off raises nothing. */
  @Column('boolean', { default: true })
  enabled!: boolean;
}
