import { Injectable, Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter, Histogram } from 'prom-client';

import { Timeline, type TimelineEntry } from '#audit';
import { Outbox, UntoldAlarms, type AlarmBrief, type DueRow } from '#notifications';
import {
  Clock,
  Database,
  Doorbell,
  openSpan,
  secondsAfter,
  Settings,
  statement,
  traceParent,
  withLogContext,
  type Span,
  type Tx,
} from '#platform';

import { advance, atStart, hastened, type Advance, type Plan, type Position } from './plan.ts';

export const LATENESS_METRIC = 'alarm_broker_escalation_lag_seconds';
export const EXHAUSTED_METRIC = 'alarm_broker_escalations_exhausted_total';
export const HASTENED_METRIC = 'alarm_broker_escalations_hastened_total';

/** A ring may come this much early, by the clock of another machine; then it is believed. */
const EARLY_SECONDS = 0.5;

/** As long as it may take until the workers look again. */
const RING_WITHIN_SECONDS = 2;

const START = statement(
  'escalations.start',
  `INSERT INTO escalations (alarm_id, plan, brief, round, round_began, next_step, next_step_at,
                            request_id, trace_parent)
   SELECT e."alarmId", e.plan, e.brief, e.round, e."roundBegan", e."nextStep", e."nextStepAt", e."requestId",
          e."traceParent"
   FROM jsonb_to_recordset($1) AS e
     ("alarmId" uuid, plan jsonb, brief jsonb, round integer, "roundBegan" timestamptz, "nextStep" integer,
      "nextStepAt" timestamptz, "requestId" text, "traceParent" text)`,
);

/** Clocks somebody else is moving, or stopping, are left to them. */
const TAKE = statement(
  'escalations.take',
  `SELECT alarm_id AS "alarmId", plan, brief, round, round_began AS "roundBegan", next_step AS "nextStep",
          next_step_at AS "nextStepAt", request_id AS "requestId", trace_parent AS "traceParent"
   FROM escalations WHERE alarm_id = ANY($1) AND next_step_at <= $2
   ORDER BY alarm_id FOR UPDATE SKIP LOCKED`,
);

/** Waits for whoever is moving or stopping it. */
const HOLD = `
  SELECT alarm_id AS "alarmId", plan, brief, round, round_began AS "roundBegan", next_step AS "nextStep",
         next_step_at AS "nextStepAt", request_id AS "requestId", trace_parent AS "traceParent"
  FROM escalations WHERE alarm_id = $1 AND next_step_at IS NOT NULL FOR UPDATE`;

const MOVE = statement(
  'escalations.move',
  `UPDATE escalations
   SET round = $2, round_began = $3, next_step = $4, next_step_at = $5,
       ended_at = CASE WHEN $5::timestamptz IS NULL THEN $6::timestamptz END,
       ended_by = CASE WHEN $5::timestamptz IS NULL THEN 'exhausted' END
   WHERE alarm_id = $1`,
);

const END = statement(
  'escalations.end',
  `UPDATE escalations SET next_step_at = NULL, ended_at = COALESCE(ended_at, $2), ended_by = COALESCE(ended_by, $3)
   WHERE alarm_id = $1 RETURNING brief, trace_parent AS "traceParent"`,
);

/** What has to be rung for once the transaction has committed. */
export interface Bells {
  readonly alarmId: string;
  readonly notifications: readonly DueRow[];
  readonly nextStepAt: Date | null;
}

interface RunningClock extends Position {
  readonly alarmId: string;
  readonly plan: Plan;
  readonly brief: AlarmBrief;
  /** Of the press. A step minutes later belongs to the same request, and to the same trace. */
  readonly requestId: string | null;
  readonly traceParent: string | null;
}

/** A clock that was moved, to be followed once that is committed. */
interface Moved {
  readonly clock: RunningClock;
  readonly bells: Bells;
  readonly move: Advance;
  readonly span: Span;
}

/** What was frozen at the press, for those who answer the alarm. */
export interface EndedClock {
  readonly brief: AlarmBrief;
  readonly traceParent: string | null;
}

