import { Module, type DynamicModule, type Type } from '@nestjs/common';

import { CHANNELS, type NotificationChannel } from '#notifications';
import { PlatformModule, type PlatformOptions } from '#platform';

import { API_DOORS } from '../../apps/api/api.module.ts';
import { EscalationWorkerModule } from '../../libs/escalation/escalation.worker.module.ts';
import { DeliveryWorkerModule } from '../../libs/notifications/delivery.worker.module.ts';
import { BackgroundWorkerModule } from '../../libs/platform/background.worker.module.ts';

/** Api and worker in one, with channels of the story's own: one of every kind. */
export function brokerWith(channels: readonly NotificationChannel[]) {
  @Module({ providers: [{ provide: CHANNELS, useValue: channels }], exports: [CHANNELS] })
  class Channels {}

  return class Broker {
    static forRoot(options: PlatformOptions): DynamicModule {
      const worker = [BackgroundWorkerModule, EscalationWorkerModule, DeliveryWorkerModule.with(Channels)];
      return {
        module: Broker as Type,
        imports: [PlatformModule.forRoot(options), ...API_DOORS, ...worker],
      };
    }
  };
}
