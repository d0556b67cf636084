import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter } from 'prom-client';

import { SchemaFloor } from '../database/schema-floor.ts';

export const RESCUES_METRIC = 'alarm_broker_sweep_rescued_total';

/** Finds what is due although nobody rang for it, and handles it with the code that answers the bell. */
export interface Sweep {
  readonly name: string;
  /** @returns how many rows it found. */
  sweep(): Promise<number>;
}

/** About once a second, never twice at the same moment in several workers. */
const INTERVAL_MS = 1000;
const JITTER_MS = 200;

/** The net under the doorbell. Each sweep runs on its own: one that is slow or fails keeps none of the others. */
@Injectable()
export class Sweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Sweeper');
  private readonly sweeps: Sweep[] = [];
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly running = new Map<string, Promise<void>>();
  private readonly failing = new Set<string>();
  private stopped = false;

  constructor(
    private readonly floor: SchemaFloor,
    @InjectMetric(RESCUES_METRIC) private readonly rescued: Counter<'sweep'>,
  ) {}

  /** To be called while the modules are initialised. */
  register(sweep: Sweep): void {
    this.sweeps.push(sweep);
    this.rescued.inc({ sweep: sweep.name }, 0);
  }

  onApplicationBootstrap(): void {
    for (const sweep of this.sweeps) this.schedule(sweep);
  }

  /** Looks once, now, and waits for it. */
  async sweepNow(): Promise<void> {
    await Promise.all(this.sweeps.map((sweep) => this.run(sweep)));
  }

  private schedule(sweep: Sweep): void {
    if (this.stopped) return;
    const delay = INTERVAL_MS - JITTER_MS / 2 + Math.random() * JITTER_MS;
    this.timers.set(
      sweep.name,
      setTimeout(() => void this.run(sweep).then(() => this.schedule(sweep)), delay),
    );
  }

  private run(sweep: Sweep): Promise<void> {
    const underWay = this.running.get(sweep.name);
    if (underWay) return underWay;
    const run = this.look(sweep).finally(() => this.running.delete(sweep.name));
    this.running.set(sweep.name, run);
    return run;
  }

  private async look(sweep: Sweep): Promise<void> {
    try {
      if (!(await this.floor.mayWork())) return;
      const found = await sweep.sweep();
      if (found > 0) this.rescued.inc({ sweep: sweep.name }, found);
      this.failing.delete(sweep.name);
    } catch (error) {
      // Once per outage, or an absent database would fill the log.
      if (!this.failing.has(sweep.name))
        this.logger.error({ err: error, sweep: sweep.name }, 'A sweep failed');
      this.failing.add(sweep.name);
    }
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    await Promise.all(this.running.values());
  }
}
