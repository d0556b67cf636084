import type { Settings } from '#platform';

import type { ChannelMessage } from '../notification-channel.ts';

/** What a receiver is sent, and as what. */
export interface WebhookBody {
  readonly contentType: string;
  readonly text: string;
}

/** Standard Webhooks 1.0 wants bodies below 20 kB. */
const MAX_BYTES = 20_000;

/** How long a text may be at most; the next one is taken when the body is too long all the same. */
const TEXT_LIMITS = [10_000, 2000, 500, 100] as const;

/** A word cut short is still that word; a link is none. */
const UNCUT = new Set(['ack_url', 'source', 'id', 'subject', 'alarm_id']);

/** The body of a webhook: a small document of its own, or a CloudEvent 1.0 in structured mode. */
export function webhookBody(
  message: ChannelMessage,
  { WEBHOOK_FORMAT, BASE_URL }: Pick<Settings, 'WEBHOOK_FORMAT' | 'BASE_URL'>,
): WebhookBody {
  const { brief, purpose } = message;
  const type = purpose === 'alert' ? 'alarm.triggered' : `alarm.${purpose}`;
  const time = brief.change?.at ?? brief.triggeredAt;
  const data = facts(message);
  if (WEBHOOK_FORMAT === 'standard') {
    return { contentType: 'application/json', text: shortJson({ type, timestamp: time, data }) };
  }
  const event = {
    specversion: '1.0',
    id: message.notificationId,
    source: BASE_URL,
    type: `org.alarm-broker.${type}`,
    subject: brief.alarmId,
    time,
    datacontenttype: 'application/json',
    data,
  };
  return { contentType: 'application/cloudevents+json', text: shortJson(event) };
}

function facts(message: ChannelMessage): object {
  const { brief } = message;
  return {
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
  };
}

/** Cuts texts people wrote, the longest first, until the whole is short enough. */
function shortJson(body: object): string {
  let json = JSON.stringify(body);
  for (const limit of TEXT_LIMITS) {
    if (Buffer.byteLength(json) < MAX_BYTES) break;
    json = JSON.stringify(body, (key, value: unknown) =>
      typeof value === 'string' && !UNCUT.has(key) ? cut(value, limit) : value,
    );
  }
  return json;
}

function cut(text: string, limit: number): string {
  const letters = [...text];
  return letters.length > limit ? `${letters.slice(0, limit - 1).join('')}…` : text;
}
