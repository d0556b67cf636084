import type { Settings } from '#platform';

import { exchange, explainedBy, GatewayRefusal, trustedAgent, type GatewayAnswer } from '../gateway.ts';
import {
  ChannelError,
  type ChannelMessage,
  type NotificationChannel,
  type Receipt,
} from '../notification-channel.ts';
import { ALARM_RETRIES } from '../retry-policies.ts';
import { serverWords } from '../server-words.ts';
import { UnconfiguredChannel } from '../unconfigured-channel.ts';
import { ntfyMessage } from './ntfy-message.ts';

export const isTopic = (text: string): boolean => /^[-_A-Za-z0-9]{1,64}$/.test(text);

/** Push messages to phones by ntfy (https://docs.ntfy.sh/publish/#publish-as-json). */
export class NtfyChannel implements NotificationChannel {
  readonly kind = 'ntfy';
  readonly timeLimitMs = 10_000;
  readonly retryPolicy = ALARM_RETRIES;
  private readonly agent = trustedAgent();
  private readonly base: string;

  constructor(private readonly settings: Settings) {
    this.base = (settings.NTFY_BASE_URL ?? '').replace(/\/+$/, '');
  }

  async send(message: ChannelMessage, signal: AbortSignal): Promise<Receipt> {
    const topic = message.address.trim() || (this.settings.NTFY_TOPIC ?? '');
    if (!isTopic(topic)) {
      const words =
        topic === ''
          ? 'The target has no ntfy topic, and none is configured.'
          : 'The address of the target is no ntfy topic: up to 64 letters, digits, - and _.';
      throw new ChannelError(words, { retry: 'no', reason: 'refused' });
    }
    const { text } = await this.call('POST', '/', signal, {
      headers: message.requestId === null ? {} : { 'x-request-id': message.requestId },
      body: ntfyMessage(message, topic, this.settings.DEFAULT_LANGUAGE),
    }).catch(explainedBy((status, body) => refusal(status, body, topic)));
    const { id } = jsonObject(text);
    if (typeof id === 'string' && id !== '') return { externalRef: id };
    throw new ChannelError('The answer of the ntfy server names no message.', {
      retry: 'ambiguous',
      reason: 'malformed-answer',
    });
  }

  async probe(signal: AbortSignal): Promise<readonly string[]> {
    const findings: string[] = [];
    const { healthy } = jsonObject((await this.call('GET', '/v1/health', signal)).text);
    if (healthy !== true) findings.push('The ntfy server does not call itself healthy.');
    const topic = this.settings.NTFY_TOPIC;
    if (topic === undefined) return findings;
    const refused = await this.readingIsRefused(topic, signal);
    if (refused !== undefined) findings.push(refused);
    return findings;
  }

  /** It can only be asked who may read; a token that may only write is no fault. */
  private async readingIsRefused(topic: string, signal: AbortSignal): Promise<string | undefined> {
    try {
      await this.call('GET', `/${topic}/auth`, signal);
    } catch (error) {
      if (!(error instanceof GatewayRefusal) || error.options.reason !== 'refused') throw error;
      const { status } = error.answer;
      const hasToken = this.settings.NTFY_TOKEN !== undefined;
      if (status === 401 && hasToken) return 'The ntfy server does not know NTFY_TOKEN.';
      if ((status === 401 || status === 403) && !hasToken)
        return 'The ntfy server protects NTFY_TOPIC: set NTFY_TOKEN to the token of a user who may publish.';
    }
    return undefined;
  }

  private call(
    method: 'GET' | 'POST',
    path: string,
    signal: AbortSignal,
    more: { headers?: Record<string, string>; body?: string } = {},
  ): Promise<GatewayAnswer> {
    const { headers = {}, body = '' } = more;
    const token = this.settings.NTFY_TOKEN;
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const type = method === 'POST' ? { 'content-type': 'application/json' } : {};
    const call = { method, url: this.base + path, headers: { ...headers, ...type, ...authorization }, body };
    return exchange(call, this.agent, signal);
  }
}

/** The channel as the settings describe it. */
export const ntfyChannel = (settings: Settings): NotificationChannel =>
  settings.NTFY_BASE_URL === undefined
    ? new UnconfiguredChannel('ntfy', 'ntfy is not set up: NTFY_BASE_URL is not set.')
    : new NtfyChannel(settings);

/** A final refusal, in the words of the server where it has any. Limits mean what their status says. */
function refusal(status: number, text: string, topic: string): ChannelError | undefined {
  if (status < 400 || status >= 500 || status === 408 || status === 425 || status === 429) return undefined;
  const { error, code } = jsonObject(text);
  if (typeof error !== 'string') return undefined;
  const number = typeof code === 'number' ? ` (${code})` : '';
  return new ChannelError(`ntfy refused it: ${serverWords(error, topic)}${number}.`, {
    retry: 'no',
    reason: 'refused',
  });
}

function jsonObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return {};
  }
}
