import type { AlarmBrief } from '#notifications';

/** What the clock of an alarm shows to people. */
export interface ClockFace {
  readonly brief: AlarmBrief;
  /** ISO 8601; when those of the next step are told. Null when there is none, or the clock has stopped. */
  readonly nextStepAt: string | null;
  /** The labels of those who are told then. */
  readonly nextTargets: readonly string[];
  /** Everybody was told, and nobody answered. */
  readonly exhausted: boolean;
}

/** SQL for the {@link ClockFace} of an alarm as one jsonb, or null. @param alarmId the column that names it */
export const clockFaceOf = (alarmId: string): string => `
  (SELECT jsonb_build_object(
     'brief', e.brief, 'exhausted', COALESCE(e.ended_by = 'exhausted', false),
     'nextStepAt', CASE WHEN e.plan -> 'steps' -> e.next_step IS NOT NULL THEN e.next_step_at END,
     'nextTargets', COALESCE(
       (SELECT jsonb_agg(t -> 'label')
        FROM jsonb_array_elements(e.plan -> 'steps' -> e.next_step -> 'targets') t WHERE (t -> 'enabled')::boolean),
       '[]'))
   FROM escalations e WHERE e.alarm_id = ${alarmId})`;
