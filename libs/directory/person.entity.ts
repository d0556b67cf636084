import { Column, Entity } from 'typeorm';

import { RegisterEntity } from '#platform';

/** Whose desk the phone stands on. */
@Entity('persons')
export class Person extends RegisterEntity {
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
}
