import { Module } from '@nestjs/common';
import { makeCounterProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';

import { AuditModule } from '#audit';
import { NotificationsModule } from '#notifications';

import { DueStepsGauge } from './due-steps.gauge.ts';
import { EscalationClock, EXHAUSTED_METRIC, HASTENED_METRIC, LATENESS_METRIC } from './escalation-clock.ts';
import { EscalationReport } from './escalation-report.ts';
import { Escalations } from './escalations.ts';
import { FailureFollowUp } from './failure-follow-up.ts';
import { Policies } from './policies.ts';
import { Targets } from './targets.ts';

/** Policies and clocks, for every process. */
@Module({
  imports: [AuditModule, NotificationsModule],
  providers: [
    Policies,
    Targets,
    EscalationClock,
    EscalationReport,
    Escalations,
    FailureFollowUp,
    DueStepsGauge,
    makeHistogramProvider({
      name: LATENESS_METRIC,
      help: 'Seconds between the time an escalation step was due and its start.',
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    }),
    makeCounterProvider({
      name: EXHAUSTED_METRIC,
      help: 'Alarms whose whole plan was used up before anybody answered.',
    }),
    makeCounterProvider({
      name: HASTENED_METRIC,
      help: 'Steps started before their time because nobody of the step before could be told.',
    }),
  ],
  exports: [Policies, Targets, EscalationClock, EscalationReport, Escalations],
})
export class EscalationModule {}
