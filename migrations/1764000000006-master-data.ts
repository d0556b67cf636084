import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Master data that several people edit, keys that can be switched off, and a policy for each place. */
export class MasterData1764000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Counts what people changed, for If-Match. A press writes the row of its device as well and must not
      -- count, so neither updated_at nor xmin would do.
      ALTER TABLE sites               ADD COLUMN version integer NOT NULL DEFAULT 1;
      ALTER TABLE rooms               ADD COLUMN version integer NOT NULL DEFAULT 1;
      ALTER TABLE persons             ADD COLUMN version integer NOT NULL DEFAULT 1;
      ALTER TABLE devices             ADD COLUMN version integer NOT NULL DEFAULT 1;
      ALTER TABLE escalation_targets  ADD COLUMN version integer NOT NULL DEFAULT 1;
      ALTER TABLE escalation_policies ADD COLUMN version integer NOT NULL DEFAULT 1;

      ALTER TABLE devices ADD COLUMN enabled boolean NOT NULL DEFAULT true;

      -- The nearest one counts: the device's, else the room's, else the site's. No index: a policy is deleted
      -- so seldom that reading these small tables then costs less than keeping an index with every edit.
      ALTER TABLE sites   ADD COLUMN escalation_policy_id text
        CONSTRAINT sites_escalation_policy_id_fkey REFERENCES escalation_policies (id);
      ALTER TABLE rooms   ADD COLUMN escalation_policy_id text
        CONSTRAINT rooms_escalation_policy_id_fkey REFERENCES escalation_policies (id);
      ALTER TABLE devices ADD COLUMN escalation_policy_id text
        CONSTRAINT devices_escalation_policy_id_fkey REFERENCES escalation_policies (id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE devices DROP COLUMN escalation_policy_id, DROP COLUMN enabled, DROP COLUMN version;
      ALTER TABLE rooms   DROP COLUMN escalation_policy_id, DROP COLUMN version;
      ALTER TABLE sites   DROP COLUMN escalation_policy_id, DROP COLUMN version;
      ALTER TABLE persons DROP COLUMN version;
      ALTER TABLE escalation_targets  DROP COLUMN version;
      ALTER TABLE escalation_policies DROP COLUMN version;
    `);
  }
}
