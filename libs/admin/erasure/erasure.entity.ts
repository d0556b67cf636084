import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A person whose name is being taken out of everything that was written, or has been. */
@Entity('erasures')
@Index('erasures_open_idx', ['lookAgain'], { where: 'finished_at IS NULL' })
export class Erasure {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  personId!: string;

  @Column('timestamptz')
  requestedAt!: Date;

  /** The name of the key it was asked for with. */
  @Column('text')
  requestedBy!: string;

  /** What is looked for; null once it stands nowhere any more. */
  @Column('jsonb', { nullable: true })
  words!: string[] | null;

  /** The table in which the walk goes on; null before its beginning. */
  @Column('text', { nullable: true })
  tableName!: string | null;

  /** Key of the row after which it goes on there. */
  @Column('text', { nullable: true })
  afterRow!: string | null;

  @Column('integer', { default: 0 })
  rowsChanged!: number;

  /** Rows of this walk that are still needed as they are, because something is yet to be sent. */
  @Column('integer', { default: 0 })
  rowsLeft!: number;

  /** When a walk that had to leave rows is repeated; null while one is under way. */
  @Column('timestamptz', { nullable: true })
  lookAgain!: Date | null;

  @Column('timestamptz', { nullable: true })
  finishedAt!: Date | null;
}
