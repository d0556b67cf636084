import type { Settings } from '#platform';

import { parseMailboxes } from './email/mailboxes.ts';
import { ChannelError, type ChannelKind } from './notification-channel.ts';
import { isTopic } from './ntfy/ntfy.channel.ts';
import { signalRecipient } from './signal/recipient.ts';
import { phoneNumber } from './sms/phone-number.ts';
import { refusePrivateLiteral } from './webhook/public-addresses.ts';

/**
 * Why nobody can be reached at this address, as far as its spelling and the settings tell; nothing when a send would
 * be tried. The words do not repeat the address.
 */
export function addressTrouble(
  channel: ChannelKind,
  address: string,
  settings: Settings,
): string | undefined {
  switch (channel) {
    case 'zammad':
      return undefined; // A group; empty is the one in the settings, without which the channel is not set up.
    case 'sms':
      // What a provider described in a file takes for a number is known to that provider alone.
      return refusalOf(() =>
        phoneNumber(address, settings.SMS_CONNECTOR_FILE === undefined ? 'e164' : undefined),
      );
    case 'signal':
      return signalRecipient(address || (settings.SIGNAL_TARGET_GROUP_ID ?? '')) === undefined
        ? 'It has no Signal number or group, and SIGNAL_TARGET_GROUP_ID is not set.'
        : undefined;
    case 'email':
      return parseMailboxes(address) === undefined ? 'Its address is no mail address.' : undefined;
    case 'webhook':
      return webhookTrouble(address || settings.WEBHOOK_URL, settings);
    case 'ntfy':
      return isTopic(address.trim() || (settings.NTFY_TOPIC ?? ''))
        ? undefined
        : 'It has no ntfy topic of up to 64 letters, digits, - and _, and NTFY_TOPIC does not help.';
  }
}

function webhookTrouble(url: string | undefined, settings: Settings): string | undefined {
  if (url === undefined) return 'It has no address, and WEBHOOK_URL is not set.';
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return 'Its address is no http or https URL.';
  return refusalOf(() => refusePrivateLiteral(url, settings.WEBHOOK_ALLOWED_HOSTS));
}

function refusalOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof ChannelError) return error.message;
    throw error;
  }
}
