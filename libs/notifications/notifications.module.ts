import { Module } from '@nestjs/common';
import { makeCounterProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';

import { AuditModule } from '#audit';

import { Attempts, ATTEMPTS_METRIC } from './attempts.ts';
import { Backlog } from './backlog.ts';
import { ChannelReport } from './channel-report.ts';
import { SignalMessages } from './channels/signal/signal-messages.ts';
import { ConnectorsGauge } from './connectors.gauge.ts';
import { DeliveryResults } from './delivery/delivery-results.ts';
import { Endings, NOTIFICATIONS_METRIC } from './endings.ts';
import { NotificationHistory } from './notification-history.ts';
import { Outbox } from './outbox.ts';
import { DeliveryReports, REPORTS_METRIC } from './reports/delivery-reports.ts';
import { TIME_TO_TELL_METRIC, UntoldAlarms } from './untold-alarms.ts';

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
    Attempts,
    UntoldAlarms,
    Backlog,
    ConnectorsGauge,
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
    makeCounterProvider({
      name: ATTEMPTS_METRIC,
      help: 'Tries to send a notification, by channel, result, and reason where it did not succeed.',
      labelNames: ['channel', 'result', 'reason'],
    }),
    makeHistogramProvider({
      name: TIME_TO_TELL_METRIC,
      help: 'Seconds from the press until the first message about it was handed over. Once for each alarm.',
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
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
    Attempts,
    UntoldAlarms,
  ],
})
export class NotificationsModule {}
