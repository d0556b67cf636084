import { CHANNEL_KINDS, type ChannelKind } from '../channels/notification-channel.ts';

/** How the doorbell names a notification: with its channel, so that it reaches the right lane unread. */
export const rowAddress = (channel: ChannelKind, id: string): string => `${channel}/${id}`;

const isKind = (word: string): word is ChannelKind => (CHANNEL_KINDS as readonly string[]).includes(word);

/** @throws Error for a channel this build does not have, as after a roll-back. */
export function parseRowAddress(address: string): { channel: ChannelKind; id: string } {
  const [channel = '', id = ''] = address.split('/');
  if (!isKind(channel) || id === '') throw new Error(`No lane for "${channel}".`);
  return { channel, id };
}
