import { Module } from '@nestjs/common';
import { makeCounterProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';

import { AuditModule } from '#audit';
import { DirectoryModule } from '#directory';
import { EscalationModule } from '#escalation';
import { NotificationsModule } from '#notifications';

import { ActiveAlarmsGauge } from './active-alarms.gauge.ts';
import { AlarmNotes } from './alarm-notes.ts';
import { AlarmRecords } from './alarm-records.ts';
import { AlarmRemoval } from './alarm-removal.ts';
import { Alarms } from './alarms.ts';
import { DeadLetters } from './dead-letters.ts';
import { ALARMS_METRIC, Intake } from './intake.ts';
import { Lifecycle, TIME_TO_ACKNOWLEDGE_METRIC } from './lifecycle.ts';
import { NewAlarms } from './new-alarms.ts';
import { PressGate } from './press-gate.ts';
import { Presses } from './presses.ts';
import { Responders } from './responders.ts';
import { Situations } from './situations.ts';
import { TicketLink } from './ticket-link.ts';

@Module({
  imports: [AuditModule, DirectoryModule, EscalationModule, NotificationsModule],
  providers: [
    Alarms,
    AlarmNotes,
    AlarmRecords,
    AlarmRemoval,
    DeadLetters,
    NewAlarms,
    Intake,
    Lifecycle,
    Responders,
    Situations,
    PressGate,
    Presses,
    TicketLink,
    ActiveAlarmsGauge,
    makeCounterProvider({
      name: ALARMS_METRIC,
      help: 'Presses and other triggers, by source, severity and result (created, duplicate, rejected, failed).',
      labelNames: ['source', 'severity', 'result'],
    }),
    makeHistogramProvider({
      name: TIME_TO_ACKNOWLEDGE_METRIC,
      help: 'Seconds from the press until somebody acknowledged the alarm.',
      buckets: [5, 10, 20, 30, 60, 120, 180, 300, 600, 1800, 3600],
    }),
  ],
  exports: [
    Alarms,
    AlarmNotes,
    AlarmRecords,
    AlarmRemoval,
    DeadLetters,
    Intake,
    Lifecycle,
    Responders,
    Situations,
  ],
})
export class AlarmsModule {}
