import type { Socket } from 'node:net';

import pg from 'pg';

import { silence } from './connections.ts';
import type { Pulse } from './pulse.ts';
import { LineBudget, SlowStatements } from './slow-statements.ts';

interface WireConnection {
  readonly stream: Socket;
  /** Once for each statement, when its answer is complete. */
  prependListener(event: 'readyForQuery', listener: () => void): void;
}

/**
 * A kind of connection that breaks itself off when the server owes an answer and has been silent for so many
 * milliseconds, or at once when the pulse says that it is silent altogether: nobody may hang with it. Everything
 * under way on the connection then fails as after any lost connection.
 *
 * The socket's own clock does it. pg's `query_timeout` would give each statement a timer that holds on to its
 * rows, and a long export would keep several pages too many in memory.
 *
 * @param slowLimitMs logs statements that take as long; 0: none.
 */
export const watchedClient = (silenceLimitMs: number, pulse: Pulse, slowLimitMs = 0): typeof pg.Client => {
  const lines = new LineBudget();
  return class WatchedClient extends pg.Client {
    private owesAnswer = false;
    private readonly slow = slowLimitMs > 0 ? new SlowStatements(slowLimitMs, lines) : undefined;

    constructor(config?: string | pg.ClientConfig) {
      super(config);
      this.on('drain', () => {
        this.owesAnswer = false;
        this.slow?.idle();
      });
      this.once('connect', () => {
        const { connection } = this as unknown as { connection: WireConnection };
        const { stream } = connection;
        const breakOff = (): void => {
          if (this.owesAnswer) stream.destroy(silence());
        };
        stream.setTimeout(silenceLimitMs, breakOff);
        stream.on('data', () => pulse.heard());
        stream.once('close', pulse.onSilent(breakOff));
        // Before pg's own listener, which may at once ask the next question or find that nothing is owed.
        if (this.slow !== undefined) connection.prependListener('readyForQuery', () => this.slow?.answered());
      });
    }

    override query = ((...question: unknown[]): unknown => {
      this.owesAnswer = true;
      this.slow?.asked(question[0]);
      return (super.query as (...all: unknown[]) => unknown)(...question);
    }) as unknown as pg.Client['query'];
  };
};
