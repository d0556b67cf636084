import type pg from 'pg';

import type { Pulse } from './pulse.ts';

/** How a server's silence is told to those who wait for it; it counts as an absent server. */
export const silence = (): Error =>
  Object.assign(new Error('The server does not answer.'), { code: 'ETIMEDOUT' });

/** How much of the pool is taken. */
export interface PoolState {
  readonly in_use: number;
  readonly idle: number;
  readonly limit: number;
  readonly waiting: number;
}

/** The pool, for people who do not wait for a server that has fallen silent. */
export class Connections {
  constructor(
    private readonly pool: pg.Pool,
    private readonly pulse: Pulse,
  ) {}

  /** @throws Error when none is free within DATABASE_POOL_TIMEOUT, or as soon as the server is known to be silent. */
  connect(): Promise<pg.PoolClient> {
    return this.unlessSilent(
      () => this.pool.connect(),
      (tooLate) => tooLate.release(),
    );
  }

  /**
   * One statement on whichever connection is free. By the pool's own way of doing so: taken, used and handed back by
   * promises, a connection would keep the rows of several statements in memory.
   */
  query<Row extends object>(statement: pg.QueryConfig): Promise<pg.QueryResult<Row>> {
    return this.unlessSilent(() => this.pool.query<Row>(statement));
  }

  /** The same, as TypeORM asks for it. */
  readonly connectFor = (
    done: (error: unknown, client?: pg.PoolClient, release?: (broken?: boolean) => void) => void,
  ): void => {
    this.connect().then((client) => done(undefined, client, (broken) => client.release(broken)), done);
  };

  /** @param discard what to do with an answer that comes when nobody waits for it any more. */
  private unlessSilent<T>(ask: () => Promise<T>, discard?: (answer: T) => void): Promise<T> {
    if (this.pulse.isSilent) return Promise.reject(silence());
    const asking = ask();
    return new Promise((resolve, reject) => {
      const forget = this.pulse.onSilent(() => {
        forget();
        reject(silence());
        asking.then(discard, () => undefined);
      });
      asking.then(resolve, reject).finally(forget);
    });
  }

  /** As it is now. */
  state(): PoolState {
    const { totalCount, idleCount, waitingCount, options } = this.pool;
    return { in_use: totalCount - idleCount, idle: idleCount, limit: options.max, waiting: waitingCount };
  }

  end(): Promise<void> {
    return this.pool.end();
  }
}
