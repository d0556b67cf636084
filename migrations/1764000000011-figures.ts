import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What figures for monitoring need that no table said yet: whom nobody knows of, and who is at work. */
export class Figures1764000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Unanswered alarms of which nobody has been told yet. In health a handful of rows that live for a moment, so
      -- that counting them, and finding the oldest, costs nothing however many alarms there are. Whoever removes the
      -- row is the first to have told somebody: of many at once, one.
      CREATE TABLE untold_alarms (
        alarm_id uuid PRIMARY KEY
          CONSTRAINT untold_alarms_alarm_id_fkey REFERENCES alarms (id) ON DELETE CASCADE,
        since    timestamptz NOT NULL
      );

      -- Signs of life, worth nothing after a crash.
      CREATE UNLOGGED TABLE workers (
        id         uuid PRIMARY KEY,
        version    text NOT NULL,
        started_at timestamptz NOT NULL,
        seen_at    timestamptz NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE workers, untold_alarms');
  }
}
