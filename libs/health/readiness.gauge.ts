import { Injectable } from '@nestjs/common';

import { Figures, within } from '#platform';

import { CHECKS, Readiness, type ReadinessReport } from './readiness.ts';

/** Less than a scrape waits for an answer: what cannot be said by then is said to be down. */
const TIME_LIMIT_MS = 900;

/** What `/readyz` says, as a figure: so nobody needs a second prober to be alerted. */
@Injectable()
export class ReadinessGauge {
  constructor(figures: Figures, readiness: Readiness) {
    figures.shared(
      () => within(TIME_LIMIT_MS, readiness.check(new Set())),
      [
        {
          name: 'alarm_broker_ready',
          help: 'Whether what the next request needs is there (1) or not (0), by check, as in /readyz. In this process.',
          labels: ['check'],
          samples: (report) => samples(report),
        },
      ],
    );
  }
}

/** No word within the limit is a no. */
function samples(report: ReadinessReport | undefined): [Record<string, string>, number][] {
  const states = CHECKS.map((check) => [check, report?.checks[check] ?? 'down'] as const);
  return states
    .filter(([, state]) => state !== 'disabled')
    .map(([check, state]) => [{ check }, state === 'ok' ? 1 : 0]);
}
