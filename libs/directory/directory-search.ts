import { Injectable } from '@nestjs/common';

import { Database } from '#platform';

/** The things a word may mean, by id. */
export interface Found {
  readonly siteIds: readonly string[];
  readonly roomIds: readonly string[];
  readonly personIds: readonly string[];
  readonly deviceIds: readonly string[];
}

/** A word that means more than that means nothing. */
const MOST = 500;

/** Looks for sites, rooms, persons and devices by a part of their name or id. */
@Injectable()
export class DirectorySearch {
  constructor(private readonly database: Database) {}

  async find(words: string): Promise<Found> {
    const pattern = `%${words.replace(/[\\%_]/g, '\\$&')}%`;
    const [found] = await this.database.query<Found>(
      `SELECT ARRAY(SELECT id FROM sites WHERE name ILIKE $1 OR id ILIKE $1 LIMIT ${MOST}) AS "siteIds",
              ARRAY(SELECT id FROM rooms WHERE label ILIKE $1 OR id ILIKE $1 LIMIT ${MOST}) AS "roomIds",
              ARRAY(SELECT id FROM persons WHERE display_name ILIKE $1 OR id ILIKE $1 LIMIT ${MOST}) AS "personIds",
              ARRAY(SELECT id FROM devices WHERE id ILIKE $1 OR account_ext ILIKE $1 LIMIT ${MOST}) AS "deviceIds"`,
      [pattern],
    );
    return found ?? { siteIds: [], roomIds: [], personIds: [], deviceIds: [] };
  }
}
