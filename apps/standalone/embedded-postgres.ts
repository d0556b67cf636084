import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import { EmbeddedPostgresError, reasonOf } from './postgres/embedded-postgres-error.ts';
import { lockFolder, type FolderLock } from './postgres/folder-lock.ts';
import { freePort } from './postgres/free-port.ts';
import { findPostgresBinaries } from './postgres/postgres-binaries.ts';
import { PostgresCluster } from './postgres/postgres-cluster.ts';
import type { SystemUser } from './postgres/run-command.ts';
import { databaseUser, ensureReachable } from './postgres/system-user.ts';

export { EmbeddedPostgresError } from './postgres/embedded-postgres-error.ts';

export interface EmbeddedPostgresOptions {
  /** The data folder, such as `.data`. Everything of the database lives in `postgres/` inside it. */
  readonly folder: string;
  /** Created when missing. */
  readonly database: string;
  readonly user: string;
  /** More server settings, such as `{ fsync: 'off' }` for tests. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Default: a free one, kept until the process ends. */
  readonly port?: number;
}

/**
 * A private PostgreSQL from an npm package, for running without any database of one's own.
 *
 * It listens on 127.0.0.1 only, behind a password that never leaves its folder and the returned URL. The server is
 * its own session: a Ctrl-C in the terminal does not reach it, only `stop()` does. What a killed run left behind
 * (a running server, a stale pid file, a half-made data directory) is put in order by the next `start()`.
 * Only one process at a time can use a folder. Every failure is an EmbeddedPostgresError.
 */
export class EmbeddedPostgres {
  readonly #options: EmbeddedPostgresOptions;
  #port: number | undefined;
  #pid: number | undefined;
  #url = '';
  #cluster: PostgresCluster | undefined;
  #lock: FolderLock | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: EmbeddedPostgresOptions) {
    this.#options = options;
    this.#port = options.port;
  }

  /** The server's process id while it runs. */
  get pid(): number | undefined {
    return this.#pid;
  }

  /** Starts the server, unless it runs already, and returns its DATABASE_URL. The first start takes seconds. */
  start(): Promise<string> {
    return this.#inTurn(async () => {
      try {
        return await this.#start();
      } catch (error) {
        await this.#stop().catch(() => undefined);
        if (error instanceof EmbeddedPostgresError) throw error;
        throw new EmbeddedPostgresError(`The embedded database did not start: ${reasonOf(error)}`);
      }
    });
  }

  /** Stops the server in an orderly way; does nothing when it does not run. Waits for a start under way. */
  stop(): Promise<void> {
    return this.#inTurn(() => this.#stop());
  }

  /** Kills the server like a crash would. `start()` brings it back on the same port. For tests. */
  kill(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#cluster?.kill();
      this.#pid = undefined;
    });
  }

  async #start(): Promise<string> {
    if (this.#pid !== undefined && this.#pid === (await this.#cluster?.postmaster())) return this.#url;

    const folder = resolve(this.#options.folder, 'postgres');
    const owner = await databaseUser(folder);
    this.#lock ??= await takeFolder(folder, owner);
    const binaries = await findPostgresBinaries();
    if (owner) await ensureReachable(owner, binaries.initdb, folder);
    // The real path: it is by this that a running server is told from a stranger with the same pid.
    this.#cluster = new PostgresCluster(await realpath(folder), binaries, owner);

    const password = await this.#prepare(this.#cluster, join(folder, 'password'), owner);
    this.#port ??= await freePort();
    this.#pid = await this.#cluster.start(this.#serverSettings(this.#port));

    const login = `${encodeURIComponent(this.#options.user)}:${password}`;
    const server = `postgresql://${login}@127.0.0.1:${this.#port}`;
    await createDatabase(`${server}/postgres`, this.#options.database);
    this.#url = `${server}/${encodeURIComponent(this.#options.database)}`;
    return this.#url;
  }

  /** Leaves a complete data directory on which no server runs. */
  async #prepare(
    cluster: PostgresCluster,
    passwordFile: string,
    owner: SystemUser | undefined,
  ): Promise<string> {
    if (await cluster.exists()) {
      await cluster.stop();
      await cluster.forgetDeadServer();
      return readPassword(passwordFile);
    }
    const password = randomBytes(24).toString('base64url');
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (owner) await chown(passwordFile, owner.uid, owner.gid);
    await cluster.create(this.#options.user, passwordFile, {
      sync: this.#options.settings?.['fsync'] !== 'off',
    });
    return password;
  }

  #serverSettings(port: number): Record<string, string> {
    return {
      // The log is not rotated, so it must not grow while all is well.
      log_checkpoints: 'off',
      ...this.#options.settings,
      port: String(port),
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
    };
  }

  async #stop(): Promise<void> {
    if (!this.#lock) return;
    await this.#cluster?.stop();
    this.#pid = undefined;
    await this.#lock.release();
    this.#lock = undefined;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

async function takeFolder(folder: string, owner: SystemUser | undefined): Promise<FolderLock> {
  try {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o700);
    if (owner) await chown(folder, owner.uid, owner.gid);
    return await lockFolder(folder);
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw error;
    throw new EmbeddedPostgresError(
      `The data folder ${folder} cannot be written (${reasonOf(error)}): make it writable, choose another one, ` +
        'or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
}

async function readPassword(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw new EmbeddedPostgresError(
      `The password of the embedded database cannot be read from ${file} (${reasonOf(error)}): ` +
        'put the file back; without it the data cannot be opened.',
    );
  }
}

async function createDatabase(serverUrl: string, database: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  // A connection that breaks is told to whoever waits for its answer; unheard, the event would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (!rowCount) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
}
