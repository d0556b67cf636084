import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** A report of delivery that came before the record of the send it tells of. */
@Entity('early_reports')
@Check('early_reports_status_check', `status IN ('delivered', 'failed')`)
export class EarlyReport {
  @PrimaryColumn('text')
  channel!: string;

  @PrimaryColumn('text')
  externalRef!: string;

  @Column('text')
  status!: 'delivered' | 'failed';

  @Column('text', { nullable: true })
  reason!: string | null;

  @Column('timestamptz')
  reportedAt!: Date;
}
