import { Injectable } from '@nestjs/common';

import { Clock, Database, Figures } from '#platform';

interface DueSteps {
  readonly due: number;
  readonly oldest: Date | null;
}

/** By the index of running clocks alone. */
export const DUE_STEPS = `
  SELECT count(next_step_at)::int AS due, min(next_step_at) AS oldest FROM escalations WHERE next_step_at <= $1`;

/** Steps whose time has come and that no worker has started. */
@Injectable()
export class DueStepsGauge {
  constructor(
    figures: Figures,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    const whoever = 'The same in every process: use max, not sum.';
    figures.shared(
      () => this.read(),
      [
        {
          name: 'alarm_broker_due_steps',
          help: `Escalation steps whose time has come and that have not started. ${whoever}`,
          samples: ({ due }) => [[{}, due]],
        },
        {
          name: 'alarm_broker_oldest_due_step_seconds',
          help: `For how long the oldest due escalation step has been waiting; 0 without one. ${whoever}`,
          samples: ({ oldest }) => [[{}, this.secondsSince(oldest)]],
        },
      ],
    );
  }

  private async read(): Promise<DueSteps> {
    const [row] = await this.database.query<DueSteps>(DUE_STEPS, [this.clock.now()]);
    return row ?? { due: 0, oldest: null };
  }

  private secondsSince(time: Date | null): number {
    return time === null ? 0 : Math.max(0, this.clock.now().getTime() - time.getTime()) / 1000;
  }
}
