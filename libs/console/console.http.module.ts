import { Module } from '@nestjs/common';

import { AlarmsModule } from '#alarms';
import { EscalationModule } from '#escalation';

import { AssetsController } from './assets.controller.ts';
import { ResponderController } from './responder.controller.ts';

@Module({ imports: [AlarmsModule, EscalationModule], controllers: [ResponderController, AssetsController] })
export class ConsoleHttpModule {}
