import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When old versions of rows are cleared away. By default after a fifth of a table has changed: with a million alarms
 * that is half a million notifications, whose dead entries the search for what is due would have to step over.
 */
export class Vacuum1764000000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Changed two or three times within moments, and then never again.
      ALTER TABLE notifications SET
        (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000, autovacuum_analyze_scale_factor = 0.02);
      ALTER TABLE escalations SET
        (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000, autovacuum_analyze_scale_factor = 0.02);
      ALTER TABLE alarms SET
        (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000, autovacuum_analyze_scale_factor = 0.02);
      -- Only added to, and read at its end: index-only scans need to know which pages everybody can see.
      ALTER TABLE alarm_events SET
        (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_scale_factor = 0.02);
      -- One row for each phone, changed with every press.
      ALTER TABLE devices SET (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 200);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE devices RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);
      ALTER TABLE alarm_events RESET (autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_scale_factor);
      ALTER TABLE alarms RESET
        (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold, autovacuum_analyze_scale_factor);
      ALTER TABLE escalations RESET
        (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold, autovacuum_analyze_scale_factor);
      ALTER TABLE notifications RESET
        (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold, autovacuum_analyze_scale_factor);
    `);
  }
}
