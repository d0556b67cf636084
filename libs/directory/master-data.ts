import { Injectable } from '@nestjs/common';

import { Clock, duplicates, hashSecret, newId, type Tx, type Violation } from '#platform';

export interface SiteData {
  id: string;
  name: string;
}

export interface RoomData {
  id: string;
  site_id: string;
  label: string;
  floor?: string | null;
  notes?: string | null;
}

export interface PersonData {
  id: string;
  display_name: string;
  role?: string | null;
  phone_mobile?: string | null;
  phone_ext?: string | null;
  active?: boolean;
}

export interface DeviceData {
  id?: string;
  vendor?: string;
  model_family?: string | null;
  mac?: string | null;
  account_ext?: string | null;
  device_token: string;
  person_id?: string | null;
  room_id?: string | null;
}

export interface DirectoryData {
  sites: readonly SiteData[];
  rooms: readonly RoomData[];
  persons: readonly PersonData[];
  devices: readonly DeviceData[];
}

const UPSERT_SITES = `
  INSERT INTO sites (id, name, created_at, updated_at)
  SELECT id, name, $2, $2 FROM jsonb_to_recordset($1) AS d (id text, name text)
  ON CONFLICT (id) DO UPDATE SET name = excluded.name, updated_at = excluded.updated_at`;

const UPSERT_ROOMS = `
  INSERT INTO rooms (id, site_id, label, floor, notes, created_at, updated_at)
  SELECT id, site_id, label, floor, notes, $2, $2
  FROM jsonb_to_recordset($1) AS d (id text, site_id text, label text, floor text, notes text)
  ON CONFLICT (id) DO UPDATE SET site_id = excluded.site_id, label = excluded.label, floor = excluded.floor,
    notes = excluded.notes, updated_at = excluded.updated_at`;

const UPSERT_PERSONS = `
  INSERT INTO persons (id, display_name, role, phone_mobile, phone_ext, active, created_at, updated_at)
  SELECT id, display_name, role, phone_mobile, phone_ext, COALESCE(active, true), $2, $2
  FROM jsonb_to_recordset($1)
    AS d (id text, display_name text, role text, phone_mobile text, phone_ext text, active boolean)
  ON CONFLICT (id) DO UPDATE SET display_name = excluded.display_name, role = excluded.role,
    phone_mobile = excluded.phone_mobile, phone_ext = excluded.phone_ext, active = excluded.active,
    updated_at = excluded.updated_at`;

/**
 * By token, so that a device keeps its id, its history and its duplicate window. What is left out stays as
 * it is: an update must not, by omission, make a key that cannot raise an alarm.
 */
const UPSERT_DEVICE = `
  INSERT INTO devices AS d (id, vendor, model_family, mac, account_ext, token_hash, person_id, room_id,
                            created_at, updated_at)
  VALUES ($1, COALESCE($2, 'yealink'), $3, $4, $5, $6, $7, $8, $9, $9)
  ON CONFLICT (token_hash) DO UPDATE SET
    vendor = COALESCE($2, d.vendor), model_family = COALESCE($3, d.model_family), mac = COALESCE($4, d.mac),
    account_ext = COALESCE($5, d.account_ext), person_id = COALESCE($7, d.person_id),
    room_id = COALESCE($8, d.room_id), updated_at = $9
  RETURNING id`;

/** Sites, rooms, persons and devices as an operator describes them. Existing ones are updated, none is deleted. */
@Injectable()
export class MasterData {
  constructor(private readonly clock: Clock) {}

  /** What is doubled, or refers to something neither brought along nor known. Empty: {@link save} will succeed. */
  async problems(tx: Tx, data: DirectoryData): Promise<Violation[]> {
    const sites = await this.known(tx, 'sites', data.sites);
    const rooms = await this.known(tx, 'rooms', data.rooms);
    const persons = await this.known(tx, 'persons', data.persons);
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
    const now = this.clock.now();
    tx.send(UPSERT_SITES, [JSON.stringify(data.sites), now]);
    tx.send(UPSERT_ROOMS, [JSON.stringify(data.rooms), now]);
    tx.send(UPSERT_PERSONS, [JSON.stringify(data.persons), now]);
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
      this.clock.now(),
    ]);
    if (row === undefined) throw new Error('The device upsert returned no row.');
    return row.id;
  }

  private async known(
    tx: Tx,
    table: 'sites' | 'rooms' | 'persons',
    brought: readonly { id: string }[],
  ): Promise<ReadonlySet<string>> {
    const rows = await tx.query<{ id: string }>(`SELECT id FROM ${table}`);
    return new Set([...rows, ...brought].map((row) => row.id));
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
