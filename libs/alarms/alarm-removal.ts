import { Injectable } from '@nestjs/common';

import { Timeline } from '#audit';
import { EscalationClock } from '#escalation';
import { Outbox } from '#notifications';
import { Database, type Tx } from '#platform';

/** How far a walk through the alarms has come; one batch after the other. */
export interface RemovalStep {
  readonly removed: number;
  /** Where the next one goes on; nothing at the end of the walk. */
  readonly next: { readonly createdAt: Date; readonly id: string } | undefined;
}

interface Candidate {
  readonly id: string;
  readonly createdAt: Date;
  readonly isOver: boolean;
}

/** Nothing is locked by looking: what is over stays over, and whoever writes a note meanwhile is waited for. */
const LOOK = `
  SELECT id, created_at AS "createdAt",
         COALESCE(status IN ('resolved', 'cancelled') AND COALESCE(resolved_at, cancelled_at) < $1, false) AS "isOver"
  FROM alarms
  WHERE deleted_at IS NULL AND created_at < $1 AND (created_at, id) > ($2, $3)
  ORDER BY created_at, id LIMIT $4`;

const LOOK_DELETED = `
  SELECT id, created_at AS "createdAt", true AS "isOver" FROM alarms
  WHERE deleted_at < $1 ORDER BY deleted_at, id LIMIT $2`;

const BEFORE_ALL = { createdAt: new Date(0), id: '00000000-0000-0000-0000-000000000000' };

/** One worker at a time; the others find nothing to do. */
const TAKE_TURN = `SELECT pg_try_advisory_xact_lock(hashtext('alarm-broker retention')) AS "isMine"`;

/** Removes old alarms with all that belongs to them. An open alarm is never touched, however old. */
@Injectable()
export class AlarmRemoval {
  constructor(
    private readonly database: Database,
    private readonly timeline: Timeline,
    private readonly escalations: EscalationClock,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Looks at the next alarms of a walk, oldest first, and removes those that were closed, or deleted by somebody,
   * before a time. One transaction, short by the size of the batch.
   */
  async removeSome(
    endedBefore: Date,
    limit: number,
    after: RemovalStep['next'] = BEFORE_ALL,
  ): Promise<RemovalStep> {
    return this.database.transaction(async (tx) => {
      const [turn] = await tx.query<{ isMine: boolean }>(TAKE_TURN);
      if (turn?.isMine !== true) return { removed: 0, next: undefined };
      const [alarms, deleted] = await Promise.all([
        tx.query<Candidate>(LOOK, [endedBefore, after.createdAt, after.id, limit]),
        tx.query<Candidate>(LOOK_DELETED, [endedBefore, limit]),
      ]);
      const over = [...alarms, ...deleted].filter((alarm) => alarm.isOver).map((alarm) => alarm.id);
      const removed = await this.remove(tx, over);
      const last = alarms.at(-1);
      const isMore = alarms.length === limit || (deleted.length === limit && removed > 0);
      return { removed, next: isMore ? (last ?? after) : undefined };
    });
  }

  /** The news of an answer may still be on its way, with many retries: then the alarm stays for now. */
  private async remove(tx: Tx, alarmIds: readonly string[]): Promise<number> {
    const unfinished = await this.outbox.unfinished(tx, alarmIds);
    const ids = alarmIds.filter((id) => !unfinished.has(id));
    if (ids.length === 0) return 0;
    this.outbox.remove(tx, ids);
    this.escalations.remove(tx, ids);
    this.timeline.remove(tx, ids);
    tx.send('DELETE FROM alarm_notes WHERE alarm_id = ANY($1)', [ids]);
    tx.send('DELETE FROM alarms WHERE id = ANY($1)', [ids]);
    return ids.length;
  }
}
