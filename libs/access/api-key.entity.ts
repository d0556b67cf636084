import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

import type { Role } from './principal.ts';

/** A key with a name and a role. The key itself was shown once, when it was made. */
@Entity('api_keys')
@Unique('api_keys_key_hash_key', ['keyHash'])
@Index('api_keys_name_idx', ['name'], { unique: true, where: 'revoked_at IS NULL' })
@Check('api_keys_role_check', `role IN ('viewer', 'responder', 'admin')`)
export class ApiKey {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  name!: string;

  @Column('text')
  role!: Role;

  @Column('text')
  keyHash!: string;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('text')
  createdBy!: string;

  /** To the minute. */
  @Column('timestamptz', { nullable: true })
  lastUsedAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  revokedAt!: Date | null;
}
