import { Injectable } from '@nestjs/common';

import { Timeline } from '#audit';
import { Clock, Doorbell, newId, Settings, statement, traceParent, type Tx } from '#platform';

import type { AlarmBrief, Purpose } from './alarm-brief.ts';
import type { ChannelKind } from './channels/notification-channel.ts';
import { rowAddress } from './delivery/row-address.ts';
import { Endings } from './endings.ts';
import type { NotificationStatus } from './notification.entity.ts';
import { UntoldAlarms } from './untold-alarms.ts';

/** A target as the frozen plan knows it. */
export interface PlannedTarget {
  readonly id: string;
  readonly label: string;
  readonly channel: ChannelKind;
  readonly address: string;
  readonly enabled: boolean;
}

/** Everything one step, or one change of state, wants to have told. */
export interface Announcement {
  readonly brief: AlarmBrief;
  readonly purpose: Purpose;
  readonly round: number;
  readonly stepNo: number;
  readonly targets: readonly PlannedTarget[];
  readonly requestId: string | null;
}

/** A row that is due now, and how to ring for it. */
export interface DueRow {
  readonly id: string;
  readonly channel: ChannelKind;
  readonly dueAt: Date;
}

const RESEND = statement(
  'notifications.resend',
  `UPDATE notifications
   SET status = 'scheduled', due_at = $2, finished_at = NULL, reason = NULL, attempts_before = attempts,
       request_id = $3, trace_parent = $4
   WHERE id = $1 AND withdrawn_at IS NULL
     AND (status IN ('failed', 'ambiguous') OR status = 'skipped' AND attempts > 0)
   RETURNING id, alarm_id AS "alarmId", purpose, step_no AS "stepNo", label, channel, due_at AS "dueAt"`,
);

interface ResentRow extends DueRow {
  readonly alarmId: string;
  readonly purpose: Purpose;
  readonly stepNo: number;
  readonly label: string;
}

interface WithdrawnRow {
  readonly status: NotificationStatus;
  readonly label: string;
  readonly channel: ChannelKind;
  readonly stepNo: number;
}

const INSERT = statement(
  'notifications.plan',
  `INSERT INTO notifications (id, alarm_id, purpose, round, step_no, target_id, label, channel, address, brief,
                              request_id, trace_parent, status, attempts, created_at, due_at, finished_at, reason)
   SELECT n.id, n."alarmId", n.purpose, n.round, n."stepNo", n."targetId", n.label, n.channel, n.address, n.brief,
          n."requestId", n."traceParent", CASE WHEN n.enabled THEN 'scheduled' ELSE 'skipped' END, 0, n.now, n.now,
          CASE WHEN n.enabled THEN NULL ELSE n.now END,
          CASE WHEN n.enabled THEN NULL ELSE 'The target is disabled.' END
   FROM jsonb_to_recordset($1) AS n
     (id uuid, "alarmId" uuid, purpose text, round integer, "stepNo" integer, "targetId" text, label text,
      channel text, address text, brief jsonb, "requestId" text, "traceParent" text, enabled boolean,
      now timestamptz)
   ON CONFLICT ON CONSTRAINT notifications_once_key DO NOTHING`,
);

/** Takes the rows in the order in which results are recorded: neither ever waits for the other in a circle. */
const WITHDRAW = statement(
  'notifications.withdraw',
  `UPDATE notifications n
   SET withdrawn_at = $2,
       status = CASE n.status WHEN 'scheduled' THEN 'withdrawn' ELSE n.status END,
       finished_at = CASE n.status WHEN 'scheduled' THEN $2 ELSE n.finished_at END
   FROM (SELECT id FROM notifications
         WHERE alarm_id = $1 AND purpose = 'alert' AND status IN ('scheduled', 'sending')
         ORDER BY id FOR UPDATE) held
   WHERE n.id = held.id
   RETURNING n.status, n.label, n.channel, n.step_no AS "stepNo"`,
);

/** Each address at which there is a ticket, may be one, or may be one in a moment. */
const TICKETS = statement(
  'notifications.tickets',
  `SELECT DISTINCT ON (address) target_id AS id, label, channel, address, true AS enabled
   FROM notifications n
   WHERE alarm_id = $1 AND purpose = 'alert' AND channel = 'zammad'
     AND (status IN ('sent', 'sending', 'ambiguous')
       OR status = 'withdrawn' AND EXISTS (SELECT FROM notification_attempts a WHERE a.notification_id = n.id
                                           AND a.result IN ('ambiguous', 'lost')))
   ORDER BY address, id`,
);

/** What is to be sent, as rows. Planning is part of the caller's transaction; ringing comes after it. */
@Injectable()
export class Outbox {
  constructor(
    private readonly timeline: Timeline,
    private readonly doorbell: Doorbell,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly endings: Endings,
    private readonly untold: UntoldAlarms,
  ) {}

