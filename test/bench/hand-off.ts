import type { Arrival } from './gateway-process.ts';
import { openLoop, storm, type Load, type Sample } from './load.ts';
import { OPTIONS } from './options.ts';
import type { Report } from './report.ts';
import { distribution } from './statistics.ts';
import { device, Stage, type Shape } from './stage.ts';

const RATES = [1, 50, 200] as const;

/** From the press to its answer and to the first byte of each hand-off, at several loads, with three targets each. */
export async function pressToHandOff(shape: Shape, seconds: number, report: Report): Promise<void> {
  const stage = await Stage.build({ shape, devices: 20_000, steps: [{ afterSeconds: 0, targets: 3 }] });
  try {
    const api = await stage.start('api');
    await stage.start('worker');
    let pressed = 0;
    const path = (): string => `/v1/yealink/alarm?token=${device(pressed++ % 20_000)}`;
    await openLoop(api, { perSecond: 50, seconds: 5 }, path);
    await stage.gateway.waitFor(Infinity, 2000);
    for (const perSecond of RATES) {
      const load = await openLoop(api, { perSecond, seconds: perSecond === 1 ? 2 * seconds : seconds }, path);
      tell(`at ${perSecond}/s`, shape, load, await stage.gateway.waitFor(3 * load.samples.length), report);
    }
  } finally {
    await stage.tearDown();
  }
}

/** Ten thousand keys within a second, each with so many targets: how soon all are answered and everybody is told. */
export async function pressStorm(shape: Shape, targets: number, report: Report): Promise<void> {
  const keys = OPTIONS.presses;
  const stage = await Stage.build({ shape, devices: keys + 500, steps: [{ afterSeconds: 0, targets }] });
  try {
    const api = await stage.start('api');
    await stage.start('worker');
    const warm = await openLoop(
      api,
      { perSecond: 50, seconds: 5 },
      (n) => `/v1/yealink/alarm?token=${device(keys + (n % 500))}`,
    );
    await stage.gateway.waitFor(warm.samples.length * targets, 3000);
    if (OPTIONS.statements) await stage.sql('SELECT pg_stat_statements_reset()');
    const before = await stage.cpu();
    const load = await storm(
      api,
      { requests: keys, connections: 512 },
      (n) => `/v1/yealink/alarm?token=${device(n)}`,
    );
    tell(`storm, ${targets} each`, shape, load, await stage.gateway.waitFor(keys * targets), report);
    await stage.statements();
    for (const [part, seconds] of Object.entries(await stage.cpu()))
      report({
        benchmark: `press to hand-off, storm, ${targets} each`,
        shape,
        figure: `processor time of ${part}`,
        value: seconds - (before[part] ?? 0),
        unit: 's',
      });
  } finally {
    await stage.tearDown();
  }
}

const alarmOf = ({ answer }: Sample): string =>
  answer.status === 200 ? (/"alarm_id":"([0-9a-f-]+)"/.exec(answer.body)?.[1] ?? '') : '';

function tell(title: string, shape: Shape, load: Load, arrivals: readonly Arrival[], report: Report): void {
  const pressedAt = new Map(load.samples.map((sample) => [alarmOf(sample), sample.at]));
  const refused = load.samples.filter(({ answer }) => answer.status !== 200).length;
  const handOffs = arrivals.flatMap(([alarmId, at]) => {
    const pressed = pressedAt.get(alarmId);
    return pressed === undefined ? [] : [at - pressed];
  });
  const common = { benchmark: `press to hand-off, ${title}`, shape };
  report({ ...common, figure: 'refused', value: refused, unit: '' });
  const answered = distribution(load.samples.map(({ latency }) => latency));
  report({ ...common, figure: 'answered', value: answered, unit: 'ms' });
  report({ ...common, figure: 'handed off', value: distribution(handOffs), unit: 'ms' });
}
