import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Alarms, their notes and their timeline. An alarm names device, person, room and site without a foreign key: it is
 * history, and history must not stop anybody from changing the directory, nor change with it.
 */
export class Alarms1764000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE alarms (
        id               uuid PRIMARY KEY,
        status           text NOT NULL,
        source           text NOT NULL,
        event            text NOT NULL,
        severity         text NOT NULL,
        silent           boolean NOT NULL,
        -- To the millisecond, which is what clients and cursors can tell apart.
        created_at       timestamptz(3) NOT NULL,
        device_id        text,
        person_id        text,
        room_id          text,
        site_id          text,
        zammad_ticket_id integer,
        ack_token        text NOT NULL CONSTRAINT alarms_ack_token_key UNIQUE,
        acked_at         timestamptz,
        acked_by         text,
        resolved_at      timestamptz,
        resolved_by      text,
        cancelled_at     timestamptz,
        cancelled_by     text,
        deleted_at       timestamptz,
        -- Counts the changes made by people, for If-Match.
        version          integer NOT NULL DEFAULT 1,
        meta             jsonb NOT NULL,
        CONSTRAINT alarms_status_check CHECK (status IN ('triggered', 'acknowledged', 'resolved', 'cancelled')),
        CONSTRAINT alarms_severity_check CHECK (severity IN ('P0', 'P1', 'P2', 'P3'))
      );
      -- One for each way the list can be filtered, in the order in which it is shown. Deleted alarms are in none
      -- of them; the one by status also counts the open alarms for the gauge without touching the table.
      CREATE INDEX alarms_created_at_idx ON alarms (created_at, id) WHERE deleted_at IS NULL;
      CREATE INDEX alarms_status_idx ON alarms (status, created_at, id) WHERE deleted_at IS NULL;
      CREATE INDEX alarms_severity_idx ON alarms (severity, created_at, id) WHERE deleted_at IS NULL;
      CREATE INDEX alarms_source_idx ON alarms (source, created_at, id) WHERE deleted_at IS NULL;
      CREATE INDEX alarms_site_id_idx ON alarms (site_id, created_at, id) WHERE deleted_at IS NULL;
      CREATE INDEX alarms_room_id_idx ON alarms (room_id, created_at, id) WHERE deleted_at IS NULL;
      CREATE INDEX alarms_person_id_idx ON alarms (person_id, created_at, id) WHERE deleted_at IS NULL;
      CREATE INDEX alarms_device_id_idx ON alarms (device_id, created_at, id) WHERE deleted_at IS NULL;

      -- A log is ordered by a sequence, not by the clocks of several processes.
      CREATE TABLE alarm_events (
        seq        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        alarm_id   uuid NOT NULL CONSTRAINT alarm_events_alarm_id_fkey REFERENCES alarms (id) ON DELETE CASCADE,
        at         timestamptz NOT NULL,
        type       text NOT NULL,
        actor      text,
        request_id text,
        data       jsonb NOT NULL
      );
      CREATE INDEX alarm_events_alarm_id_idx ON alarm_events (alarm_id, seq);

      CREATE TABLE alarm_notes (
        id         uuid PRIMARY KEY,
        alarm_id   uuid NOT NULL CONSTRAINT alarm_notes_alarm_id_fkey REFERENCES alarms (id) ON DELETE CASCADE,
        created_at timestamptz NOT NULL,
        created_by text NOT NULL,
        note       text NOT NULL,
        note_type  text NOT NULL
      );
      CREATE INDEX alarm_notes_alarm_id_idx ON alarm_notes (alarm_id, created_at, id);

      -- Append-only, also for somebody who writes SQL by hand. Retention deletes whole alarms.
      CREATE FUNCTION refuse_rewriting_history() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'alarm_events is append-only';
      END $$;
      CREATE TRIGGER alarm_events_append_only BEFORE UPDATE ON alarm_events
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting_history();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE alarm_notes, alarm_events, alarms; DROP FUNCTION refuse_rewriting_history()',
    );
  }
}
