import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A request that was sent with an `Idempotency-Key`, and, once it has taken effect, its answer. */
@Entity('idempotent_requests')
@Index('idempotent_requests_expires_at_idx', ['expiresAt'])
export class IdempotentRequest {
  /** Whose key it is: two callers may use the same word. */
  @PrimaryColumn('text')
  caller!: string;

  @PrimaryColumn('text')
  key!: string;

  /** Digest of what was asked for. */
  @Column('text')
  fingerprint!: string;

  /** Which attempt is at work, or was. */
  @Column('uuid')
  claim!: string;

  /** How long that attempt is believed to be alive. */
  @Column('timestamptz')
  leaseUntil!: Date;

  @Column('timestamptz')
  expiresAt!: Date;

  /** Null until the request has taken effect. */
  @Column('integer', { nullable: true })
  status!: number | null;

  @Column('jsonb', { nullable: true })
  headers!: Record<string, string> | null;

  /** JSON to the letter: jsonb would put the fields into another order. */
  @Column('text', { nullable: true })
  body!: string | null;
}
