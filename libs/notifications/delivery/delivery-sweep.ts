import { Injectable } from '@nestjs/common';

import { Timeline } from '#audit';
import { Clock, Database, plannedAnew, secondsAfter } from '#platform';

import { Attempts } from '../attempts.ts';
import type { ChannelKind } from '../channels/notification-channel.ts';
import { Endings } from '../endings.ts';

/** A row gets this long to be answered by the bell. */
const GRACE_SECONDS = 1;

/** A row that was claimed this often and never recorded is not tried again: it may be what kills the worker. */
const MAX_CLAIMS = 10;

const EVENT = {
  scheduled: 'notification.retrying',
  ambiguous: 'notification.ambiguous',
  withdrawn: 'notification.withdrawn',
} as const;

/** One question a second for each channel, answered by two indexes that hold no other rows. */
const LOOK = plannedAnew(
  `SELECT (SELECT array_agg(id) FROM (SELECT id FROM notifications
            WHERE channel = $1 AND status = 'scheduled' AND due_at <= $2 ORDER BY due_at LIMIT $4) d) AS due,
          EXISTS (SELECT FROM notifications
                  WHERE channel = $1 AND status = 'sending' AND lease_until < $3) AS "anyLost"`,
);

interface LostRow {
  readonly id: string;
  readonly alarmId: string;
  readonly status: keyof typeof EVENT;
  readonly label: string;
  readonly channel: ChannelKind;
  readonly stepNo: number;
  readonly attempt: number;
  readonly requestId: string | null;
}

/** Finds notifications that nobody rang for and claims that nobody will finish. */
@Injectable()
export class DeliverySweep {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly timeline: Timeline,
    private readonly endings: Endings,
    private readonly attempts: Attempts,
  ) {}

  /** Ids of due rows of a channel, the longest due first; and whether there are claims that nobody will finish. */
  async look(channel: ChannelKind, limit: number): Promise<{ due: readonly string[]; anyLost: boolean }> {
    const now = this.clock.now();
    const [row] = await this.database.query<{ due: string[] | null; anyLost: boolean }>(LOOK, [
      channel,
      secondsAfter(now, -GRACE_SECONDS),
      now,
      limit,
    ]);
    return { due: row?.due ?? [], anyLost: row?.anyLost ?? false };
  }

  /**
   * Takes back rows whose worker died between claim and record. Whether the message went out is unknown, so it
   * is sent again, unless the alarm was answered meanwhile.
   */
  async reclaim(channel: ChannelKind, limit: number): Promise<void> {
    const now = this.clock.now();
    await this.database.transaction(async (tx) => {
      const rows = await tx.query<LostRow>(
        `UPDATE notifications n
         SET status = CASE WHEN withdrawn_at IS NOT NULL THEN 'withdrawn'
                           WHEN attempts - attempts_before >= $4 THEN 'ambiguous' ELSE 'scheduled' END,
             due_at = $2, lease_until = NULL,
             finished_at = CASE WHEN withdrawn_at IS NOT NULL OR attempts - attempts_before >= $4 THEN $2 END,
             reason = 'The worker that was sending it stopped before it could say how it ended.'
         FROM (SELECT id FROM notifications
               WHERE channel = $1 AND status = 'sending' AND lease_until < $2
               ORDER BY lease_until LIMIT $3 FOR UPDATE SKIP LOCKED) lost
         WHERE n.id = lost.id
         RETURNING n.id, n.alarm_id AS "alarmId", n.status, n.label, n.channel, n.step_no AS "stepNo",
                   n.attempts AS attempt, n.request_id AS "requestId"`,
        [channel, now, limit, MAX_CLAIMS],
      );
      this.endings.count(tx, rows);
      for (const row of rows) {
        tx.send(
          `INSERT INTO notification_attempts (notification_id, attempt, started_at, finished_at, result, reason)
           VALUES ($1, $2, $3, $3, 'lost', 'lease-expired') ON CONFLICT DO NOTHING`,
          [row.id, row.attempt, now],
        );
        this.attempts.count(tx, row.channel, 'lost', 'lease-expired');
      }
      this.timeline.append(
        tx,
        rows.map((row) => ({
          alarmId: row.alarmId,
          at: now,
          type: EVENT[row.status],
          requestId: row.requestId ?? undefined,
          data: {
            target: row.label,
            channel: row.channel,
            step: row.stepNo,
            attempt: row.attempt,
            reason: 'lease-expired',
          },
        })),
      );
    });
  }
}
