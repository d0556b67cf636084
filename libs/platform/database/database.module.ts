import { Global, Logger, Module, type DynamicModule } from '@nestjs/common';
import { makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import pg from 'pg';
import { DataSource, DefaultNamingStrategy, type MixedList } from 'typeorm';

import { SettingsError } from '../config/read-settings.ts';
import { Settings } from '../config/settings.ts';
import { Connections } from './connections.ts';
import { Database } from './database.ts';
import { PoolGauge } from './pool.gauge.ts';
import { Pulse, PULSE_URL } from './pulse.ts';
import { OUTGROWN_METRIC, SCHEMA_PARTS, SchemaFloor } from './schema-floor.ts';
import { Schema, type SchemaParts } from './schema.ts';
import { watchedClient } from './watched-client.ts';

/** camelCase in code, snake_case in the database. */
class SnakeCase extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string | undefined): string {
    return customName ?? propertyName.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  }
}

/** @throws SettingsError when no `DATABASE_URL` is set. */
export function databaseUrl(settings: Settings): string {
  if (settings.DATABASE_URL === undefined) throw new SettingsError('DATABASE_URL must be set.');
  return settings.DATABASE_URL;
}

/** Longer than any statement of ours takes on a server that is well. */
const SILENCE_LIMIT_MS = 15_000;

/** For one statement, and for one wait for a row that somebody else is changing. The server sees to it. */
const STATEMENT_LIMIT_MS = 12_000;
const LOCK_LIMIT_MS = 1500;
/** A process that was frozen in the middle of a transaction must not hold its rows for ever. */
const IDLE_TRANSACTION_LIMIT_MS = 10_000;

function createPool(settings: Settings, pulse: Pulse): pg.Pool {
  const logger = new Logger('Database');
  const pool = new pg.Pool({
    connectionString: databaseUrl(settings),
    application_name: 'alarm-broker',
    pipeline: true,
    min: settings.DATABASE_POOL_SIZE,
    max: settings.DATABASE_POOL_SIZE + settings.DATABASE_MAX_OVERFLOW,
    connectionTimeoutMillis: settings.DATABASE_POOL_TIMEOUT * 1000,
    idleTimeoutMillis: 10_000,
    keepAlive: true,
    statement_timeout: STATEMENT_LIMIT_MS,
    lock_timeout: LOCK_LIMIT_MS,
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_LIMIT_MS,
    Client: watchedClient(SILENCE_LIMIT_MS, pulse, settings.DATABASE_SLOW_MS),
  });
  // Without a listener a dropped idle connection would end the process.
  pool.on('error', (error) => logger.warn(`An idle database connection was lost: ${error.message}`));
  return pool;
}

/** TypeORM over a pool that already exists, so that DATABASE_POOL_SIZE counts every connection. */
export function createDataSource(url: string, parts: SchemaParts, pool?: Connections): DataSource {
  const sharing = pool && {
    ...pg,
    Pool: function SharedPool() {
      // It may be used, but not closed: TypeORM would do that when its own start fails.
      return { connect: pool.connectFor, on: () => undefined, end: (done: () => void) => done() };
    },
  };
  return new DataSource({
    type: 'postgres',
    url,
    ...(sharing ? { driver: sharing } : {}),
    entities: [...parts.entities] as MixedList<new () => object> & [],
    migrations: [...parts.migrations] as MixedList<new () => object> & [],
    namingStrategy: new SnakeCase(),
    synchronize: false,
    migrationsTransactionMode: 'all',
  });
}

@Global()
@Module({})
export class DatabaseModule {
  static forRoot(parts: SchemaParts): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        { provide: PULSE_URL, useFactory: databaseUrl, inject: [Settings] },
        Pulse,
        {
          provide: Connections,
          useFactory: (settings: Settings, pulse: Pulse) =>
            new Connections(createPool(settings, pulse), pulse),
          inject: [Settings, Pulse],
        },
        {
          provide: DataSource,
          useFactory: (settings: Settings, pool: Connections) =>
            createDataSource(databaseUrl(settings), parts, pool),
          inject: [Settings, Connections],
        },
        Database,
        PoolGauge,
        {
          provide: Schema,
          useFactory: (database: Database) => new Schema(database, parts),
          inject: [Database],
        },
        { provide: SCHEMA_PARTS, useValue: parts },
        SchemaFloor,
        makeGaugeProvider({
          name: OUTGROWN_METRIC,
          help: 'Whether the database was made for a newer release (1), so that this process takes no more work.',
        }),
      ],
      exports: [Database, Schema, SchemaFloor, Pulse],
    };
  }
}
