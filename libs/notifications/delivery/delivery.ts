import { Injectable, Logger } from '@nestjs/common';

import { Timeline, type EventType } from '#audit';
import {
  Clock,
  Database,
  inSpan,
  openSpan,
  redactor,
  secondsAfter,
  Settings,
  statement,
  withLogContext,
} from '#platform';

import type { AlarmBrief, Purpose } from '../alarm-brief.ts';
import { ChannelRegistry } from '../channels/channel-registry.ts';
import type { ChannelKind } from '../channels/notification-channel.ts';
import { Endings } from '../endings.ts';
import { Outbox } from '../outbox.ts';
import { DeliveryReports, type ReportedNotification } from '../reports/delivery-reports.ts';
import { MessageTexts } from '../texts/message-texts.ts';
import { ChannelHealth } from './channel-health.ts';
import { DeliveryResults } from './delivery-results.ts';
import { failed, succeeded, type Outcome } from './outcome.ts';

/** A ring may come this much early, by the clock of another machine; then it is believed. */
const EARLY_SECONDS = 0.5;

/** Beyond a send's own time limit: for recording the result before somebody else may try. */
const LEASE_MARGIN_SECONDS = 5;

/** A row this process alone may send until its lease runs out. */
export interface ClaimedNotification {
  readonly id: string;
  readonly alarmId: string;
  readonly purpose: Purpose;
  readonly round: number;
  readonly stepNo: number;
  readonly targetId: string;
  readonly label: string;
  readonly channel: ChannelKind;
  readonly address: string;
  readonly brief: AlarmBrief;
  readonly requestId: string | null;
  /** Of what planned it, where tracing was on. */
  readonly traceParent: string | null;
  /** Counts from 1 over the whole life of the row. */
  readonly attempt: number;
  /** The same since somebody asked for it to be sent again; for the number of retries. */
  readonly tries: number;
  /** Earlier ones of these that may have arrived. */
  readonly ambiguous: number;
  /** Any earlier attempt may have arrived. */
  readonly mayHaveArrived: boolean;
  /** What the first message about this alarm to this address is called there. Known for tickets only. */
  readonly earlierRef: string | null;
  /** By the wall clock of this process, in milliseconds since the epoch: when the claim began. */
  readonly claimBegan: number;
}

/**
 * Rows somebody else is looking at are left to them, so workers never wait for each other. The subqueries
 * are for those that need them: rows tried before, and tickets.
 */
const CLAIM = statement(
  'notifications.claim',
  `UPDATE notifications n
   SET status = 'sending', attempts = n.attempts + 1, lease_until = $3
   FROM (SELECT id FROM notifications
         WHERE id = ANY($1) AND status = 'scheduled' AND due_at <= $2
         ORDER BY id FOR UPDATE SKIP LOCKED) due
   WHERE n.id = due.id
   RETURNING n.id, n.alarm_id AS "alarmId", n.purpose, n.round, n.step_no AS "stepNo",
             n.target_id AS "targetId", n.label, n.channel, n.address, n.brief, n.request_id AS "requestId",
             n.trace_parent AS "traceParent", n.attempts AS attempt, n.attempts - n.attempts_before AS tries,
             CASE WHEN n.attempts = 1 THEN 0 ELSE
               (SELECT count(*)::int FROM notification_attempts a WHERE a.notification_id = n.id
                AND a.attempt > n.attempts_before AND a.result IN ('ambiguous', 'lost')) END AS ambiguous,
             n.attempts > 1 AND
               EXISTS (SELECT FROM notification_attempts a WHERE a.notification_id = n.id
                       AND a.result IN ('ambiguous', 'lost')) AS "mayHaveArrived",
             CASE WHEN n.channel = 'zammad' THEN
               (SELECT f.external_ref FROM notifications f WHERE f.alarm_id = n.alarm_id
                AND f.channel = n.channel AND f.address = n.address AND f.external_ref IS NOT NULL
                ORDER BY f.id LIMIT 1) END AS "earlierRef"`,
);

