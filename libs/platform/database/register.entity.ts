import { Column, PrimaryColumn } from 'typeorm';

/** The columns that every table of a register has beside its own. */
export abstract class RegisterEntity {
  @PrimaryColumn('text')
  id!: string;

  /** Counts what people changed. */
  @Column('integer', { default: 1 })
  version!: number;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz')
  updatedAt!: Date;
}
