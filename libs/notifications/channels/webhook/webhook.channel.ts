import { createHmac } from 'node:crypto';

import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Histogram } from 'prom-client';

import { Clock, Settings } from '#platform';

import { exchange } from '../gateway.ts';
import {
  ChannelError,
  type ChannelMessage,
  type NotificationChannel,
  type Receipt,
} from '../notification-channel.ts';
import { publicAgent, refusePrivateLiteral } from './public-addresses.ts';
import { fixedRetries } from '../retry-policies.ts';

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
    const body = JSON.stringify(webhookBody(message));
    const timestamp = Math.floor(this.clock.now().getTime() / 1000);
    const began = performance.now();
    let result = 'error';
    try {
      await exchange(
        {
          method: 'POST',
          url,
          headers: {
            'content-type': 'application/json',
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
      result = error instanceof ChannelError ? error.options.reason : 'error';
      throw error;
    } finally {
      this.duration.observe({ result }, (performance.now() - began) / 1000);
    }
  }

  private signature(id: string, timestamp: number, body: string): Record<string, string> {
    const secret = this.settings.WEBHOOK_SECRET;
    return secret === undefined ? {} : { 'webhook-signature': signWebhook(secret, id, timestamp, body) };
  }
}

/** `v1,` and the HMAC-SHA256 over id, time and body. A `whsec_` secret is base64, any other is taken as is. */
export function signWebhook(secret: string, id: string, timestamp: number, body: string): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

function webhookBody(message: ChannelMessage): object {
  const { brief } = message;
  return {
    type: message.purpose === 'alert' ? 'alarm.triggered' : `alarm.${message.purpose}`,
    timestamp: brief.change?.at ?? brief.triggeredAt,
    data: {
      alarm_id: brief.alarmId,
      status: brief.change?.status ?? 'triggered',
      severity: brief.severity,
      silent: brief.silent,
      source: brief.source,
      event: brief.event,
      triggered_at: brief.triggeredAt,
      simulated: brief.simulated,
      person: brief.person,
      room: brief.room,
      floor: brief.floor,
      site: brief.site,
      target: message.targetLabel,
      text: message.text.body,
      ...(message.purpose === 'alert' ? { ack_url: brief.link } : {}),
      ...(brief.change ? { changed_by: brief.change.by, note: brief.change.note } : {}),
    },
  };
}
