import { Column, Entity, ForeignKey } from 'typeorm';

import { RegisterEntity } from '#platform';

/** A campus, a hospital, a town hall: the outermost "where". */
@Entity('sites')
export class Site extends RegisterEntity {
  @Column('text')
  name!: string;

  /** Whom its alarms tell, unless something nearer says otherwise. */
  @Column('text', { nullable: true })
  @ForeignKey('EscalationPolicy', 'id', { name: 'sites_escalation_policy_id_fkey' })
  escalationPolicyId!: string | null;

  /** IANA name of the zone its people live by; null: `DEFAULT_TIME_ZONE`. */
  @Column('text', { nullable: true })
  timeZone!: string | null;
}
