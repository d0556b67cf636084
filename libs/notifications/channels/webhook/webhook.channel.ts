import { createHmac } from 'node:crypto';

import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Histogram } from 'prom-client';

import { Clock, Settings } from '#platform';

import { exchange, GatewayRefusal } from '../gateway.ts';
import {
  ChannelError,
  type ChannelMessage,
  type NotificationChannel,
  type Receipt,
} from '../notification-channel.ts';
import { publicAgent, refusePrivateLiteral } from './public-addresses.ts';
import { fixedRetries } from '../retry-policies.ts';
import { webhookBody } from './webhook-body.ts';

export const WEBHOOK_DURATION_METRIC = 'alarm_broker_webhook_duration_seconds';

/**
 * Signed POSTs as Standard Webhooks 1.0 describes them: `webhook-id` stays the same over retries,
 * `webhook-timestamp` and the signature are new with each attempt.
 */
@Injectable()
export class WebhookChannel implements NotificationChannel {
  readonly kind = 'webhook';
  readonly timeLimitMs: number;
  readonly retryPolicy;
  private readonly agent;

  constructor(
    private readonly settings: Settings,
    private readonly clock: Clock,
    @InjectMetric(WEBHOOK_DURATION_METRIC) private readonly duration: Histogram<'result'>,
  ) {
    this.timeLimitMs = settings.WEBHOOK_TIMEOUT_SECONDS * 1000;
    this.retryPolicy = fixedRetries(settings.WEBHOOK_MAX_RETRIES, settings.WEBHOOK_RETRY_DELAY_SECONDS);
    this.agent = publicAgent(settings.WEBHOOK_ALLOWED_HOSTS);
  }

  async send(message: ChannelMessage, signal: AbortSignal): Promise<Receipt> {
    const url = message.address || this.settings.WEBHOOK_URL;
    if (url === undefined || !/^https?:\/\//i.test(url) || !URL.canParse(url)) {
      throw new ChannelError('The target has no http or https address.', { retry: 'no', reason: 'refused' });
    }
    refusePrivateLiteral(url, this.settings.WEBHOOK_ALLOWED_HOSTS);
    const { contentType, text: body } = webhookBody(message, this.settings);
    const timestamp = Math.floor(this.clock.now().getTime() / 1000);
    const began = performance.now();
    let result = 'error';
    try {
      await exchange(
        {
          method: 'POST',
          url,
          headers: {
            'content-type': contentType,
            'webhook-id': message.notificationId,
            'webhook-timestamp': String(timestamp),
            ...this.signature(message.notificationId, timestamp, body),
            ...(message.requestId === null ? {} : { 'x-request-id': message.requestId }),
          },
          body,
        },
        this.agent,
        signal,
      );
      result = '2xx';
      return {};
    } catch (error) {
      const failure = isGone(error) ? gone() : error;
      result = failure instanceof ChannelError ? failure.options.reason : 'error';
      throw failure;
    } finally {
      this.duration.observe({ result }, (performance.now() - began) / 1000);
    }
  }

  /** One for each secret: receivers accept any of them, so both hold while a secret is exchanged. */
  private signature(id: string, timestamp: number, body: string): Record<string, string> {
    const { WEBHOOK_SECRET, WEBHOOK_SECRET_PREVIOUS } = this.settings;
    const signatures = [WEBHOOK_SECRET, WEBHOOK_SECRET_PREVIOUS]
      .filter((secret) => secret !== undefined)
      .map((secret) => signWebhook(secret, id, timestamp, body));
    return signatures.length === 0 ? {} : { 'webhook-signature': signatures.join(' ') };
  }
}

/** Of a webhook, 410 means more than of any other server: leave me alone (Standard Webhooks 1.0). */
const isGone = (error: unknown): boolean => error instanceof GatewayRefusal && error.answer.status === 410;

const gone = (): ChannelError =>
  new ChannelError('The receiver is gone and asks not to be called again (410).', {
    retry: 'no',
    reason: 'gone',
  });

/** `v1,` and the HMAC-SHA256 over id, time and body. A `whsec_` secret is base64, any other is taken as is. */
export function signWebhook(secret: string, id: string, timestamp: number, body: string): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}
