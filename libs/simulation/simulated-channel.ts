import {
  fixedRetries,
  type ChannelKind,
  type ChannelMessage,
  type NotificationChannel,
  type Receipt,
} from '#notifications';

import type { SimulationFeed } from './simulation-feed.ts';

/** Takes the place of a real channel of any kind: writes to the feed what would have been sent. */
export class SimulatedChannel implements NotificationChannel {
  readonly timeLimitMs = 5000;
  readonly retryPolicy = fixedRetries(3, 1);

  constructor(
    readonly kind: ChannelKind,
    private readonly feed: SimulationFeed,
  ) {}

  async send(message: ChannelMessage): Promise<Receipt> {
    const id = await this.feed.record(this.kind, {
      alarm_id: message.brief.alarmId,
      purpose: message.purpose,
      target: message.targetLabel,
      address: message.address,
      subject: message.text.subject,
      text: this.kind === 'sms' ? message.text.short : message.text.body,
      attempt: message.attempt,
    });
    return { externalRef: `simulated-${id}` };
  }
}
