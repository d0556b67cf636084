import { Module } from '@nestjs/common';

import { Timeline } from './timeline.ts';

@Module({ providers: [Timeline], exports: [Timeline] })
export class AuditModule {}
