import { setTimeout as pause } from 'node:timers/promises';

import { closedLoop, openLoop } from './load.ts';
import type { Report } from './report.ts';
import { device, Stage, type Shape } from './stage.ts';

const DEVICES = 100_000;

/** Memory of api and worker, idle and after work, and how long each takes from its start to `/readyz` 200. */
export async function footprint(shape: Shape, seconds: number, report: Report): Promise<void> {
  const stage = await Stage.build({ shape, devices: DEVICES, steps: [{ afterSeconds: 0, targets: 3 }] });
  let pressed = 0;
  const path = (): string => `/v1/yealink/alarm?token=${device(pressed++ % DEVICES)}`;
  try {
    const urls: [string, string][] = [];
    for (const name of ['api', 'worker'] as const) {
      const began = performance.now();
      urls.push([name, await stage.start(name)]);
      const figure = `${name}, start to ready`;
      report({ benchmark: 'footprint', shape, figure, value: performance.now() - began, unit: 'ms' });
    }
    const [api] = urls.map(([, url]) => url);
    if (api === undefined) throw new Error('No api was started.');
    const say = async (when: string): Promise<void> => {
      for (const [name, url] of urls) {
        const { megabytes } = await stage.footprint(url);
        report({ benchmark: 'footprint', shape, figure: `${name}, ${when}`, value: megabytes, unit: 'MB' });
      }
    };
    await pause(5000);
    await say('idle');
    await closedLoop(api, { connections: 32, seconds }, path);
    await stage.gateway.waitFor(Infinity, 5000);
    await say('after presses as fast as they are answered');
    await openLoop(api, { perSecond: 200, seconds }, path);
    await stage.gateway.waitFor(Infinity, 3000);
    await say('after 200 presses a second');
  } finally {
    await stage.tearDown();
  }
}
