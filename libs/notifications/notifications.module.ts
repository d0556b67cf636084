import { Module } from '@nestjs/common';
import { makeCounterProvider } from '@willsoto/nestjs-prometheus';

import { AuditModule } from '#audit';

import { ChannelReport } from './channel-report.ts';
import { DeliveryResults } from './delivery/delivery-results.ts';
import { Endings, NOTIFICATIONS_METRIC } from './endings.ts';
import { NotificationHistory } from './notification-history.ts';
import { Outbox } from './outbox.ts';

/** Planning and withdrawing, for every process. */
@Module({
  imports: [AuditModule],
  providers: [
    Outbox,
    NotificationHistory,
    ChannelReport,
    DeliveryResults,
    Endings,
    makeCounterProvider({
      name: NOTIFICATIONS_METRIC,
      help: 'Notifications that came to an end, by channel and result. Counted where it happens: sum over processes.',
      labelNames: ['channel', 'result'],
    }),
  ],
  exports: [Outbox, NotificationHistory, ChannelReport, DeliveryResults, Endings],
})
export class NotificationsModule {}
