import { Module } from '@nestjs/common';

import { DirectoryModule } from '#directory';
import { EscalationModule } from '#escalation';

import { AdminController } from './admin.controller.ts';
import { AdminModule } from './admin.module.ts';
import { ErasuresController } from './erasure/erasures.controller.ts';
import {
  PersonsController,
  PoliciesController,
  RoomsController,
  SitesController,
  TargetsController,
} from './master-data/controllers.ts';
import { DevicesController } from './master-data/devices.controller.ts';

@Module({
  imports: [AdminModule, DirectoryModule, EscalationModule],
  controllers: [
    AdminController,
    SitesController,
    RoomsController,
    PersonsController,
    ErasuresController,
    DevicesController,
    TargetsController,
    PoliciesController,
  ],
})
export class AdminHttpModule {}
