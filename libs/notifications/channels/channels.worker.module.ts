import { Module } from '@nestjs/common';
import { getToken, makeHistogramProvider } from '@willsoto/nestjs-prometheus';
import type { Histogram } from 'prom-client';

import { Clock, Settings } from '#platform';

import { CHANNELS } from './channel-registry.ts';
import { emailChannel } from './email/email.channel.ts';
import type { NotificationChannel } from './notification-channel.ts';
import { ntfyChannel } from './ntfy/ntfy.channel.ts';
import { signalChannel } from './signal/signal.channel.ts';
import { smsChannel } from './sms/sms.channel.ts';
import { WEBHOOK_DURATION_METRIC, WebhookChannel } from './webhook/webhook.channel.ts';
import { zammadChannel } from './zammad/zammad.channel.ts';

function realChannels(
  settings: Settings,
  clock: Clock,
  duration: Histogram<'result'>,
): NotificationChannel[] {
  return [
    zammadChannel(settings),
    smsChannel(settings),
    signalChannel(settings),
    emailChannel(settings),
    new WebhookChannel(settings, clock, duration),
    ntfyChannel(settings),
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
