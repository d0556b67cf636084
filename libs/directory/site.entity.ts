import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A campus, a hospital, a town hall: the outermost "where". */
@Entity('sites')
export class Site {
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  name!: string;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz')
  updatedAt!: Date;
}
