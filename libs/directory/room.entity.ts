import { Column, Entity, ForeignKey, Index } from 'typeorm';

import { RegisterEntity } from '#platform';

import { Site } from './site.entity.ts';

/** Where a responder has to go. */
@Entity('rooms')
@Index('rooms_site_id_idx', ['siteId'])
export class Room extends RegisterEntity {
  @Column('text')
  @ForeignKey(() => Site, 'id', { name: 'rooms_site_id_fkey' })
  siteId!: string;

  @Column('text')
  label!: string;

  @Column('text', { nullable: true })
  floor!: string | null;

  @Column('text', { nullable: true })
  notes!: string | null;

  /** Whom its alarms tell, unless something nearer says otherwise. */
  @Column('text', { nullable: true })
  @ForeignKey('EscalationPolicy', 'id', { name: 'rooms_escalation_policy_id_fkey' })
  escalationPolicyId!: string | null;
}
