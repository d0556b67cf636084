import { closedLoop, openLoop } from './load.ts';
import { OPTIONS } from './options.ts';
import type { Report } from './report.ts';
import { distribution } from './statistics.ts';
import { device, Stage, type Shape } from './stage.ts';

const FEW = 10_000;
const DEVICES = 100_000;
const CONNECTIONS = 32;

/** The same presses with few and with many alarms in the tables, as years leave them behind. */
export async function growth(shape: Shape, seconds: number, report: Report): Promise<void> {
  const { alarms } = OPTIONS;
  const stage = await Stage.build({ shape, devices: DEVICES, steps: [{ afterSeconds: 0, targets: 3 }] });
  let pressed = 0;
  const path = (): string => `/v1/yealink/alarm?token=${device(pressed++ % DEVICES)}`;
  try {
    const api = await stage.start('api');
    const measure = async (): Promise<{ throughput: number; latency: ReturnType<typeof distribution> }> => {
      await closedLoop(api, { connections: CONNECTIONS, seconds: 3 }, path);
      const { samples, seconds: took } = await closedLoop(api, { connections: CONNECTIONS, seconds }, path);
      const calm = await openLoop(api, { perSecond: 50, seconds }, path);
      return {
        throughput: samples.length / took,
        latency: distribution(calm.samples.map(({ latency }) => latency)),
      };
    };
    await stage.fill(1, FEW, alarms);
    const few = await measure();
    await stage.fill(FEW + 1, alarms, alarms);
    const many = await measure();
    for (const [count, { throughput, latency }] of [[FEW, few] as const, [alarms, many] as const]) {
      const common = { benchmark: `growth, ${count} alarms`, shape };
      const against = `with ${FEW} alarms`;
      report({
        ...common,
        figure: 'presses',
        value: throughput,
        unit: '1/s',
        against,
        ratio: throughput / few.throughput,
      });
      report({
        ...common,
        figure: 'answered, 50/s',
        value: latency,
        unit: 'ms',
        against: `${against}, p50`,
        ratio: latency.p50 / few.latency.p50,
      });
    }
  } finally {
    await stage.tearDown();
  }
}
