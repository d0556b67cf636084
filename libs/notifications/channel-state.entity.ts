import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How a channel is doing, as all workers know it. */
@Entity('channel_states')
export class ChannelStateRow {
  @PrimaryColumn('text')
  channel!: string;

  @Column('boolean')
  isDown!: boolean;

  /** Of being up, or down. */
  @Column('timestamptz')
  since!: Date;

  /** In a row. */
  @Column('integer')
  failures!: number;

  @Column('text', { nullable: true })
  lastError!: string | null;

  /** When the other side was last asked. */
  @Column('timestamptz', { nullable: true })
  checkedAt!: Date | null;

  /** What the other side finds wrong with the configuration. */
  @Column('jsonb', { default: [] })
  findings!: string[];
}
