import { Injectable } from '@nestjs/common';

import { Database, Settings, statement } from '#platform';

import { canHaveReceived, type SignalSender } from './recipient.ts';

const SENT = statement(
  'signal.sent',
  `SELECT alarm_id AS "alarmId", address FROM notifications WHERE channel = 'signal' AND external_ref = $1`,
);

/** What was told by Signal, for those who answer it. */
@Injectable()
export class SignalMessages {
  constructor(
    private readonly database: Database,
    private readonly settings: Settings,
  ) {}

  /**
   * The alarms that a message was about, if this sender can have received it.
   * @param timestamp of the message in milliseconds, by which Signal names it.
   */
  async alarmsOf(timestamp: string, sender: SignalSender): Promise<string[]> {
    const rows = await this.database.query<{ alarmId: string; address: string }>(SENT, [timestamp]);
    const group = this.settings.SIGNAL_TARGET_GROUP_ID ?? '';
    const received = rows.filter(({ address }) => canHaveReceived(address || group, sender));
    return [...new Set(received.map(({ alarmId }) => alarmId))];
  }
}
