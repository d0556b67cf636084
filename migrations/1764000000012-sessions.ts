import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who is signed in at the console. Known by a hash that nobody can make who has only this table. */
export class Sessions1764000000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sessions (
        token_hash   text PRIMARY KEY,
        -- Null: ADMIN_API_KEY.
        api_key_id   uuid CONSTRAINT sessions_api_key_id_fkey REFERENCES api_keys (id) ON DELETE CASCADE,
        called       text,
        created_at   timestamptz NOT NULL,
        last_seen_at timestamptz NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sessions');
  }
}
