import { Module } from '@nestjs/common';

import { DirectoryModule } from '#directory';
import { EscalationModule } from '#escalation';

import { AdminController } from './admin.controller.ts';
import { AdminModule } from './admin.module.ts';

@Module({ imports: [AdminModule, DirectoryModule, EscalationModule], controllers: [AdminController] })
export class AdminHttpModule {}
