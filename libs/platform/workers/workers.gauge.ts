import { Injectable } from '@nestjs/common';

import { Clock, secondsAfter } from '../clock/clock.ts';
import { Database } from '../database/database.ts';
import { Figures } from '../metrics/figures.ts';
import { ALIVE_SECONDS } from './worker-roll.ts';

/** How many workers are at work. Told by every process, for when there is none left that could. */
@Injectable()
export class WorkersGauge {
  constructor(
    figures: Figures,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    figures.shared(
      () => this.count(),
      [
        {
          name: 'alarm_broker_workers',
          help: 'Workers that gave a sign of life within 15 seconds. The same in every process: use max, not sum.',
          samples: (count) => [[{}, count]],
        },
      ],
    );
  }

  private async count(): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM workers WHERE seen_at > $1',
      [secondsAfter(this.clock.now(), -ALIVE_SECONDS)],
    );
    return row?.count ?? 0;
  }
}
