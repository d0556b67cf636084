import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Policies as operators write them, and one clock per alarm with a frozen copy of its policy. */
export class Escalation1764000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- plan is the policy with its steps and targets in one piece, rewritten whenever one of them changes,
      -- so that a press copies it without joining anything.
      CREATE TABLE escalation_policies (
        id                   text PRIMARY KEY,
        name                 text NOT NULL,
        repeat_count         integer NOT NULL,
        repeat_after_seconds integer NOT NULL,
        plan                 jsonb NOT NULL,
        created_at           timestamptz NOT NULL,
        updated_at           timestamptz NOT NULL
      );

      CREATE TABLE escalation_targets (
        id         text PRIMARY KEY,
        label      text NOT NULL,
        channel    text NOT NULL,
        address    text NOT NULL,
        enabled    boolean NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL
      );

      CREATE TABLE escalation_steps (
        policy_id     text NOT NULL
          CONSTRAINT escalation_steps_policy_id_fkey REFERENCES escalation_policies (id) ON DELETE CASCADE,
        step_no       integer NOT NULL,
        target_id     text NOT NULL
          CONSTRAINT escalation_steps_target_id_fkey REFERENCES escalation_targets (id),
        after_seconds integer NOT NULL,
        PRIMARY KEY (policy_id, step_no, target_id)
      );
      CREATE INDEX escalation_steps_target_id_idx ON escalation_steps (target_id);

      -- next_step_at is null once the clock has ended, so the index below holds running clocks only.
      CREATE TABLE escalations (
        alarm_id     uuid PRIMARY KEY
          CONSTRAINT escalations_alarm_id_fkey REFERENCES alarms (id) ON DELETE CASCADE,
        plan         jsonb NOT NULL,
        brief        jsonb NOT NULL,
        round        integer NOT NULL,
        round_began  timestamptz NOT NULL,
        next_step    integer NOT NULL,
        next_step_at timestamptz,
        ended_at     timestamptz,
        ended_by     text
      ) WITH (fillfactor = 85);
      CREATE INDEX escalations_next_step_at_idx ON escalations (next_step_at) WHERE next_step_at IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE escalations, escalation_steps, escalation_targets, escalation_policies');
  }
}