  /**
   * Adds one row for each target, due now; a disabled target gets one that says so. Planning the same
   * step again adds nothing. Nothing is waited for.
   * @returns the rows to {@link ring} for once the transaction has committed.
   */
  plan(tx: Tx, announcement: Announcement): DueRow[] {
    const { brief, purpose, round, stepNo, targets, requestId } = announcement;
    if (targets.length === 0) return [];
    const now = this.clock.now();
    const common = { alarmId: brief.alarmId, purpose, round, stepNo, brief, requestId, now };
    const cause = { ...common, traceParent: traceParent() };
    const rows = targets.map(({ id: targetId, ...target }) => ({
      id: newId(),
      targetId,
      ...target,
      ...cause,
    }));
    tx.add(INSERT, ...rows);
    const disabled = rows.filter((row) => !row.enabled);
    this.timeline.append(
      tx,
      disabled.map((row) => ({
        alarmId: brief.alarmId,
        at: now,
        type: 'notification.skipped' as const,
        requestId: requestId ?? undefined,
        data: { target: row.label, channel: row.channel, step: stepNo, reason: 'The target is disabled.' },
      })),
    );
    this.endings.count(
      tx,
      disabled.map(({ channel }) => ({ channel, status: 'skipped' as const })),
    );
    return rows.filter((row) => row.enabled).map(({ id, channel }) => ({ id, channel, dueAt: now }));
  }

  /**
   * Follows up a change of state: `WEBHOOK_URL` asked to hear of every one, and tickets are kept up to date.
   * To be called after {@link withdraw}, when it is settled which tickets there are or may be.
   */
  async planStateChange(tx: Tx, brief: AlarmBrief, requestId: string | null): Promise<DueRow[]> {
    if (brief.change === undefined) return [];
    const targets: PlannedTarget[] = await tx.query<PlannedTarget>(TICKETS, [brief.alarmId]);
    if (this.settings.WEBHOOK_ENABLED) {
      // No address: the channel knows the configured one, and a secret in it stays out of the table.
      const webhook = { id: 'WEBHOOK_URL', label: 'State changes', channel: 'webhook', address: '' } as const;
      targets.push({ ...webhook, enabled: true });
    }
    const purpose = brief.change.status;
    return this.plan(tx, { brief, purpose, round: 0, stepNo: 0, requestId, targets });
  }

  /**
   * Nobody needs to be alerted any more. What waits is withdrawn for good; what is being sent right now
   * cannot be called back, but will not be tried again.
   */
  async withdraw(tx: Tx, alarmId: string, requestId: string | null): Promise<void> {
    const now = this.clock.now();
    const withdrawn = tx.query<WithdrawnRow>(WITHDRAW, [alarmId, now]);
    this.untold.answered(tx, alarmId);
    const rows = await withdrawn;
    this.endings.count(tx, rows);
    this.timeline.append(
      tx,
      rows
        .filter((row) => row.status === 'withdrawn')
        .map((row) => ({
          alarmId,
          at: now,
          type: 'notification.withdrawn' as const,
          requestId: requestId ?? undefined,
          data: { target: row.label, channel: row.channel, step: row.stepNo },
        })),
    );
  }

  /**
   * Gives another chance to what failed, may have failed, or was passed over by its channel: of many who ask at
   * once, one gets it, and from now on it is sent because of that request. Whom a plan passes over because the target is disabled is not told this way either.
   */
  async resend(
    tx: Tx,
    id: string,
    { actor, requestId }: { readonly actor: string; readonly requestId: string | null },
  ): Promise<DueRow | undefined> {
    const at = this.clock.now();
    const [row] = await tx.query<ResentRow>(RESEND, [id, at, requestId, traceParent()]);
    if (row === undefined) return undefined;
    const { alarmId, label: target, channel, stepNo: step, purpose } = row;
    const data = { target, channel, step, purpose };
    const type = 'notification.resent';
    this.timeline.append(tx, [{ alarmId, at, type, actor, requestId: requestId ?? undefined, data }]);
    return row;
  }

  /** Those of these alarms of which something is still to be sent, or is being sent. */
  async unfinished(tx: Tx, alarmIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await tx.query<{ alarmId: string }>(
      `SELECT DISTINCT alarm_id AS "alarmId" FROM notifications
       WHERE alarm_id = ANY($1) AND status IN ('scheduled', 'sending')`,
      [[...alarmIds]],
    );
    return new Set(rows.map((row) => row.alarmId));
  }

  /** Forgets everything told of alarms that are removed altogether. */
  remove(tx: Tx, alarmIds: readonly string[]): void {
    const ids = [[...alarmIds]];
    tx.send(
      `DELETE FROM notification_attempts
       WHERE notification_id IN (SELECT id FROM notifications WHERE alarm_id = ANY($1))`,
      ids,
    );
    tx.send('DELETE FROM notifications WHERE alarm_id = ANY($1)', ids);
  }

  /** What has become so far of everything a step has planned. */
  async statusesOf(tx: Tx, alarmId: string, round: number, stepNo: number): Promise<NotificationStatus[]> {
    const rows = await tx.query<{ status: NotificationStatus }>(
      `SELECT status FROM notifications
       WHERE alarm_id = $1 AND purpose = 'alert' AND round = $2 AND step_no = $3`,
      [alarmId, round, stepNo],
    );
    return rows.map((row) => row.status);
  }

  /** Rings for committed rows. Never waits, never fails. */
  ring(rows: readonly DueRow[]): void {
    for (const row of rows) this.doorbell.ring('deliveries', rowAddress(row.channel, row.id), row.dueAt);
  }
}
