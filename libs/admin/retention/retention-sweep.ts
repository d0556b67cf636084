import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter } from 'prom-client';

import { AlarmRemoval, type RemovalStep } from '#alarms';
import { Clock, secondsAfter, Settings, Sweeper, type Sweep } from '#platform';
import { SimulationFeed } from '#simulation';

export const REMOVED_METRIC = 'alarm_broker_retention_removed_total';

/** Between the end of one walk through what is old and the beginning of the next. */
const INTERVAL_SECONDS = 600;
/** Removed at once, about once a second: tens of milliseconds, so that a press never waits for it. */
const ALARMS_AT_ONCE = 200;
const SIMULATED_AT_ONCE = 2000;

const DAY_SECONDS = 86_400;

/** Removes what is older than the operator wants to keep: a small batch with each sweep until nothing is left. */
@Injectable()
export class RetentionSweep implements Sweep, OnModuleInit {
  readonly name = 'retention';
  private readonly logger = new Logger('Retention');
  private restsUntil: Date | undefined;
  private position: RemovalStep['next'];
  private readonly removed = { alarms: 0, simulated: 0 };

  constructor(
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly alarms: AlarmRemoval,
    private readonly feed: SimulationFeed,
    private readonly sweeper: Sweeper,
    @InjectMetric(REMOVED_METRIC) private readonly total: Counter<'what'>,
  ) {}

  onModuleInit(): void {
    for (const what of ['alarms', 'simulated']) this.total.inc({ what }, 0);
    const { RETENTION_ALARMS_DAYS: alarms, RETENTION_SIMULATED_DAYS: simulated } = this.settings;
    if (alarms !== undefined || simulated !== undefined) this.sweeper.register(this);
  }

  /** @returns 0: tidying up rescues nobody. */
  async sweep(): Promise<number> {
    const now = this.clock.now();
    if (this.restsUntil !== undefined && now < this.restsUntil) return 0;
    const [alarmsAreDone, feedIsDone] = [await this.removeAlarms(now), await this.removeSimulated(now)];
    if (!alarmsAreDone || !feedIsDone) return 0;
    this.restsUntil = secondsAfter(now, INTERVAL_SECONDS);
    const { alarms, simulated } = this.removed;
    if (alarms + simulated > 0)
      this.logger.log({ alarms, simulated }, 'What was older than is kept was removed');
    this.removed.alarms = this.removed.simulated = 0;
    return 0;
  }

  /** @returns whether the walk has come to its end. */
  private async removeAlarms(now: Date): Promise<boolean> {
    const { RETENTION_ALARMS_DAYS: days } = this.settings;
    if (days === undefined) return true;
    const endedBefore = secondsAfter(now, -days * DAY_SECONDS);
    const step = await this.alarms.removeSome(endedBefore, ALARMS_AT_ONCE, this.position);
    this.count('alarms', step.removed);
    this.position = step.next;
    return step.next === undefined;
  }

  private async removeSimulated(now: Date): Promise<boolean> {
    const { RETENTION_SIMULATED_DAYS: days } = this.settings;
    if (days === undefined) return true;
    const removed = await this.feed.removeBefore(secondsAfter(now, -days * DAY_SECONDS), SIMULATED_AT_ONCE);
    this.count('simulated', removed);
    return removed < SIMULATED_AT_ONCE;
  }

  private count(what: 'alarms' | 'simulated', removed: number): void {
    this.removed[what] += removed;
    this.total.inc({ what }, removed);
  }
}
