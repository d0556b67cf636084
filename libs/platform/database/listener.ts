import { Logger } from '@nestjs/common';
import pg from 'pg';

import type { Settings } from '../config/settings.ts';
import { databaseUrl } from './database.module.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;
/** A connection that some box on the way has forgotten looks well until somebody speaks. */
const ALIVE_EVERY_MS = 15_000;
const ANSWER_WITHIN_MS = 5000;

/**
 * Hears `NOTIFY` on one channel, over one connection of its own: the pool hands connections on, and a
 * pooler in between (PgBouncer) drops what was subscribed. Comes back by itself, with growing pauses.
 *
 * @param heard also called after each (re)connection, because nobody knows what was said meanwhile.
 */
export class DatabaseListener {
  private readonly logger = new Logger('Database');
  private readonly url: string;
  private client: pg.Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private failures = 0;
  private stopped = false;

  constructor(
    settings: Settings,
    private readonly channel: string,
    private readonly heard: () => void,
  ) {
    this.url = settings.DATABASE_LISTEN_URL ?? databaseUrl(settings);
  }

  /** Returns at once; connecting is not waited for, and failing to is only logged. */
  start(): void {
    void this.connect();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'alarm-broker listener',
      connectionTimeoutMillis: ANSWER_WITHIN_MS,
      query_timeout: ANSWER_WITHIN_MS,
      keepAlive: true,
    });
    this.client = client;
    client.on('notification', () => this.heard());
    client.on('error', (error) => this.lost(client, error));
    client.on('end', () => this.lost(client, new Error('The connection was closed.')));
    try {
      await client.connect();
      await client.query(`LISTEN ${pg.escapeIdentifier(this.channel)}`);
    } catch (error) {
      this.lost(client, error);
      return;
    }
    if (this.failures > 0) this.logger.log('The listening connection is back');
    this.failures = 0;
    this.heard();
    this.watch(client);
  }

  private watch(client: pg.Client): void {
    if (this.stopped || this.client !== client) return;
    this.timer = setTimeout(() => {
      client.query('SELECT 1').then(
        () => this.watch(client),
        (error: unknown) => this.lost(client, error),
      );
    }, ALIVE_EVERY_MS);
    this.timer.unref();
  }

  /** Once for each connection, whatever it reports while it dies. */
  private lost(client: pg.Client, error: unknown): void {
    if (this.client !== client) return;
    this.client = undefined;
    clearTimeout(this.timer);
    // It may be half open, and then would never end.
    client.end().catch(() => undefined);
    if (this.stopped) return;
    if (this.failures === 0)
      this.logger.warn({ err: error }, 'The listening connection is away; polling goes on');
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.failures, LONGEST_PAUSE_MS);
    this.failures += 1;
    this.timer = setTimeout(() => void this.connect(), pause * (0.8 + 0.4 * Math.random()));
    this.timer.unref();
  }
}
