import { readSettings, type Settings } from '#platform';

import { isConfigured } from './is-configured.ts';
import { CHANNEL_KINDS } from './notification-channel.ts';

const configured = (settings: Partial<Settings>) =>
  CHANNEL_KINDS.filter((channel) => isConfigured(channel, { ...readSettings({}), ...settings }));

describe('a channel', () => {
  it('is not set up by defaults, except for webhooks, whose targets bring their address', () => {
    expect(configured({})).toEqual(['webhook']);
  });

  it.each<[Partial<Settings>, string]>([
    [{ ZAMMAD_BASE_URL: 'https://desk.example' }, 'zammad'],
    [{ SENDXMS_ENABLED: true }, 'sms'],
    [{ SMS_PRESET: 'seven' }, 'sms'],
    [{ SMS_CONNECTOR_FILE: 'sms.yaml' }, 'sms'],
    [{ SIGNAL_ENABLED: true }, 'signal'],
    [{ SMTP_URL: 'smtp://mail.example' }, 'email'],
    [{ NTFY_BASE_URL: 'https://ntfy.example' }, 'ntfy'],
  ])('is set up by %j: %s', (settings, channel) => {
    expect(configured(settings).toSorted()).toEqual([channel, 'webhook'].toSorted());
  });

  it('is there of every kind in simulation', () => {
    expect(configured({ SIMULATION_ENABLED: true })).toEqual(CHANNEL_KINDS);
  });
});
