import type { Clock } from '../clock/clock.ts';
import { BrokerError, invalid } from '../errors/broker-error.ts';
import { entityTag, type Precondition } from '../http/etag.ts';
import { brokenConstraint } from './database-errors.ts';
import type { Database } from './database.ts';
import type { Tx, Value } from './tx.ts';

/** What every row of a register has beside its own columns. */
export interface RegisterRow {
  readonly id: string;
  /** 1 at creation, one more with each change by people. */
  readonly version: number;
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** A column somewhere that names rows of a register. */
export interface Reference {
  /** What the referring thing is called. */
  readonly noun: string;
  readonly table: string;
  readonly column: string;
  /** Where the referring thing has its name; `id` unless given. */
  readonly key?: string;
}

/** How a register lies in the database. Everything in here becomes SQL: constants only. */
export interface RegisterTable {
  /** What a row is called; codes begin with it, as in `site.unknown`. */
  readonly noun: string;
  readonly table: string;
  /** What people write, each with what it is when they leave it out. */
  readonly columns: Readonly<Record<string, Value | null>>;
  /** Columns given at creation, kept by later changes, and never shown. */
  readonly hidden?: readonly string[];
  /** What else is shown: name and expression. */
  readonly shown?: Readonly<Record<string, string>>;
  /** Who may refer to a row, and thereby keep it from being removed. */
  readonly users: readonly Reference[];
}

/** How many of those who use a thing are named when it cannot be removed. */
const NAMED_USERS = 5;

/**
 * A table of things that people describe, each under a name of their own choice: read, written whole, removed
 * unless in use, and never changed over somebody else's change. Rows and columns keep the names clients know.
 */
export class Register<Row extends RegisterRow, Data extends object> {
  private readonly select: string;
  private readonly upsert: string;

  constructor(
    protected readonly database: Database,
    protected readonly clock: Clock,
    private readonly table: RegisterTable,
  ) {
    const columns = Object.keys(table.columns);
    const shown = Object.entries(table.shown ?? {}).map(([name, expression]) => `${expression} AS ${name}`);
    this.select = `SELECT ${['id', ...columns, ...shown, 'version', 'created_at', 'updated_at'].join(', ')} FROM ${table.table} t`;
    // Types come from the table itself, so that one statement takes any number of rows as JSON.
    const given = ['id', ...columns, ...(table.hidden ?? [])].join(', ');
    this.upsert = `
      INSERT INTO ${table.table} AS t (${given}, created_at, updated_at)
      SELECT ${given}, $2, $2 FROM jsonb_populate_recordset(NULL::${table.table}, $1)
      ON CONFLICT (id) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(', ')},
        version = t.version + 1, updated_at = excluded.updated_at`;
  }

  /** Up to `limit` rows by id, those behind `after`. */
  list(limit: number, after = ''): Promise<Row[]> {
    return this.database.query<Row>(`${this.select} WHERE id > $1 ORDER BY id LIMIT $2`, [after, limit]);
  }

  /** @throws BrokerError `<noun>.unknown` */
  async get(id: string): Promise<Row> {
    const [row] = await this.database.query<Row>(`${this.select} WHERE id = $1`, [id]);
    if (row === undefined) throw this.unknown();
    return row;
  }

  /** Identifies the state of a row; the next change makes it another one. */
  tagOf(row: RegisterRow): string {
    return entityTag(row.version, row.created_at);
  }

  /**
   * Creates the row or replaces all of it.
   * @throws BrokerError `<noun>.outdated`; `request.invalid` when it refers to something unknown.
   */
  put(id: string, data: Data, condition: Precondition): Promise<{ row: Row; created: boolean }> {
    return this.change(id, condition, (tx) => this.write(tx, id, data));
  }

  /** @throws BrokerError `<noun>.unknown`, `<noun>.outdated`, `<noun>.in-use` naming who uses it. */
  async remove(id: string, condition: Precondition): Promise<void> {
    await this.database.transaction(async (tx) => {
      this.begin(tx);
      const row = await this.hold(tx, id);
      condition.require(this.table.noun, this.tagOf(row));
      await this.requireUnused(tx, id);
      tx.send(`DELETE FROM ${this.table.table} WHERE id = $1`, [id]);
    });
  }

