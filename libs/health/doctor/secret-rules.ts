import type { Settings } from '#platform';

import { advice, warning, type Finding } from './finding.ts';
import { hostOf, isLocal } from './hosts.ts';

/** How many characters each must have at least, and how to come by a good one. */
const LENGTHS: readonly (readonly [name: keyof Settings, characters: number, how: string])[] = [
  ['ADMIN_API_KEY', 24, 'openssl rand -base64 32'],
  // Standard Webhooks asks for 24 to 64 bytes.
  ['WEBHOOK_SECRET', 24, 'echo "whsec_$(openssl rand -base64 32)"'],
  ['SMS_CALLBACK_SECRET', 16, 'openssl rand -hex 16'],
  ['NTFY_TOPIC', 16, 'openssl rand -hex 16'],
];

/** Words that stand in examples, and are therefore tried first. */
const WELL_KNOWN = /^(change[-_]?me.*|(admin|password|secret|postgres|alarm|test|geheim)[-_\d]*)$/i;

/** Findings name settings, never what is in them. */
export const secretRules = (settings: Settings): Finding[] => [
  ...missingAdminKey(settings),
  ...weakSecrets(settings),
  ...weakDatabasePassword(settings),
  ...openRoads(settings),
  ...unsignedWebhooks(settings),
];

function missingAdminKey({ ADMIN_API_KEY }: Settings): Finding[] {
  if (ADMIN_API_KEY !== undefined) return [];
  return [
    warning(
      'settings.no-admin-key',
      'ADMIN_API_KEY is not set: without a named key of the role admin nobody can look after this installation.',
      'Set ADMIN_API_KEY to what `openssl rand -base64 32` prints.',
    ),
  ];
}

function weakSecrets(settings: Settings): Finding[] {
  return LENGTHS.flatMap(([name, characters, how]) => {
    const value = settings[name];
    if (typeof value !== 'string') return [];
    if (value.length >= characters && !WELL_KNOWN.test(value)) return [];
    return warning(
      'settings.weak-secret',
      `${name} is easy to guess: it is shorter than ${characters} characters or a word from examples.`,
      `Make a new one: ${how}`,
    );
  });
}

function weakDatabasePassword({ DATABASE_URL }: Settings): Finding[] {
  if (DATABASE_URL === undefined || !URL.canParse(DATABASE_URL)) return [];
  const { username, password } = new URL(DATABASE_URL);
  // No password at all: a certificate, a socket or ~/.pgpass.
  if (password === '' || (password !== username && !WELL_KNOWN.test(password))) return [];
  return [
    warning(
      'settings.weak-database-password',
      'The password in DATABASE_URL is the name of its user or a word from examples.',
      'Change it with ALTER ROLE … PASSWORD and in DATABASE_URL.',
    ),
  ];
}

/** Servers to which a secret travels. */
const GATEWAYS = [
  'ZAMMAD_BASE_URL',
  'SENDXMS_BASE_URL',
  'SMS_BASE_URL',
  'SIGNAL_CLI_ENDPOINT',
  'NTFY_BASE_URL',
  'WEBHOOK_URL',
] as const satisfies readonly (keyof Settings)[];

function openRoads(settings: Settings): Finding[] {
  const open = GATEWAYS.filter((name) => {
    const url = settings[name];
    return url?.startsWith('http:') && !isLocal(hostOf(url));
  }).map((name) =>
    warning(
      'settings.gateway-http',
      `${name} is http: keys and alarms cross a public network readable.`,
      `Let ${name} begin with https://.`,
    ),
  );
  const { SMTP_URL, SMTP_REQUIRE_TLS } = settings;
  if (
    SMTP_URL?.startsWith('smtp:') &&
    !SMTP_REQUIRE_TLS &&
    URL.canParse(SMTP_URL) &&
    !isLocal(hostOf(SMTP_URL))
  )
    open.push(
      warning(
        'settings.smtp-open',
        'SMTP_REQUIRE_TLS is false: mails and the password of the mail server may cross a public network readable.',
        'Set SMTP_REQUIRE_TLS=true, or use smtps:// in SMTP_URL.',
      ),
    );
  return open;
}

function unsignedWebhooks({ WEBHOOK_URL, WEBHOOK_SECRET }: Settings): Finding[] {
  if (WEBHOOK_URL === undefined || WEBHOOK_SECRET !== undefined) return [];
  return [
    advice(
      'settings.webhook-unsigned',
      'WEBHOOK_SECRET is not set: a receiver cannot tell our webhooks from forged ones.',
      'Set WEBHOOK_SECRET to what `echo "whsec_$(openssl rand -base64 32)"` prints, and tell the receiver.',
    ),
  ];
}
