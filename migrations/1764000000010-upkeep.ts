import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What upgrades, retention and the erasure of persons need. */
export class Upkeep1764000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The migration a process must know to work here; no row: every process may. One row at most.
      CREATE TABLE schema_floor (
        only_row  boolean PRIMARY KEY DEFAULT true CONSTRAINT schema_floor_only_row_check CHECK (only_row),
        migration text NOT NULL,
        raised_at timestamptz NOT NULL
      );

      -- words is what is looked for, kept until it is found nowhere any more. The position is where the walk
      -- through a table goes on: after this row.
      CREATE TABLE erasures (
        id           uuid PRIMARY KEY,
        person_id    text NOT NULL,
        requested_at timestamptz NOT NULL,
        requested_by text NOT NULL,
        words        jsonb,
        table_name   text,
        after_row    text,
        rows_changed integer NOT NULL DEFAULT 0,
        rows_left    integer NOT NULL DEFAULT 0,
        look_again   timestamptz,
        finished_at  timestamptz
      );
      CREATE INDEX erasures_open_idx ON erasures (look_again) WHERE finished_at IS NULL;

      -- Retention removes them by the time they were deleted; there are few, and no other index has them.
      CREATE INDEX alarms_deleted_at_idx ON alarms (deleted_at, id) WHERE deleted_at IS NOT NULL;

      -- Removing a row was left open until there was something that removes whole alarms. Now there is one door for
      -- that and one for taking out what names a person, each for the length of a transaction that says so.
      -- Whatever happened, when, to which alarm and by whose request stays as it was written in either case.
      DROP TRIGGER alarm_events_append_only ON alarm_events;
      CREATE OR REPLACE FUNCTION refuse_rewriting_history() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF current_setting('alarm_broker.history', true) IS DISTINCT FROM TG_ARGV[0] THEN
          RAISE EXCEPTION 'alarm_events is append-only';
        END IF;
        RETURN NULL;
      END $$;
      CREATE FUNCTION refuse_changing_facts() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'alarm_events is append-only: only actor and data can be erased';
      END $$;
      CREATE TRIGGER alarm_events_no_update BEFORE UPDATE ON alarm_events
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting_history('erasure');
      CREATE TRIGGER alarm_events_no_delete BEFORE DELETE ON alarm_events
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting_history('removal');
      CREATE TRIGGER alarm_events_facts BEFORE UPDATE ON alarm_events FOR EACH ROW
        WHEN ((OLD.seq, OLD.alarm_id, OLD.at, OLD.type, OLD.request_id)
              IS DISTINCT FROM (NEW.seq, NEW.alarm_id, NEW.at, NEW.type, NEW.request_id))
        EXECUTE FUNCTION refuse_changing_facts();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER alarm_events_facts ON alarm_events;
      DROP TRIGGER alarm_events_no_delete ON alarm_events;
      DROP TRIGGER alarm_events_no_update ON alarm_events;
      DROP FUNCTION refuse_changing_facts();
      CREATE OR REPLACE FUNCTION refuse_rewriting_history() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'alarm_events is append-only';
      END $$;
      CREATE TRIGGER alarm_events_append_only BEFORE UPDATE ON alarm_events
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting_history();
      DROP INDEX alarms_deleted_at_idx;
      DROP TABLE erasures, schema_floor;
    `);
  }
}
