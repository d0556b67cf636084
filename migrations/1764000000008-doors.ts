import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the doors for programs need: keys that make a request safe to repeat, and alarms known by a fingerprint. */
export class Doors1764000000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- status, headers and body are null until the request has taken effect. body is JSON kept as text, so that
      -- it is answered again to the letter.
      CREATE TABLE idempotent_requests (
        caller      text NOT NULL,
        key         text NOT NULL,
        fingerprint text NOT NULL,
        claim       uuid NOT NULL,
        lease_until timestamptz NOT NULL,
        expires_at  timestamptz NOT NULL,
        status      integer,
        headers     jsonb,
        body        text,
        PRIMARY KEY (caller, key)
      );
      CREATE INDEX idempotent_requests_expires_at_idx ON idempotent_requests (expires_at);

      -- What an alarm is called where it comes from. While it is open there is no second one of that name.
      ALTER TABLE alarms ADD COLUMN fingerprint text;
      CREATE UNIQUE INDEX alarms_open_fingerprint_idx ON alarms (source, fingerprint)
        WHERE fingerprint IS NOT NULL AND status IN ('triggered', 'acknowledged') AND deleted_at IS NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE alarms DROP COLUMN fingerprint;
      DROP TABLE idempotent_requests;
    `);
  }
}
