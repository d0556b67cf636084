import { Column, Entity, PrimaryColumn } from 'typeorm';

import type { ChannelKind } from '#notifications';

/** What would have been sent. */
@Entity('simulated_notifications')
export class SimulatedNotification {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  channel!: ChannelKind;

  @Column('timestamptz')
  at!: Date;

  @Column('jsonb')
  payload!: Record<string, unknown>;

  @Column('text')
  result!: string;

  @Column('text', { nullable: true })
  error!: string | null;
}
