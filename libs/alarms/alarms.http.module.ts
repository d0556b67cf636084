import { Module } from '@nestjs/common';

import { AlarmsModule } from './alarms.module.ts';
import { AlarmsController } from './http/alarms.controller.ts';
import { YealinkController } from './http/yealink.controller.ts';

@Module({ imports: [AlarmsModule], controllers: [YealinkController, AlarmsController] })
export class AlarmsHttpModule {}
