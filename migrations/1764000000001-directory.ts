import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Master data: where alarms come from and whose they are. Keys are the operator's own words (`uni-north`),
 * because seed files and tickets refer to them.
 */
export class Directory1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sites (
        id         text PRIMARY KEY,
        name       text NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL
      );

      CREATE TABLE rooms (
        id         text PRIMARY KEY,
        site_id    text NOT NULL CONSTRAINT rooms_site_id_fkey REFERENCES sites (id),
        label      text NOT NULL,
        floor      text,
        notes      text,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL
      );
      CREATE INDEX rooms_site_id_idx ON rooms (site_id);

      CREATE TABLE persons (
        id           text PRIMARY KEY,
        display_name text NOT NULL,
        role         text,
        phone_mobile text,
        phone_ext    text,
        active       boolean NOT NULL,
        created_at   timestamptz NOT NULL,
        updated_at   timestamptz NOT NULL
      );

      -- The row of a device is also the point where presses meet: last_pressed_at, last_alarm_id and
      -- alarm_times change with every press, so the pages keep room to update in place (no index changes).
      CREATE TABLE devices (
        id              text PRIMARY KEY,
        vendor          text NOT NULL,
        model_family    text,
        mac             text,
        account_ext     text,
        token_hash      text NOT NULL CONSTRAINT devices_token_hash_key UNIQUE,
        person_id       text CONSTRAINT devices_person_id_fkey REFERENCES persons (id),
        room_id         text CONSTRAINT devices_room_id_fkey REFERENCES rooms (id),
        last_pressed_at timestamptz,
        last_alarm_id   uuid,
        alarm_times     timestamptz[] NOT NULL DEFAULT '{}',
        created_at      timestamptz NOT NULL,
        updated_at      timestamptz NOT NULL
      ) WITH (fillfactor = 70);
      CREATE INDEX devices_person_id_idx ON devices (person_id);
      CREATE INDEX devices_room_id_idx ON devices (room_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE devices, persons, rooms, sites');
  }
}
