import { Column, Entity } from 'typeorm';

import { RegisterEntity } from '#platform';
import type { Plan } from './plan.ts';

/** Who is told, in which order, how long after the press. */
@Entity('escalation_policies')
export class EscalationPolicy extends RegisterEntity {
  @Column('text')
  name!: string;

  @Column('integer')
  repeatCount!: number;

  @Column('integer')
  repeatAfterSeconds!: number;

  /** The policy with its steps and targets, as the next press will freeze it. */
  @Column('jsonb')
  plan!: Plan;
}
