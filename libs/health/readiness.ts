import { HttpException, Injectable } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService, type HealthCheckAttempt } from '@nestjs/terminus';

import { Database, Schema, SchemaFloor, SharedRedis } from '#platform';

/** A probe answers soon or not at all. */
const TIME_LIMIT_MS = 2000;

export const CHECKS = ['db', 'redis', 'schema'] as const;
export type CheckName = (typeof CHECKS)[number];
export type CheckState = 'ok' | 'down' | 'disabled' | 'pending' | 'too-new' | 'excluded';

export interface ReadinessReport {
  readonly ready: boolean;
  readonly checks: Readonly<Record<CheckName, CheckState>>;
}

/** Whether this process can do what the next request needs. */
@Injectable()
export class Readiness {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly database: Database,
    private readonly schema: Schema,
    private readonly floor: SchemaFloor,
    private readonly redis: SharedRedis,
  ) {}

  /** @param excluded checks that are not made, after kube-apiserver's `?exclude=`. */
  async check(excluded: ReadonlySet<string>): Promise<ReadinessReport> {
    const wanted = CHECKS.filter((name) => !excluded.has(name));
    const attempts = {
      db: () => this.databaseAnswers(),
      redis: () => this.redisAnswers(),
      schema: () => this.schemaIsCurrent(),
    };
    const result = await this.health.check(wanted.map((name) => () => attempts[name]())).catch(detailsOf);
    const up = (name: CheckName): boolean => result.details[name]?.status === 'up';
    const state = (name: CheckName, failed: CheckState): CheckState => {
      if (excluded.has(name)) return 'excluded';
      return up(name) ? 'ok' : failed;
    };
    const checks = {
      db: state('db', 'down'),
      redis: this.redis.client === undefined ? ('disabled' as const) : state('redis', 'down'),
      // Without a database nothing is known about its schema.
      schema: up('db') || excluded.has('db') ? state('schema', this.whatIsWrong()) : ('ok' as const),
    };
    return { ready: !Object.values(checks).some(isFailure), checks };
  }

  private whatIsWrong(): CheckState {
    return this.floor.isTooNew ? 'too-new' : 'pending';
  }

  private databaseAnswers(): HealthCheckAttempt<'db'> {
    return this.attempt('db', async () => {
      await this.database.query('SELECT 1');
    });
  }

  private schemaIsCurrent(): HealthCheckAttempt<'schema'> {
    return this.attempt('schema', async () => {
      if (this.floor.isTooNew) throw new Error('The schema is that of a newer release.');
      if (!(await this.schema.isCurrent())) throw new Error('Migrations are pending.');
    });
  }

  private redisAnswers(): HealthCheckAttempt<'redis'> {
    return this.attempt('redis', async () => {
      await this.redis.client?.ping();
    });
  }

  private attempt<Name extends CheckName>(name: Name, ask: () => Promise<void>): HealthCheckAttempt<Name> {
    return this.indicators.check(name).attempt(ask).withTimeout(TIME_LIMIT_MS);
  }
}

/** Whether a check that ended like this keeps the process from being ready. */
export const isFailure = (state: CheckState): boolean => ['down', 'pending', 'too-new'].includes(state);

type Details = { details: Record<string, { status?: string } | undefined> };

/** Terminus throws when something is down, with the result as the exception's response. */
function detailsOf(error: unknown): Details {
  if (error instanceof HttpException) return error.getResponse() as Details;
  throw error;
}
