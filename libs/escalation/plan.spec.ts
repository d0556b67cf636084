import fc from 'fast-check';

import type { NotificationStatus } from '#notifications';

import { advance, atStart, hastened, type Plan, type Position, type StartedStep } from './plan.ts';

const PRESS = new Date('2026-03-02T08:00:00Z');
const at = (seconds: number) => new Date(PRESS.getTime() + seconds * 1000);

const target = (enabled: boolean) =>
  ({ id: 'guard', label: 'Guard', channel: 'sms', address: '+491', enabled }) as const;

/** Steps at these seconds after the press, in this order; those in `mute` have disabled targets only. */
const plan = (
  times: readonly number[],
  repeat = { count: 0, afterSeconds: 60 },
  mute: readonly number[] = [],
): Plan => ({
  policy: { id: 'default', name: 'Hall' },
  repeat,
  steps: times.map((afterSeconds, stepNo) => ({
    stepNo,
    afterSeconds,
    targets: mute.includes(stepNo) ? [target(false), target(false)] : [target(false), target(true)],
  })),
});
const stepNumbers = (started: readonly StartedStep[]) => started.map(({ step }) => step.stepNo);

/** Asks a fresh clock at each of the times, one after the other. */
function run(of: Plan, ...seconds: number[]) {
  let position = atStart(of, PRESS);
  return seconds.map((second) => {
    const move = advance(of, position, at(second), true);
    position = move.position;
    return move;
  });
}

describe('a plan', () => {
  it('starts its first step at the press and each other one when it is due', () => {
    const [press, early, due] = run(plan([0, 60]), 0, 59.999, 60);

    expect(press).toMatchObject({ started: [{ step: { stepNo: 0 }, round: 0, dueAt: PRESS }] });
    expect(press?.position).toEqual({ round: 0, roundBegan: PRESS, nextStep: 1, nextStepAt: at(60) });
    expect(early?.started).toEqual([]);
    expect(due).toMatchObject({ started: [{ step: { stepNo: 1 }, dueAt: at(60) }] });
  });

  it('starts nothing at the press when the first step comes later', () => {
    const [press] = run(plan([30]), 0);

    expect(press).toMatchObject({ started: [], position: { nextStep: 0, nextStepAt: at(30) } });
  });

  it('starts all steps of the same time together, in order', () => {
    const [press] = run(plan([0, 0, 0, 10]), 0);

    expect(stepNumbers(press?.started ?? [])).toEqual([0, 1, 2]);
    expect(press?.position.nextStepAt).toEqual(at(10));
  });

  it('makes up for an outage: every overdue step, in order, with the time it was due', () => {
    const [, late] = run(plan([0, 60, 180, 300]), 0, 200);

    expect(late?.started.map(({ step, dueAt }) => [step.stepNo, dueAt])).toEqual([
      [1, at(60)],
      [2, at(180)],
    ]);
    expect(late?.position.nextStepAt).toEqual(at(300));
  });

  it('is exhausted some time after its last step, once, and then rests', () => {
    const [press, before, after, later] = run(plan([0]), 0, 59, 60, 9999);

    expect(press).toMatchObject({ exhausted: false, position: { nextStepAt: at(60) } });
    expect(before).toMatchObject({ started: [], exhausted: false });
    expect(after).toMatchObject({
      started: [],
      exhausted: true,
      repeated: false,
      position: { nextStepAt: null },
    });
    expect(later).toMatchObject({ started: [], exhausted: false, position: { nextStepAt: null } });
  });

  it('begins anew, as often as it may, before it is exhausted', () => {
    const [, again, , , end] = run(plan([0, 10], { count: 1, afterSeconds: 60 }), 10, 70, 80, 139, 140);

    expect(again).toMatchObject({
      repeated: true,
      started: [{ step: { stepNo: 0 }, round: 1, dueAt: at(70) }],
      position: { round: 1, roundBegan: at(70), nextStep: 1, nextStepAt: at(80) },
    });
    expect(end).toMatchObject({ repeated: false, exhausted: true });
  });

  it('counts a repetition from when it begins, so that rounds missed in an outage do not pile up', () => {
    const [, outage] = run(plan([0, 10], { count: 5, afterSeconds: 60 }), 10, 10_000);

    expect(outage).toMatchObject({ repeated: true, position: { round: 1, roundBegan: at(10_000) } });
    expect(stepNumbers(outage?.started ?? [])).toEqual([0]);
  });

  it('without steps has nothing to do and is not called exhausted', () => {
    const [press, later] = run(plan([], { count: 3, afterSeconds: 60 }), 0, 9999);

    for (const move of [press, later]) {
      expect(move).toMatchObject({ started: [], repeated: false, exhausted: false });
      expect(move?.position.nextStepAt).toBeNull();
    }
  });

  it('starts every step of every round exactly once, in order and never early, whenever it is asked', () => {
    const plans = fc
      .record({
        times: fc.array(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 6 }),
        repeat: fc.record({ count: fc.nat(3), afterSeconds: fc.integer({ min: 10, max: 600 }) }),
      })
      .map(({ times, repeat }) =>
        plan(
          times.sort((a, b) => a - b),
          repeat,
        ),
      );
    const pauses = fc.array(fc.oneof(fc.nat(3), fc.nat(5000)), { maxLength: 40 });

    fc.assert(
      fc.property(plans, pauses, (of, seconds) => {
        let now = PRESS;
        let position: Position = atStart(of, PRESS);
        const started: StartedStep[] = [];
        const began = new Map([[0, PRESS]]);
        let ends = 0;
        // However often it was asked: in the end it is asked until it rests.
        for (const pause of [0, ...seconds, ...Array<number>(of.steps.length * 5 + 5).fill(2000)]) {
          now = new Date(now.getTime() + pause * 1000);
          const move = advance(of, position, now, true);
          position = move.position;
          if (move.exhausted) ends += 1;
          if (move.repeated) began.set(position.round, now);
          for (const one of move.started) expect(one.dueAt.getTime()).toBeLessThanOrEqual(now.getTime());
          started.push(...move.started);
        }
        const rounds = Array.from({ length: of.repeat.count + 1 }, (_, round) => round);
        expect(started.map(({ step, round, dueAt }) => [round, step.stepNo, dueAt])).toEqual(
          rounds.flatMap((round) =>
            of.steps.map(({ stepNo, afterSeconds }) => [
              round,
              stepNo,
              new Date((began.get(round)?.getTime() ?? NaN) + afterSeconds * 1000),
            ]),
          ),
        );
        expect(ends).toBe(1);
      }),
    );
  });
});

