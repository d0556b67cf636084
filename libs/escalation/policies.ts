import { Injectable } from '@nestjs/common';

import type { ChannelKind } from '#notifications';
import { Clock, duplicates, statement, type Tx, type Violation } from '#platform';

import type { Plan } from './plan.ts';

export interface TargetData {
  id: string;
  label: string;
  channel: ChannelKind;
  address: string;
  enabled?: boolean;
}

export interface StepData {
  policy_id: string;
  step_no: number;
  after_seconds: number;
  target_ids: readonly string[];
}

export interface PolicyHead {
  id: string;
  name: string;
  repeat_count?: number;
  repeat_after_seconds?: number;
}

/** Policies as an operator describes them. */
export interface PolicyData {
  policies: readonly PolicyHead[];
  targets: readonly TargetData[];
  steps: readonly StepData[];
}

const DEFAULT_REPEAT_AFTER_SECONDS = 60;

/** The policy named `default`, else the oldest one. */
const CURRENT_PLAN = statement(
  'policies.current',
  `SELECT plan FROM escalation_policies ORDER BY id = 'default' DESC, created_at, id LIMIT 1`,
);

const UPSERT_POLICIES = `
  INSERT INTO escalation_policies (id, name, repeat_count, repeat_after_seconds, plan, created_at, updated_at)
  SELECT id, name, COALESCE(repeat_count, 0), COALESCE(repeat_after_seconds, $3), '{}', $2, $2
  FROM jsonb_to_recordset($1) AS d (id text, name text, repeat_count integer, repeat_after_seconds integer)
  ON CONFLICT (id) DO UPDATE SET name = excluded.name, repeat_count = excluded.repeat_count,
    repeat_after_seconds = excluded.repeat_after_seconds, updated_at = excluded.updated_at`;

const UPSERT_TARGETS = `
  INSERT INTO escalation_targets (id, label, channel, address, enabled, created_at, updated_at)
  SELECT id, label, channel, address, COALESCE(enabled, true), $2, $2
  FROM jsonb_to_recordset($1) AS d (id text, label text, channel text, address text, enabled boolean)
  ON CONFLICT (id) DO UPDATE SET label = excluded.label, channel = excluded.channel, address = excluded.address,
    enabled = excluded.enabled, updated_at = excluded.updated_at`;

const INSERT_STEPS = `
  INSERT INTO escalation_steps (policy_id, step_no, after_seconds, target_id)
  SELECT d.policy_id, d.step_no, d.after_seconds, t.target_id
  FROM jsonb_to_recordset($1) AS d (policy_id text, step_no integer, after_seconds integer, target_ids jsonb),
       jsonb_array_elements_text(d.target_ids) AS t (target_id)`;

/** Puts each policy into one piece. All of them, because a target may belong to several. */
const COMPILE = `
  UPDATE escalation_policies p
  SET plan = jsonb_build_object(
    'policy', jsonb_build_object('id', p.id, 'name', p.name),
    'repeat', jsonb_build_object('count', p.repeat_count, 'afterSeconds', p.repeat_after_seconds),
    'steps', COALESCE((
      SELECT jsonb_agg(step ORDER BY after_seconds, step_no)
      FROM (SELECT s.step_no, s.after_seconds,
                   jsonb_build_object('stepNo', s.step_no, 'afterSeconds', s.after_seconds, 'targets',
                     jsonb_agg(jsonb_build_object('id', t.id, 'label', t.label, 'channel', t.channel,
                                                  'address', t.address, 'enabled', t.enabled) ORDER BY t.id)) AS step
            FROM escalation_steps s JOIN escalation_targets t ON t.id = s.target_id
            WHERE s.policy_id = p.id
            GROUP BY s.step_no, s.after_seconds) steps), '[]'))`;

/** Escalation policies: written whole, read as the plan the next alarm will follow. */
@Injectable()
export class Policies {
  constructor(private readonly clock: Clock) {}

  /** The plan of the policy in force; nothing when there is no policy at all. */
  async currentPlan(tx: Tx): Promise<Plan | undefined> {
    const [row] = await tx.query<{ plan: Plan }>(CURRENT_PLAN);
    return row?.plan;
  }

  /** What is doubled, or refers to something neither brought along nor known. Empty: {@link save} will succeed. */
  async problems(tx: Tx, data: PolicyData): Promise<Violation[]> {
    const policies = await known(tx, 'escalation_policies', data.policies);
    const targets = await known(tx, 'escalation_targets', data.targets);
    const places = new Map<string, number>();
    const doubled = duplicates(
      data.targets.map((target) => target.id),
      'targets',
      'id',
    );
    const wrong = data.steps.flatMap((step, i) => {
      const pointer = `/steps/${i}`;
      const violations: Violation[] = [];
      if (!policies.has(step.policy_id)) {
        violations.push({ pointer: `${pointer}/policy_id`, detail: `unknown policy "${step.policy_id}"` });
      }
      const key = `${step.policy_id}/${step.step_no}`;
      const earlier = places.get(key);
      if (earlier !== undefined) {
        violations.push({
          pointer: `${pointer}/step_no`,
          detail: `step ${step.step_no} is already described by steps[${earlier}]`,
        });
      }
      places.set(key, i);
      step.target_ids.forEach((target, t) => {
        const place = `${pointer}/target_ids/${t}`;
        if (!targets.has(target)) violations.push({ pointer: place, detail: `unknown target "${target}"` });
        if (step.target_ids.indexOf(target) < t) {
          violations.push({ pointer: place, detail: `target "${target}" is named twice in this step` });
        }
      });
      return violations;
    });
    return [...doubled, ...wrong];
  }

  /** Updates policies and targets and replaces the steps of every policy named. Running alarms keep their plan. */
  save(tx: Tx, data: PolicyData): void {
    const now = this.clock.now();
    const named = new Set([
      ...data.policies.map((policy) => policy.id),
      ...data.steps.map((step) => step.policy_id),
    ]);
    tx.send(UPSERT_POLICIES, [JSON.stringify(data.policies), now, DEFAULT_REPEAT_AFTER_SECONDS]);
    tx.send(UPSERT_TARGETS, [JSON.stringify(data.targets), now]);
    tx.send('DELETE FROM escalation_steps WHERE policy_id = ANY($1)', [[...named]]);
    tx.send(INSERT_STEPS, [JSON.stringify(data.steps)]);
    tx.send(COMPILE);
  }
}

async function known(
  tx: Tx,
  table: 'escalation_policies' | 'escalation_targets',
  brought: readonly { id: string }[],
): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ id: string }>(`SELECT id FROM ${table}`);
  return new Set([...rows, ...brought].map((row) => row.id));
}
