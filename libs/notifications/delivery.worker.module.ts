import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { makeCounterProvider } from '@willsoto/nestjs-prometheus';

import { AuditModule } from '#audit';

import { CHANNELS, ChannelRegistry } from './channels/channel-registry.ts';
import type { NotificationChannel } from './channels/notification-channel.ts';
import { DeliveriesProcessor } from './delivery/deliveries.processor.ts';
import { Delivery, NOTIFICATIONS_METRIC } from './delivery/delivery.ts';
import { DeliverySweep } from './delivery/delivery-sweep.ts';
import { Lanes } from './delivery/lanes.ts';
import { NotificationsModule } from './notifications.module.ts';
import { EarlyReportsSweep } from './reports/early-reports-sweep.ts';

/** Sending, for the worker alone. */
@Module({})
export class DeliveryWorkerModule {
  /** @param channels the module that provides `CHANNELS`: the real ones, or simulated ones. */
  static with(channels: Type): DynamicModule {
    return {
      module: DeliveryWorkerModule,
      imports: [AuditModule, NotificationsModule, channels],
      providers: [
        {
          provide: ChannelRegistry,
          useFactory: (adapters: NotificationChannel[]) => new ChannelRegistry(adapters),
          inject: [CHANNELS],
        },
        Delivery,
        DeliverySweep,
        EarlyReportsSweep,
        Lanes,
        DeliveriesProcessor,
        makeCounterProvider({
          name: NOTIFICATIONS_METRIC,
          help: 'Notifications that came to an end, by channel and result.',
          labelNames: ['channel', 'result'],
        }),
      ],
      exports: [Lanes],
    };
  }
}
