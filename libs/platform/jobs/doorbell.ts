import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Queue } from 'bullmq';
import { Counter } from 'prom-client';

import { Clock } from '../clock/clock.ts';
import { Settings } from '../config/settings.ts';
import { openSpan, type Span } from '../tracing/tracing.ts';
import {
  producerOptions,
  REDIS_CONNECTIONS_TO_RING,
  requireRedisConnections,
  selectJobBackend,
} from './job-connection.ts';

/** Who can be rung. Each is a BullMQ queue; its jobs hold ids of rows and nothing else. */
export const QUEUES = ['deliveries', 'escalation-steps'] as const;
export type QueueName = (typeof QUEUES)[number];

/** The only job there is: "look at these rows". */
export const LOOK = 'look';
export interface LookJob {
  readonly ids: readonly string[];
}

export const RINGS_METRIC = 'alarm_broker_doorbell_rings_total';

/** Rings waiting beyond this are dropped; the sweep finds their rows. */
const MAX_PENDING = 50_000;
const MAX_IDS_PER_JOB = 100;

interface Ring {
  readonly id: string;
  readonly at: Date;
  readonly span: Span;
}

/**
 * Tells the workers that a row is due, now or later. Ringing is never waited for and never fails the
 * caller: a lost ring costs a moment, because the sweep looks for due rows that nobody rang for.
 *
 * Rings of one turn of the event loop travel together.
 */
@Injectable()
export class Doorbell implements OnApplicationShutdown {
  private readonly logger = new Logger('Doorbell');
  private readonly queues: Record<QueueName, Queue<LookJob>>;
  private readonly pending: Record<QueueName, Ring[]> = { deliveries: [], 'escalation-steps': [] };
  private readonly underWay = new Set<Promise<void>>();
  private flushing = false;
  private silentSince: Date | undefined;

  constructor(
    settings: Settings,
    private readonly clock: Clock,
    @InjectMetric(RINGS_METRIC) private readonly rings: Counter<'result'>,
  ) {
    requireRedisConnections(settings, REDIS_CONNECTIONS_TO_RING);
    selectJobBackend(settings);
    const open = (name: QueueName): Queue<LookJob> => {
      const queue = new Queue<LookJob>(name, producerOptions(settings));
      queue.on('error', (error) => this.reportSilence(error));
      return queue;
    };
    this.queues = { deliveries: open('deliveries'), 'escalation-steps': open('escalation-steps') };
  }

  /** @param at when the row is due; a time that has come rings at once. */
  ring(queue: QueueName, id: string, at: Date): void {
    const pending = this.pending[queue];
    if (pending.length >= MAX_PENDING) {
      this.rings.inc({ result: 'dropped' });
      return;
    }
    const facts = {
      'messaging.system': 'bullmq',
      'messaging.destination.name': queue,
      'messaging.operation.name': 'send',
    };
    pending.push({ id, at, span: openSpan(`ring ${queue}`, { kind: 'producer', facts }) });
    if (this.flushing) return;
    this.flushing = true;
    setImmediate(() => this.flush());
  }

  /** How many jobs wait in each queue, by state. @throws whatever the queue says when it cannot be asked. */
  async counts(): Promise<Record<QueueName, Record<string, number>>> {
    const [deliveries, steps] = await Promise.all(QUEUES.map((name) => this.queues[name].getJobCounts()));
    return { deliveries: deliveries ?? {}, 'escalation-steps': steps ?? {} };
  }

  private flush(): void {
    this.flushing = false;
    for (const name of QUEUES) {
      const rings = this.pending[name].splice(0);
      if (rings.length > 0) this.track(this.deliver(name, rings));
    }
  }

  private async deliver(name: QueueName, rings: readonly Ring[]): Promise<void> {
    try {
      await this.queues[name].addBulk(jobsFor(rings, this.clock.now()));
      this.rings.inc({ result: 'rung' }, rings.length);
      this.silentSince = undefined;
    } catch (error) {
      this.rings.inc({ result: 'failed' }, rings.length);
      for (const { span } of rings) span.fail('failed');
      this.reportSilence(error);
    } finally {
      for (const { span } of rings) span.end();
    }
  }

  /** Once per outage: an unreachable queue would otherwise fill the log. */
  private reportSilence(error: unknown): void {
    if (this.silentSince !== undefined) return;
    this.silentSince = this.clock.now();
    this.logger.warn({ err: error }, 'The job queue cannot be rung; the sweep carries on alone');
  }

  private track(work: Promise<void>): void {
    this.underWay.add(work);
    void work.finally(() => this.underWay.delete(work));
  }

  async onApplicationShutdown(): Promise<void> {
    this.flush();
    await Promise.allSettled(this.underWay);
    await Promise.allSettled(Object.values(this.queues).map((queue) => queue.close()));
  }
}

/** Due rows share jobs, later ones get one each. Ids are the same for the same ring, so a repeat adds nothing. */
function jobsFor(rings: readonly Ring[], now: Date) {
  const due = rings.filter((ring) => ring.at <= now);
  const later = rings.filter((ring) => ring.at > now);
  const groups: (readonly Ring[])[] = later.map((ring) => [ring]);
  for (let start = 0; start < due.length; start += MAX_IDS_PER_JOB)
    groups.push(due.slice(start, start + MAX_IDS_PER_JOB));
  return groups.flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return {
      name: LOOK,
      data: { ids: group.map((ring) => ring.id) },
      opts: {
        jobId: `${first.id}-${first.at.getTime()}`,
        delay: Math.max(0, first.at.getTime() - now.getTime()),
        removeOnComplete: true,
        removeOnFail: { age: 3600, count: 1000 },
      },
    };
  });
}
