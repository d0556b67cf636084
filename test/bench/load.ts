import { setTimeout as pause } from 'node:timers/promises';

import { HttpConnection, type Answered } from './http-client.ts';

/** Milliseconds since the epoch with fractions, comparable between the processes of this machine. */
export const now = (): number => performance.timeOrigin + performance.now();

/** One request and what came of it. */
export interface Sample {
  /** When it was to be sent. */
  readonly at: number;
  /** Milliseconds from then to the whole answer. */
  readonly latency: number;
  readonly answer: Answered;
}

export interface Load {
  readonly samples: readonly Sample[];
  readonly seconds: number;
}

/** Requests that follow each other on so many connections: what the server can do at most. */
export async function closedLoop(
  url: string,
  { connections, seconds }: { readonly connections: number; readonly seconds: number },
  path: (n: number) => string,
): Promise<Load> {
  const samples: Sample[] = [];
  let n = 0;
  const began = now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const connection = await HttpConnection.open(url);
      while (now() - began < seconds * 1000) {
        const at = now();
        const answer = await connection.get(path(n++));
        samples.push({ at, latency: now() - at, answer });
      }
      connection.close();
    }),
  );
  return { samples, seconds: (now() - began) / 1000 };
}

/** So many requests that follow each other on so many connections. @throws Error when one is not answered 200. */
export async function pressAll(
  url: string,
  { requests, connections }: { readonly requests: number; readonly connections: number },
  path: (n: number) => string,
): Promise<void> {
  let n = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const connection = await HttpConnection.open(url);
      while (n < requests) {
        const { status } = await connection.get(path(n++));
        if (status !== 200) throw new Error(`A request was answered ${status}.`);
      }
      connection.close();
    }),
  );
}

/** A timer of this process may be late by so much without anybody having been kept waiting. */
const TIMER_MS = 2;

/**
 * Requests at random moments, so many a second on average, whether or not earlier ones have been answered. Whoever had to
 * wait for this process or for a connection counts from the moment at which the request was due (no coordinated omission).
 */
export async function openLoop(
  url: string,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
  path: (n: number) => string,
): Promise<Load> {
  const due: number[] = [];
  for (let at = 0; at < seconds * 1000; at += (-Math.log(1 - Math.random()) * 1000) / perSecond) due.push(at);
  return sendAt(url, due, Math.max(4, Math.min(256, perSecond)), path);
}

/** All of them within a second, evenly, on so many connections. */
export function storm(
  url: string,
  { requests, connections }: { readonly requests: number; readonly connections: number },
  path: (n: number) => string,
): Promise<Load> {
  const due = Array.from({ length: requests }, (_, n) => (n * 1000) / requests);
  return sendAt(url, due, connections, path);
}

async function sendAt(
  url: string,
  due: readonly number[],
  connections: number,
  path: (n: number) => string,
): Promise<Load> {
  const idle = await Promise.all(Array.from({ length: connections }, () => HttpConnection.open(url)));
  const all = [...idle];
  const waiting: (() => void)[] = [];
  const samples: Sample[] = [];
  const free = (connection: HttpConnection): void => {
    idle.push(connection);
    waiting.shift()?.();
  };
  const send = async (n: number, at: number): Promise<void> => {
    if (idle.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    const connection = idle.pop();
    if (connection === undefined) throw new Error('A connection was promised and is gone.');
    const answer = await connection.get(path(n));
    samples.push({ at, latency: now() - at, answer });
    free(connection);
  };
  const began = now();
  const sending: Promise<void>[] = [];
  for (const [n, offset] of due.entries()) {
    const ahead = began + offset - now();
    if (ahead >= 1) await pause(ahead);
    const late = now() - (began + offset);
    sending.push(send(n, late > TIMER_MS ? began + offset : now()));
  }
  await Promise.all(sending);
  for (const connection of all) connection.close();
  return { samples, seconds: (now() - began) / 1000 };
}
