import { Injectable } from '@nestjs/common';

import { Clock, duplicates, hashSecret, newId, type Tx, type Violation } from '#platform';

import { Persons, Rooms, Sites, type PersonData, type RoomData, type SiteData } from './registers.ts';

export interface DeviceData {
  id?: string;
  vendor?: string;
  model_family?: string | null;
  mac?: string | null;
  account_ext?: string | null;
  device_token: string;
  person_id?: string | null;
  room_id?: string | null;
  escalation_policy_id?: string | null;
}

export interface DirectoryData {
  sites: readonly SiteData[];
  rooms: readonly RoomData[];
  persons: readonly PersonData[];
  devices: readonly DeviceData[];
}

/**
 * By token, so that a device keeps its id, its history and its duplicate window. What is left out stays as
 * it is: an update must not, by omission, make a key that cannot raise an alarm.
 */
const UPSERT_DEVICE = `
  INSERT INTO devices AS d (id, vendor, model_family, mac, account_ext, token_hash, person_id, room_id,
                            escalation_policy_id, created_at, updated_at)
  VALUES ($1, COALESCE($2, 'yealink'), $3, $4, $5, $6, $7, $8, $9, $10, $10)
  ON CONFLICT (token_hash) DO UPDATE SET
    vendor = COALESCE($2, d.vendor), model_family = COALESCE($3, d.model_family), mac = COALESCE($4, d.mac),
    account_ext = COALESCE($5, d.account_ext), person_id = COALESCE($7, d.person_id),
    room_id = COALESCE($8, d.room_id), escalation_policy_id = COALESCE($9, d.escalation_policy_id),
    version = d.version + 1, updated_at = $10
  RETURNING id`;

/** Sites, rooms, persons and devices as an operator describes them. Existing ones are updated, none is deleted. */
@Injectable()
export class MasterData {
  constructor(
    private readonly clock: Clock,
    private readonly sites: Sites,
    private readonly rooms: Rooms,
    private readonly persons: Persons,
  ) {}

  /**
   * What is doubled, or refers to something neither brought along nor known. Empty: {@link save} will succeed.
   * @param policies the escalation policies that may be named.
   */
  async problems(tx: Tx, data: DirectoryData, policies: ReadonlySet<string>): Promise<Violation[]> {
    const sites = await known(
      this.sites.existing(
        tx,
        data.rooms.map((room) => room.site_id),
      ),
      data.sites,
    );
    const rooms = await known(
      this.rooms.existing(
        tx,
        data.devices.map((device) => device.room_id),
      ),
      data.rooms,
    );
    const persons = await known(
      this.persons.existing(
        tx,
        data.devices.map((device) => device.person_id),
      ),
      data.persons,
    );
    const violations = [
      ...duplicates(idsOf(data.sites), 'sites', 'id'),
      ...duplicates(idsOf(data.rooms), 'rooms', 'id'),
      ...duplicates(idsOf(data.persons), 'persons', 'id'),
      ...duplicates(idsOf(data.devices), 'devices', 'id'),
      ...duplicates(
        data.devices.map((device) => device.device_token),
        'devices',
        'device_token',
      ),
    ];
    const mustExist = (
      ids: ReadonlySet<string>,
      id: string | null | undefined,
      noun: string,
      pointer: string,
    ) => {
      if (typeof id === 'string' && !ids.has(id))
        violations.push({ pointer, detail: `unknown ${noun} "${id}"` });
    };
    data.rooms.forEach((room, i) => mustExist(sites, room.site_id, 'site', `/rooms/${i}/site_id`));
    data.devices.forEach((device, i) => {
      mustExist(persons, device.person_id, 'person', `/devices/${i}/person_id`);
      mustExist(rooms, device.room_id, 'room', `/devices/${i}/room_id`);
    });
    for (const list of ['sites', 'rooms', 'devices'] as const) {
      data[list].forEach(({ escalation_policy_id }, i) => {
        mustExist(policies, escalation_policy_id, 'policy', `/${list}/${i}/escalation_policy_id`);
      });
    }
    const owners = await this.tokensById(tx, data.devices);
    data.devices.forEach((device, i) => {
      const owner = device.id === undefined ? undefined : owners.get(device.id);
      if (owner !== undefined && owner !== hashSecret(device.device_token)) {
        violations.push({ pointer: `/devices/${i}/id`, detail: 'belongs to a device with another token' });
      }
    });
    return violations;
  }

  /** Writes everything in an order in which each reference is already there. */
  async save(tx: Tx, data: DirectoryData): Promise<void> {
    this.sites.save(tx, data.sites);
    this.rooms.save(tx, data.rooms);
    this.persons.save(tx, data.persons);
    for (const device of data.devices) await this.saveDevice(tx, device);
  }

  /** @returns the id of the device that has the token. */
  async saveDevice(tx: Tx, device: DeviceData): Promise<string> {
    const [row] = await tx.query<{ id: string }>(UPSERT_DEVICE, [
      device.id ?? newId(),
      device.vendor ?? null,
      device.model_family ?? null,
      device.mac ?? null,
      device.account_ext ?? null,
      hashSecret(device.device_token),
      device.person_id ?? null,
      device.room_id ?? null,
      device.escalation_policy_id ?? null,
      this.clock.now(),
    ]);
    if (row === undefined) throw new Error('The device upsert returned no row.');
    return row.id;
  }

  private async tokensById(tx: Tx, devices: readonly DeviceData[]): Promise<ReadonlyMap<string, string>> {
    const ids = devices.flatMap((device) => device.id ?? []);
    const rows = await tx.query<{ id: string; token_hash: string }>(
      'SELECT id, token_hash FROM devices WHERE id = ANY($1)',
      [ids],
    );
    return new Map(rows.map((row) => [row.id, row.token_hash]));
  }
}

const idsOf = (rows: readonly { id?: string }[]): (string | undefined)[] => rows.map((row) => row.id);

const known = async (
  existing: Promise<ReadonlySet<string>>,
  brought: readonly { id: string }[],
): Promise<ReadonlySet<string>> => new Set([...(await existing), ...brought.map((row) => row.id)]);