describe('haste', () => {
  const hurried = (started: readonly StartedStep[] = []) =>
    started.map(({ step, dueAt, hastenedBy }) => [step.stepNo, dueAt, hastenedBy]);
  const [after] = run(plan([0, 60, 180]), 0);
  const ask = (statuses: readonly NotificationStatus[], { round = 0, stepNo = 0, seconds = 5 } = {}) =>
    hastened(plan([0, 60, 180]), after!.position, { round, stepNo, statuses }, at(seconds));

  it('starts the next step at once when nobody could be told, and leaves the others their time', () => {
    const move = ask(['failed', 'skipped', 'failed']);
    expect(hurried(move?.started)).toEqual([[1, at(5), 0]]);
    expect(move?.position).toEqual({ round: 0, roundBegan: PRESS, nextStep: 2, nextStepAt: at(180) });

    const again = hastened(
      plan([0, 60, 180]),
      move!.position,
      { round: 0, stepNo: 1, statuses: ['failed'] },
      at(7),
    );
    expect(hurried(again?.started)).toEqual([[2, at(7), 1]]);
    expect(again?.position.nextStepAt).toEqual(at(240));
  });

  it.each(['scheduled', 'sending', 'sent', 'delivered', 'ambiguous', 'withdrawn'] as const)(
    'is not needed while one is %s',
    (status) => {
      expect(ask(['failed', status])).toBeUndefined();
      expect(ask([status])).toBeUndefined();
    },
  );

  it('is not for an earlier step or round, for nothing at all, nor for what is due anyway', () => {
    expect(ask(['failed'], { stepNo: 1 })).toBeUndefined();
    expect(ask(['failed'], { round: 1 })).toBeUndefined();
    expect(ask([])).toBeUndefined();
    expect(ask(['failed'], { seconds: 60 })).toBeUndefined();
  });

  it.each([0, 2])('neither ends the plan nor begins it again (%i repetitions)', (count) => {
    const of = plan([0, 60], { count, afterSeconds: 30 });
    const [, last] = run(of, 0, 60);
    const result = { round: 0, stepNo: 1, statuses: ['failed'] } as const;
    expect(hastened(of, last!.position, result, at(61))).toBeUndefined();
    expect(hastened(of, { ...last!.position, nextStepAt: null }, result, at(61))).toBeUndefined();
  });

  it('passes over steps all of whose targets are disabled, as far as the plan goes', () => {
    const [press, later] = run(plan([0, 60, 180, 300], undefined, [0, 1, 3]), 0, 300);
    expect(hurried(press?.started)).toEqual([
      [0, PRESS, null],
      [1, PRESS, 0],
      [2, PRESS, 1],
    ]);
    expect(press?.position.nextStepAt).toEqual(at(300));
    expect(hurried(later?.started)).toEqual([[3, at(300), null]]);
    expect(later).toMatchObject({ exhausted: false, position: { nextStepAt: at(360) } });
  });

  it('takes steps nobody is there for along when it was called for by a failure', () => {
    const of = plan([0, 60, 120, 180], undefined, [1]);
    const [press] = run(of, 0);
    const move = hastened(of, press!.position, { round: 0, stepNo: 0, statuses: ['failed'] }, at(1));
    expect(hurried(move?.started)).toEqual([
      [1, at(1), 0],
      [2, at(1), 1],
    ]);
    expect(move?.position.nextStepAt).toEqual(at(180));
  });

  it('can be forbidden', () => {
    const of = plan([0, 60], undefined, [0]);
    expect(hurried(advance(of, atStart(of, PRESS), PRESS, false).started)).toEqual([[0, PRESS, null]]);
  });

  it('never skips, doubles, disorders or delays a step, whatever fails and whenever', () => {
    const plans = fc
      .record({
        times: fc.array(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 6 }),
        mute: fc.array(fc.nat(5)),
        count: fc.nat(2),
      })
      .map(({ times, mute, count }) =>
        plan(
          times.sort((a, b) => a - b),
          { count, afterSeconds: 60 },
          mute,
        ),
      );
    const events = fc.array(fc.record({ pause: fc.nat(200), fails: fc.boolean() }), { maxLength: 60 });

    fc.assert(
      fc.property(plans, events, (of, story) => {
        let now = PRESS;
        let move = advance(of, atStart(of, PRESS), now, true);
        let { position } = move;
        const started: (StartedStep & { at: Date })[] = [];
        const began = new Map([[0, PRESS]]);
        const note = () => {
          position = move.position;
          if (move.repeated) began.set(position.round, now);
          started.push(...move.started.map((one) => ({ ...one, at: now })));
        };
        note();
        for (const { pause, fails } of [...story, ...Array(90).fill({ pause: 600, fails: false })]) {
          now = new Date(now.getTime() + pause * 1000);
          const latest = started.at(-1);
          const failure = { round: latest?.round ?? 0, stepNo: latest?.step.stepNo ?? 0 };
          const haste = fails && hastened(of, position, { ...failure, statuses: ['failed'] }, now);
          move = haste || advance(of, position, now, true);
          note();
        }
        expect(started.map(({ round, step }) => [round, step.stepNo])).toEqual(
          Array.from({ length: of.repeat.count + 1 }, (_, round) =>
            of.steps.map(({ stepNo }) => [round, stepNo]),
          ).flat(),
        );
        for (const { step, round, dueAt, hastenedBy, at: when } of started) {
          const planned = new Date((began.get(round)?.getTime() ?? NaN) + step.afterSeconds * 1000);
          expect(dueAt.getTime()).toBeLessThanOrEqual(when.getTime());
          if (hastenedBy === null) expect(dueAt).toEqual(planned);
          else expect(dueAt.getTime()).toBeLessThan(planned.getTime());
        }
        expect(position.nextStepAt).toBeNull();
      }),
    );
  });
});
