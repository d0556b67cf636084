import { ChannelRegistry } from './channel-registry.ts';
import { CHANNEL_KINDS } from './notification-channel.ts';
import { UnconfiguredChannel } from './unconfigured-channel.ts';

const channels = CHANNEL_KINDS.map((kind) => new UnconfiguredChannel(kind, 'Not set up.'));

describe('the registry of channels', () => {
  it('finds the channel of every kind', () => {
    const registry = new ChannelRegistry(channels);

    for (const channel of channels) expect(registry.of(channel.kind)).toBe(channel);
  });

  it.each(CHANNEL_KINDS)('does not start without a channel for %s', (kind) => {
    const others = channels.filter((channel) => channel.kind !== kind);

    expect(() => new ChannelRegistry(others)).toThrow(`No channel of kind "${kind}".`);
  });

  it.each(CHANNEL_KINDS)('does not start with two channels for %s', (kind) => {
    const doubled = [...channels, new UnconfiguredChannel(kind, 'Another one.')];

    expect(() => new ChannelRegistry(doubled)).toThrow(`Two channels of kind "${kind}".`);
  });
});
