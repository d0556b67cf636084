import { Injectable } from '@nestjs/common';
import { Gauge, register } from 'prom-client';

import { Database } from '#platform';

const NAME = 'alarm_broker_active_alarms';

/** Alarms that are neither resolved nor cancelled, counted in the database: true whatever process is asked. */
@Injectable()
export class ActiveAlarmsGauge {
  constructor(private readonly database: Database) {
    register.removeSingleMetric(NAME);
    const count = () => this.count();
    new Gauge({
      name: NAME,
      help: 'Alarms not yet resolved or cancelled, by status. The same in every process: use max, not sum.',
      labelNames: ['status'],
      async collect() {
        this.reset();
        for (const { status, count: number } of await count()) this.set({ status }, number);
      },
    });
  }

  /** No figure at all while the database is away: an old one would look like a true one. */
  private async count(): Promise<{ status: string; count: number }[]> {
    try {
      return await this.database.query(
        `SELECT s.status, count(a.id)::int AS count
         FROM (VALUES ('triggered'), ('acknowledged')) AS s (status)
         LEFT JOIN alarms a ON a.status = s.status AND a.status IN ('triggered', 'acknowledged')
           AND a.deleted_at IS NULL
         GROUP BY s.status`,
      );
    } catch {
      return [];
    }
  }
}
