import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter } from 'prom-client';

import type { Tx } from '#platform';

import { CHANNEL_KINDS, type ChannelKind } from './channels/notification-channel.ts';
import type { NotificationStatus } from './notification.entity.ts';

export const NOTIFICATIONS_METRIC = 'alarm_broker_notifications_total';

const ENDS = ['sent', 'failed', 'ambiguous', 'skipped', 'withdrawn'] as const satisfies NotificationStatus[];

interface Row {
  readonly channel: ChannelKind;
  readonly status: NotificationStatus;
}

/**
 * Counts each notification that comes to an end, in the process whose transaction ends it and once that has
 * committed. So nothing is counted twice, and the sum over api and worker is the whole. What is sent once more
 * comes to an end once more.
 */
@Injectable()
export class Endings {
  constructor(@InjectMetric(NOTIFICATIONS_METRIC) private readonly total: Counter<'channel' | 'result'>) {
    for (const channel of CHANNEL_KINDS) for (const result of ENDS) total.inc({ channel, result }, 0);
  }

  /** Of these rows, which the transaction has changed, those that are at their end. */
  count(tx: Tx, rows: readonly Row[]): void {
    const ended = rows.filter(({ status }) => ENDS.some((end) => end === status));
    tx.afterCommit(() => {
      for (const { channel, status } of ended) this.total.inc({ channel, result: status });
    });
  }
}
