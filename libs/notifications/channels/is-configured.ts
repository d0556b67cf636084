import type { Settings } from '#platform';

import type { ChannelKind } from './notification-channel.ts';

/** Whether the settings say how to reach anybody over this channel. In simulation everything can be told. */
export function isConfigured(channel: ChannelKind, settings: Settings): boolean {
  if (settings.SIMULATION_ENABLED) return true;
  switch (channel) {
    case 'zammad':
      return settings.ZAMMAD_BASE_URL !== undefined;
    case 'sms':
      return (
        settings.SENDXMS_ENABLED ||
        settings.SMS_PRESET !== undefined ||
        settings.SMS_CONNECTOR_FILE !== undefined
      );
    case 'signal':
      return settings.SIGNAL_ENABLED;
    case 'email':
      return settings.SMTP_URL !== undefined;
    case 'webhook':
      return true;
    case 'ntfy':
      return settings.NTFY_BASE_URL !== undefined;
  }
}
