import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { EscalationPolicy } from './escalation-policy.entity.ts';
import { EscalationTarget } from './escalation-target.entity.ts';

/** One target of one step of a policy. */
@Entity('escalation_steps')
@Index('escalation_steps_target_id_idx', ['targetId'])
export class EscalationStep {
  @PrimaryColumn('text')
  @ForeignKey(() => EscalationPolicy, 'id', { name: 'escalation_steps_policy_id_fkey', onDelete: 'CASCADE' })
  policyId!: string;

  @PrimaryColumn('integer')
  stepNo!: number;

  @PrimaryColumn('text')
  @ForeignKey(() => EscalationTarget, 'id', { name: 'escalation_steps_target_id_fkey' })
  targetId!: string;

  /** Counted from the press, the same for all targets of a step. */
  @Column('integer')
  afterSeconds!: number;
}
