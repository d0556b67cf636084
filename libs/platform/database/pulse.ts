import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import pg from 'pg';

import { within } from '../clock/within.ts';

export const PULSE_URL = Symbol('where the pulse is felt');

const BEAT_EVERY_MS = 500;
/** With the pause before it, less than the two seconds after which nobody may still be interested. */
const SILENT_AFTER_MS = 1200;
/** At the start the time of the database is worth this much interested. */
const FIRST_BEAT_WITHIN_MS = 1000;

/** What a beat has told of the time. */
export interface TimeSample {
  /** By the database, in milliseconds since the epoch. */
  readonly there: number;
  /** By `performance.now()`, when that was asked and when the answer came. */
  readonly asked: number;
  readonly answered: number;
}

/**
 * Feels twice a second whether PostgreSQL answers, over a connection of its own. A server that is frozen or cut off
 * refuses nothing: without this, whoever asks would wait until some time limit made for long questions is over.
 *
 * An answer of any kind, even a refusal, is a sign of life; what it refuses it will refuse to others as well. So is
 * whatever it says on any other connection: a beat that comes late on a busy machine breaks nothing off.
 */
@Injectable()
export class Pulse implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Database');
  private readonly listeners: ((sample: TimeSample) => void)[] = [];
  private readonly interested = new Set<() => void>();
  private client: pg.Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private silent = false;
  /** When the server was last heard on a connection of the pool, by `performance.now()`. */
  private heardAt = -Infinity;

  constructor(@Inject(PULSE_URL) private readonly url: string) {}

  /** True from the moment it is noticed that nothing answers until something does. */
  get isSilent(): boolean {
    return this.silent;
  }

  /** To be told of the time at each beat. */
  onBeat(listener: (sample: TimeSample) => void): void {
    this.listeners.push(listener);
  }

  /** To be told whenever the server is found to be silent. @returns how to be told no longer. */
  onSilent(listener: () => void): () => void {
    this.interested.add(listener);
    return () => void this.interested.delete(listener);
  }

  /** To be called for everything the server says elsewhere. */
  heard(): void {
    this.heardAt = performance.now();
  }

  async onModuleInit(): Promise<void> {
    await within(FIRST_BEAT_WITHIN_MS, this.beat());
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await within(SILENT_AFTER_MS, this.client?.end() ?? Promise.resolve());
  }

  private async beat(): Promise<void> {
    const answered = await Promise.race([this.ask(), noAnswer()]);
    if (this.stopped) return;
    if (!answered) this.forget(); // what hangs on it would hang for ever; the next beat begins anew
    if (answered || performance.now() - this.heardAt < SILENT_AFTER_MS) this.found();
    else this.lost();
    this.timer = setTimeout(() => void this.beat(), BEAT_EVERY_MS);
    this.timer.unref();
  }

  /** @returns true after an answer of any kind, and never without one. */
  private async ask(): Promise<true> {
    try {
      const client = (this.client ??= await this.connect());
      const asked = performance.now();
      const { rows } = await client.query<{ there: string }>(
        'SELECT extract(epoch FROM clock_timestamp()) * 1000 AS there',
      );
      const answered = performance.now();
      for (const listener of this.listeners) listener({ there: Number(rows[0]?.there), asked, answered });
    } catch {
      this.forget();
    }
    return true;
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.url, application_name: 'alarm-broker pulse' });
    client.on('error', () => this.forget(client));
    await client.connect();
    return client;
  }

  private forget(client = this.client): void {
    if (client !== undefined && this.client === client) this.client = undefined;
    client?.end().catch(() => undefined);
  }

  private lost(): void {
    if (!this.silent) this.logger.error('PostgreSQL does not answer');
    this.silent = true;
    for (const tell of [...this.interested]) tell();
  }

  private found(): void {
    if (this.silent) this.logger.log('PostgreSQL answers again');
    this.silent = false;
  }
}

/**
 * @returns false after the longest silence. An answer that has arrived while this process was busy with something else
 * is read before that.
 */
async function noAnswer(): Promise<false> {
  await new Promise((resolve) => setTimeout(resolve, SILENT_AFTER_MS).unref());
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  return false;
}
