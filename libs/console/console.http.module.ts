import { Module } from '@nestjs/common';

import { AlarmsModule } from '#alarms';
import { AuditModule, LiveEventsModule } from '#audit';
import { DirectoryModule } from '#directory';
import { EscalationModule } from '#escalation';
import { NotificationsModule } from '#notifications';

import { AlarmRecordReader } from './alarm/alarm-record.ts';
import { AlarmPages } from './alarm/alarm.pages.tsx';
import { AnswerPages } from './answers/answers.pages.tsx';
import { AssetsController } from './assets.controller.ts';
import { ResponderAnswers } from './responder/responder-answers.ts';
import { ResponderAssetsController } from './responder/responder-assets.controller.ts';
import { ResponderController } from './responder/responder.controller.ts';
import { BoardRows } from './board/board-rows.ts';
import { BoardPages } from './board/board.pages.tsx';
import { UnknownPages } from './frame/unknown.pages.ts';
import { LiveController } from './frame/live.controller.ts';
import { SignInController, SignOutController } from './sign-in/sign-in.controller.ts';

@Module({
  imports: [
    AlarmsModule,
    AuditModule,
    DirectoryModule,
    EscalationModule,
    LiveEventsModule,
    NotificationsModule,
  ],
  providers: [ResponderAnswers, BoardRows, AlarmRecordReader],
  controllers: [
    ResponderController,
    ResponderAssetsController,
    AssetsController,
    SignInController,
    SignOutController,
    LiveController,
    BoardPages,
    AlarmPages,
    AnswerPages,
    // Takes every address below /admin that nobody above has taken.
    UnknownPages,
  ],
})
export class ConsoleHttpModule {}
