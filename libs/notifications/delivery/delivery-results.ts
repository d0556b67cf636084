import { Injectable, Logger } from '@nestjs/common';

import type { Purpose } from '../alarm-brief.ts';
import type { ChannelKind, FailureReason } from '../channels/notification-channel.ts';
import type { NotificationStatus } from '../notification.entity.ts';

/** What an attempt, or a later report about it, has made of a notification. Committed already. */
export interface DeliveryResult {
  readonly notificationId: string;
  readonly alarmId: string;
  readonly purpose: Purpose;
  readonly round: number;
  readonly stepNo: number;
  readonly targetId: string;
  readonly label: string;
  readonly channel: ChannelKind;
  /** Of the request it was planned for. */
  readonly requestId: string | null;
  readonly status: NotificationStatus;
  readonly reason: FailureReason | null;
  /** What the other side calls the message. */
  readonly externalRef: string | null;
  readonly facts: Readonly<Record<string, string | number>>;
}

export type DeliveryListener = (result: DeliveryResult) => Promise<void>;

/**
 * Where the rooms above learn what became of a notification. They are told after the commit, so what they do
 * must be an improvement that may be missed when the process dies, never a promise.
 */
@Injectable()
export class DeliveryResults {
  private readonly logger = new Logger('DeliveryResults');
  private readonly listeners: DeliveryListener[] = [];

  listen(listener: DeliveryListener): void {
    this.listeners.push(listener);
  }

  /** Never rejects. */
  async tell(result: DeliveryResult): Promise<void> {
    for (const listener of this.listeners) {
      try {
        await listener(result);
      } catch (error) {
        const { notificationId, alarmId } = result;
        this.logger.error(
          { err: error, notificationId, alarmId },
          'The result of a delivery was not followed up',
        );
      }
    }
  }
}
