import { Module } from '@nestjs/common';

import { NotificationsModule } from '#notifications';

import { HealthDetailsController } from './health-details.controller.ts';
import { HealthDetails } from './health-details.ts';

/** The details behind the probes, for the api alone: the worker has no doors that need a key. */
@Module({
  imports: [NotificationsModule],
  controllers: [HealthDetailsController],
  providers: [HealthDetails],
})
export class HealthDetailsHttpModule {}
