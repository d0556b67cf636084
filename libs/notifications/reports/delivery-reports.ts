import { Injectable, Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter } from 'prom-client';

import { Timeline } from '#audit';
import { cleanLine, Clock, Database, isId, secondsAfter, statement, type Tx } from '#platform';

import type { ChannelKind } from '../channels/notification-channel.ts';
import { DeliveryResults } from '../delivery/delivery-results.ts';
import type { NotificationRef } from '../notification-ref.ts';
import { UntoldAlarms } from '../untold-alarms.ts';

export const REPORTS_METRIC = 'alarm_broker_delivery_reports_total';

/** Channels whose other side reports what became of a message. */
const REPORTING: readonly ChannelKind[] = ['sms', 'signal'];
const RESULTS = ['delivered', 'failed', 'early', 'repeated'] as const;
type Result = (typeof RESULTS)[number];

const KEPT_SECONDS = 24 * 3600;
const MAX_REF_LENGTH = 200;
const MAX_REASON_LENGTH = 200;

/** What the other side says became of a message it had accepted. */
export interface DeliveryReport {
  readonly channel: ChannelKind;
  /** What the other side calls the message: the `externalRef` of its receipt. */
  readonly externalRef: string;
  readonly status: 'delivered' | 'failed';
  /** The notification, where the other side repeats it: finds one whose send was never confirmed. */
  readonly notificationId?: string | undefined;
  /** Why it failed, for a person. Names no number, address or secret. */
  readonly reason?: string | undefined;
}

/** A notification that a report has changed. */
export interface ReportedNotification extends NotificationRef {
  readonly status: DeliveryReport['status'];
  readonly explanation: string | null;
  readonly externalRef: string;
}

/** A message by what the other side calls it. */
export type SentMessage = Pick<DeliveryReport, 'channel' | 'externalRef'>;

/** Held by whoever writes or looks for a reference, so that a report and the record of its send never miss each other. */
const LOCK = statement(
  'reports.lock',
  `SELECT pg_advisory_xact_lock(key)
   FROM (SELECT hashtextextended(s.channel || ':' || s."externalRef", 7) AS key
         FROM jsonb_to_recordset($1) AS s (channel text, "externalRef" text) ORDER BY 1) keys`,
);

/**
 * Sent or ambiguous, then failed, then delivered: a report only ever moves a row on. So it does not matter in
 * which order, or how often, reports come. A failure may still be followed by a delivery, because providers
 * try other ways after they have given up on one.
 */
const SETTLE = statement(
  'reports.settle',
  `UPDATE notifications
   SET status = $3, reason = $4, finished_at = COALESCE(finished_at, $5), external_ref = $2
   WHERE (channel = $1 AND external_ref = $2
          AND (status IN ('sent', 'ambiguous') OR (status = 'failed' AND $3 = 'delivered')))
      OR (id = $6 AND channel = $1 AND external_ref IS NULL AND status = 'ambiguous')
   RETURNING id AS "notificationId", alarm_id AS "alarmId", purpose, round, step_no AS "stepNo",
             target_id AS "targetId", label, channel, status, reason AS explanation,
             external_ref AS "externalRef", request_id AS "requestId"`,
);

const IS_KNOWN = statement(
  'reports.known',
  'SELECT EXISTS (SELECT FROM notifications WHERE channel = $1 AND external_ref = $2) AS known',
);

const KEEP = statement(
  'reports.keep',
  `INSERT INTO early_reports AS e (channel, external_ref, status, reason, reported_at)
   VALUES ($1, $2, $3, $4, $5)
   ON CONFLICT (channel, external_ref) DO UPDATE SET status = excluded.status, reason = excluded.reason
     WHERE e.status = 'failed'`,
);

const TAKE = statement(
  'reports.take',
  `DELETE FROM early_reports e USING jsonb_to_recordset($1) AS s (channel text, "externalRef" text)
   WHERE e.channel = s.channel AND e.external_ref = s."externalRef"
   RETURNING e.channel, e.external_ref AS "externalRef", e.status, e.reason`,
);

