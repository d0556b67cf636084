import { Module } from '@nestjs/common';

import { AuditModule } from '#audit';

import { ChannelReport } from './channel-report.ts';
import { NotificationHistory } from './notification-history.ts';
import { Outbox } from './outbox.ts';

/** Planning and withdrawing, for every process. */
@Module({
  imports: [AuditModule],
  providers: [Outbox, NotificationHistory, ChannelReport],
  exports: [Outbox, NotificationHistory, ChannelReport],
})
export class NotificationsModule {}
