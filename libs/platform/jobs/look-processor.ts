import { Inject, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { OnWorkerEvent, WorkerHost } from '@nestjs/bullmq';
import type { Job } from 'bullmq';

import { SchemaFloor } from '../database/schema-floor.ts';
import { LOOK, type LookJob } from './doorbell.ts';

/**
 * For every `@Processor`. A look takes moments: a job whose worker died is looked at again by another one after
 * seconds instead of BullMQ's minute, and a queue that could not be asked is asked again after one second instead of 15.
 */
export const LOOKING = {
  lockDuration: 10_000,
  stalledInterval: 5000,
  maxStalledCount: 3,
  runRetryDelay: 1000,
} as const;

/** Answers the door of one queue. A job it does not know is a fault of a roll-out and must be seen: it throws. */
export abstract class LookProcessor
  extends WorkerHost
  implements OnApplicationBootstrap, BeforeApplicationShutdown
{
  @Inject() private readonly floor!: SchemaFloor;
  private readonly logger = new Logger(this.constructor.name);
  private readonly underWay = new Set<Promise<void>>();
  private troubled = false;
  private closing = false;

  protected abstract look(ids: readonly string[]): Promise<void>;

  override async process(job: Job<LookJob>): Promise<void> {
    // Taken a moment before it was known; the sweep of those who may work finds its rows.
    if (!(await this.floor.mayWork())) return;
    if (job.name !== LOOK) throw new Error(`No handler for a job named "${job.name}".`);
    const look = this.look(job.data.ids).finally(() => this.underWay.delete(look));
    this.underWay.add(look);
    await look;
    this.troubled = false;
  }

  /** Jobs are left to the processes that can do something about them. */
  onApplicationBootstrap(): void {
    this.floor.onChange((isTooNew) => {
      if (this.closing) return;
      if (isTooNew) void this.worker.pause(true);
      else void this.worker.resume();
    });
  }

  /** Once per outage, and not of a connection that is being given up. Unheard, the error would end the process. */
  @OnWorkerEvent('error')
  onError(error: Error): void {
    if (this.troubled || this.closing) return;
    this.troubled = true;
    this.logger.warn({ err: error }, 'The job queue cannot be read; the sweep carries on alone');
  }

  @OnWorkerEvent('failed')
  onFailed(job: Job<LookJob> | undefined, error: Error): void {
    this.logger.warn({ err: error, job: job?.name }, 'A job failed; the sweep will find its rows');
  }

  /**
   * Takes no further jobs, before anything a job needs is closed. It waits for the looks under way, and not for
   * the queue: while that is away BullMQ's orderly close never ends. A job left open there is looked at again.
   */
  async beforeApplicationShutdown(): Promise<void> {
    this.closing = true;
    await this.worker.pause(true);
    await Promise.allSettled(this.underWay);
    const interrupted = this.worker.getBackend().disconnectBlocking(false);
    interrupted.catch(() => undefined);
    await this.worker.close(true);
  }
}
