import { Injectable, Logger } from '@nestjs/common';

import { Timeline, type EventType } from '#audit';
import {
  BrokerError,
  Clock,
  Database,
  plannedAnew,
  secondsAfter,
  statement,
  Together,
  type Tx,
} from '#platform';

import { Attempts } from '../attempts.ts';
import { Endings } from '../endings.ts';
import { Outbox } from '../outbox.ts';
import { DeliveryReports, type ReportedNotification } from '../reports/delivery-reports.ts';
import { UntoldAlarms } from '../untold-alarms.ts';
import type { ClaimedNotification } from './claimed-notification.ts';
import { DeliveryResults } from './delivery-results.ts';
import type { Outcome } from './outcome.ts';

/**
 * Only the attempt that holds the claim decides; an answered alarm is not tried again. Rows are taken in the order in
 * which whoever answers an alarm takes them.
 */
const RECORD = plannedAnew(
  `WITH ended AS (
     SELECT * FROM jsonb_to_recordset($1) AS e
       (id uuid, attempt integer, status text, "dueAt" timestamptz, "finishedAt" timestamptz, "externalRef" text,
        explanation text)),
   held AS (
     SELECT n.id FROM notifications n JOIN ended e ON e.id = n.id
     WHERE n.attempts = e.attempt AND n.status = 'sending' ORDER BY n.id FOR UPDATE OF n)
   UPDATE notifications n
   SET status = CASE WHEN e.status = 'scheduled' AND n.withdrawn_at IS NOT NULL THEN 'withdrawn' ELSE e.status END,
       due_at = CASE WHEN e.status = 'scheduled' THEN e."dueAt" ELSE n.due_at END,
       finished_at = CASE WHEN e.status = 'scheduled' AND n.withdrawn_at IS NULL THEN NULL ELSE e."finishedAt" END,
       lease_until = NULL, external_ref = COALESCE(e."externalRef", n.external_ref), reason = e.explanation
   FROM ended e JOIN held ON held.id = e.id
   WHERE n.id = e.id AND n.attempts = e.attempt AND n.status = 'sending'
   RETURNING n.id, n.status`,
);

const RECORD_ATTEMPT = statement(
  'notifications.attempt',
  `INSERT INTO notification_attempts (notification_id, attempt, started_at, finished_at, result, reason)
   SELECT a.id, a.attempt, a."startedAt", a."finishedAt", a.result, a.reason
   FROM jsonb_to_recordset($1) AS a
     (id uuid, attempt integer, "startedAt" timestamptz, "finishedAt" timestamptz, result text, reason text)
   ON CONFLICT DO NOTHING`,
);

type FinalStatus = Outcome['status'] | 'withdrawn';

const EVENT: Record<FinalStatus, EventType> = {
  sent: 'notification.sent',
  scheduled: 'notification.retrying',
  failed: 'notification.failed',
  ambiguous: 'notification.ambiguous',
  skipped: 'notification.skipped',
  withdrawn: 'notification.withdrawn',
};

/** A send that has ended. */
interface Ended {
  readonly row: ClaimedNotification;
  readonly outcome: Outcome;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  /** Of the next attempt, if there is to be one. */
  readonly dueAt: Date;
}

/** What has been written down about it. */
interface Recorded {
  /** Nothing when somebody else had taken the claim over. */
  readonly status: FinalStatus | undefined;
  readonly reported: readonly ReportedNotification[];
}

/** Transactions under way at the same time, and the most results in one. */
const ROUNDS = 2;
const MOST = 100;

