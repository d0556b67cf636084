import { Injectable } from '@nestjs/common';

import type { AlarmBrief } from '#notifications';
import { Database, statement } from '#platform';

import { Escalation } from './escalation.entity.ts';
import { stepsToCome } from './plan.ts';

/** Where the clock of an alarm stands, and what was known at the press. */
export interface EscalationState {
  readonly brief: AlarmBrief;
  /** Null once the clock has ended. */
  readonly nextStepAt: Date | null;
  /** What ended it: a state of the alarm, or `exhausted`; null while it runs. */
  readonly endedBy: string | null;
}

/** Whom a step will tell. Without addresses: they are nobody's business but the sender's. */
export interface Outlook {
  readonly policy: string;
  readonly steps: readonly {
    readonly stepNo: number;
    readonly at: Date;
    readonly targets: readonly {
      readonly label: string;
      readonly channel: string;
      readonly enabled: boolean;
    }[];
  }[];
  /** How often the plan begins anew after that. */
  readonly repeats: number;
}

const STATES = statement(
  'escalations.states',
  `SELECT alarm_id AS "alarmId", brief, next_step_at AS "nextStepAt", ended_by AS "endedBy"
   FROM escalations WHERE alarm_id = ANY($1)`,
);

/** Looking at clocks. */
@Injectable()
export class Escalations {
  constructor(private readonly database: Database) {}

  async of(alarmIds: readonly string[]): Promise<ReadonlyMap<string, EscalationState>> {
    const rows = await this.database.query<EscalationState & { alarmId: string }>(STATES, [[...alarmIds]]);
    return new Map(rows.map(({ alarmId, ...state }) => [alarmId, state]));
  }

  /** What happens to an alarm while nobody answers; nothing for one without a clock. */
  async outlook(alarmId: string): Promise<Outlook | undefined> {
    const escalations = await this.database.repository(Escalation);
    const clock = await escalations.findOneBy({ alarmId });
    if (clock === null) return undefined;
    return {
      policy: clock.plan.policy.name,
      steps: stepsToCome(clock.plan, clock).map(({ step, at }) => ({
        stepNo: step.stepNo,
        at,
        targets: step.targets.map(({ label, channel, enabled }) => ({ label, channel, enabled })),
      })),
      repeats: clock.nextStepAt === null ? 0 : clock.plan.repeat.count - clock.round,
    };
  }
}
