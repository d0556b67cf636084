import { Injectable } from '@nestjs/common';

import { Clock, Database, Figures } from '#platform';

interface ActiveAlarms {
  readonly status: 'triggered' | 'acknowledged';
  readonly count: number;
  readonly oldest: Date | null;
}

/** By the index of alarms by status alone, however many there are. */
export const ACTIVE_ALARMS = `
  SELECT s.status, count(a.id)::int AS count, min(a.created_at) AS oldest
  FROM (VALUES ('triggered'), ('acknowledged')) AS s (status)
  LEFT JOIN alarms a ON a.status = s.status AND a.status IN ('triggered', 'acknowledged') AND a.deleted_at IS NULL
  GROUP BY s.status`;

/** Alarms that are neither resolved nor cancelled, counted in the database: true whatever process is asked. */
@Injectable()
export class ActiveAlarmsGauge {
  constructor(figures: Figures, database: Database, clock: Clock) {
    const whoever = 'The same in every process: use max, not sum.';
    figures.shared(
      () => database.query<ActiveAlarms>(ACTIVE_ALARMS),
      [
        {
          name: 'alarm_broker_active_alarms',
          help: `Alarms not yet resolved or cancelled, by status. ${whoever}`,
          labels: ['status'],
          samples: (alarms) => alarms.map(({ status, count }) => [{ status }, count]),
        },
        {
          name: 'alarm_broker_oldest_unanswered_alarm_seconds',
          help: `Age of the oldest alarm that nobody has acknowledged; 0 without one. ${whoever}`,
          samples: (alarms) => {
            const oldest = alarms.find(({ status }) => status === 'triggered')?.oldest;
            const age = oldest == null ? 0 : clock.now().getTime() - oldest.getTime();
            return [[{}, Math.max(0, age) / 1000]];
          },
        },
      ],
    );
  }
}
