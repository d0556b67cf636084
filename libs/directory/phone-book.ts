import { Injectable } from '@nestjs/common';

import { Database, statement } from '#platform';

/** People write numbers to be read, `+49 (0)170 1234-567`; they are compared as they are dialled from abroad. */
const FIND = statement(
  'persons.by-mobile',
  `SELECT display_name AS name FROM persons
   WHERE active AND phone_mobile IS NOT NULL
     AND regexp_replace(regexp_replace(replace(phone_mobile, '(0)', ''), '[^0-9+]', '', 'g'), '^00', '+') = $1
   LIMIT 2`,
);

/** Whose phone it is. */
@Injectable()
export class PhoneBook {
  constructor(private readonly database: Database) {}

  /**
   * The name of the one person with this mobile number.
   * @param number as in +491701234567.
   * @returns nothing when nobody has it, or several do.
   */
  async nameOf(number: string): Promise<string | undefined> {
    const [person, another] = await this.database.query<{ name: string }>(FIND, [number]);
    return another === undefined ? person?.name : undefined;
  }
}
