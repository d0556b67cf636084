import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource, type EntityTarget, type ObjectLiteral, type Repository } from 'typeorm';

import { Connections, silence } from './connections.ts';
import { isTransient, translated } from './database-errors.ts';
import { Pulse } from './pulse.ts';
import { question, Tx, type Statement, type Value } from './tx.ts';

const TRANSACTION_TRIES = 3;

/**
 * The one door to PostgreSQL. Writes and the main path are SQL in the room that owns the table; reading
 * for people may use TypeORM's repositories. Both share one connection pool.
 *
 * @throws BrokerError `database.unavailable` from every method while the server is away.
 */
@Injectable()
export class Database implements OnApplicationShutdown {
  private initializing: Promise<DataSource> | undefined;

  constructor(
    private readonly connections: Connections,
    private readonly pulse: Pulse,
    private readonly source: DataSource,
  ) {}

  /** One statement, committed by itself. */
  async query<Row extends object>(sql: string | Statement, values: readonly Value[] = []): Promise<Row[]> {
    try {
      return (await this.connections.query<Row>(question(sql, values))).rows;
    } catch (error) {
      throw translated(error);
    }
  }

  /**
   * Runs `work` in one transaction (READ COMMITTED) and commits it. Anything thrown rolls back. A lost race
   * (deadlock, serialization failure) runs `work` again, so it must do nothing but use its `tx`.
   */
  async transaction<T>(work: (tx: Tx) => Promise<T> | T): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(work);
      } catch (error) {
        if (attempt >= TRANSACTION_TRIES || !isTransient(error)) throw translated(error);
      }
    }
  }

  private async attempt<T>(work: (tx: Tx) => Promise<T> | T): Promise<T> {
    const client = await this.connections.connect();
    client.on('error', ignore);
    const tx = new Tx(client);
    let usable = false;
    try {
      tx.send('BEGIN');
      const result = await work(tx);
      // Sent behind statements still under way: had one failed, PostgreSQL answers COMMIT with a rollback.
      tx.send('COMMIT');
      await tx.settled();
      usable = true;
      tx.committed();
      return result;
    } catch (error) {
      usable = await tx.change('ROLLBACK').then(
        () => true,
        () => false,
      );
      // What `work` saw may only be "transaction is aborted"; the first failure is the cause.
      throw tx.firstFailure ?? error;
    } finally {
      // A connection whose state is unknown is closed, not handed to the next caller.
      client.off('error', ignore);
      client.release(!usable);
    }
  }

  /** Reading through an entity. Never used to write. */
  async repository<Entity extends ObjectLiteral>(entity: EntityTarget<Entity>): Promise<Repository<Entity>> {
    if (this.pulse.isSilent) throw translated(silence());
    this.initializing ??= this.source.initialize().catch((error: unknown) => {
      this.initializing = undefined;
      throw translated(error);
    });
    return (await this.initializing).getRepository(entity);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connections.end();
  }
}

/**
 * Outside the pool nobody else listens, and a lost connection would end the process unheard. The statement that
 * fails because of it tells the caller.
 */
const ignore = (): void => undefined;
