import type { Settings } from '#platform';

import { exchange, GatewayRefusal, trustedAgent, type GatewayRequest } from '../gateway.ts';
import type { ChannelMessage, NotificationChannel, Receipt } from '../notification-channel.ts';
import { ALARM_RETRIES } from '../retry-policies.ts';
import { UnconfiguredChannel } from '../unconfigured-channel.ts';
import { phoneNumber } from './phone-number.ts';
import { receiptFrom, refusalFrom } from './sms-answer.ts';
import type { SmsConnector } from './sms-connector.ts';
import { smsProvider, type SmsProvider } from './sms-provider.ts';
import { filled, filledText, scalarText, type Node, type Values } from './sms-template.ts';
import { toGsm } from '../../gsm-alphabet.ts';
import { fitted } from './sms-text.ts';

/** SMS through the HTTP interface of a provider. It is the operator's own choice and reached wherever it is. */
export class SmsChannel implements NotificationChannel {
  readonly kind = 'sms';
  readonly timeLimitMs: number;
  readonly retryPolicy = ALARM_RETRIES;
  private readonly agent = trustedAgent();

  constructor(private readonly provider: SmsProvider) {
    this.timeLimitMs = provider.connector.timeoutMs;
  }

  async send(message: ChannelMessage, signal: AbortSignal): Promise<Receipt> {
    const { connector } = this.provider;
    const { short } = message.text;
    const text = fitted(connector.transliterate ? toGsm(short) : short, connector.maxSegments);
    const to = phoneNumber(message.address, connector.numberFormat);
    const values: Values = {
      ...this.provider.values,
      to,
      text,
      ref: message.notificationId,
      ...(message.requestId === null ? {} : { request: message.requestId }),
    };
    const unspeakable = [
      ...[message.address, to, to.replace(/^\+/, ''), text.slice(0, 20)],
      ...[values.secret, values.account, this.provider.callbackSecret].filter((word) => word !== undefined),
      // A file may hold a key of its own.
      filledText(connector.auth.secret, values) ?? '',
    ];
    try {
      const answer = await exchange(requestFor(connector, values), this.agent, signal);
      return receiptFrom(answer, connector, unspeakable);
    } catch (error) {
      throw error instanceof GatewayRefusal ? refusalFrom(error, connector, unspeakable) : error;
    }
  }
}

/** The channel as the settings describe it. */
export function smsChannel(settings: Settings): NotificationChannel {
  const provider = smsProvider(settings);
  return provider === undefined
    ? new UnconfiguredChannel('sms', 'SMS is not set up: neither SMS_PRESET nor SENDXMS_ENABLED is set.')
    : new SmsChannel(provider);
}

/** The call that hands a message over. */
export function requestFor(connector: SmsConnector, values: Values): GatewayRequest {
  const { method, bodyFormat, idempotencyHeader, auth } = connector;
  const fields = filled(connector.body, values) as Record<string, Node>;
  const { headers, query } = credentials(auth, values);
  const url = new URL(filledText(connector.url, values, encodeURIComponent) ?? connector.url);
  for (const [name, value] of [...(bodyFormat === 'query' ? pairs(fields) : []), ...query]) {
    url.searchParams.append(name, value);
  }
  const bodies = {
    json: { type: 'application/json', body: () => JSON.stringify(fields) },
    form: {
      type: 'application/x-www-form-urlencoded',
      body: () => new URLSearchParams(pairs(fields)).toString(),
    },
    query: { type: undefined, body: () => '' },
  };
  const { type, body } = bodies[bodyFormat];
  return {
    method,
    url: url.href,
    headers: headerFields({
      ...(type === undefined ? {} : { 'content-type': type }),
      ...(filled(connector.headers, values) as Record<string, string>),
      ...(idempotencyHeader === undefined ? {} : { [idempotencyHeader]: values.ref ?? '' }),
      ...headers,
    }),
    body: body(),
  };
}

interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: readonly [string, string][];
}

function credentials(
  { type, name = '', username, secret }: SmsConnector['auth'],
  values: Values,
): Credentials {
  const word = filledText(secret, values);
  if (type === 'none' || word === undefined) return { headers: {}, query: [] };
  if (type === 'query') return { headers: {}, query: [[name, word]] };
  if (type === 'header') return { headers: { [name]: word }, query: [] };
  const login = `${filledText(username, values) ?? ''}:${word}`;
  const authorization =
    type === 'bearer' ? `Bearer ${word}` : `Basic ${Buffer.from(login).toString('base64')}`;
  return { headers: { authorization }, query: [] };
}

const pairs = (fields: Readonly<Record<string, Node>>): [string, string][] =>
  Object.entries(fields).flatMap(([name, value]) =>
    (Array.isArray(value) ? (value as Node[]) : [value]).map((item): [string, string] => [
      name,
      scalarText(item) ?? '',
    ]),
  );

/** Names are of people and may hold anything; a header may not. */
const headerFields = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      isPlain(value) ? value : toGsm(value).replace(/[^\x20-\x7e]/g, '?'),
    ]),
  );

const isPlain = (value: string): boolean => /^[\x20-\x7e]*$/.test(value);
