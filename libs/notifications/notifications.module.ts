import { Module } from '@nestjs/common';

import { AuditModule } from '#audit';

import { ChannelReport } from './channel-report.ts';
import { Outbox } from './outbox.ts';

/** Planning and withdrawing, for every process. */
@Module({ imports: [AuditModule], providers: [Outbox, ChannelReport], exports: [Outbox, ChannelReport] })
export class NotificationsModule {}
