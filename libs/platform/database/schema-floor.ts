import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Gauge } from 'prom-client';

import { within } from '../clock/within.ts';
import { Database } from './database.ts';
import { isMissing } from './database-errors.ts';
import type { SchemaParts } from './schema.ts';

export const SCHEMA_PARTS = Symbol('what this build knows of the schema');
export const OUTGROWN_METRIC = 'alarm_broker_schema_too_new';

const LOOK_EVERY_MS = 500;
/** An answer older than this is asked for again before work is taken: this process may have been frozen. */
const BELIEVED_FOR_MS = 2000;
/** A start does not wait longer for a database that does not answer. */
const FIRST_LOOK_WITHIN_MS = 2000;

/** All processes have looked by then, with room for one that is busy. */
export const FLOOR_IS_KNOWN_AFTER_MS = 5000;

/** How the floor is read; the table is missing before the first migrations. */
export const READ_FLOOR = 'SELECT migration FROM schema_floor';

/** The database was made incompatible with this build by a newer one. */
export class SchemaTooNewError extends Error {
  override readonly name = 'SchemaTooNewError';

  constructor(floor: string) {
    super(
      `The database belongs to a newer release: whoever works with it must know ${floor}. ` +
        'Start that release or a later one.',
    );
  }
}

/**
 * Watches whether this build may still work with the database. A migration that takes something away raises the
 * floor first (`schema_floor`): a process that does not know the migration named there takes no more work, finishes
 * what it has, and is not ready. Everything it leaves is found by those that know it.
 *
 * Presses are still tried: one that the schema can keep is kept, and any other is refused, never answered falsely.
 */
@Injectable()
export class SchemaFloor implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('SchemaFloor');
  private readonly known: ReadonlySet<string>;
  private readonly listeners: ((isTooNew: boolean) => void)[] = [];
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private tooNew = false;
  private lookedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly database: Database,
    @Inject(SCHEMA_PARTS) parts: SchemaParts,
    @InjectMetric(OUTGROWN_METRIC) private readonly gauge: Gauge,
  ) {
    this.known = new Set(parts.migrations.map((migration) => migration.name));
  }

  /** As it was found last, half a second ago at most while the database answers. */
  get isTooNew(): boolean {
    return this.tooNew;
  }

  /** Whether work may be taken now. Asks anew when nothing has been heard for a while; without an answer: yes. */
  async mayWork(): Promise<boolean> {
    if (performance.now() - this.lookedAt > BELIEVED_FOR_MS) await within(BELIEVED_FOR_MS, this.look());
    return !this.tooNew;
  }

  /** To be told when it becomes too new, and when it no longer is. */
  onChange(listener: (isTooNew: boolean) => void): void {
    this.listeners.push(listener);
  }

  /** @throws SchemaTooNewError: a process that could do nothing does not start. */
  async onModuleInit(): Promise<void> {
    const floor = await within(FIRST_LOOK_WITHIN_MS, this.read());
    if (floor !== undefined && floor !== null && !this.known.has(floor)) throw new SchemaTooNewError(floor);
    this.gauge.set(0);
  }

  onApplicationBootstrap(): void {
    this.schedule();
  }

  onModuleDestroy(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      // Without an answer what was known stays true: a database that is away cannot be harmed.
      this.look()
        .catch(() => undefined)
        .finally(() => this.schedule());
    }, LOOK_EVERY_MS);
    this.timer.unref();
  }

  private async look(): Promise<void> {
    const floor = await this.read();
    this.lookedAt = performance.now();
    const tooNew = floor !== null && !this.known.has(floor);
    if (tooNew === this.tooNew) return;
    this.tooNew = tooNew;
    this.gauge.set(tooNew ? 1 : 0);
    if (tooNew) this.logger.error(`${new SchemaTooNewError(floor).message} This process takes no more work.`);
    else this.logger.log('The database suits this release again; work goes on');
    for (const listener of this.listeners) listener(tooNew);
  }

  private async read(): Promise<string | null> {
    try {
      const [row] = await this.database.query<{ migration: string }>(READ_FLOOR);
      return row?.migration ?? null;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }
}
