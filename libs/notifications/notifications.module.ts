import { Module } from '@nestjs/common';

import { AuditModule } from '#audit';

import { ChannelReport } from './channel-report.ts';
import { DeliveryResults } from './delivery/delivery-results.ts';
import { NotificationHistory } from './notification-history.ts';
import { Outbox } from './outbox.ts';

/** Planning and withdrawing, for every process. */
@Module({
  imports: [AuditModule],
  providers: [Outbox, NotificationHistory, ChannelReport, DeliveryResults],
  exports: [Outbox, NotificationHistory, ChannelReport, DeliveryResults],
})
export class NotificationsModule {}
