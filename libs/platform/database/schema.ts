import type { Database } from './database.ts';
import type { SchemaParts } from './database.module.ts';

/** Whether the database has the tables this build was written for. */
export class Schema {
  private current = false;

  constructor(
    private readonly database: Database,
    private readonly parts: SchemaParts,
  ) {}

  /** True once every migration of this build has run. A newer schema is current, too: it only adds. */
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
}
