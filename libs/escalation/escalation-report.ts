import { Injectable } from '@nestjs/common';

import { Database } from '#platform';

/** Steps whose time has come and that have not started. */
export interface DueSteps {
  readonly due: number;
  /** When the oldest of them became due. */
  readonly oldestDueAt: Date | null;
}

/** By the index of running clocks alone. */
export const DUE_STEPS = `
  SELECT count(next_step_at)::int AS due, min(next_step_at) AS "oldestDueAt" FROM escalations WHERE next_step_at <= $1`;

/** How the clocks are doing, for people. */
@Injectable()
export class EscalationReport {
  constructor(private readonly database: Database) {}

  async overdue(now: Date): Promise<DueSteps> {
    const [row] = await this.database.query<DueSteps>(DUE_STEPS, [now]);
    return row ?? { due: 0, oldestDueAt: null };
  }
}
