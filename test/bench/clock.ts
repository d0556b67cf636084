import { setTimeout as pause } from 'node:timers/promises';

import { pressAll, storm } from './load.ts';
import { OPTIONS } from './options.ts';
import type { Report } from './report.ts';
import { distribution } from './statistics.ts';
import { device, Stage, type Shape } from './stage.ts';

const DUE_AT_ONCE = 2000;
const DUE_AFTER_SECONDS = 20;
const CONNECTIONS = 32;

/** What waiting escalations cost while nothing is due, and how late steps start that become due within one second. */
export async function clock(shape: Shape, seconds: number, report: Report): Promise<void> {
  const { waiting } = OPTIONS;
  const stage = await Stage.build({
    shape,
    devices: waiting + DUE_AT_ONCE,
    // A later policy of 2,000 of them is due during the measurement, this one long after it.
    steps: [{ afterSeconds: 3600, targets: 1 }],
  });
  const common = { benchmark: `clock, ${waiting} waiting`, shape };
  try {
    const api = await stage.start('api');
    const key = (n: number): string => `/v1/yealink/alarm?token=${device(n)}`;
    await pressAll(api, { requests: waiting, connections: CONNECTIONS }, key);
    const worker = await stage.start('worker');
    await pause(5000);

    const before = await stage.cpu();
    await pause(2 * seconds * 1000);
    const after = await stage.cpu();
    for (const part of ['api', 'worker', 'PostgreSQL'])
      report({
        ...common,
        figure: `idle, processor time of ${part}`,
        value: (100 * ((after[part] ?? 0) - (before[part] ?? 0))) / (2 * seconds),
        unit: '% of a core',
      });
    report({
      ...common,
      figure: 'worker, memory',
      value: (await stage.footprint(worker)).megabytes,
      unit: 'MB',
    });

    await stage.later(DUE_AFTER_SECONDS, waiting, DUE_AT_ONCE);
    const load = { requests: DUE_AT_ONCE, connections: 128 };
    await storm(api, load, (n) => key(waiting + n));
    const arrivals = await stage.gateway.waitFor(DUE_AT_ONCE, (DUE_AFTER_SECONDS + 20) * 1000);
    const dueAt = new Map(
      (
        await stage.sql<{ id: string; due: number }>(
          `SELECT id, (extract(epoch FROM created_at) + ${DUE_AFTER_SECONDS})::float8 * 1000 AS due FROM alarms
           ORDER BY created_at DESC LIMIT ${DUE_AT_ONCE}`,
        )
      ).map(({ id, due }) => [id, due]),
    );
    const started = await stage.sql<{ late: number }>(
      `SELECT extract(epoch FROM at - (data ->> 'due_at')::timestamptz)::float8 * 1000 AS late FROM alarm_events
       WHERE type = 'escalation.step-started' ORDER BY seq DESC LIMIT ${DUE_AT_ONCE}`,
    );
    const late = arrivals.flatMap(([alarmId, at]) => {
      const due = dueAt.get(alarmId);
      return due === undefined ? [] : [at - due];
    });
    report({
      ...common,
      figure: `${DUE_AT_ONCE} due within a second, started late by`,
      value: distribution(started.map((step) => step.late)),
      unit: 'ms',
    });
    report({
      ...common,
      figure: `${DUE_AT_ONCE} due within a second, told late by`,
      value: distribution(late),
      unit: 'ms',
    });
  } finally {
    await stage.tearDown();
  }
}
