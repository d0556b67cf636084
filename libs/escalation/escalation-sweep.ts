import { Injectable, type OnModuleInit } from '@nestjs/common';

import { Clock, Database, secondsAfter, Sweeper, type Sweep } from '#platform';

import { EscalationClock } from './escalation-clock.ts';

/** A step gets this long to be answered by the bell. */
const GRACE_SECONDS = 1;
const BATCH = 100;
/** Then the next sweep goes on: a lock held elsewhere must not keep this one going for ever. */
const MAX_BATCHES = 50;

/** Finds clocks whose step is overdue. */
@Injectable()
export class EscalationSweep implements Sweep, OnModuleInit {
  readonly name = 'escalation';

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly escalations: EscalationClock,
    private readonly sweeper: Sweeper,
  ) {}

  onModuleInit(): void {
    this.sweeper.register(this);
  }

  async sweep(): Promise<number> {
    let found = 0;
    for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
      const overdue = await this.database.query<{ alarm_id: string }>(
        `SELECT alarm_id FROM escalations WHERE next_step_at <= $1 ORDER BY next_step_at LIMIT $2`,
        [secondsAfter(this.clock.now(), -GRACE_SECONDS), BATCH],
      );
      if (overdue.length === 0) break;
      await this.escalations.advance(overdue.map((row) => row.alarm_id));
      found += overdue.length;
      if (overdue.length < BATCH) break;
    }
    return found;
  }
}
