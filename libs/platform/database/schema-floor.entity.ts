import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** What a process must know to work with this database. */
@Entity('schema_floor')
@Check('schema_floor_only_row_check', 'only_row')
export class SchemaFloorRow {
  @PrimaryColumn('boolean', { default: true })
  onlyRow!: boolean;

  /** Name of the migration. */
  @Column('text')
  migration!: string;

  @Column('timestamptz')
  raisedAt!: Date;
}
