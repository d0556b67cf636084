import { Injectable } from '@nestjs/common';

import { Clock, Database, Figures } from '#platform';

import { CHANNEL_KINDS } from './channels/notification-channel.ts';

export interface DueWork {
  readonly channel: string;
  readonly due: number;
  readonly oldest: Date | null;
}

/** Rows that are due, and rows whose worker is believed dead. Both answers come from an index that holds no others. */
export const DUE_WORK = `
  SELECT channel, sum(due)::int AS due, min(oldest) AS oldest
  FROM (SELECT channel, count(*) AS due, min(due_at) AS oldest FROM notifications
        WHERE status = 'scheduled' AND due_at <= $1 GROUP BY channel
        UNION ALL
        SELECT channel, count(*), min(lease_until) FROM notifications
        WHERE status = 'sending' AND lease_until <= $1 GROUP BY channel) work
  GROUP BY channel`;

/** What is to be sent and nobody is sending: the depth of the queue, by the rows that are the queue. */
@Injectable()
export class Backlog {
  constructor(
    figures: Figures,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    const whoever = 'The same in every process: use max, not sum.';
    figures.shared(
      () => this.read(),
      [
        {
          name: 'alarm_broker_due_notifications',
          help: `Notifications that are due and that no worker is sending. ${whoever}`,
          labels: ['channel'],
          samples: (work) => work.map(({ channel, due }) => [{ channel }, due]),
        },
        {
          name: 'alarm_broker_oldest_due_notification_seconds',
          help: `For how long the oldest due notification has been waiting; 0 without one. ${whoever}`,
          labels: ['channel'],
          samples: (work) => work.map(({ channel, oldest }) => [{ channel }, this.secondsSince(oldest)]),
        },
      ],
    );
  }

  private async read(): Promise<readonly DueWork[]> {
    const rows = await this.database.query<DueWork>(DUE_WORK, [this.clock.now()]);
    return CHANNEL_KINDS.map(
      (channel) => rows.find((row) => row.channel === channel) ?? { channel, due: 0, oldest: null },
    );
  }

  private secondsSince(time: Date | null): number {
    return time === null ? 0 : Math.max(0, this.clock.now().getTime() - time.getTime()) / 1000;
  }
}
