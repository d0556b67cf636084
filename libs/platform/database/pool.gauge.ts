import { Injectable } from '@nestjs/common';

import { Figures, type Figure } from '../metrics/figures.ts';
import { Connections, type PoolState } from './connections.ts';

/** How much of what DATABASE_POOL_SIZE and DATABASE_MAX_OVERFLOW allow is in use, in this process. */
@Injectable()
export class PoolGauge {
  constructor(figures: Figures, connections: Connections) {
    const gauge = (part: keyof PoolState, help: string): Figure<PoolState> => ({
      name: `alarm_broker_database_pool_${part}`,
      help: `${help} In this process.`,
      samples: (state) => [[{}, state[part]]],
    });
    figures.own(
      () => connections.state(),
      [
        gauge('in_use', 'Database connections that somebody is using.'),
        gauge('idle', 'Database connections that are open and free.'),
        gauge('limit', 'Database connections that may be open at once.'),
        gauge('waiting', 'Requests that wait for a free database connection.'),
      ],
    );
  }
}
