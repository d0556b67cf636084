import type { Settings } from '#platform';

import type { NotificationChannel } from '../notification-channel.ts';
import { UnconfiguredChannel } from '../unconfigured-channel.ts';

/** The channel as the settings describe it. */
export function emailChannel(_settings: Settings): NotificationChannel {
  return new UnconfiguredChannel('email', 'E-mail is not set up: SMTP_URL is not set.');
}
