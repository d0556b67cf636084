import type pg from 'pg';

/**
 * SQL with a name is prepared once per connection and shows under that name in `pg_prepared_statements`.
 * Use it for the statements of the main path; the text must be constant.
 */
export interface Statement {
  /** Not prepared when there is none. */
  readonly name?: string;
  readonly text: string;
}

/** Declares a prepared statement; `name` says whose it is, as in `devices.press`. */
export const statement = (name: string, text: string): Statement => ({ name, text });

/**
 * Declares a statement that PostgreSQL plans anew each time: one that looks for a list of rows in a table that can grow
 * by tens of thousands within seconds. A plan made while the table was small would read all of it each time.
 */
export const plannedAnew = (text: string): Statement => ({ text });

/** How pg is asked. */
export const question = (sql: string | Statement, values: readonly Value[]): pg.QueryConfig => ({
  ...(typeof sql === 'string' ? { text: sql } : sql),
  values: [...values],
});

/** A parameter PostgreSQL can take. Objects become jsonb; arrays become arrays. */
export type Value = string | number | boolean | Date | null | object;

/**
 * A transaction under way. A method that takes one takes part in it and neither commits nor rolls back.
 *
 * Statements travel in order on one connection without waiting for each other's answers, so rows that
 * refer to each other by keys made here cost one round trip together.
 */
export class Tx {
  /** Why the transaction can no longer commit, if so. */
  firstFailure: Error | undefined;

  private last: Promise<void> = Promise.resolve();
  private added = new Map<Statement, object[]>();
  private readonly consequences: (() => void)[] = [];

  constructor(private readonly client: pg.ClientBase) {}

  /** Runs a statement and waits for its rows. */
  async query<Row extends object>(sql: string | Statement, values: readonly Value[] = []): Promise<Row[]> {
    return (await this.submit<Row>(sql, values)).rows;
  }

  /** Runs a statement and waits for the number of rows it changed. */
  async change(sql: string | Statement, values: readonly Value[] = []): Promise<number> {
    return (await this.submit(sql, values)).rowCount ?? 0;
  }

  /** Sends a statement without waiting. Should it fail, the whole transaction fails at its end. */
  send(sql: string | Statement, values: readonly Value[] = []): void {
    this.submit(sql, values).catch(() => undefined);
  }

  /**
   * Adds a row to a statement whose only parameter is a list of rows, as JSON. Rows of the same statement travel together:
   * before whatever is sent next, in the order in which the statements were first named, and not waited for.
   */
  add(to: Statement, ...rows: readonly object[]): void {
    const together = this.added.get(to) ?? [];
    together.push(...rows);
    this.added.set(to, together);
  }

  /**
   * Has something done once the transaction has committed, and never if it does not: to tell somebody that
   * there is something to see. It is not waited for and must not fail; the caller may be answered before it.
   */
  afterCommit(consequence: () => void): void {
    this.consequences.push(consequence);
  }

  /** For whoever committed. */
  committed(): void {
    for (const consequence of this.consequences.splice(0)) consequence();
  }

  /** Waits until every statement so far is answered. @throws the first failure, which caused any later one. */
  async settled(): Promise<void> {
    this.sendAdded();
    await this.last;
    if (this.firstFailure !== undefined) throw this.firstFailure;
  }

  private sendAdded(): void {
    if (this.added.size === 0) return;
    const { added } = this;
    this.added = new Map();
    for (const [to, rows] of added) this.send(to, [JSON.stringify(rows)]);
  }

  private submit<Row extends object>(
    sql: string | Statement,
    values: readonly Value[],
  ): Promise<pg.QueryResult<Row>> {
    this.sendAdded();
    const answer = this.client.query<Row>(question(sql, values));
    this.last = answer.then(
      () => undefined,
      (error: unknown) => {
        this.firstFailure ??= error instanceof Error ? error : new Error(String(error));
      },
    );
    return answer;
  }
}
