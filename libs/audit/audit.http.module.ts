import { Module } from '@nestjs/common';

import { EventsController } from './http/events.controller.ts';
import { LiveEventsModule } from './live/live-events.module.ts';

@Module({ imports: [LiveEventsModule], controllers: [EventsController] })
export class AuditHttpModule {}
