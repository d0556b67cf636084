import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Histogram } from 'prom-client';

import { Clock, Database, Figures, plannedAnew, statement, type Tx } from '#platform';

export const TIME_TO_TELL_METRIC = 'alarm_broker_time_to_tell_seconds';

const BEGIN = statement(
  'untold.begin',
  `INSERT INTO untold_alarms (alarm_id, since)
   SELECT u."alarmId", u.since FROM jsonb_to_recordset($1) AS u ("alarmId" uuid, since timestamptz)`,
);
/** Whom somebody else is just telling of is theirs to count. */
const TOLD = plannedAnew(
  `DELETE FROM untold_alarms
   WHERE alarm_id IN (SELECT alarm_id FROM untold_alarms WHERE alarm_id = ANY($1) FOR UPDATE SKIP LOCKED)
   RETURNING since`,
);
const ANSWERED = statement('untold.answered', 'DELETE FROM untold_alarms WHERE alarm_id = $1');

interface Untold {
  readonly count: number;
  readonly oldest: Date | null;
}

/**
 * Which alarms nobody knows of: neither has any message about them been handed over, nor has anybody answered. How
 * long that takes is told once for each alarm, by whoever hands over its first message.
 */
@Injectable()
export class UntoldAlarms {
  constructor(
    figures: Figures,
    private readonly database: Database,
    private readonly clock: Clock,
    @InjectMetric(TIME_TO_TELL_METRIC) private readonly timeToTell: Histogram,
  ) {
    const whoever = 'The same in every process: use max, not sum.';
    figures.shared(
      () => this.read(),
      [
        {
          name: 'alarm_broker_untold_alarms',
          help: `Unanswered alarms of which nobody has been told yet. ${whoever}`,
          samples: ({ count }) => [[{}, count]],
        },
        {
          name: 'alarm_broker_oldest_untold_alarm_seconds',
          help: `Age of the oldest unanswered alarm of which nobody has been told; 0 without one. ${whoever}`,
          samples: ({ oldest }) => [[{}, this.secondsSince(oldest)]],
        },
      ],
    );
  }

  /** Nobody knows of this alarm yet. Not waited for. */
  begin(tx: Tx, alarmId: string, since: Date): void {
    tx.add(BEGIN, { alarmId, since });
  }

  /** Messages about these alarms were handed over. */
  async told(tx: Tx, alarmIds: readonly string[], at: Date): Promise<void> {
    if (alarmIds.length === 0) return;
    const first = await tx.query<{ since: Date }>(TOLD, [[...alarmIds]]);
    tx.afterCommit(() => {
      for (const { since } of first)
        this.timeToTell.observe(Math.max(0, at.getTime() - since.getTime()) / 1000);
    });
  }

  /** Somebody took over, or nobody needs to. Not waited for. */
  answered(tx: Tx, alarmId: string): void {
    tx.send(ANSWERED, [alarmId]);
  }

  private async read(): Promise<Untold> {
    const [row] = await this.database.query<Untold>(
      'SELECT count(*)::int AS count, min(since) AS oldest FROM untold_alarms',
    );
    return row ?? { count: 0, oldest: null };
  }

  private secondsSince(time: Date | null): number {
    return time === null ? 0 : Math.max(0, this.clock.now().getTime() - time.getTime()) / 1000;
  }
}