  /** Creates or replaces rows, whatever their versions. Part of the caller's transaction, not waited for. */
  save(tx: Tx, rows: readonly (Partial<Data> & { readonly id: string })[]): void {
    const { columns, hidden = [] } = this.table;
    const complete = rows.map((row) => {
      const given = new Map<string, unknown>(Object.entries(row));
      return Object.fromEntries([
        ...['id', ...hidden].map((name) => [name, given.get(name)]),
        ...Object.entries(columns).map(([name, otherwise]) => [name, given.get(name) ?? otherwise]),
      ]) as Record<string, unknown>;
    });
    tx.send(this.upsert, [JSON.stringify(complete), this.clock.now()]);
  }

  /** Which of these there are; they cannot be removed before the end of the transaction. */
  async existing(tx: Tx, ids: readonly (string | null | undefined)[]): Promise<ReadonlySet<string>> {
    const rows = await tx.query<{ id: string }>(
      `SELECT id FROM ${this.table.table} WHERE id = ANY($1) ORDER BY id FOR KEY SHARE`,
      [ids.filter((id) => typeof id === 'string')],
    );
    return new Set(rows.map((row) => row.id));
  }

  /** Held like this, nothing new can refer to the row. @throws BrokerError `<noun>.unknown` */
  protected async hold(tx: Tx, id: string): Promise<Row> {
    const [row] = await tx.query<Row>(`${this.select} WHERE id = $1 FOR UPDATE`, [id]);
    if (row === undefined) throw this.unknown();
    return row;
  }

  /** @throws BrokerError `<noun>.in-use` */
  protected async requireUnused(tx: Tx, id: string): Promise<void> {
    const users = await this.usersOf(tx, id);
    if (users.length > 0) throw this.inUse(id, users);
  }

  /** What else must not change meanwhile; nothing unless a register says so. */
  protected begin(_tx: Tx): void {
    // Nothing.
  }

  /** Lets `work` write one row, then judges the condition. @throws BrokerError as {@link put} and {@link get} */
  protected async change(
    id: string,
    condition: Precondition,
    work: (tx: Tx) => Promise<void> | void,
  ): Promise<{ row: Row; created: boolean }> {
    try {
      return await this.database.transaction(async (tx) => {
        await work(tx);
        const [row] = await tx.query<Row>(`${this.select} WHERE id = $1`, [id]);
        if (row === undefined) throw this.unknown();
        // Judged by what has just been replaced, whose row nobody else can change any more: a refusal rolls back.
        const created = row.version === 1;
        const replaced = created ? undefined : this.tagOf({ ...row, version: row.version - 1 });
        condition.require(this.table.noun, replaced);
        return { row, created };
      });
    } catch (error) {
      throw this.refusalOf(error);
    }
  }

  /** What {@link put} writes. */
  protected write(tx: Tx, id: string, data: Data): Promise<void> {
    this.begin(tx);
    this.save(tx, [{ ...data, id }]);
    return Promise.resolve();
  }

  /** What the caller should see of a failed write. */
  protected refusalOf(error: unknown): unknown {
    const broken = brokenConstraint(error);
    if (broken?.kind !== 'reference' || broken.table !== this.table.table) return error;
    const column = broken.constraint.slice(`${broken.table}_`.length, -'_fkey'.length);
    const detail = `there is no such ${column.replace(/_id$/, '').replaceAll('_', ' ')}`;
    return invalid([{ pointer: `/${column}`, detail }]);
  }

  private unknown(): BrokerError {
    return new BrokerError('not-found', `${this.table.noun}.unknown`, `There is no such ${this.table.noun}.`);
  }

  private async usersOf(tx: Tx, id: string): Promise<string[]> {
    if (this.table.users.length === 0) return [];
    const each = this.table.users.map(
      ({ noun, table, column, key = 'id' }) =>
        `(SELECT DISTINCT '${noun}' AS noun, ${key} AS id FROM ${table} WHERE ${column} = $1
          ORDER BY 2 LIMIT ${NAMED_USERS + 1})`,
    );
    const rows = await tx.query<{ noun: string; id: string }>(each.join(' UNION ALL '), [id]);
    return rows.map((row) => `${row.noun} ${row.id}`);
  }

  private inUse(id: string, users: readonly string[]): BrokerError {
    const named = users.slice(0, NAMED_USERS).join(', ') + (users.length > NAMED_USERS ? ' and others' : '');
    const { noun } = this.table;
    return new BrokerError('conflict', `${noun}.in-use`, `The ${noun} ${id} is in use by ${named}.`);
  }
}
