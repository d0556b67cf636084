import fc from 'fast-check';

import { TRANSITIONS, type AlarmStatus, type Command } from '#alarms';
import { Lanes } from '#notifications';

import { house, KEY, OTHER_KEY } from '../../test/support/house.ts';
import { HttpReceiver } from '../../test/support/http-receiver.ts';
import { World } from '../../test/support/world.ts';

/** What people and time can do. Deeds name their alarm by its place among those there are. */
type Act =
  | { readonly do: 'press'; readonly key: string }
  | { readonly do: Command; readonly alarm: number; readonly actor: string }
  | { readonly do: 'start what is due' };
/** Some seconds, then acts at the same moment. */
interface Turn {
  readonly pause: number;
  readonly acts: readonly Act[];
}

const press = fc.record({ do: fc.constant('press' as const), key: fc.constantFrom(KEY, OTHER_KEY) });
const deed = fc.record({
  do: fc.constantFrom<Command>('acknowledge', 'resolve', 'cancel'),
  alarm: fc.nat(2),
  actor: fc.constantFrom('Ann', 'Ben', 'Eva'),
});
/** Where time passes, a step may be due at the very moment at which somebody answers. */
const turn = fc
  .record({
    pause: fc.constantFrom(0, 0, 0, 4, 11),
    acts: fc.array(fc.oneof(press, deed), { minLength: 1, maxLength: 3 }),
  })
  .map(({ pause, acts }): Turn => ({
    pause,
    acts: pause > 0 ? [{ do: 'start what is due' }, ...acts] : acts,
  }));
const story = fc
  .array(turn, { minLength: 1, maxLength: 8 })
  .map((turns): Turn[] => [{ pause: 0, acts: [{ do: 'press', key: KEY }] }, ...turns]);

const PATHS = {
  acknowledge: { path: 'ack', by: 'acked_by' },
  resolve: { path: 'resolve', by: 'actor' },
  cancel: { path: 'cancel', by: 'actor' },
};
const VERBS = { acknowledged: 'acked', resolved: 'resolved', cancelled: 'cancelled' };
const WINDOW_MS = 10_000;

interface Fact {
  readonly alarm: string;
  readonly type: string;
  readonly actor: string | null;
}

type Row = Record<string, unknown> & {
  readonly id: string;
  readonly status: AlarmStatus;
  readonly waiting: number;
  readonly course: readonly string[];
};

/** An act and what came of it: the alarm of a press, the answer to a deed. */
interface Done {
  readonly act: Act;
  readonly alarm: string;
  readonly code: number;
}

/** The rules in a few lines: what is true of the alarms after each act. */
class Model {
  constructor(
    readonly statuses = new Map<string, AlarmStatus>(),
    private readonly keys = new Map<string, { alarm: string | undefined; pressedAt: number }>(),
  ) {}

  copy = () => new Model(new Map(this.statuses), new Map(this.keys));

  /** What stands on the timeline if this came next; nothing if it cannot have been next. */
  next({ act, alarm, code }: Done, now: number): Fact[] | undefined {
    if (act.do === 'start what is due') return [];
    if (act.do === 'press') {
      const { alarm: last, pressedAt = 0 } = this.keys.get(act.key) ?? {};
      const again = last !== undefined && now - pressedAt < WINDOW_MS;
      if (again ? alarm !== last : this.statuses.has(alarm)) return undefined;
      if (!again) this.statuses.set(alarm, 'triggered');
      this.keys.set(act.key, { alarm, pressedAt: now });
      return [{ alarm, type: again ? 'alarm.pressed-again' : 'alarm.triggered', actor: null }];
    }
    const status = this.statuses.get(alarm);
    const { from, to } = TRANSITIONS[act.do];
    const changes = status !== undefined && from.includes(status);
    if (code !== (changes || status === to ? 204 : 409)) return undefined;
    if (!changes) return [];
    this.statuses.set(alarm, to);
    if (to !== 'acknowledged') {
      for (const [key, { alarm: last, pressedAt }] of this.keys) {
        if (last === alarm) this.keys.set(key, { alarm: undefined, pressedAt });
      }
    }
    return [{ alarm, type: `alarm.${to}`, actor: act.actor }];
  }
}

function* orders<T>(items: readonly T[]): Generator<readonly T[]> {
  if (items.length === 0) yield [];
  for (const [i, item] of items.entries()) {
    for (const rest of orders(items.toSpliced(i, 1))) yield [item, ...rest];
  }
}

const sorted = (facts: readonly Fact[]) => facts.map((fact) => JSON.stringify(fact)).sort();

