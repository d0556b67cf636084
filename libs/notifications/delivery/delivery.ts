import { Injectable, Logger } from '@nestjs/common';

import {
  Clock,
  Database,
  inSpan,
  openSpan,
  plannedAnew,
  redactor,
  secondsAfter,
  Settings,
  withLogContext,
} from '#platform';

import { ChannelRegistry } from '../channels/channel-registry.ts';
import type { ChannelKind } from '../channels/notification-channel.ts';
import { MessageTexts } from '../texts/message-texts.ts';
import { ChannelHealth } from './channel-health.ts';
import type { ClaimedNotification } from './claimed-notification.ts';
import { failed, succeeded, type Outcome } from './outcome.ts';
import { Recording } from './recording.ts';

/** A ring may come this much early, by the clock of another machine; then it is believed. */
const EARLY_SECONDS = 0.5;

/** Beyond a send's own time limit: for recording the result before somebody else may try. */
const LEASE_MARGIN_SECONDS = 5;

/**
 * Rows somebody else is looking at are left to them, so workers never wait for each other. What is due is asked of a row
 * in hand: PostgreSQL would otherwise look for a few ids among all rows that are due. The subqueries are for
 * those that need them: rows tried before, and tickets.
 */
const CLAIM = plannedAnew(
  `UPDATE notifications n
   SET status = 'sending', attempts = n.attempts + 1, lease_until = $3
   FROM unnest($1::uuid[]) AS wanted (id)
   CROSS JOIN LATERAL (SELECT id, status, due_at FROM notifications
                       WHERE id = wanted.id FOR UPDATE SKIP LOCKED) free
   WHERE n.id = free.id AND free.status = 'scheduled' AND free.due_at <= $2
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
    private readonly texts: MessageTexts,
    private readonly recording: Recording,
    private readonly health: ChannelHealth,
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

  /**
   * Sends a claimed row and writes down what came of it. Never rejects.
   * @param sent called when the send is over, before that is written down.
   */
  async deliver(row: ClaimedNotification, sent: () => void): Promise<void> {
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
    const deliver = () => inSpan('deliver notification', span, () => this.attempt(row, sent));
    await withLogContext(context, deliver);
  }

  private async attempt(row: ClaimedNotification, sent: () => void): Promise<void> {
    openSpan('claim', { startedAt: row.claimBegan }).end();
    const startedAt = this.clock.now();
    const outcome = await this.send(row);
    sent();
    try {
      await this.recording.record(row, outcome, startedAt);
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

  private async learn(row: ClaimedNotification, outcome: Outcome): Promise<void> {
    try {
      await this.health.learn(row.channel, outcome, row);
    } catch (error) {
      this.logger.debug({ err: error, channel: row.channel }, 'The state of a channel could not be kept');
    }
  }
}
