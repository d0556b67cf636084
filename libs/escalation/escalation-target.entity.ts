import { Column, Entity, PrimaryColumn } from 'typeorm';

import type { ChannelKind } from '#notifications';

/** Somebody, or something, that can be told: a channel and an address there. */
@Entity('escalation_targets')
export class EscalationTarget {
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  label!: string;

  @Column('text')
  channel!: ChannelKind;

  @Column('text')
  address!: string;

  @Column('boolean')
  enabled!: boolean;

  @Column('integer', { default: 1 })
  version!: number;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz')
  updatedAt!: Date;
}
