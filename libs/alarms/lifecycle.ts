import { Injectable, Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Histogram } from 'prom-client';

import { Timeline } from '#audit';
import { Devices } from '#directory';
import { EscalationClock } from '#escalation';
import { Outbox, type StateChange } from '#notifications';
import { BrokerError, Clock, Database, inSpan, statement, type Span, type Tx } from '#platform';

import type { AlarmStatus } from './alarm.entity.ts';
import { TRANSITIONS, type Command } from './transitions.ts';

export const TIME_TO_ACKNOWLEDGE_METRIC = 'alarm_broker_time_to_acknowledge_seconds';

/** Who did it, and what they had to say. */
export interface Deed {
  /** The name that is shown: what the person said, or the name of the key. */
  readonly by: string | null;
  /** Who that was for the timeline: the name of the key; nothing for somebody who had the link. */
  readonly actor: string | null;
  readonly note: string | null;
  readonly requestId: string | null;
}

/** What became of many alarms. */
export interface BulkResult {
  readonly requested: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly missing: readonly string[];
}

/** One conditional UPDATE decides: of any number of people acting at once, one changes the alarm. */
const CHANGE = statement(
  'alarms.change',
  `UPDATE alarms
   SET status = $2,
       acked_at = CASE $2 WHEN 'acknowledged' THEN $4 ELSE acked_at END,
       acked_by = CASE $2 WHEN 'acknowledged' THEN $5 ELSE acked_by END,
       resolved_at = CASE $2 WHEN 'resolved' THEN $4 ELSE resolved_at END,
       resolved_by = CASE $2 WHEN 'resolved' THEN $5 ELSE resolved_by END,
       cancelled_at = CASE $2 WHEN 'cancelled' THEN $4 ELSE cancelled_at END,
       cancelled_by = CASE $2 WHEN 'cancelled' THEN $5 ELSE cancelled_by END,
       meta = meta || $6, version = version + 1
   WHERE id = $1 AND status = ANY($3) AND deleted_at IS NULL
   RETURNING device_id AS "deviceId", created_at AS "createdAt"`,
);

const NOTE_KEY = { acknowledged: 'ack_note', resolved: 'resolve_note', cancelled: 'cancel_note' } as const;
const EVENT = {
  acknowledged: 'alarm.acknowledged',
  resolved: 'alarm.resolved',
  cancelled: 'alarm.cancelled',
} as const;

/** Everything that can happen to an alarm after it was raised. */
@Injectable()
export class Lifecycle {
  private readonly logger = new Logger('Lifecycle');

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly escalations: EscalationClock,
    private readonly outbox: Outbox,
    private readonly devices: Devices,
    private readonly timeline: Timeline,
    @InjectMetric(TIME_TO_ACKNOWLEDGE_METRIC) private readonly timeToAcknowledge: Histogram,
  ) {}

  /**
   * Acknowledges, resolves or cancels. In the same transaction the clock stops, what is not yet sent is
   * withdrawn and the news of it is planned: once this returns, no further step can start.
   *
   * @returns whether this call was the one that changed the alarm; false when it already was in that state.
   * @throws BrokerError `alarm.unknown`, or `alarm.transition` when the state does not allow it.
   */
  async apply(command: Command, alarmId: string, deed: Deed): Promise<boolean> {
    const { to } = TRANSITIONS[command];
    const facts = { 'alarm_broker.alarm.id': alarmId };
    const rows = await inSpan(`${command} alarm`, { facts }, async (span) => {
      const planned = await this.database.transaction((tx) => this.change(tx, span, command, alarmId, deed));
      span.set({ 'alarm_broker.result': planned === undefined ? 'unchanged' : to });
      return planned;
    });
    if (rows !== undefined) {
      this.outbox.ring(rows);
      this.logger.log({ alarmId, actor: deed.actor ?? deed.by }, `alarm ${to}`);
      return true;
    }
    const status = await this.statusOf(alarmId);
    if (status === to) return false;
    throw new BrokerError('conflict', 'alarm.transition', `An alarm that is ${status} cannot become ${to}.`);
  }

  /** The same for many alarms, each in its own transaction: one that cannot be changed holds up no other. */
  async applyToAll(command: Command, alarmIds: readonly string[], deed: Deed): Promise<BulkResult> {
    const ids = [...new Set(alarmIds.map((id) => id.toLowerCase()))];
    const missing: string[] = [];
    let changed = 0;
    for (const id of ids) {
      try {
        if (await this.apply(command, id, deed)) changed += 1;
      } catch (error) {
        if (!(error instanceof BrokerError)) throw error;
        if (error.category === 'not-found') missing.push(id);
        else if (error.category !== 'conflict') throw error;
      }
    }
    return { requested: ids.length, changed, unchanged: ids.length - changed - missing.length, missing };
  }

  /** The trace of the answer is its own, and names that of the press. */
  private async change(tx: Tx, span: Span, command: Command, alarmId: string, deed: Deed) {
    const { from, to } = TRANSITIONS[command];
    const now = this.clock.now();
    const note = deed.note === null ? {} : { [NOTE_KEY[to]]: deed.note };
    const [alarm] = await tx.query<{ deviceId: string | null; createdAt: Date }>(CHANGE, [
      alarmId,
      to,
      [...from],
      now,
      deed.by,
      note,
    ]);
    if (alarm === undefined) return undefined;
    if (to === 'acknowledged') {
      const seconds = Math.max(0, now.getTime() - alarm.createdAt.getTime()) / 1000;
      tx.afterCommit(() => this.timeToAcknowledge.observe(seconds));
    }

    // A step or a press that is just being written is waited for first, so that it stands before the answer.
    const ended = this.escalations.end(tx, alarmId, to);
    if (to !== 'acknowledged' && alarm.deviceId !== null) this.devices.release(tx, alarm.deviceId, alarmId);
    this.timeline.append(tx, [
      {
        alarmId,
        at: now,
        type: EVENT[to],
        actor: deed.actor ?? deed.by ?? undefined,
        requestId: deed.requestId ?? undefined,
        data: { by: deed.by, ...(deed.note === null ? {} : { note: deed.note }) },
      },
    ]);
    const [clock] = await Promise.all([ended, this.outbox.withdraw(tx, alarmId, deed.requestId)]);
    if (clock === undefined) return [];
    span.link(clock.traceParent);
    const change: StateChange = { status: to, at: now.toISOString(), by: deed.by, note: deed.note };
    return await this.outbox.planStateChange(tx, { ...clock.brief, change }, deed.requestId);
  }

  private async statusOf(alarmId: string): Promise<AlarmStatus> {
    const [alarm] = await this.database.query<{ status: AlarmStatus }>(
      'SELECT status FROM alarms WHERE id = $1 AND deleted_at IS NULL',
      [alarmId],
    );
    if (alarm === undefined) throw unknownAlarm();
    return alarm.status;
  }
}

export const unknownAlarm = (): BrokerError =>
  new BrokerError('not-found', 'alarm.unknown', 'There is no such alarm.');
