import type { Settings } from '#platform';

import type { NotificationChannel } from '../notification-channel.ts';
import { UnconfiguredChannel } from '../unconfigured-channel.ts';

/** The channel as the settings describe it. */
export function ntfyChannel(_settings: Settings): NotificationChannel {
  return new UnconfiguredChannel('ntfy', 'ntfy is not set up: NTFY_BASE_URL is not set.');
}
