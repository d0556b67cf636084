import type { Settings } from '#platform';

import { exchange, trustedAgent } from '../gateway.ts';
import {
  ChannelError,
  type ChannelMessage,
  type NotificationChannel,
  type Receipt,
} from '../notification-channel.ts';
import { ALARM_RETRIES } from '../retry-policies.ts';
import { UnconfiguredChannel } from '../unconfigured-channel.ts';

/**
 * SMS through an HTTP gateway: `POST {base}{path}` with a bearer key and `to`, `message`, `from`. Success is
 * any 2xx. The gateway is the operator's own choice and therefore reached wherever it is.
 */
export class SmsChannel implements NotificationChannel {
  readonly kind = 'sms';
  readonly timeLimitMs = 8000;
  readonly retryPolicy = ALARM_RETRIES;
  private readonly agent = trustedAgent();

  constructor(private readonly settings: Settings) {}

  async send(message: ChannelMessage, signal: AbortSignal): Promise<Receipt> {
    if (message.address === '') {
      throw new ChannelError('The target has no phone number.', { retry: 'no', reason: 'refused' });
    }
    const { SENDXMS_BASE_URL, SENDXMS_SEND_PATH, SENDXMS_API_KEY, SENDXMS_FROM, SENDXMS_MODE } =
      this.settings;
    const fields = { to: message.address, message: message.text.short, from: SENDXMS_FROM };
    const asJson = SENDXMS_MODE === 'json';
    const answer = await exchange(
      {
        method: 'POST',
        url: `${(SENDXMS_BASE_URL ?? '').replace(/\/$/, '')}${SENDXMS_SEND_PATH}`,
        headers: {
          'content-type': asJson ? 'application/json' : 'application/x-www-form-urlencoded',
          'idempotency-key': message.notificationId,
          ...(SENDXMS_API_KEY === undefined ? {} : { authorization: `Bearer ${SENDXMS_API_KEY}` }),
          ...(message.requestId === null ? {} : { 'x-request-id': message.requestId }),
        },
        body: asJson ? JSON.stringify(fields) : new URLSearchParams(fields).toString(),
      },
      this.agent,
      signal,
    );
    const externalRef = messageId(answer.text);
    return externalRef === undefined ? {} : { externalRef };
  }
}

/** The channel as the settings describe it. */
export const smsChannel = (settings: Settings): NotificationChannel =>
  settings.SENDXMS_ENABLED
    ? new SmsChannel(settings)
    : new UnconfiguredChannel('sms', 'SMS is not set up: neither SMS_PRESET nor SENDXMS_ENABLED is set.');

/** Gateways differ in what they call it, and some say nothing. */
function messageId(text: string): string | undefined {
  try {
    const answer = JSON.parse(text) as Record<string, unknown>;
    const id = answer['id'] ?? answer['message_id'] ?? answer['messageId'];
    return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
  } catch {
    return undefined;
  }
}
