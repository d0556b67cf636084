import { readSettings } from '#platform';

import { examineChannelSettings } from './channel-rules.ts';
import { examineSettings } from './setting-rules.ts';

/** An installation in which the doctor finds nothing to say about settings. */
const WELL = {
  BASE_URL: 'https://alarm.example.org',
  ADMIN_API_KEY: 'k9Zto9lvfQwIGVADRPqdECuJJMNZKdtvur3',
  DATABASE_URL: 'postgresql://broker:w7Kq0vPq2Lx9@db.example.org/alarm',
  YELK_IP_ALLOWLIST: '10.20.0.0/16',
  TRUSTED_PROXY_CIDRS: '10.1.0.5',
};

const look = (changes: Readonly<Record<string, string | undefined>>) => {
  const settings = readSettings({ ...WELL, ...changes });
  return [...examineSettings(settings), ...examineChannelSettings(settings)];
};
const codes = (changes: Readonly<Record<string, string | undefined>>) =>
  look(changes).map(({ severity, code }) => `${severity} ${code}`);

it('has nothing to say about settings that fit together', () => {
  expect(codes({})).toEqual(['ok settings.ok']);
});

it.each<[string, Record<string, string | undefined>, string]>([
  ['a link to this machine', { BASE_URL: 'http://localhost:8080' }, 'error settings.base-url-loopback'],
  ['the same by number', { BASE_URL: 'https://127.0.0.1' }, 'error settings.base-url-loopback'],
  ['the same by IPv6', { BASE_URL: 'https://[::1]' }, 'error settings.base-url-loopback'],
  ['a readable link', { BASE_URL: 'http://alarm.example.org' }, 'warning settings.base-url-http'],
  ['a private address', { BASE_URL: 'https://10.0.0.7' }, 'advice settings.base-url-local'],
  ['a name without a domain', { BASE_URL: 'https://alarm' }, 'advice settings.base-url-local'],
  ['simulation', { SIMULATION_ENABLED: 'true' }, 'advice settings.simulation'],
  ['no allow-list', { YELK_IP_ALLOWLIST: '' }, 'advice settings.phones-from-everywhere'],
  ['a proxy unknown', { TRUSTED_PROXY_CIDRS: '' }, 'warning settings.allowlist-sees-proxy'],
  ['everybody a proxy', { TRUSTED_PROXY_CIDRS: '0.0.0.0/0' }, 'warning settings.trusts-everybody'],
  ['everybody a proxy, IPv6', { TRUSTED_PROXY_CIDRS: '10.0.0.1 ::/0' }, 'warning settings.trusts-everybody'],
  ['no haste', { ESCALATE_ON_FAILURE: 'false' }, 'advice settings.no-haste'],
  [
    'few connections',
    { REDIS_URL: 'redis://r', REDIS_MAX_CONNECTIONS: '6' },
    'error settings.redis-connections',
  ],
  ['much log', { LOG_LEVEL: 'DEBUG' }, 'advice settings.debug-log'],
  ['no admin', { ADMIN_API_KEY: '' }, 'warning settings.no-admin-key'],
  ['a short key', { ADMIN_API_KEY: 'x7f-93kd' }, 'warning settings.weak-secret'],
  ['a key from an example', { ADMIN_API_KEY: 'change-me-'.repeat(4) }, 'warning settings.weak-secret'],
  ['a short secret', { WEBHOOK_SECRET: 'kfj39fk' }, 'warning settings.weak-secret'],
  [
    'a guessable topic',
    { NTFY_TOPIC: 'alarms', NTFY_BASE_URL: 'https://ntfy.example.org' },
    'warning settings.weak-secret',
  ],
  [
    'user and password the same',
    { DATABASE_URL: 'postgresql://broker:broker@db/alarm' },
    'warning settings.weak-database-password',
  ],
  ['a gateway over http', { NTFY_BASE_URL: 'http://ntfy.example.org' }, 'warning settings.gateway-http'],
  [
    'mail without TLS',
    { SMTP_URL: 'smtp://mail.example.org', SMTP_FROM: 'a@example.org', SMTP_REQUIRE_TLS: 'false' },
    'warning settings.smtp-open',
  ],
  [
    'webhooks unsigned',
    { WEBHOOK_URL: 'https://desk.example.org', WEBHOOK_ENABLED: 'true' },
    'advice settings.webhook-unsigned',
  ],
  ['SMS by half', { SENDXMS_BASE_URL: 'https://sms.example.org' }, 'warning channels.half-set-up'],
  ['SMS by half, otherwise', { SMS_SECRET: 'x' }, 'warning channels.half-set-up'],
  ['Signal by half', { SIGNAL_CLI_ENDPOINT: 'http://signal:8080' }, 'warning channels.half-set-up'],
  ['mail by half', { SMTP_FROM: 'a@example.org' }, 'warning channels.half-set-up'],
  ['ntfy by half', { NTFY_TOKEN: 'tk_1' }, 'warning channels.half-set-up'],
  ['Zammad by half', { ZAMMAD_API_TOKEN: 'x' }, 'warning channels.half-set-up'],
  [
    'a webhook not told of changes',
    { WEBHOOK_URL: 'https://desk.example.org' },
    'advice channels.webhook-hears-alerts-only',
  ],
])('sees %s', (_what, changes, expected) => {
  expect(codes(changes)).toContain(expected);
});

it.each<[string, Record<string, string>, string]>([
  [
    'a broker for this machine alone',
    { BASE_URL: 'http://localhost:8080', LISTEN_HOST: '127.0.0.1' },
    'base-url',
  ],
  ['a gateway next door', { NTFY_BASE_URL: 'http://ntfy:8080' }, 'gateway-http'],
  ['a database without a password', { DATABASE_URL: 'postgresql:///alarm' }, 'database-password'],
  ['enough connections', { REDIS_URL: 'redis://r', REDIS_MAX_CONNECTIONS: '7' }, 'redis-connections'],
])('accepts %s', (_what, changes, code) => {
  expect(codes(changes).join()).not.toContain(code);
});

it('tells a broker in simulation that its links lead nowhere, but not as an error', () => {
  expect(codes({ SIMULATION_ENABLED: 'true', BASE_URL: 'http://localhost:8080' })).toContain(
    'warning settings.base-url-loopback',
  );
});

it('says of everything but what is well what to do', () => {
  for (const { severity, remedy } of look({ BASE_URL: 'http://localhost', ADMIN_API_KEY: '' }))
    expect(remedy === undefined).toBe(severity === 'ok');
});

it('never repeats a secret', () => {
  const secrets = {
    ADMIN_API_KEY: 'short-key',
    WEBHOOK_SECRET: 'short-secret',
    NTFY_TOPIC: 'short-topic',
    SMS_CALLBACK_SECRET: 'short-callback',
    DATABASE_URL: 'postgresql://same-word:same-word@db/alarm',
    WEBHOOK_URL: 'http://desk.example.org/secret-path',
  };
  const words = JSON.stringify(look(secrets));

  expect(words.match(/weak-secret/g)).toHaveLength(4);
  for (const secret of ['short-', 'same-word', 'secret-path', 'desk.example.org'])
    expect(words).not.toContain(secret);
});
