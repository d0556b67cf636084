import { Injectable } from '@nestjs/common';

import { statement, type Tx } from '#platform';

/** Whom an alarm is about and where, with the words a message needs. What is not known is null. */
export interface Place {
  readonly personId: string | null;
  readonly person: string | null;
  readonly role: string | null;
  readonly roomId: string | null;
  readonly room: string | null;
  readonly floor: string | null;
  readonly siteId: string | null;
  readonly site: string | null;
  /** IANA name of the zone the site lives by. */
  readonly timeZone: string | null;
}

/** A room says which site it is; the site asked for counts where there is no room. */
const FIND = statement(
  'places.find',
  `SELECT p.id AS "personId", p.display_name AS person, p.role,
          r.id AS "roomId", r.label AS room, r.floor,
          s.id AS "siteId", s.name AS site, s.time_zone AS "timeZone"
   FROM (SELECT) AS one
   LEFT JOIN persons p ON p.id = $1
   LEFT JOIN rooms r ON r.id = $2
   LEFT JOIN sites s ON s.id = COALESCE(r.site_id, $3)`,
);

const NOWHERE: Place = {
  personId: null,
  person: null,
  role: null,
  roomId: null,
  room: null,
  floor: null,
  siteId: null,
  site: null,
  timeZone: null,
};

/** Persons, rooms and sites, for alarms that no device raised. */
@Injectable()
export class Places {
  /** Looks up what these ids stand for; an id nobody knows gives null. */
  async find(
    tx: Tx,
    ids: { personId: string | null; roomId: string | null; siteId: string | null },
  ): Promise<Place> {
    const [place] = await tx.query<Place>(FIND, [ids.personId, ids.roomId, ids.siteId]);
    return place ?? NOWHERE;
  }
}
