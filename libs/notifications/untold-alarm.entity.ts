import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** An unanswered alarm of which nobody has been told yet. */
@Entity('untold_alarms')
export class UntoldAlarm {
  @PrimaryColumn('uuid')
  @ForeignKey('Alarm', 'id', { name: 'untold_alarms_alarm_id_fkey', onDelete: 'CASCADE' })
  alarmId!: string;

  @Column('timestamptz')
  since!: Date;
}
