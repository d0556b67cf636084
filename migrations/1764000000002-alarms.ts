import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Alarms and their timeline. An alarm names device, person, room and site without a foreign key: it is
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
        created_at       timestamptz NOT NULL,
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
        meta             jsonb NOT NULL,
        CONSTRAINT alarms_status_check CHECK (status IN ('triggered', 'acknowledged', 'resolved', 'cancelled')),
        CONSTRAINT alarms_severity_check CHECK (severity IN ('P0', 'P1', 'P2', 'P3'))
      );
      CREATE INDEX alarms_created_at_idx ON alarms (created_at, id);
      -- The few that are open among the many that are not: the board and the gauge of active alarms.
      CREATE INDEX alarms_open_idx ON alarms (status, created_at, id)
        WHERE status IN ('triggered', 'acknowledged') AND deleted_at IS NULL;

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
    await runner.query('DROP TABLE alarm_events, alarms; DROP FUNCTION refuse_rewriting_history()');
  }
}
