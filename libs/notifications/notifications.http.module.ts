import { Module } from '@nestjs/common';

import { Settings } from '#platform';

import { smsProvider } from './channels/sms/sms-provider.ts';
import { NotificationsModule } from './notifications.module.ts';
import { SMS_PROVIDER, SmsCallbackController } from './reports/sms-callback.controller.ts';

/** Where the other sides report back. */
@Module({
  imports: [NotificationsModule],
  controllers: [SmsCallbackController],
  providers: [
    {
      provide: SMS_PROVIDER,
      // In simulation nothing was sent, so there is nothing to report.
      useFactory: (settings: Settings) =>
        settings.SIMULATION_ENABLED ? null : (smsProvider(settings) ?? null),
      inject: [Settings],
    },
  ],
})
export class NotificationsHttpModule {}
