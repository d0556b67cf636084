import type { Settings } from '#platform';

import type { NotificationChannel } from '../notification-channel.ts';
import { UnconfiguredChannel } from '../unconfigured-channel.ts';

/** The channel as the settings describe it. */
export function signalChannel(_settings: Settings): NotificationChannel {
  return new UnconfiguredChannel('signal', 'Signal is not set up: SIGNAL_ENABLED is not true.');
}