describe('whatever people do, and however many at once', () => {
  let gateway: HttpReceiver;
  let world: World;

  beforeAll(async () => {
    gateway = await HttpReceiver.start();
    // Nothing is ever delivered, so that there is always something left to withdraw.
    gateway.answer({ status: 503 });
    world = await World.start({
      seed: house([
        { id: 'A' },
        { id: 'B' },
        { id: 'C', after: 3 },
        { id: 'D', after: 12 },
        { id: 'E', after: 999 },
      ]),
      settings: {
        SENDXMS_ENABLED: 'true',
        SENDXMS_BASE_URL: gateway.url,
        RATE_LIMIT_PER_MINUTE: '10000',
        LOG_LEVEL: 'ERROR',
      },
    });
  });

  afterAll(async () => {
    await world.stop();
    await gateway.close();
  });

  const sendsAreDone = () => world.app.get(Lanes, { strict: false }).idle();

  const forgetEverything = async () => {
    await sendsAreDone();
    await world.query(
      `DO $$ BEGIN PERFORM set_config('alarm_broker.history', 'removal', true); DELETE FROM alarms; END $$`,
    );
    await world.query(`UPDATE devices SET last_alarm_id = NULL, last_pressed_at = NULL, alarm_times = '{}'`);
  };

  const perform = async (act: Act, alarms: readonly string[]): Promise<Done> => {
    if (act.do === 'start what is due') {
      await world.ringFor(alarms);
      return { act, alarm: '', code: 0 };
    }
    if (act.do === 'press') {
      const { status, body } = await world.press(act.key);
      expect(status).toBe(200);
      return { act, alarm: body.alarm_id, code: status };
    }
    const alarm = alarms[act.alarm % alarms.length] ?? '';
    const { path, by } = PATHS[act.do];
    const { status } = await world.post(`/v1/alarms/${alarm}/${path}`, { [by]: act.actor });
    return { act, alarm, code: status };
  };

  /** What the timelines say of people, since some earlier moment. */
  const factsSince = async (seq: string) => {
    const rows = await world.query<Fact & { seq: string }>(
      `SELECT seq, alarm_id AS alarm, type, COALESCE(data->>'by', actor) AS actor FROM alarm_events
       WHERE seq > $1 AND type LIKE 'alarm.%' ORDER BY seq`,
      [seq],
    );
    return {
      facts: rows.map(({ alarm, type, actor }): Fact => ({ alarm, type, actor })),
      seq: rows.at(-1)?.seq ?? seq,
    };
  };

  /** The model after the turn: some order of the acts must explain every answer and every entry. */
  const explained = (model: Model, done: readonly Done[], facts: readonly Fact[]): Model => {
    const now = world.clock.now().getTime();
    for (const order of orders(done)) {
      const candidate = model.copy();
      const expected = order.map((one) => candidate.next(one, now));
      if (expected.includes(undefined)) continue;
      const told = expected.flatMap((some) => some ?? []);
      if (sorted(told).join() === sorted(facts).join()) return candidate;
    }
    throw new Error(
      `No order of these acts explains what happened: ${JSON.stringify({ done, facts }, null, 1)}`,
    );
  };

  it('every press is kept, every change happens once, and an answered alarm rests', async () => {
    const property = fc.asyncProperty(story, async (turns) => {
      await forgetEverything();
      let model = new Model();
      let { seq } = await factsSince('0');
      const path = new Map<string, Fact[]>();
      for (const { pause, acts } of turns) {
        world.clock.advance(pause);
        const alarms = [...model.statuses.keys()];
        const done = await Promise.all(acts.map((one) => perform(one, alarms)));
        const told = await factsSince(seq);
        model = explained(model, done, told.facts);
        seq = told.seq;
        for (const fact of told.facts) path.set(fact.alarm, [...(path.get(fact.alarm) ?? []), fact]);
      }
      await sendsAreDone();
      await expectRowsToAgree(model, path);
    });

    await fc.assert(property, { seed: 20_260_302, numRuns: 60 });
  });

  /** What the tables say of the alarms, and of what was started or is still to be sent for each. */
  const expectRowsToAgree = async (model: Model, path: ReadonlyMap<string, readonly Fact[]>) => {
    const rows = await world.query<Row>(
      `SELECT a.*, e.next_step_at, e.ended_at, e.ended_by,
              (SELECT count(*)::int FROM notifications
               WHERE alarm_id = a.id AND status IN ('scheduled', 'sending')) AS waiting,
              (SELECT array_agg(concat_ws(' ', type, data->>'step') ORDER BY seq) FROM alarm_events
               WHERE alarm_id = a.id AND type = ANY('{alarm.acknowledged, alarm.resolved, alarm.cancelled,
                                                      escalation.step-started}')) AS course
       FROM alarms a LEFT JOIN escalations e ON e.alarm_id = a.id`,
    );
    expect(new Map(rows.map((row) => [row.id, row.status]))).toEqual(model.statuses);
    for (const row of rows) expectRowToAgree(row, path.get(row.id) ?? []);
  };

  const expectRowToAgree = (row: Row, facts: readonly Fact[]) => {
    const changes = facts.filter(({ type }) => type !== 'alarm.pressed-again');
    const [beginning, answer] = changes;
    expect(beginning?.type).toBe('alarm.triggered');
    expect(changes.at(-1)?.type).toBe(`alarm.${row.status}`);
    for (const [status, verb] of Object.entries(VERBS)) {
      const change = changes.find(({ type }) => type === `alarm.${status}`);
      expect(row[`${verb}_by`]).toBe(change?.actor ?? null);
      expect(row[`${verb}_at`] === null).toBe(change === undefined);
    }
    // Nobody can press a key for an alarm that is over.
    if (['resolved', 'cancelled'].includes(row.status)) expect(facts.at(-1)).toBe(changes.at(-1));

    // Each step was started once and in order, and none after the answer.
    const steps = row.course.filter((entry) => entry.startsWith('escalation'));
    expect(row.course).toEqual([
      ...steps.map((_, number) => `escalation.step-started ${number}`),
      ...changes.slice(1).map(({ type }) => type),
    ]);
    expect(row['ended_by']).toBe(answer?.type.slice('alarm.'.length) ?? null);
    expect(row['ended_at'] !== null).toBe(answer !== undefined);
    expect(row['next_step_at'] === null).toBe(answer !== undefined);
    if (answer) expect(row.waiting).toBe(0);
    else expect(row.waiting).toBeGreaterThan(0);
  };
});
