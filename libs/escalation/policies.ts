import { Injectable } from '@nestjs/common';

import { POLICY_USERS, type PolicyChoice } from '#directory';
import {
  Clock,
  Database,
  duplicates,
  invalid,
  Register,
  statement,
  type RegisterRow,
  type Tx,
  type Violation,
} from '#platform';

import type { Plan } from './plan.ts';
import { compilePlans, holdPlans } from './plans.ts';
import { Targets, type TargetData } from './targets.ts';

/** One moment of a policy and everybody told then. */
export interface PolicyStepData {
  step_no: number;
  after_seconds: number;
  target_ids: readonly string[];
}

export interface StepData extends PolicyStepData {
  policy_id: string;
}

export interface PolicyHead {
  id: string;
  name: string;
  repeat_count?: number;
  repeat_after_seconds?: number;
}

/** One policy with all that belongs to it. Its targets are described elsewhere. */
export interface PolicyRecord extends Omit<PolicyHead, 'id'> {
  steps: readonly PolicyStepData[];
}

/** A policy as it is shown. */
export type PolicyRow = RegisterRow & Required<PolicyRecord>;

/** Policies as an operator describes them. */
export interface PolicyData {
  policies: readonly PolicyHead[];
  targets: readonly TargetData[];
  steps: readonly StepData[];
}

const DEFAULT_REPEAT_AFTER_SECONDS = 60;

/**
 * The policy that was chosen, else the one named `default`, else the oldest one. The choice is asked for within
 * the statement, so that a press can send it together with the question who pressed: no round trip more. A plan
 * that several follow comes once.
 */
const currentPlans = ({ by, sql }: PolicyChoice) =>
  statement(
    `policies.current-by-${by}`,
    `SELECT p.plan, array_agg(chosen.name) AS names
     FROM (${sql}) chosen
     JOIN escalation_policies p ON p.id = COALESCE(chosen.policy,
       (SELECT id FROM escalation_policies ORDER BY id = 'default' DESC, created_at, id LIMIT 1))
     GROUP BY p.id`,
  );

/** The steps of a policy, as they were written. */
const STEPS = `
  COALESCE((
    SELECT jsonb_agg(step ORDER BY step_no)
    FROM (SELECT s.step_no, jsonb_build_object('step_no', s.step_no, 'after_seconds', s.after_seconds, 'target_ids',
                              jsonb_agg(s.target_id ORDER BY s.target_id)) AS step
          FROM escalation_steps s WHERE s.policy_id = t.id GROUP BY s.step_no, s.after_seconds) steps), '[]')`;

const INSERT_STEPS = `
  INSERT INTO escalation_steps (policy_id, step_no, after_seconds, target_id)
  SELECT d.policy_id, d.step_no, d.after_seconds, t.target_id
  FROM jsonb_to_recordset($1) AS d (policy_id text, step_no integer, after_seconds integer, target_ids jsonb),
       jsonb_array_elements_text(d.target_ids) AS t (target_id)`;

/** Escalation policies: written whole, read as they were written or as the plan the next alarm will follow. */
@Injectable()
export class Policies extends Register<PolicyRow, PolicyRecord> {
  constructor(
    database: Database,
    clock: Clock,
    private readonly targets: Targets,
  ) {
    super(database, clock, {
      noun: 'policy',
      table: 'escalation_policies',
      columns: { name: null, repeat_count: 0, repeat_after_seconds: DEFAULT_REPEAT_AFTER_SECONDS },
      hidden: ['plan'],
      shown: { steps: STEPS },
      users: POLICY_USERS,
    });
  }

  /** The plan each of them follows, by its name in the choice; nothing at all when there is no policy. */
  async currentPlans(tx: Tx, choice: PolicyChoice): Promise<ReadonlyMap<string, Plan>> {
    const rows = await tx.query<{ plan: Plan; names: string[] }>(currentPlans(choice), choice.values);
    return new Map(rows.flatMap(({ plan, names }) => names.map((name) => [name, plan] as const)));
  }

  /**
   * What is doubled, or refers to something neither brought along nor known. Empty: {@link saveAll} will
   * succeed. Until the transaction ends nobody else changes policies or targets.
   */
  async problems(tx: Tx, data: PolicyData): Promise<Violation[]> {
    this.begin(tx);
    const [policies, targets] = await Promise.all([
      this.existing(
        tx,
        data.steps.map((step) => step.policy_id),
      ),
      this.targets.existing(
        tx,
        data.steps.flatMap((step) => step.target_ids),
      ),
    ]);
    return [
      ...duplicates(idsOf(data.policies), 'policies', 'id'),
      ...duplicates(idsOf(data.targets), 'targets', 'id'),
      ...stepProblems(
        data.steps,
        new Set([...policies, ...idsOf(data.policies)]),
        new Set([...targets, ...idsOf(data.targets)]),
      ),
    ];
  }

  /** Updates policies and targets and replaces the steps of every policy named. Running alarms keep their plan. */
  saveAll(tx: Tx, data: PolicyData): void {
    const named = new Set([...idsOf(data.policies), ...data.steps.map((step) => step.policy_id)]);
    this.save(
      tx,
      data.policies.map((policy) => ({ ...policy, plan: {} })),
    );
    this.targets.save(tx, data.targets);
    tx.send('DELETE FROM escalation_steps WHERE policy_id = ANY($1)', [[...named]]);
    tx.send(INSERT_STEPS, [JSON.stringify(data.steps)]);
    compilePlans(tx);
  }

  protected override begin(tx: Tx): void {
    holdPlans(tx);
  }

  protected override async write(tx: Tx, id: string, { steps, ...head }: PolicyRecord): Promise<void> {
    const data = {
      policies: [{ ...head, id }],
      targets: [],
      steps: steps.map((step) => ({ ...step, policy_id: id })),
    };
    const violations = await this.problems(tx, data);
    if (violations.length > 0) throw invalid(violations);
    this.saveAll(tx, data);
  }
}

const idsOf = (rows: readonly { id: string }[]): string[] => rows.map((row) => row.id);

function stepProblems(
  steps: readonly StepData[],
  policies: ReadonlySet<string>,
  targets: ReadonlySet<string>,
): Violation[] {
  const places = new Map<string, number>();
  return steps.flatMap((step, i) => {
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
}
