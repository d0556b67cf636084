import { Injectable } from '@nestjs/common';

import { Clock, Figures } from '#platform';

import { EscalationReport } from './escalation-report.ts';

/** Steps whose time has come and that no worker has started. */
@Injectable()
export class DueStepsGauge {
  constructor(
    figures: Figures,
    report: EscalationReport,
    private readonly clock: Clock,
  ) {
    const whoever = 'The same in every process: use max, not sum.';
    figures.shared(
      () => report.overdue(this.clock.now()),
      [
        {
          name: 'alarm_broker_due_steps',
          help: `Escalation steps whose time has come and that have not started. ${whoever}`,
          samples: ({ due }) => [[{}, due]],
        },
        {
          name: 'alarm_broker_oldest_due_step_seconds',
          help: `For how long the oldest due escalation step has been waiting; 0 without one. ${whoever}`,
          samples: ({ oldestDueAt }) => [[{}, this.secondsSince(oldestDueAt)]],
        },
      ],
    );
  }

  private secondsSince(time: Date | null): number {
    return time === null ? 0 : Math.max(0, this.clock.now().getTime() - time.getTime()) / 1000;
  }
}
