import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { Alarm } from './alarm.entity.ts';

/** What somebody wanted to have on record about an alarm. */
@Entity('alarm_notes')
@Index('alarm_notes_alarm_id_idx', ['alarmId', 'createdAt', 'id'])
export class AlarmNote {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  @ForeignKey(() => Alarm, 'id', { name: 'alarm_notes_alarm_id_fkey', onDelete: 'CASCADE' })
  alarmId!: string;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('text')
  createdBy!: string;

  @Column('text')
  note!: string;

  /** `comment`: written by a person. */
  @Column('text')
  noteType!: string;
}
