import { Logger } from '@nestjs/common';

import type { Settings } from '#platform';

import { exchange, explainedBy, trustedAgent } from '../gateway.ts';
import {
  ChannelError,
  type ChannelMessage,
  type NotificationChannel,
  type Receipt,
} from '../notification-channel.ts';
import { ALARM_RETRIES } from '../retry-policies.ts';
import { UnconfiguredChannel } from '../unconfigured-channel.ts';
import { isGroup, signalRecipient } from './recipient.ts';
import { asksForCaptcha, sendReceipt, sendRefusal } from './send-answer.ts';

/**
 * Signal by signal-cli-rest-api: `POST /v2/send` with one recipient in each request, because it takes groups,
 * numbers and usernames only apart, and its answer then is about this one. The reference of a message is its time,
 * by which reactions, replies and receipts name it, too.
 */
export class SignalChannel implements NotificationChannel {
  readonly kind = 'signal';
  /** In JSON-RPC mode the server itself waits for ever. */
  readonly timeLimitMs = 15_000;
  readonly retryPolicy = ALARM_RETRIES;
  private readonly logger = new Logger('SignalChannel');
  private readonly agent = trustedAgent();
  private readonly endpoint: string;
  private readonly number: string;

  constructor(private readonly settings: Settings) {
    this.endpoint = (settings.SIGNAL_CLI_ENDPOINT ?? '').replace(/\/+$/, '');
    this.number = settings.SIGNAL_NUMBER ?? '';
  }

  async send(message: ChannelMessage, signal: AbortSignal): Promise<Receipt> {
    const recipient = signalRecipient(message.address || (this.settings.SIGNAL_TARGET_GROUP_ID ?? ''));
    if (recipient === undefined) {
      throw new ChannelError('The target has no Signal number or group, and no group is configured.', {
        retry: 'no',
        reason: 'refused',
      });
    }
    const { text } = await exchange(
      {
        method: 'POST',
        url: this.endpoint + this.settings.SIGNAL_SEND_PATH,
        headers: {
          'content-type': 'application/json',
          ...(message.requestId === null ? {} : { 'x-request-id': message.requestId }),
        },
        body: JSON.stringify({
          number: this.number,
          recipients: [recipient],
          message: message.text.body,
          // In the other mode, which the server may have as its default, * and _ in a name would be formatting.
          text_mode: 'normal',
        }),
      },
      this.agent,
      signal,
    ).catch(explainedBy((status, body) => this.refusal(status, body, recipient)));
    const receipt = sendReceipt(text, isGroup(recipient));
    if (receipt.facts !== undefined) {
      this.logger.warn(
        { notificationId: message.notificationId, target: message.targetLabel, ...receipt.facts },
        'Not everybody in the Signal group was reached',
      );
    }
    return receipt;
  }

  async probe(signal: AbortSignal): Promise<readonly string[]> {
    const { mode } = Object(await this.get('/v1/about', signal)) as { mode?: unknown };
    const findings: string[] = [];
    if (this.settings.SIGNAL_CALLBACK_SECRET !== undefined && (mode === 'normal' || mode === 'native')) {
      findings.push(
        `signal-cli-rest-api runs in mode ${mode}, in which it passes on no answers and receipts: set MODE=json-rpc there.`,
      );
    }
    const accounts = await this.get('/v1/accounts', signal);
    if (Array.isArray(accounts) && !accounts.includes(this.number)) {
      findings.push('SIGNAL_NUMBER is not registered with signal-cli-rest-api.');
      return findings;
    }
    const group = signalRecipient(this.settings.SIGNAL_TARGET_GROUP_ID ?? '');
    if (group === undefined || !isGroup(group)) return findings;
    const groups = await this.get(`/v1/groups/${encodeURIComponent(this.number)}`, signal);
    if (
      Array.isArray(groups) &&
      !groups.some((entry: unknown) => (Object(entry) as { id?: unknown }).id === group)
    ) {
      findings.push('SIGNAL_NUMBER is in no group called SIGNAL_TARGET_GROUP_ID.');
    }
    return findings;
  }

  private refusal(status: number, text: string, recipient: string): ChannelError | undefined {
    if (asksForCaptcha(status, text)) {
      this.logger.error(
        { status },
        'Signal limits this number until somebody solves a captcha (rate-limit-challenge of signal-cli-rest-api)',
      );
    }
    return sendRefusal(status, text, recipient, this.number);
  }

  /** @returns the answer, or nothing where it is no JSON or too long to be read whole. */
  private async get(path: string, signal: AbortSignal): Promise<unknown> {
    const call = { method: 'GET', url: this.endpoint + path, headers: {}, body: '' } as const;
    const { text } = await exchange(call, this.agent, signal);
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  }
}

/** The channel as the settings describe it. */
export const signalChannel = (settings: Settings): NotificationChannel =>
  settings.SIGNAL_ENABLED
    ? new SignalChannel(settings)
    : new UnconfiguredChannel('signal', 'Signal is not set up: SIGNAL_ENABLED is not true.');
