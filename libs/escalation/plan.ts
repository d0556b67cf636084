import type { PlannedTarget } from '#notifications';

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
 */
export function advance(plan: Plan, from: Position, now: Date): Advance {
  const started: StartedStep[] = [];
  let position = from;
  let repeated = false;
  let exhausted = false;
  while (position.nextStepAt !== null && position.nextStepAt <= now) {
    const step = plan.steps[position.nextStep];
    if (step !== undefined) {
      started.push({ step, round: position.round, dueAt: position.nextStepAt });
      position = { ...position, nextStep: position.nextStep + 1, nextStepAt: timeAfterStep(plan, position) };
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

function timeAfterStep(plan: Plan, { nextStep, roundBegan }: Position): Date {
  const following = plan.steps[nextStep + 1];
  if (following !== undefined) return after(roundBegan, following.afterSeconds);
  return after(roundBegan, (plan.steps[nextStep]?.afterSeconds ?? 0) + plan.repeat.afterSeconds);
}

const after = (time: Date, seconds: number): Date => new Date(time.getTime() + seconds * 1000);
