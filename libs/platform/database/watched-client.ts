import type { Socket } from 'node:net';

import pg from 'pg';

import { silence } from './connections.ts';
import type { Pulse } from './pulse.ts';

/**
 * A kind of connection that breaks itself off when the server owes an answer and has been silent for so many
 * milliseconds, or at once when the pulse says that it is silent altogether: nobody may hang with it. Everything
 * under way on the connection then fails as after any lost connection.
 *
 * The socket's own clock does it. pg's `query_timeout` would give each statement a timer that holds on to its
 * rows, and a long export would keep several pages too many in memory.
 */
export const watchedClient = (silenceLimitMs: number, pulse: Pulse): typeof pg.Client =>
  class WatchedClient extends pg.Client {
    private owesAnswer = false;

    constructor(config?: string | pg.ClientConfig) {
      super(config);
      this.on('drain', () => {
        this.owesAnswer = false;
      });
      this.once('connect', () => {
        const { stream } = (this as unknown as { connection: { stream: Socket } }).connection;
        const breakOff = (): void => {
          if (this.owesAnswer) stream.destroy(silence());
        };
        stream.setTimeout(silenceLimitMs, breakOff);
        stream.on('data', () => pulse.heard());
        stream.once('close', pulse.onSilent(breakOff));
      });
    }

    override query = ((...question: unknown[]): unknown => {
      this.owesAnswer = true;
      return (super.query as (...all: unknown[]) => unknown)(...question);
    }) as unknown as pg.Client['query'];
  };
