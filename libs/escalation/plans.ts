import type { Tx } from '#platform';

/** Readers, presses among them, are not held up; references to a policy can still be written. */
const HOLD = 'LOCK TABLE escalation_policies IN SHARE ROW EXCLUSIVE MODE';

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

/**
 * Lets one change of policies or targets at a time go on, until its transaction ends. Two at once would each
 * compile plans without the other's change, and the later one would write an old address back.
 */
export const holdPlans = (tx: Tx): void => tx.send(HOLD);

/** Rewrites the plan of every policy. Only after {@link holdPlans}. */
export const compilePlans = (tx: Tx): void => tx.send(COMPILE);
