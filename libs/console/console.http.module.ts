import { Module } from '@nestjs/common';

import { AlarmsModule } from '#alarms';

import { AssetsController } from './assets.controller.ts';
import { ResponderAnswers } from './responder/responder-answers.ts';
import { ResponderAssetsController } from './responder/responder-assets.controller.ts';
import { ResponderController } from './responder/responder.controller.ts';

@Module({
  imports: [AlarmsModule],
  controllers: [ResponderController, ResponderAssetsController, AssetsController],
  providers: [ResponderAnswers],
})
export class ConsoleHttpModule {}
