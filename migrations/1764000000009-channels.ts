import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What channels need beyond sending: reports of delivery, their own health, a second chance for what failed. */
export class Channels1764000000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- delivered: the other side has reported that the message reached its receiver.
      ALTER TABLE notifications
        DROP CONSTRAINT notifications_status_check,
        ADD CONSTRAINT notifications_status_check CHECK (status IN
          ('scheduled', 'sending', 'sent', 'delivered', 'failed', 'ambiguous', 'skipped', 'withdrawn')),
        -- Attempts made before somebody asked for it to be sent again; they do not count against its retries.
        ADD COLUMN attempts_before integer NOT NULL DEFAULT 0;
      -- Reports of delivery name a message as the other side calls it.
      CREATE INDEX notifications_external_ref_idx ON notifications (channel, external_ref)
        WHERE external_ref IS NOT NULL;
      -- The dead letters: what failed for good, the latest first.
      CREATE INDEX notifications_dead_idx ON notifications (id) WHERE status IN ('failed', 'ambiguous');

      -- Reports that were faster than the record of the send they tell of. Kept for a day.
      CREATE TABLE early_reports (
        channel      text NOT NULL,
        external_ref text NOT NULL,
        status       text NOT NULL,
        reason       text,
        reported_at  timestamptz NOT NULL,
        PRIMARY KEY (channel, external_ref),
        CONSTRAINT early_reports_status_check CHECK (status IN ('delivered', 'failed'))
      );

      -- How each channel is doing, shared by all workers. No row: nothing is known against it.
      CREATE TABLE channel_states (
        channel    text PRIMARY KEY,
        is_down    boolean NOT NULL,
        since      timestamptz NOT NULL,
        failures   integer NOT NULL,
        last_error text,
        checked_at timestamptz,
        findings   jsonb NOT NULL DEFAULT '[]'
      );

      -- IANA name; null: DEFAULT_TIME_ZONE.
      ALTER TABLE sites ADD COLUMN time_zone text;

      -- A press in earnest soon after a drill is an alarm of its own.
      ALTER TABLE devices ADD COLUMN last_was_drill boolean NOT NULL DEFAULT false;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE devices DROP COLUMN last_was_drill;
      ALTER TABLE sites DROP COLUMN time_zone;
      DROP TABLE channel_states, early_reports;
      DROP INDEX notifications_dead_idx, notifications_external_ref_idx;
      UPDATE notifications SET status = 'sent' WHERE status = 'delivered';
      ALTER TABLE notifications
        DROP COLUMN attempts_before,
        DROP CONSTRAINT notifications_status_check,
        ADD CONSTRAINT notifications_status_check CHECK (status IN
          ('scheduled', 'sending', 'sent', 'failed', 'ambiguous', 'skipped', 'withdrawn'));
    `);
  }
}
