import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is to be sent, to whom and when, and every attempt that was made. */
export class Notifications1764000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The unique constraint is what makes planning a step twice impossible.
      CREATE TABLE notifications (
        id           uuid PRIMARY KEY,
        alarm_id     uuid NOT NULL
          CONSTRAINT notifications_alarm_id_fkey REFERENCES alarms (id) ON DELETE CASCADE,
        purpose      text NOT NULL,
        round        integer NOT NULL,
        step_no      integer NOT NULL,
        target_id    text NOT NULL,
        label        text NOT NULL,
        channel      text NOT NULL,
        address      text NOT NULL,
        brief        jsonb NOT NULL,
        request_id   text,
        status       text NOT NULL,
        attempts     integer NOT NULL,
        created_at   timestamptz NOT NULL,
        due_at       timestamptz NOT NULL,
        lease_until  timestamptz,
        finished_at  timestamptz,
        withdrawn_at timestamptz,
        external_ref text,
        reason       text,
        CONSTRAINT notifications_once_key UNIQUE (alarm_id, purpose, round, step_no, target_id),
        CONSTRAINT notifications_status_check
          CHECK (status IN ('scheduled', 'sending', 'sent', 'failed', 'ambiguous', 'skipped', 'withdrawn'))
      ) WITH (fillfactor = 80);
      CREATE INDEX notifications_due_idx ON notifications (channel, due_at) WHERE status = 'scheduled';
      CREATE INDEX notifications_leased_idx ON notifications (channel, lease_until) WHERE status = 'sending';

      CREATE TABLE notification_attempts (
        notification_id uuid NOT NULL
          CONSTRAINT notification_attempts_notification_id_fkey REFERENCES notifications (id) ON DELETE CASCADE,
        attempt         integer NOT NULL,
        started_at      timestamptz NOT NULL,
        finished_at     timestamptz NOT NULL,
        result          text NOT NULL,
        reason          text,
        PRIMARY KEY (notification_id, attempt)
      );

      -- Ephemeral by design, and shared: the worker writes what the api shows.
      CREATE UNLOGGED TABLE simulated_notifications (
        id      uuid PRIMARY KEY,
        channel text NOT NULL,
        at      timestamptz NOT NULL,
        payload jsonb NOT NULL,
        result  text NOT NULL,
        error   text
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE simulated_notifications, notification_attempts, notifications');
  }
}
