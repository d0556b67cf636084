import { execFile } from 'node:child_process';
import { access, chown, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { databaseUser } from '../../apps/standalone/postgres/system-user.ts';
import { freePort } from './free-port.ts';
import { findProgram, POSTGRESQL } from './programs.ts';
import { temporaryFolder } from './run-folder.ts';

const run = promisify(execFile);

/** Where Debian keeps what does not belong on everybody's PATH, one folder for each major version. */
const DEBIAN_FOLDER = '/usr/lib/postgresql';

/**
 * A PostgreSQL of this machine, as an operator has it: disk writes are waited for, and `pg_dump` and `pg_restore` of
 * the very same version are at hand. The embedded one brings neither.
 */
export class DebianPostgres {
  private constructor(
    private readonly programs: string,
    private readonly data: string,
    private readonly owner: { uid?: number; gid?: number },
    readonly port: number,
  ) {}

  /**
   * Makes a new server with the superuser `alarm`. Nobody has to stop it: it is killed after the run.
   * @param settings more of them, as `shared_preload_libraries=pg_stat_statements`.
   */
  static async start(...settings: readonly string[]): Promise<DebianPostgres> {
    const folder = await temporaryFolder('postgres');
    // PostgreSQL refuses to run as root.
    const user = await databaseUser(join(folder, 'data'));
    const owner = user === undefined ? {} : { uid: user.uid, gid: user.gid };
    if (user !== undefined) await chown(folder, user.uid, user.gid);
    const server = new DebianPostgres(
      await folderOfPrograms(),
      join(folder, 'data'),
      owner,
      await freePort(),
    );
    const text = ['--encoding=UTF8', '--locale=C'];
    await server.run(
      'initdb',
      '--pgdata',
      server.data,
      '--username=alarm',
      '--auth=trust',
      '--no-sync',
      ...text,
    );
    const options = `-p ${server.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' ${settings.map((setting) => `-c ${setting}`).join(' ')}`;
    const log = join(folder, 'server.log');
    await server.run(
      'pg_ctl',
      'start',
      '--wait',
      '--pgdata',
      server.data,
      '--log',
      log,
      '--options',
      options,
    );
    return server;
  }

  async stop(): Promise<void> {
    await this.run('pg_ctl', 'stop', '--mode', 'fast', '--pgdata', this.data);
  }

  url(database: string): string {
    return `postgresql://alarm@127.0.0.1:${this.port}/${database}`;
  }

  /** Makes a database that has nothing in it. @returns its URL. */
  async create(database: string): Promise<string> {
    await this.run('createdb', ...this.login, database);
    return this.url(database);
  }

  /** For client programs: where the server is and who we are. */
  get login(): string[] {
    return ['-h', '127.0.0.1', '-p', String(this.port), '-U', 'alarm'];
  }

  /** With it the lines of a manual find programs and server: `pg_dump -U alarm -h localhost alarm`. */
  get environment(): Record<string, string> {
    return { PATH: `${this.programs}:${process.env['PATH'] ?? ''}`, PGPORT: String(this.port) };
  }

  /** Runs a program of the server's version to its end. @throws Error with what it said when it fails. */
  async run(name: string, ...args: readonly string[]): Promise<string> {
    const { stdout } = await run(join(this.programs, name), [...args], { ...this.owner, cwd: '/' });
    return stdout;
  }
}

/** Of the newest version here that is complete. */
async function folderOfPrograms(): Promise<string> {
  const versions = await readdir(DEBIAN_FOLDER).catch(() => []);
  for (const version of versions.map(Number).sort((a, b) => b - a)) {
    const folder = join(DEBIAN_FOLDER, String(version), 'bin');
    const isComplete = await Promise.all(
      ['initdb', 'pg_ctl', 'pg_dump', 'pg_restore'].map((name) => access(join(folder, name))),
    ).then(
      () => true,
      () => false,
    );
    if (isComplete) return folder;
  }
  return dirname(await findProgram(POSTGRESQL));
}