/** Only the attempt that holds the claim decides; an answered alarm is not tried again. */
const RECORD = statement(
  'notifications.record',
  `UPDATE notifications
   SET status = CASE WHEN $3 = 'scheduled' AND withdrawn_at IS NOT NULL THEN 'withdrawn' ELSE $3 END,
       due_at = CASE WHEN $3 = 'scheduled' THEN $4 ELSE due_at END,
       finished_at = CASE WHEN $3 = 'scheduled' AND withdrawn_at IS NULL THEN NULL ELSE $5::timestamptz END,
       lease_until = NULL, external_ref = COALESCE($6, external_ref), reason = $7
   WHERE id = $1 AND attempts = $2 AND status = 'sending'
   RETURNING status`,
);

const RECORD_ATTEMPT = statement(
  'notifications.attempt',
  `INSERT INTO notification_attempts (notification_id, attempt, started_at, finished_at, result, reason)
   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
);

const EVENT: Record<Outcome['status'] | 'withdrawn', EventType> = {
  sent: 'notification.sent',
  scheduled: 'notification.retrying',
  failed: 'notification.failed',
  ambiguous: 'notification.ambiguous',
  skipped: 'notification.skipped',
  withdrawn: 'notification.withdrawn',
};

/** Claim, send, record: the whole life of one attempt. */
@Injectable()
export class Delivery {
  private readonly logger = new Logger('Delivery');
  private readonly redact: (text: string) => string;

  constructor(
    settings: Settings,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly channels: ChannelRegistry,
    private readonly timeline: Timeline,
    private readonly outbox: Outbox,
    private readonly results: DeliveryResults,
    private readonly texts: MessageTexts,
    private readonly reports: DeliveryReports,
    private readonly health: ChannelHealth,
    private readonly endings: Endings,
  ) {
    this.redact = redactor(settings);
  }

  /** Takes those of the rows that are due and that nobody else has. Committed before anything is sent. */
  async claim(channel: ChannelKind, ids: readonly string[]): Promise<ClaimedNotification[]> {
    const now = this.clock.now();
    const seconds = this.channels.of(channel).timeLimitMs / 1000 + LEASE_MARGIN_SECONDS;
    const claimBegan = Date.now();
    const rows = await this.database.query<Omit<ClaimedNotification, 'claimBegan'>>(CLAIM, [
      [...ids],
      secondsAfter(now, EARLY_SECONDS),
      secondsAfter(now, seconds),
    ]);
    return rows.map((row) => ({ ...row, claimBegan }));
  }

  /** Sends a claimed row and writes down what came of it. Never rejects. */
  async deliver(row: ClaimedNotification): Promise<void> {
    const context = { alarmId: row.alarmId, ...(row.requestId === null ? {} : { requestId: row.requestId }) };
    const { traceParent: parent, claimBegan } = row;
    const facts = {
      'alarm_broker.alarm.id': row.alarmId,
      'alarm_broker.notification.id': row.id,
      'alarm_broker.purpose': row.purpose,
      'alarm_broker.step': row.stepNo,
      'alarm_broker.attempt': row.attempt,
    };
    const span = { kind: 'consumer', parent, startedAt: claimBegan, facts } as const;
    const deliver = () => inSpan('deliver notification', span, () => this.attempt(row));
    await withLogContext(context, deliver);
  }

  private async attempt(row: ClaimedNotification): Promise<void> {
    openSpan('claim', { startedAt: row.claimBegan }).end();
    const startedAt = this.clock.now();
    const outcome = await this.send(row);
    try {
      await this.record(row, outcome, startedAt);
    } catch (error) {
      // The lease runs out and the row is sent again: twice told is better than not known.
      this.logger.error({ err: error, notificationId: row.id }, 'A result could not be recorded');
    }
    await this.learn(row, outcome);
  }

  /** The one call to the outside, as a trace knows it. */
  private async send(row: ClaimedNotification): Promise<Outcome> {
    const { channel } = row;
    const span = openSpan(`send ${channel}`, { kind: 'client', facts: { 'alarm_broker.channel': channel } });
    const outcome = await span.within(() => this.handOver(row));
    span.set({ 'alarm_broker.result': outcome.result });
    if (outcome.reason !== null) span.fail(outcome.reason);
    span.end();
    return outcome;
  }

  private async handOver(row: ClaimedNotification): Promise<Outcome> {
    const channel = this.channels.of(row.channel);
    const signal = AbortSignal.timeout(channel.timeLimitMs);
    try {
      const receipt = await channel.send(
        {
          notificationId: row.id,
          purpose: row.purpose,
          stepNo: row.stepNo,
          attempt: row.attempt,
          mayHaveArrived: row.mayHaveArrived,
          earlierRef: row.earlierRef,
          address: row.address,
          targetLabel: row.label,
          brief: row.brief,
          text: this.texts.of(row.channel, row.brief),
          requestId: row.requestId,
        },
        signal,
      );
      return succeeded(receipt);
    } catch (error) {
      const outcome = failed(error, { attempts: row.tries, ambiguous: row.ambiguous }, channel.retryPolicy);
      if (outcome.reason === 'internal')
        this.logger.error({ err: error, channel: row.channel }, 'A channel broke');
      // It is stored and shown, and may be in the words of a server.
      return { ...outcome, explanation: outcome.explanation && this.redact(outcome.explanation) };
    }
  }

  private async record(row: ClaimedNotification, outcome: Outcome, startedAt: Date): Promise<void> {
    const finishedAt = this.clock.now();
    const dueAt = secondsAfter(finishedAt, outcome.delaySeconds);
    const { externalRef } = outcome;
    let reported: readonly ReportedNotification[] = [];
    const status = await this.database.transaction(async (tx) => {
      if (externalRef !== null) this.reports.expect(tx, row.channel, externalRef);
      const [recorded] = await tx.query<{ status: Outcome['status'] | 'withdrawn' }>(RECORD, [
        row.id,
        row.attempt,
        outcome.status,
        dueAt,
        finishedAt,
        externalRef,
        outcome.explanation,
      ]);
      tx.send(RECORD_ATTEMPT, [row.id, row.attempt, startedAt, finishedAt, outcome.result, outcome.reason]);
      if (recorded !== undefined) this.endings.count(tx, [{ channel: row.channel, status: recorded.status }]);
      const final = recorded?.status ?? outcome.status;
      this.timeline.append(tx, [
        {
          alarmId: row.alarmId,
          at: finishedAt,
          type: EVENT[final],
          requestId: row.requestId ?? undefined,
          data: {
            target: row.label,
            channel: row.channel,
            step: row.stepNo,
            purpose: row.purpose,
            attempt: row.attempt,
            ...(outcome.explanation === null ? {} : { reason: outcome.explanation }),
          },
        },
      ]);
      reported =
        recorded === undefined || externalRef === null
          ? []
          : await this.reports.applyEarly(tx, row.channel, externalRef);
      return recorded?.status;
    });
    this.report(row, outcome, status);
    if (status !== undefined) {
      const {
        id: notificationId,
        alarmId,
        purpose,
        round,
        stepNo,
        targetId,
        label,
        channel,
        requestId,
      } = row;
      const { reason, facts } = outcome;
      const what = { notificationId, alarmId, purpose, round, stepNo, targetId, label, channel, requestId };
      await this.results.tell({ ...what, status, reason, externalRef, facts });
    }
    await this.reports.announce(reported);
    if (status === 'scheduled') this.outbox.ring([{ id: row.id, channel: row.channel, dueAt }]);
  }

  private async learn(row: ClaimedNotification, outcome: Outcome): Promise<void> {
    try {
      await this.health.learn(row.channel, outcome, row);
    } catch (error) {
      this.logger.debug({ err: error, channel: row.channel }, 'The state of a channel could not be kept');
    }
  }

  private report(row: ClaimedNotification, outcome: Outcome, status: string | undefined): void {
    if (status === undefined || status === 'scheduled') return;
    const facts = { notificationId: row.id, channel: row.channel, target: row.label, attempt: row.attempt };
    if (status === 'sent') this.logger.log(facts, 'notification sent');
    else if (status === 'skipped' || status === 'withdrawn')
      this.logger.warn({ ...facts, reason: outcome.explanation }, `notification ${status}`);
    else this.logger.error({ ...facts, reason: outcome.explanation }, `notification ${status} for good`);
  }
}
