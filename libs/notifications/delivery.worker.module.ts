import { Module, type DynamicModule, type Type } from '@nestjs/common';

import { AuditModule } from '#audit';

import { CHANNELS, ChannelRegistry } from './channels/channel-registry.ts';
import type { NotificationChannel } from './channels/notification-channel.ts';
import { ChannelHealth } from './delivery/channel-health.ts';
import { ChannelProbes } from './delivery/channel-probes.ts';
import { DeliveriesProcessor } from './delivery/deliveries.processor.ts';
import { Delivery } from './delivery/delivery.ts';
import { DeliverySweep } from './delivery/delivery-sweep.ts';
import { Lanes } from './delivery/lanes.ts';
import { Recording } from './delivery/recording.ts';
import { NotificationsModule } from './notifications.module.ts';
import { MessageTexts } from './texts/message-texts.ts';
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
        ChannelHealth,
        ChannelProbes,
        Delivery,
        DeliverySweep,
        EarlyReportsSweep,
        Lanes,
        Recording,
        MessageTexts,
        DeliveriesProcessor,
      ],
      exports: [Lanes, ChannelProbes],
    };
  }
}
