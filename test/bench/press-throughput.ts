import { closedLoop } from './load.ts';
import { Pgbench } from './pgbench.ts';
import type { Report } from './report.ts';
import { distribution } from './statistics.ts';
import { device, Stage, type Shape } from './stage.ts';

const DEVICES = 100_000;
const CONNECTIONS = 32;

/**
 * Presses of distinct keys on 32 connections: dedup, frozen plan, three rows to be sent, timeline, a commit that is on the
 * disk. No worker runs, as none runs beside pgbench; a second figure has one.
 */
export async function pressThroughput(shape: Shape, seconds: number, report: Report): Promise<void> {
  const stage = await Stage.build({ shape, devices: DEVICES, steps: [{ afterSeconds: 0, targets: 3 }] });
  const say = (figure: string, value: number, pgbench?: number): void =>
    report({
      benchmark: 'press throughput',
      shape,
      figure,
      value,
      unit: '1/s',
      ...(pgbench === undefined ? {} : { against: 'pgbench', ratio: value / pgbench }),
    });
  try {
    const pgbench = await Pgbench.of(stage, DEVICES);
    const api = await stage.start('api');
    let pressed = 0;
    const press = async (forSeconds: number): Promise<number> => {
      const { samples, seconds: took } = await closedLoop(
        api,
        { connections: CONNECTIONS, seconds: forSeconds },
        () => `/v1/yealink/alarm?token=${device(pressed++ % DEVICES)}`,
      );
      const refused = samples.filter(({ answer }) => answer.status !== 200).length;
      if (refused > 0) throw new Error(`${refused} of ${samples.length} presses were refused.`);
      return samples.length / took;
    };
    await press(3); // the api's code and the statements warm up
    await pgbench.run(CONNECTIONS, 2);
    const [first, limit, second] = [
      await press(seconds),
      (await pgbench.run(CONNECTIONS, seconds)).perSecond,
      await press(seconds),
    ];
    const probes = await closedLoop(api, { connections: CONNECTIONS, seconds: 3 }, () => '/livez');
    say('pgbench, the same statements', limit);
    say('/livez of the same server', probes.samples.length / probes.seconds);
    say('presses', (first + second) / 2, limit);
    const worker = await stage.start('worker');
    say('presses while a worker tells people', await press(seconds), limit);
    await stage.end(worker);
  } finally {
    await stage.tearDown();
  }
}

/** Milliseconds from a press to its answer without any other, against pgbench with one client. */
export async function pressAlone(shape: Shape, seconds: number, report: Report): Promise<void> {
  const stage = await Stage.build({ shape, devices: DEVICES, steps: [{ afterSeconds: 0, targets: 3 }] });
  try {
    const pgbench = await Pgbench.of(stage, DEVICES);
    const api = await stage.start('api');
    let pressed = 0;
    const path = (): string => `/v1/yealink/alarm?token=${device(pressed++ % DEVICES)}`;
    await closedLoop(api, { connections: 4, seconds: 3 }, path);
    const { latency: limit } = await pgbench.run(1, seconds);
    const { samples } = await closedLoop(api, { connections: 1, seconds }, path);
    const answered = distribution(samples.map(({ latency }) => latency));
    const common = { benchmark: 'a press alone', shape, unit: 'ms' } as const;
    report({ ...common, figure: 'pgbench, one client, mean', value: limit });
    const ratio = answered.p50 / (2 * limit + 1);
    report({ ...common, figure: 'answered', value: answered, against: 'p50 to 2 × pgbench + 1 ms', ratio });
  } finally {
    await stage.tearDown();
  }
}