/** Writes down what came of each send: the row, the attempt, the timeline. Results that end together share a transaction. */
@Injectable()
export class Recording {
  private readonly logger = new Logger('Delivery');
  private readonly ended: Together<Ended, Recorded>;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly timeline: Timeline,
    private readonly outbox: Outbox,
    private readonly results: DeliveryResults,
    private readonly reports: DeliveryReports,
    private readonly endings: Endings,
    private readonly attempts: Attempts,
    private readonly untold: UntoldAlarms,
  ) {
    this.ended = new Together({
      all: (ended) => this.recordAll(ended),
      nameOf: ({ row }) => row.id,
      concernsAll: (error) => error instanceof BrokerError && error.category === 'unavailable',
      rounds: ROUNDS,
      most: MOST,
    });
  }

  /** @throws BrokerError while the database is away; then nothing is written and the claim runs out. */
  async record(row: ClaimedNotification, outcome: Outcome, startedAt: Date): Promise<void> {
    const finishedAt = this.clock.now();
    const dueAt = secondsAfter(finishedAt, outcome.delaySeconds);
    const { status, reported } = await this.ended.do({ row, outcome, startedAt, finishedAt, dueAt });
    this.report(row, outcome, status);
    if (status !== undefined) {
      const { alarmId, purpose, round, stepNo, targetId, label, channel, requestId } = row;
      const { reason, facts, externalRef } = outcome;
      const what = { alarmId, purpose, round, stepNo, targetId, label, channel, requestId };
      await this.results.tell({ notificationId: row.id, ...what, status, reason, externalRef, facts });
    }
    await this.reports.announce(reported);
    if (status === 'scheduled') this.outbox.ring([{ id: row.id, channel: row.channel, dueAt }]);
  }

  private recordAll(ended: readonly Ended[]): Promise<Recorded[]> {
    return this.database.transaction(async (tx) => {
      const sent = ended.flatMap(({ row: { id, channel }, outcome: { externalRef } }) =>
        externalRef === null ? [] : [{ id, channel, externalRef }],
      );
      this.reports.expect(tx, sent);
      const rows = await tx.query<{ id: string; status: FinalStatus }>(RECORD, [
        JSON.stringify(
          ended.map(({ row: { id, attempt }, outcome: { status, externalRef, explanation }, ...times }) => ({
            ...{ id, attempt, status, externalRef, explanation },
            ...{ dueAt: times.dueAt, finishedAt: times.finishedAt },
          })),
        ),
      ]);
      const statuses = new Map(rows.map(({ id, status }) => [id, status]));
      // Behind the rows of the notifications, as whoever answers the alarm does it.
      const told = this.untold.told(tx, alarmsTold(ended), this.clock.now());
      for (const one of ended) this.note(tx, one, statuses.get(one.row.id));
      const [reported] = await Promise.all([
        this.reports.applyEarly(
          tx,
          sent.filter(({ id }) => statuses.has(id)),
        ),
        told,
      ]);
      return ended.map(({ row: { id } }) => ({
        status: statuses.get(id),
        reported: reported.filter(({ notificationId }) => notificationId === id),
      }));
    });
  }

  /** The attempt and its place on the timeline, whether or not the claim was still held. */
  private note(tx: Tx, { row, outcome, ...times }: Ended, status: FinalStatus | undefined): void {
    const { id, attempt, channel, label: target, stepNo: step, purpose } = row;
    const { startedAt, finishedAt } = times;
    const { result, reason, explanation } = outcome;
    tx.add(RECORD_ATTEMPT, { id, attempt, startedAt, finishedAt, result, reason });
    if (status !== undefined) {
      this.endings.count(tx, [{ channel, status }]);
      // Without a claim there is an attempt already, written down as lost.
      this.attempts.count(tx, channel, result, reason ?? 'none');
    }
    this.timeline.append(tx, [
      {
        alarmId: row.alarmId,
        at: finishedAt,
        type: EVENT[status ?? outcome.status],
        requestId: row.requestId ?? undefined,
        data: {
          ...{ target, channel, step, purpose, attempt },
          ...(explanation === null ? {} : { reason: explanation }),
        },
      },
    ]);
  }

  private report(row: ClaimedNotification, outcome: Outcome, status: FinalStatus | undefined): void {
    if (status === undefined || status === 'scheduled') return;
    const facts = { notificationId: row.id, channel: row.channel, target: row.label, attempt: row.attempt };
    if (status === 'sent') this.logger.log(facts, 'notification sent');
    else if (status === 'skipped' || status === 'withdrawn')
      this.logger.warn({ ...facts, reason: outcome.explanation }, `notification ${status}`);
    else this.logger.error({ ...facts, reason: outcome.explanation }, `notification ${status} for good`);
  }
}

/** Alarms of which somebody now knows. */
const alarmsTold = (ended: readonly Ended[]): string[] => [
  ...new Set(
    ended
      .filter(({ row, outcome }) => outcome.status === 'sent' && row.purpose === 'alert')
      .map(({ row }) => row.alarmId),
  ),
];
