import { Module } from '@nestjs/common';

import { AlarmsModule } from '#alarms';
import { EscalationModule } from '#escalation';

import { AssetsController } from './assets.controller.ts';
import { BoardPages } from './board/board.pages.tsx';
import { ResponderController } from './responder.controller.ts';
import { SignInController, SignOutController } from './sign-in/sign-in.controller.ts';

@Module({
  imports: [AlarmsModule, EscalationModule],
  controllers: [ResponderController, AssetsController, SignInController, SignOutController, BoardPages],
})
export class ConsoleHttpModule {}
