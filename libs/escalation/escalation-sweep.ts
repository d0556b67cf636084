import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';

import { Clock, Database, secondsAfter, Sweeper, Timetable, type Sweep } from '#platform';

import { EscalationClock } from './escalation-clock.ts';

/** A step that is later than this was missed by everybody who should have started it. */
const GRACE_SECONDS = 1;
/** Longer than until the next look, so that no step falls between two. */
const AHEAD_SECONDS = 2;
const BATCH = 100;
const MOST_AHEAD = 5000;
/** Then the next sweep goes on: a lock held elsewhere must not keep this one going for ever. */
const MAX_BATCHES = 50;

interface Running {
  readonly alarmId: string;
  readonly nextStepAt: Date;
}

/**
 * Looks about once a second which steps become due before the next look, and starts each at its time; and starts
 * those that are overdue. All workers do so, and whoever takes a clock first moves it.
 */
@Injectable()
export class EscalationSweep implements Sweep, OnModuleInit, OnModuleDestroy {
  readonly name = 'escalation';
  private readonly logger = new Logger('EscalationSweep');
  private readonly timetable = new Timetable((alarmIds) => void this.start(alarmIds));
  private readonly starting = new Set<Promise<void>>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly escalations: EscalationClock,
    private readonly sweeper: Sweeper,
  ) {}

  onModuleInit(): void {
    this.sweeper.register(this);
  }

  async onModuleDestroy(): Promise<void> {
    this.timetable.clear();
    await Promise.all(this.starting);
  }

  /** @returns how many were overdue. */
  async sweep(): Promise<number> {
    let found = 0;
    for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
      const now = this.clock.now();
      const missedAt = secondsAfter(now, -GRACE_SECONDS);
      const running = await this.database.query<Running>(
        `SELECT alarm_id AS "alarmId", next_step_at AS "nextStepAt" FROM escalations
         WHERE next_step_at <= $1 ORDER BY next_step_at LIMIT $2`,
        [secondsAfter(now, AHEAD_SECONDS), MOST_AHEAD],
      );
      const missed = running.filter(({ nextStepAt }) => nextStepAt <= missedAt).slice(0, BATCH);
      if (missed.length > 0) await this.escalations.advance(missed.map(({ alarmId }) => alarmId));
      found += missed.length;
      if (missed.length < BATCH) {
        for (const { alarmId, nextStepAt } of running)
          if (nextStepAt > missedAt) this.timetable.note(alarmId, nextStepAt, now);
        break;
      }
    }
    return found;
  }

  private start(alarmIds: readonly string[]): Promise<void> {
    const started = this.escalations
      .advance(alarmIds)
      // They are overdue then, and the next sweep says so.
      .catch((error: unknown) => this.logger.debug({ err: error }, 'Steps could not be started'))
      .finally(() => this.starting.delete(started));
    this.starting.add(started);
    return started;
  }
}