/** Does not let an alarm rest: starts each step of its frozen plan when it is due, until somebody answers. */
@Injectable()
export class EscalationClock {
  private readonly logger = new Logger('EscalationClock');

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly timeline: Timeline,
    private readonly doorbell: Doorbell,
    private readonly settings: Settings,
    private readonly untold: UntoldAlarms,
    @InjectMetric(LATENESS_METRIC) private readonly lateness: Histogram,
    @InjectMetric(EXHAUSTED_METRIC) private readonly exhausted: Counter,
    @InjectMetric(HASTENED_METRIC) private readonly hastenings: Counter,
  ) {}

  /**
   * Begins the clock of a new alarm and everything that is due at once. Part of the press's transaction and,
   * like all of it, not waited for. @param plan nothing when no policy exists: kept, loudly, without steps.
   */
  start(tx: Tx, plan: Plan | undefined, brief: AlarmBrief, requestId: string | null): Bells {
    const now = this.clock.now();
    const frozen = plan ?? { policy: { id: '', name: '' }, repeat: { count: 0, afterSeconds: 0 }, steps: [] };
    const move = advance(frozen, atStart(frozen, now), now, this.settings.ESCALATE_ON_FAILURE);
    const cause = { requestId, traceParent: traceParent() };
    tx.add(START, { alarmId: brief.alarmId, plan: frozen, brief, ...move.position, ...cause });
    this.untold.begin(tx, brief.alarmId, now);
    if (frozen.steps.length === 0) {
      const entry = { alarmId: brief.alarmId, at: now, requestId: requestId ?? undefined };
      this.timeline.append(tx, [{ ...entry, type: 'escalation.missing' }]);
      this.logger.error({ alarmId: brief.alarmId }, 'An alarm has no escalation policy: nobody is told');
    }
    return this.announce(tx, brief, move, requestId, now);
  }

  /**
   * Stops the clock in the transaction that answers the alarm, waiting for a step that is just being
   * started.
   */
  async end(tx: Tx, alarmId: string, by: string): Promise<EndedClock | undefined> {
    const [row] = await tx.query<EndedClock>(END, [alarmId, this.clock.now(), by]);
    return row;
  }

  /** Forgets the clocks of alarms that are removed altogether. */
  remove(tx: Tx, alarmIds: readonly string[]): void {
    tx.send('DELETE FROM escalations WHERE alarm_id = ANY($1)', [[...alarmIds]]);
  }

  /** Starts every step that is due for these alarms: one short transaction, no network. */
  async advance(alarmIds: readonly string[]): Promise<void> {
    const now = this.clock.now();
    const began = Date.now();
    const moves = await this.database.transaction(async (tx) => {
      const clocks = await tx.query<RunningClock>(TAKE, [[...alarmIds], secondsAfter(now, EARLY_SECONDS)]);
      return clocks.map((clock) => this.move(tx, clock, this.advanceOf(clock, now), now, began));
    });
    for (const moved of moves) this.follow(moved, now);
  }

  /**
   * Starts the next step at once if nobody of this one, the latest, could be told. To be called whenever something
   * of a step has failed for good; asking too often does nothing. Without it the next step starts at its time.
   */
  async hasten(alarmId: string, round: number, stepNo: number): Promise<void> {
    if (!this.settings.ESCALATE_ON_FAILURE) return;
    const now = this.clock.now();
    const began = Date.now();
    const moved = await this.database.transaction(async (tx) => {
      const [clock] = await tx.query<RunningClock>(HOLD, [alarmId]);
      if (clock === undefined) return undefined;
      // Asked with the clock in hand: of two workers whose sends fail last, one at least sees both.
      const statuses = await this.outbox.statusesOf(tx, alarmId, round, stepNo);
      const move = hastened(clock.plan, clock, { round, stepNo, statuses }, now);
      return move && this.move(tx, clock, move, now, began);
    });
    if (moved !== undefined) this.follow(moved, now);
  }

  /** Rings for what a committed transaction has planned. Never waits, never fails. */
  ring({ alarmId, notifications, nextStepAt }: Bells): void {
    this.outbox.ring(notifications);
    // Later steps are found in time by every worker that looks ahead, and need nobody to remember them.
    if (nextStepAt !== null && nextStepAt <= secondsAfter(this.clock.now(), RING_WITHIN_SECONDS))
      this.doorbell.ring('escalation-steps', alarmId, nextStepAt);
  }

  private advanceOf(clock: RunningClock, now: Date): Advance {
    // A ring that came early is believed, so what it rang for counts as due.
    const dueBy = clock.nextStepAt !== null && clock.nextStepAt > now ? clock.nextStepAt : now;
    return advance(clock.plan, clock, dueBy, this.settings.ESCALATE_ON_FAILURE);
  }

  /** @param began by the wall clock, when it was begun to look for what is due. */
  private move(tx: Tx, clock: RunningClock, move: Advance, now: Date, began: number): Moved {
    const { alarmId, brief, requestId, traceParent: parent } = clock;
    const { round, roundBegan, nextStep, nextStepAt } = move.position;
    tx.send(MOVE, [alarmId, round, roundBegan, nextStep, nextStepAt, now]);
    const facts = { 'alarm_broker.alarm.id': alarmId, 'alarm_broker.steps': move.started.length };
    const span = openSpan('advance escalation', { parent, startedAt: began, facts });
    return { clock, move, span, bells: span.within(() => this.announce(tx, brief, move, requestId, now)) };
  }

  private announce(tx: Tx, brief: AlarmBrief, move: Advance, requestId: string | null, now: Date): Bells {
    const { alarmId } = brief;
    const common = { alarmId, at: now, requestId: requestId ?? undefined };
    const notifications = move.started.flatMap(({ step, round }) =>
      this.outbox.plan(tx, {
        brief,
        purpose: 'alert',
        round,
        stepNo: step.stepNo,
        targets: step.targets,
        requestId,
      }),
    );
    this.timeline.append(tx, [
      ...(move.repeated ? [{ ...common, type: 'escalation.repeated' as const }] : []),
      ...move.started.flatMap((started) => [
        ...this.haste(tx, common, started.hastenedBy),
        {
          ...common,
          type: 'escalation.step-started' as const,
          data: {
            step: started.step.stepNo,
            round: started.round,
            due_at: started.dueAt,
            targets: started.step.targets.map((target) => target.label),
          },
        },
      ]),
      ...(move.exhausted ? [{ ...common, type: 'escalation.exhausted' as const }] : []),
    ]);
    return { alarmId, notifications, nextStepAt: move.position.nextStepAt };
  }

  private haste(
    tx: Tx,
    common: Pick<TimelineEntry, 'alarmId' | 'at' | 'requestId'>,
    step: number | null,
  ): TimelineEntry[] {
    if (step === null) return [];
    const { alarmId } = common;
    tx.afterCommit(() => {
      this.hastenings.inc();
      this.logger.warn({ alarmId, step }, 'Nobody of a step could be told; the next one starts at once');
    });
    const data = { step, reason: `Nobody of step ${step} could be told.` };
    return [{ ...common, type: 'escalation.hastened', data }];
  }

  private follow({ clock, bells, move, span }: Moved, now: Date): void {
    const { alarmId, requestId } = clock;
    withLogContext({ alarmId, ...(requestId === null ? {} : { requestId }) }, () =>
      span.within(() => {
        this.ring(bells);
        this.report(move, now);
      }),
    );
    span.end();
  }

  private report(move: Advance, now: Date): void {
    for (const { step, dueAt } of move.started) {
      const late = Math.max(0, now.getTime() - dueAt.getTime()) / 1000;
      this.lateness.observe(late);
      this.logger.log({ step: step.stepNo, lateSeconds: late }, 'escalation step started');
    }
    if (!move.exhausted) return;
    this.exhausted.inc();
    this.logger.error('The escalation plan is used up and nobody has answered');
  }
}
