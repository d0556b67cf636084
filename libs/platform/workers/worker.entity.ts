import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A worker that is, or lately was, at work. The table is unlogged: whoever lives says so again in a moment. */
@Entity('workers')
export class WorkerRow {
  /** Of the process, made at its start. */
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  version!: string;

  @Column('timestamptz')
  startedAt!: Date;

  @Column('timestamptz')
  seenAt!: Date;
}