/** What becomes of messages after they were sent, as the other side reports it. */
@Injectable()
export class DeliveryReports {
  private readonly logger = new Logger('DeliveryReports');

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly timeline: Timeline,
    private readonly results: DeliveryResults,
    private readonly untold: UntoldAlarms,
    @InjectMetric(REPORTS_METRIC) private readonly total: Counter<'channel' | 'result'>,
  ) {
    for (const channel of REPORTING) for (const result of RESULTS) total.inc({ channel, result }, 0);
  }

  /**
   * Takes a report. One that tells nothing new changes nothing; one about a message nobody has recorded yet is
   * kept for a day. States in between (queued, on its way) are no reports.
   * @throws BrokerError `database.unavailable`; then nothing has happened and the report may be sent again.
   */
  async apply(report: DeliveryReport): Promise<void> {
    const { channel, status } = report;
    const externalRef = cleanLine(report.externalRef, MAX_REF_LENGTH);
    if (externalRef === '') return;
    const reason = status === 'failed' ? failure(report.reason) : null;
    const { reported, known } = await this.database.transaction(async (tx) => {
      this.expect(tx, [{ channel, externalRef }]);
      const settled = await this.settle(tx, { ...report, externalRef, reason });
      if (settled.length > 0) return { reported: settled, known: true };
      const [row] = await tx.query<{ known: boolean }>(IS_KNOWN, [channel, externalRef]);
      if (row?.known !== true) tx.send(KEEP, [channel, externalRef, status, reason, this.clock.now()]);
      return { reported: settled, known: row?.known === true };
    });
    if (reported.length === 0) this.count(channel, known ? 'repeated' : 'early');
    await this.announce(reported);
  }

  /** To be called in the transaction that records sends, before the references are written. Not waited for. */
  expect(tx: Tx, sent: readonly SentMessage[]): void {
    const reporting = sent.filter(({ channel }) => REPORTING.includes(channel));
    if (reporting.length > 0) tx.send(LOCK, [JSON.stringify(reporting)]);
  }

  /**
   * Applies the reports that were faster than the record, if there are any. To be called after the references were
   * written, in the same transaction.
   * @returns what to {@link announce} once the transaction has committed.
   */
  async applyEarly(tx: Tx, sent: readonly SentMessage[]): Promise<ReportedNotification[]> {
    const reporting = sent.filter(({ channel }) => REPORTING.includes(channel));
    if (reporting.length === 0) return [];
    const early = await tx.query<DeliveryReport & { reason: string | null }>(TAKE, [
      JSON.stringify(reporting),
    ]);
    const settled: ReportedNotification[] = [];
    for (const report of early) settled.push(...(await this.settle(tx, report)));
    return settled;
  }

  /** Counts, logs and tells the rooms above. Never rejects. */
  async announce(reported: readonly ReportedNotification[]): Promise<void> {
    for (const { explanation, ...row } of reported) {
      const { notificationId, alarmId, channel, label: target, status } = row;
      this.count(channel, status);
      const facts = { notificationId, alarmId, channel, target };
      if (status === 'delivered') this.logger.log(facts, 'notification delivered');
      else
        this.logger.error(
          { ...facts, reason: explanation },
          'notification did not arrive, says its provider',
        );
      await this.results.tell({ ...row, reason: status === 'failed' ? 'undelivered' : null, facts: {} });
    }
  }

  /** Forgets reports about messages that were never recorded here. @returns how many. */
  async forgetUnknown(): Promise<number> {
    const rows = await this.database.query('DELETE FROM early_reports WHERE reported_at < $1 RETURNING 1', [
      secondsAfter(this.clock.now(), -KEPT_SECONDS),
    ]);
    return rows.length;
  }

  private async settle(
    tx: Tx,
    report: Omit<DeliveryReport, 'reason'> & { reason: string | null },
  ): Promise<ReportedNotification[]> {
    const { channel, externalRef, status, reason, notificationId = '' } = report;
    const at = this.clock.now();
    const id = isId(notificationId) ? notificationId : null;
    const rows = await tx.query<ReportedNotification>(SETTLE, [channel, externalRef, status, reason, at, id]);
    if (status === 'delivered') {
      const alerts = rows.filter(({ purpose }) => purpose === 'alert');
      await this.untold.told(
        tx,
        alerts.map(({ alarmId }) => alarmId),
        at,
      );
    }
    this.timeline.append(
      tx,
      rows.map((row) => ({
        alarmId: row.alarmId,
        at,
        type: status === 'delivered' ? ('notification.delivered' as const) : ('notification.failed' as const),
        requestId: row.requestId ?? undefined,
        data: {
          target: row.label,
          channel,
          step: row.stepNo,
          purpose: row.purpose,
          ...(reason === null ? {} : { reason }),
        },
      })),
    );
    return rows;
  }

  private count(channel: ChannelKind, result: Result): void {
    this.total.inc({ channel, result });
  }
}

const failure = (reason: string | undefined): string =>
  cleanLine(reason ?? '', MAX_REASON_LENGTH) || 'The provider reports that it was not delivered.';
