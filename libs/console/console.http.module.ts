import { Module } from '@nestjs/common';

import { AlarmsModule } from '#alarms';
import { LiveEventsModule } from '#audit';
import { EscalationModule } from '#escalation';

import { AssetsController } from './assets.controller.ts';
import { BoardPages } from './board/board.pages.tsx';
import { LiveController } from './frame/live.controller.ts';
import { ResponderController } from './responder.controller.ts';
import { SignInController, SignOutController } from './sign-in/sign-in.controller.ts';

@Module({
  imports: [AlarmsModule, EscalationModule, LiveEventsModule],
  controllers: [
    ResponderController,
    AssetsController,
    SignInController,
    SignOutController,
    LiveController,
    BoardPages,
  ],
})
export class ConsoleHttpModule {}
