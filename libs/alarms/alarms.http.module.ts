import { Module } from '@nestjs/common';

import { AuditModule } from '#audit';
import { DirectoryModule } from '#directory';
import { NotificationsModule } from '#notifications';

import { AlarmsModule } from './alarms.module.ts';
import { AlertIngest } from './alertmanager/alert-ingest.ts';
import { AlarmAnswersController } from './http/alarm-answers.controller.ts';
import { AlarmHistoryController } from './http/alarm-history.controller.ts';
import { AlarmRecordsController } from './http/alarm-records.controller.ts';
import { AlarmsController } from './http/alarms.controller.ts';
import { AlertmanagerController } from './http/alertmanager.controller.ts';
import { DeadLettersController } from './http/dead-letters.controller.ts';
import { KeyDoor } from './http/key-door.ts';
import { RaiseController } from './http/raise.controller.ts';
import { SignalCallbackController } from './http/signal-callback.controller.ts';
import { TriggerController } from './http/trigger.controller.ts';
import { YealinkController } from './http/yealink.controller.ts';
import { SignalAnswers } from './signal/signal-answers.ts';

@Module({
  imports: [AlarmsModule, AuditModule, DirectoryModule, NotificationsModule],
  providers: [KeyDoor, AlertIngest, SignalAnswers],
  controllers: [
    YealinkController,
    TriggerController,
    RaiseController,
    AlertmanagerController,
    SignalCallbackController,
    AlarmsController,
    AlarmAnswersController,
    AlarmHistoryController,
    AlarmRecordsController,
    DeadLettersController,
  ],
})
export class AlarmsHttpModule {}
