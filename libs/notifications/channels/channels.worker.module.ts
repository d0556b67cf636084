import { Module } from '@nestjs/common';
import { getToken, makeHistogramProvider } from '@willsoto/nestjs-prometheus';
import type { Histogram } from 'prom-client';

import { Clock, Settings } from '#platform';

import { CHANNELS } from './channel-registry.ts';
import type { NotificationChannel } from './notification-channel.ts';
import { SmsChannel } from './sms.channel.ts';
import { UnconfiguredChannel } from './unconfigured-channel.ts';
import { WEBHOOK_DURATION_METRIC, WebhookChannel } from './webhook.channel.ts';

function realChannels(
  settings: Settings,
  clock: Clock,
  duration: Histogram<'result'>,
): NotificationChannel[] {
  return [
    new WebhookChannel(settings, clock, duration),
    settings.SENDXMS_ENABLED
      ? new SmsChannel(settings)
      : new UnconfiguredChannel('sms', 'SMS is not set up: SENDXMS_ENABLED is not true.'),
    new UnconfiguredChannel('zammad', 'Zammad is not set up.'),
    new UnconfiguredChannel('signal', 'Signal is not set up.'),
    new UnconfiguredChannel('email', 'E-mail is not set up.'),
  ];
}

/** The channels that reach the world. */
@Module({
  providers: [
    makeHistogramProvider({
      name: WEBHOOK_DURATION_METRIC,
      help: 'Duration of outgoing webhook requests in seconds, by result.',
      labelNames: ['result'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    }),
    {
      provide: CHANNELS,
      useFactory: realChannels,
      inject: [Settings, Clock, getToken(WEBHOOK_DURATION_METRIC)],
    },
  ],
  exports: [CHANNELS],
})
export class RealChannelsModule {}
