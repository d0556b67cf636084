import type { Settings } from '#platform';

import type { NotificationChannel } from '../notification-channel.ts';
import { UnconfiguredChannel } from '../unconfigured-channel.ts';

/** The channel as the settings describe it. */
export function zammadChannel(_settings: Settings): NotificationChannel {
  return new UnconfiguredChannel('zammad', 'Zammad is not set up: ZAMMAD_BASE_URL is not set.');
}
