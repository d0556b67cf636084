import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

import { ApiKey } from './api-key.entity.ts';

/** Somebody who is signed in. Who it is and what they may do is asked of their key each time. */
@Entity('sessions')
export class SessionRow {
  @PrimaryColumn('text')
  tokenHash!: string;

  /** Null for ADMIN_API_KEY. */
  @Column('uuid', { nullable: true })
  @ForeignKey(() => ApiKey, 'id', { name: 'sessions_api_key_id_fkey', onDelete: 'CASCADE' })
  apiKeyId!: string | null;

  /** What the person behind the key calls themselves. */
  @Column('text', { nullable: true })
  called!: string | null;

  @Column('timestamptz')
  createdAt!: Date;

  /** To the minute. */
  @Column('timestamptz')
  lastSeenAt!: Date;
}
