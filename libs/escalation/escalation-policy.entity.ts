import { Column, Entity, PrimaryColumn } from 'typeorm';

import type { Plan } from './plan.ts';

/** Who is told, in which order, how long after the press. */
@Entity('escalation_policies')
export class EscalationPolicy {
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  name!: string;

  @Column('integer')
  repeatCount!: number;

  @Column('integer')
  repeatAfterSeconds!: number;

  /** The policy with its steps and targets, as the next press will freeze it. */
  @Column('jsonb')
  plan!: Plan;

  @Column('integer', { default: 1 })
  version!: number;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz')
  updatedAt!: Date;
}
