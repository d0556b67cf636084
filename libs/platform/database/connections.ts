import type pg from 'pg';

import type { Pulse } from './pulse.ts';

/** How a server's silence is told to those who wait for it; it counts as an absent server. */
export const silence = (): Error =>
  Object.assign(new Error('The server does not answer.'), { code: 'ETIMEDOUT' });

/** The pool, for people who do not wait for a server that has fallen silent. */
export class Connections {
  constructor(
    private readonly pool: pg.Pool,
    private readonly pulse: Pulse,
  ) {}

  /** @throws Error when none is free within DATABASE_POOL_TIMEOUT, or as soon as the server is known to be silent. */
  async connect(): Promise<pg.PoolClient> {
    if (this.pulse.isSilent) throw silence();
    const connecting = this.pool.connect();
    return new Promise((resolve, reject) => {
      const forget = this.pulse.onSilent(() => {
        forget();
        reject(silence());
        // It may still come, for nobody.
        connecting.then(
          (client) => client.release(),
          () => undefined,
        );
      });
      connecting.then(resolve, reject).finally(forget);
    });
  }

  /** The same, as TypeORM asks for it. */
  readonly connectFor = (
    done: (error: unknown, client?: pg.PoolClient, release?: (broken?: boolean) => void) => void,
  ): void => {
    this.connect().then((client) => done(undefined, client, (broken) => client.release(broken)), done);
  };

  end(): Promise<void> {
    return this.pool.end();
  }
}
