import { Column, Entity } from 'typeorm';

import { RegisterEntity } from '#platform';
import type { ChannelKind } from '#notifications';

/** Somebody, or something, that can be told: a channel and an address there. */
@Entity('escalation_targets')
export class EscalationTarget extends RegisterEntity {
  @Column('text')
  label!: string;

  @Column('text')
  channel!: ChannelKind;

  @Column('text')
  address!: string;

  @Column('boolean')
  enabled!: boolean;
}
