import { Module } from '@nestjs/common';
import { makeCounterProvider } from '@willsoto/nestjs-prometheus';

import { AuditModule } from '#audit';

import { ChannelReport } from './channel-report.ts';
import { SignalMessages } from './channels/signal/signal-messages.ts';
import { DeliveryResults } from './delivery/delivery-results.ts';
import { Endings, NOTIFICATIONS_METRIC } from './endings.ts';
import { NotificationHistory } from './notification-history.ts';
import { Outbox } from './outbox.ts';
import { DeliveryReports, REPORTS_METRIC } from './reports/delivery-reports.ts';

/** Planning and withdrawing, for every process. */
@Module({
  imports: [AuditModule],
  providers: [
    Outbox,
    NotificationHistory,
    ChannelReport,
    DeliveryResults,
    DeliveryReports,
    SignalMessages,
    Endings,
    makeCounterProvider({
      name: REPORTS_METRIC,
      help: 'Reports about messages after they were sent, by channel and what they changed.',
      labelNames: ['channel', 'result'],
    }),
    makeCounterProvider({
      name: NOTIFICATIONS_METRIC,
      help: 'Notifications that came to an end, by channel and result. Counted where it happens: sum over processes.',
      labelNames: ['channel', 'result'],
    }),
  ],
  exports: [
    Outbox,
    NotificationHistory,
    ChannelReport,
    DeliveryResults,
    DeliveryReports,
    SignalMessages,
    Endings,
  ],
})
export class NotificationsModule {}
