import type { DynamicModule } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { register } from 'prom-client';
import supertest from 'supertest';

import { SeedImport } from '#admin';
import { EscalationClock } from '#escalation';
import { Lanes } from '#notifications';
import { configurationFrom, Database, Sweeper, type PlatformOptions } from '#platform';

import { ApiModule } from '../../apps/api/api.module.ts';
import { createServer } from '../../apps/run-server.ts';
import { SCHEMA } from '../../apps/schema.ts';
import { StandaloneModule } from '../../apps/standalone/standalone.module.ts';
import { createDatabase, type TestDatabase } from './databases.ts';
import { logLines } from './log-lines.ts';
import { metricValue } from './metrics.ts';
import { testRedisUrl } from './redis-databases.ts';
import { TestClock } from './test-clock.ts';

export const ADMIN_KEY = 'an admin key for tests';

/** Where the jobs and the gate live. The same stories are told on each. */
export const SHAPES = ['PostgreSQL', 'Redis'] as const;
export type Shape = (typeof SHAPES)[number];

export interface WorldOptions {
  readonly shape?: Shape;
  readonly settings?: Readonly<Record<string, string>>;
  /** YAML loaded before the story begins. */
  readonly seed?: string;
  /** Dropped at the end; a fresh migrated one unless given. */
  readonly database?: TestDatabase;
  /** Which process it is; api and worker in one unless given. */
  readonly root?: RootModule;
}

interface RootModule {
  forRoot(options: PlatformOptions): DynamicModule;
}

/** What became of one notification. */
export interface NotificationRow {
  readonly id: string;
  readonly label: string;
  readonly status: string;
  readonly attempts: number;
  readonly reason: string | null;
}

/**
 * A whole broker in this process, api and worker, on real PostgreSQL and, if wished, real Redis, whose time
 * stands still until the story moves it.
 */
export class World {
  private constructor(
    readonly app: NestExpressApplication,
    readonly clock: TestClock,
    readonly url: string,
    private readonly options: PlatformOptions,
    private readonly testDatabase: TestDatabase,
  ) {}

  static async start(wishes: WorldOptions = {}): Promise<World> {
    const { shape = 'PostgreSQL', settings = {}, seed, root = StandaloneModule } = wishes;
    const testDatabase = wishes.database ?? (await createDatabase());
    const clock = new TestClock();
    register.clear();
    logLines.clear();
    const configuration = configurationFrom({
      DATABASE_URL: testDatabase.url,
      ADMIN_API_KEY: ADMIN_KEY,
      DATABASE_POOL_SIZE: '5',
      LOG_LEVEL: 'DEBUG',
      ...(shape === 'Redis' ? { REDIS_URL: await testRedisUrl() } : {}),
      ...settings,
    });
    const options = { ...configuration, schema: SCHEMA, clock, logDestination: logLines, figuresMaxAgeMs: 0 };
    const app = await createServer(root.forRoot(options));
    await app.listen(0, '127.0.0.1');
    const world = new World(app, clock, await app.getUrl(), options, testDatabase);
    if (seed !== undefined) await world.seed(seed);
    return world;
  }

  /** Another api process on the same database; to be closed before the world is stopped. */
  async secondApi(): Promise<NestExpressApplication> {
    // Metrics are of the process, and this one stands for two.
    register.clear();
    const app = await createServer(ApiModule.forRoot(this.options));
    await app.listen(0, '127.0.0.1');
    return app;
  }

  /** Loads a seed file on top of what is there. */
  seed(text: string): Promise<void> {
    return this.app.get(SeedImport, { strict: false }).importYaml(text);
  }

  /** HTTP, as anybody. */
  get http() {
    return supertest(this.url);
  }

  press(token: string) {
    return this.http.get('/v1/yealink/alarm').query({ token });
  }

  get(path: string) {
    return this.http.get(path).set('X-Admin-Key', ADMIN_KEY);
  }

  post(path: string, body: object = {}) {
    return this.http.post(path).set('X-Admin-Key', ADMIN_KEY).send(body);
  }

  put(path: string, body: object) {
    return this.http.put(path).set('X-Admin-Key', ADMIN_KEY).send(body);
  }

  delete(path: string) {
    return this.http.delete(path).set('X-Admin-Key', ADMIN_KEY);
  }

  query<Row extends object>(sql: string, values: readonly (string | number)[] = []): Promise<Row[]> {
    return this.app.get(Database).query<Row>(sql, values);
  }

  /** The types of everything on an alarm's timeline, in order. */
  async timeline(alarmId: string): Promise<string[]> {
    const rows = await this.query<{ type: string }>(
      'SELECT type FROM alarm_events WHERE alarm_id = $1 ORDER BY seq',
      [alarmId],
    );
    return rows.map((row) => row.type);
  }

  /** The notifications of an alarm in the order of its plan, those of one step by the name of the target. */
  notifications(alarmId: string): Promise<NotificationRow[]> {
    return this.query<NotificationRow>(
      `SELECT id, label, status, attempts, reason FROM notifications
       WHERE alarm_id = $1 ORDER BY round, step_no, target_id`,
      [alarmId],
    );
  }

  /** What `/metrics` says now, summed over all samples that have these labels. */
  async metric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    const { text } = await this.http.get('/metrics').expect(200);
    return metricValue(text, name, labels);
  }

  /**
   * Lets time pass, and with it everything happen that is due by then. Sends under way are finished first: to them
   * it would look as if their lease had run out.
   */
  async advance(seconds: number): Promise<void> {
    await this.app.get(Lanes, { strict: false }).idle();
    this.clock.advance(seconds);
    await this.settle();
  }

  /**
   * Waits until nothing is due and nothing is being sent. Bells ring in real time; what they may not have reached
   * yet is found by the sweep, for which the clock moves on by a little more than its grace.
   */
  async settle(): Promise<void> {
    do {
      this.clock.advance(1.1);
      await this.app.get(Sweeper).sweepNow();
      await this.app.get(Lanes, { strict: false }).idle();
    } while (await this.somethingIsDue());
  }

  private async somethingIsDue(): Promise<boolean> {
    const now = this.clock.now().toISOString();
    const [row] = await this.query<{ due: boolean }>(
      `SELECT EXISTS (SELECT FROM notifications
                      WHERE status = 'scheduled' AND due_at <= $1
                         OR status = 'sending' AND lease_until > $1)
           OR EXISTS (SELECT FROM escalations WHERE next_step_at <= $1) AS due`,
      [now],
    );
    return row?.due ?? false;
  }

  /** Starts what is due for these alarms, as the bell does. */
  ringFor(alarmIds: readonly string[]): Promise<void> {
    return this.app.get(EscalationClock, { strict: false }).advance(alarmIds);
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.testDatabase.drop();
  }
}
