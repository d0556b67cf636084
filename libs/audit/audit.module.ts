import { Module } from '@nestjs/common';

import { TimelineBell } from './timeline-bell.ts';
import { Timeline } from './timeline.ts';

@Module({ providers: [TimelineBell, Timeline], exports: [Timeline] })
export class AuditModule {}
