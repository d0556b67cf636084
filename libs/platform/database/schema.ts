import type { Database } from './database.ts';

/** What the apps bring along, because the platform knows no tables. */
export interface SchemaParts {
  readonly entities: readonly (new () => object)[];
  readonly migrations: readonly (new () => object)[];
}

/** Whether the database has the tables this build was written for. */
export class Schema {
  private current = false;

  constructor(
    private readonly database: Database,
    private readonly parts: SchemaParts,
  ) {}

  /** The name of the last migration that ran; null when none has. */
  async version(): Promise<string | null> {
    const [last] = await this.database.query<{ name: string }>(
      'SELECT name FROM migrations ORDER BY id DESC LIMIT 1',
    );
    return last?.name ?? null;
  }

  /** True once every migration of this build has run. A newer schema is current, too, unless the floor says otherwise. */
  async isCurrent(): Promise<boolean> {
    if (this.current) return true;
    const [ledger] = await this.database.query<{ present: boolean }>(
      `SELECT to_regclass('migrations') IS NOT NULL AS present`,
    );
    if (!ledger?.present) return false;
    const applied = await this.database.query<{ name: string }>('SELECT name FROM migrations');
    const names = new Set(applied.map((row) => row.name));
    this.current = this.parts.migrations.every((migration) => names.has(migration.name));
    return this.current;
  }

  /** Migrations that ran and are none of this build: a newer one has been here. */
  async newerThanThis(): Promise<string[]> {
    const ours = new Set(this.parts.migrations.map((migration) => migration.name));
    const applied = await this.database.query<{ name: string }>('SELECT name FROM migrations ORDER BY id');
    return applied.map((row) => row.name).filter((name) => !ours.has(name));
  }
}
