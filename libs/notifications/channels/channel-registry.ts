import { CHANNEL_KINDS, type ChannelKind, type NotificationChannel } from './notification-channel.ts';

export const CHANNELS = Symbol('channels');

/** Finds the channel of a kind. Half-wired, it does not start: one adapter for each kind, no more, no less. */
export class ChannelRegistry {
  private readonly channels = new Map<ChannelKind, NotificationChannel>();

  /** @throws Error naming the kind that is missing or doubled. */
  constructor(channels: readonly NotificationChannel[]) {
    for (const channel of channels) {
      if (this.channels.has(channel.kind)) throw new Error(`Two channels of kind "${channel.kind}".`);
      this.channels.set(channel.kind, channel);
    }
    for (const kind of CHANNEL_KINDS) this.of(kind);
  }

  of(kind: ChannelKind): NotificationChannel {
    const channel = this.channels.get(kind);
    if (channel === undefined) throw new Error(`No channel of kind "${kind}".`);
    return channel;
  }
}
