import { Injectable } from '@nestjs/common';

import { Database } from '#platform';

/** How the clocks are doing, for people. */
@Injectable()
export class EscalationReport {
  constructor(private readonly database: Database) {}

  /** Steps whose time has come and that have not started, and since when the oldest of them is due. */
  async overdue(now: Date): Promise<{ due: number; oldestDueAt: Date | null }> {
    const [row] = await this.database.query<{ due: number; oldest: Date | null }>(
      'SELECT count(*)::int AS due, min(next_step_at) AS oldest FROM escalations WHERE next_step_at <= $1',
      [now],
    );
    return { due: row?.due ?? 0, oldestDueAt: row?.oldest ?? null };
  }
}
