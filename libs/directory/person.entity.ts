import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Whose desk the phone stands on. */
@Entity('persons')
export class Person {
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  displayName!: string;

  @Column('text', { nullable: true })
  role!: string | null;

  @Column('text', { nullable: true })
  phoneMobile!: string | null;

  @Column('text', { nullable: true })
  phoneExt!: string | null;

  @Column('boolean')
  active!: boolean;

  @Column('integer', { default: 1 })
  version!: number;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz')
  updatedAt!: Date;
}
