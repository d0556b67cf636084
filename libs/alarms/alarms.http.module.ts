import { Module } from '@nestjs/common';

import { AlarmsModule } from './alarms.module.ts';
import { AlarmAnswersController } from './http/alarm-answers.controller.ts';
import { AlarmRecordsController } from './http/alarm-records.controller.ts';
import { AlarmsController } from './http/alarms.controller.ts';
import { YealinkController } from './http/yealink.controller.ts';

@Module({
  imports: [AlarmsModule],
  controllers: [YealinkController, AlarmsController, AlarmAnswersController, AlarmRecordsController],
})
export class AlarmsHttpModule {}
