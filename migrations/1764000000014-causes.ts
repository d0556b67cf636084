import type { MigrationInterface, QueryRunner } from 'typeorm';

/** By which request something is to be done, kept with the row: whoever does it minutes later can still say so. */
export class Causes1764000000014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Nullable and without a default, so that no row is rewritten. trace_parent is a traceparent of W3C Trace
      -- Context; null where tracing is off.
      ALTER TABLE notifications ADD COLUMN trace_parent text;
      ALTER TABLE escalations ADD COLUMN request_id text, ADD COLUMN trace_parent text;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE escalations DROP COLUMN trace_parent, DROP COLUMN request_id;
      ALTER TABLE notifications DROP COLUMN trace_parent;
    `);
  }
}
