import type { NotificationStatus, PlannedTarget } from '#notifications';

/** One step of a plan, due so many seconds after the press. */
export interface PlanStep {
  readonly stepNo: number;
  readonly afterSeconds: number;
  readonly targets: readonly PlannedTarget[];
}

/** A policy in one piece, as it is frozen into a running alarm. Steps are in order of time. */
export interface Plan {
  readonly policy: { readonly id: string; readonly name: string };
  readonly repeat: {
    /** How often the whole plan is repeated while nobody answers. */
    readonly count: number;
    /** Seconds after the last step: then the plan is repeated, or reported as exhausted. */
    readonly afterSeconds: number;
  };
  readonly steps: readonly PlanStep[];
}

/** Where a clock stands. */
export interface Position {
  readonly round: number;
  readonly roundBegan: Date;
  /** Index into the steps; their number once all have started. */
  readonly nextStep: number;
  /** When that is due; null once there is nothing left to do. */
  readonly nextStepAt: Date | null;
}

export interface StartedStep {
  readonly step: PlanStep;
  readonly round: number;
  readonly dueAt: Date;
  /** The step before it, if it did not wait for its time because nobody of that one could be told. */
  readonly hastenedBy: number | null;
}

export interface Advance {
  readonly started: readonly StartedStep[];
  readonly position: Position;
  /** The plan began anew because nobody had answered. */
  readonly repeated: boolean;
  /** Everybody was told and nobody answered. */
  readonly exhausted: boolean;
}

/** A clock before its first step. */
export function atStart(plan: Plan, pressedAt: Date): Position {
  const [first] = plan.steps;
  return {
    round: 0,
    roundBegan: pressedAt,
    nextStep: 0,
    nextStepAt: first ? after(pressedAt, first.afterSeconds) : null,
  };
}

/**
 * Everything that is due by `now`, in order. After an outage that is several steps at once: late, but none
 * is skipped. A repetition counts from now, so that an outage does not make rounds pile up.
 * @param hastens whether a step does not wait for its time when everybody of the one before is disabled.
 */
export function advance(plan: Plan, from: Position, now: Date, hastens: boolean): Advance {
  const started: StartedStep[] = [];
  let position = from;
  let repeated = false;
  let exhausted = false;
  let hastenedBy: number | null = null;
  while (position.nextStepAt !== null && position.nextStepAt <= now) {
    const step = plan.steps[position.nextStep];
    if (step !== undefined) {
      started.push({ step, round: position.round, dueAt: position.nextStepAt, hastenedBy });
      position = { ...position, nextStep: position.nextStep + 1, nextStepAt: timeAfterStep(plan, position) };
      hastenedBy = hastens && isNobodyThere(step) && canBeHastened(plan, position, now) ? step.stepNo : null;
      if (hastenedBy !== null) position = { ...position, nextStepAt: now };
    } else if (position.round < plan.repeat.count) {
      repeated = true;
      position = { ...atStart(plan, now), round: position.round + 1 };
    } else {
      exhausted = true;
      position = { ...position, nextStepAt: null };
    }
  }
  return { started, position, repeated, exhausted };
}

/** A step that will start unless somebody answers first. */
export interface StepToCome {
  readonly step: PlanStep;
  readonly at: Date;
}

/** What is still to come of this round, with the times at which it is due. */
export function stepsToCome(plan: Plan, { nextStep, nextStepAt, roundBegan }: Position): StepToCome[] {
  if (nextStepAt === null) return [];
  return plan.steps.slice(nextStep).map((step, i) => ({
    step,
    at: i === 0 ? nextStepAt : after(roundBegan, step.afterSeconds),
  }));
}

/** What a step has come to: which one, and the state of everything it planned. */
export interface StepResult {
  readonly round: number;
  readonly stepNo: number;
  readonly statuses: readonly NotificationStatus[];
}

/**
 * What starts at once because nobody of the latest step could be told; the steps behind it keep their times. Nothing
 * when somebody was told or still may be, when the clock has moved on, and at the end of the plan: to begin it again,
 * or to give it up, is not made better by haste.
 */
export function hastened(plan: Plan, from: Position, result: StepResult, now: Date): Advance | undefined {
  const isLatest = plan.steps[from.nextStep - 1]?.stepNo === result.stepNo && from.round === result.round;
  const isNobodyTold =
    result.statuses.length > 0 &&
    result.statuses.every((status) => status === 'failed' || status === 'skipped');
  if (!isLatest || !isNobodyTold || !canBeHastened(plan, from, now)) return undefined;
  const move = advance(plan, { ...from, nextStepAt: now }, now, true);
  const [first, ...others] = move.started;
  return first && { ...move, started: [{ ...first, hastenedBy: result.stepNo }, ...others] };
}

const isNobodyThere = (step: PlanStep): boolean => !step.targets.some((target) => target.enabled);

const canBeHastened = (plan: Plan, { nextStep, nextStepAt }: Position, now: Date): boolean =>
  plan.steps[nextStep] !== undefined && nextStepAt !== null && nextStepAt > now;

function timeAfterStep(plan: Plan, { nextStep, roundBegan }: Position): Date {
  const following = plan.steps[nextStep + 1];
  if (following !== undefined) return after(roundBegan, following.afterSeconds);
  return after(roundBegan, (plan.steps[nextStep]?.afterSeconds ?? 0) + plan.repeat.afterSeconds);
}

const after = (time: Date, seconds: number): Date => new Date(time.getTime() + seconds * 1000);
