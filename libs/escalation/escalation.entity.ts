import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import type { AlarmBrief } from '#notifications';

import type { Plan } from './plan.ts';

/** The clock beside an alarm. */
@Entity('escalations')
@Index('escalations_next_step_at_idx', ['nextStepAt'], { where: 'next_step_at IS NOT NULL' })
export class Escalation {
  @PrimaryColumn('uuid')
  @ForeignKey('Alarm', 'id', { name: 'escalations_alarm_id_fkey', onDelete: 'CASCADE' })
  alarmId!: string;

  /** The policy as it stood at the press. */
  @Column('jsonb')
  plan!: Plan;

  @Column('jsonb')
  brief!: AlarmBrief;

  @Column('integer')
  round!: number;

  @Column('timestamptz')
  roundBegan!: Date;

  @Column('integer')
  nextStep!: number;

  @Column('timestamptz', { nullable: true })
  nextStepAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  endedAt!: Date | null;

  @Column('text', { nullable: true })
  endedBy!: string | null;

  /** Of the request that raised the alarm. */
  @Column('text', { nullable: true })
  requestId!: string | null;

  /** The `traceparent` of the press, where tracing was on. */
  @Column('text', { nullable: true })
  traceParent!: string | null;
}
