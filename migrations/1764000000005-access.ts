import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Named keys beside ADMIN_API_KEY, so that the timeline can say who did what. Known by their hash only. */
export class Access1764000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE api_keys (
        id           uuid PRIMARY KEY,
        name         text NOT NULL,
        role         text NOT NULL,
        key_hash     text NOT NULL CONSTRAINT api_keys_key_hash_key UNIQUE,
        created_at   timestamptz NOT NULL,
        created_by   text NOT NULL,
        last_used_at timestamptz,
        revoked_at   timestamptz,
        CONSTRAINT api_keys_role_check CHECK (role IN ('viewer', 'responder', 'admin'))
      );
      -- A name is free again once its key is revoked, and the old row stays for the audit.
      CREATE UNIQUE INDEX api_keys_name_idx ON api_keys (name) WHERE revoked_at IS NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE api_keys');
  }
}
