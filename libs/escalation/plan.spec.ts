import fc from 'fast-check';

import { advance, atStart, type Plan, type Position, type StartedStep } from './plan.ts';

const PRESS = new Date('2026-03-02T08:00:00Z');
const at = (seconds: number) => new Date(PRESS.getTime() + seconds * 1000);

/** Steps at these seconds after the press, in this order. */
const plan = (times: readonly number[], repeat = { count: 0, afterSeconds: 60 }): Plan => ({
  policy: { id: 'default', name: 'Hall' },
  repeat,
  steps: times.map((afterSeconds, stepNo) => ({ stepNo, afterSeconds, targets: [] })),
});
const stepNumbers = (started: readonly StartedStep[]) => started.map(({ step }) => step.stepNo);

/** Asks a fresh clock at each of the times, one after the other. */
function run(of: Plan, ...seconds: number[]) {
  let position = atStart(of, PRESS);
  return seconds.map((second) => {
    const move = advance(of, position, at(second));
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
          const move = advance(of, position, now);
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
