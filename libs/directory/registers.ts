import { Injectable } from '@nestjs/common';

import { Clock, Database, ERASED, Register, type RegisterRow, type Tx } from '#platform';

export interface SiteData {
  id: string;
  name: string;
  /** IANA name; without it messages show times in `DEFAULT_TIME_ZONE`. */
  time_zone?: string | null;
  escalation_policy_id?: string | null;
}

/** A site as it is shown. */
export type SiteRow = RegisterRow & Required<SiteData>;

export interface RoomData {
  id: string;
  site_id: string;
  label: string;
  floor?: string | null;
  notes?: string | null;
  escalation_policy_id?: string | null;
}

/** A room as it is shown. */
export type RoomRow = RegisterRow & Required<RoomData>;

export interface PersonData {
  id: string;
  display_name: string;
  role?: string | null;
  phone_mobile?: string | null;
  phone_ext?: string | null;
  active?: boolean;
}

/** A person as it is shown. */
export type PersonRow = RegisterRow & Required<PersonData>;

/** The outermost places. */
@Injectable()
export class Sites extends Register<SiteRow, Omit<SiteData, 'id'>> {
  constructor(database: Database, clock: Clock) {
    super(database, clock, {
      noun: 'site',
      table: 'sites',
      columns: { name: null, time_zone: null, escalation_policy_id: null },
      users: [{ noun: 'room', table: 'rooms', column: 'site_id' }],
    });
  }
}

/** Where responders have to go. */
@Injectable()
export class Rooms extends Register<RoomRow, Omit<RoomData, 'id'>> {
  constructor(database: Database, clock: Clock) {
    super(database, clock, {
      noun: 'room',
      table: 'rooms',
      columns: { site_id: null, label: null, floor: null, notes: null, escalation_policy_id: null },
      users: [{ noun: 'device', table: 'devices', column: 'room_id' }],
    });
  }
}

/** Whose alarms these are. */
@Injectable()
export class Persons extends Register<PersonRow, Omit<PersonData, 'id'>> {
  constructor(database: Database, clock: Clock) {
    super(database, clock, {
      noun: 'person',
      table: 'persons',
      columns: { display_name: null, role: null, phone_mobile: null, phone_ext: null, active: true },
      users: [{ noun: 'device', table: 'devices', column: 'person_id' }],
    });
  }

  /**
   * Forgets who somebody is; the id stays, because history refers to it. @returns the person as known until now.
   * @throws BrokerError `person.unknown`, or `person.in-use` while a key would raise alarms in their name.
   */
  async erase(tx: Tx, id: string): Promise<PersonRow> {
    const person = await this.hold(tx, id);
    await this.requireUnused(tx, id);
    this.save(tx, [{ id, display_name: ERASED, active: false }]);
    return person;
  }
}
