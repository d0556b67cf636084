import { CHANNEL_KINDS, type ChannelKind } from '#notifications';
import type { Settings } from '#platform';

import { advice, error, ok, warning, type Finding } from './finding.ts';

/** What is known of a channel that is set up. */
export interface ChannelAnswer {
  readonly channel: ChannelKind;
  /** Whether its server can be asked without sending anything; null where nobody has asked it yet. */
  readonly asked: boolean | null;
  /** What its server finds wrong with the settings. */
  readonly findings: readonly string[];
  /** Why its server gave no answer. */
  readonly trouble: string | null;
}

/** Settings of a channel, and those without which they have no effect. */
const DEAD_LETTERS: readonly (readonly [
  channel: ChannelKind,
  given: keyof Settings,
  missing: string,
  isThere: (settings: Settings) => boolean,
])[] = [
  ['zammad', 'ZAMMAD_API_TOKEN', 'ZAMMAD_BASE_URL', (s) => s.ZAMMAD_BASE_URL !== undefined],
  ['sms', 'SENDXMS_BASE_URL', 'SENDXMS_ENABLED=true', sendsSms],
  ['sms', 'SMS_SECRET', 'SMS_PRESET', sendsSms],
  ['signal', 'SIGNAL_CLI_ENDPOINT', 'SIGNAL_ENABLED=true', (s) => s.SIGNAL_ENABLED],
  ['email', 'SMTP_FROM', 'SMTP_URL', (s) => s.SMTP_URL !== undefined],
  ['ntfy', 'NTFY_TOKEN', 'NTFY_BASE_URL', (s) => s.NTFY_BASE_URL !== undefined],
  ['ntfy', 'NTFY_TOPIC', 'NTFY_BASE_URL', (s) => s.NTFY_BASE_URL !== undefined],
];

function sendsSms(settings: Settings): boolean {
  const { SENDXMS_ENABLED, SMS_PRESET, SMS_CONNECTOR_FILE } = settings;
  return SENDXMS_ENABLED || SMS_PRESET !== undefined || SMS_CONNECTOR_FILE !== undefined;
}

/** Channels that somebody began to set up. */
export function examineChannelSettings(settings: Settings): Finding[] {
  const halves = DEAD_LETTERS.filter(
    ([, given, , isThere]) => settings[given] !== undefined && !isThere(settings),
  ).map(([channel, given, missing]) =>
    warning(
      'channels.half-set-up',
      `${given} is set, but nothing is sent by ${channel}: ${missing} is missing.`,
      `Set ${missing}, or take ${given} away.`,
    ),
  );
  const { WEBHOOK_URL, WEBHOOK_ENABLED } = settings;
  if (WEBHOOK_URL === undefined || WEBHOOK_ENABLED) return halves;
  return [
    ...halves,
    advice(
      'channels.webhook-hears-alerts-only',
      'WEBHOOK_URL is set and WEBHOOK_ENABLED is false: it is not told of changes of state, only of steps that name it.',
      'Set WEBHOOK_ENABLED=true if it is to hear of acknowledgements, too.',
    ),
  ];
}

/** What the servers of the channels say. */
export function examineChannels(answers: readonly ChannelAnswer[]): Finding[] {
  if (answers.length === 0)
    return [
      warning(
        'channels.none',
        'No channel is set up: nobody can be told but webhooks that have an address of their own.',
        'Set up two channels at least, as docs/integrations.md describes.',
      ),
    ];
  return CHANNEL_KINDS.flatMap((kind) => answers.filter(({ channel }) => channel === kind)).flatMap(
    findingsOf,
  );
}

function findingsOf({ channel, asked, findings, trouble }: ChannelAnswer): Finding[] {
  if (trouble !== null)
    return [
      error(
        'channels.no-answer',
        `The server of ${channel} cannot be used: ${trouble}`,
        `Look up these words below ${channel} in docs/integrations.md.`,
      ),
    ];
  if (findings.length > 0)
    return findings.map((words) =>
      warning(
        'channels.refused',
        `The server of ${channel} finds fault: ${words}`,
        `Mend the setting it names, see ${channel} in docs/integrations.md.`,
      ),
    );
  if (asked === false)
    return [ok('channels.unasked', `${channel} is set up; only a drill can show that its messages arrive.`)];
  if (asked === null)
    return [ok('channels.unasked', `${channel} is set up; no worker has asked its server yet.`)];
  return [ok('channels.ok', `The server of ${channel} answers and accepts the settings.`)];
}
