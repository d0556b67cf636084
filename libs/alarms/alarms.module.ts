import { Module } from '@nestjs/common';
import { makeCounterProvider } from '@willsoto/nestjs-prometheus';

import { AuditModule } from '#audit';
import { DirectoryModule } from '#directory';
import { EscalationModule } from '#escalation';
import { NotificationsModule } from '#notifications';

import { ActiveAlarmsGauge } from './active-alarms.gauge.ts';
import { AlarmNotes } from './alarm-notes.ts';
import { AlarmRecords } from './alarm-records.ts';
import { Alarms } from './alarms.ts';
import { DeadLetters } from './dead-letters.ts';
import { ALARMS_METRIC, Intake } from './intake.ts';
import { Lifecycle } from './lifecycle.ts';
import { NewAlarms } from './new-alarms.ts';
import { PressGate } from './press-gate.ts';
import { TicketLink } from './ticket-link.ts';

@Module({
  imports: [AuditModule, DirectoryModule, EscalationModule, NotificationsModule],
  providers: [
    Alarms,
    AlarmNotes,
    AlarmRecords,
    DeadLetters,
    NewAlarms,
    Intake,
    Lifecycle,
    PressGate,
    TicketLink,
    ActiveAlarmsGauge,
    makeCounterProvider({
      name: ALARMS_METRIC,
      help: 'Presses and other triggers, by source, severity and result (created, duplicate, rejected, failed).',
      labelNames: ['source', 'severity', 'result'],
    }),
  ],
  exports: [Alarms, AlarmNotes, AlarmRecords, DeadLetters, Intake, Lifecycle],
})
export class AlarmsModule {}
