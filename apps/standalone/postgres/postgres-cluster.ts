import { access, chown, mkdtemp, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError, reasonOf } from './embedded-postgres-error.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { childrenOf, commandLine, processStart } from './process-table.ts';
import { runCommand, type CommandResult, type SystemUser } from './run-command.ts';

// Long enough for PostgreSQL to replay its log after a crash on a slow disk.
const START_SECONDS = 120;
const STOP_SECONDS = 60;
// What a killed server leaves running notices within moments that its parent is gone.
const ORPHANS_MS = 10_000;

/** One PostgreSQL data directory and the server on it. Whoever uses this holds the lock of its folder. */
export class PostgresCluster {
  readonly #directory: string;
  readonly #log: string;
  readonly #binaries: PostgresBinaries;
  readonly #owner: SystemUser | undefined;

  constructor(folder: string, binaries: PostgresBinaries, owner: SystemUser | undefined) {
    this.#directory = join(folder, 'cluster');
    this.#log = join(folder, 'server.log');
    this.#binaries = binaries;
    this.#owner = owner;
  }

  async exists(): Promise<boolean> {
    return access(join(this.#directory, 'PG_VERSION')).then(
      () => true,
      () => false,
    );
  }

  /** Makes the data directory. It gets its name only when complete, so one that is there is never half made. */
  async create(user: string, passwordFile: string, options: { sync: boolean }): Promise<void> {
    await this.#removeDrafts();
    const draft = await mkdtemp(`${this.#directory}.draft-`);
    if (this.#owner) await chown(draft, this.#owner.uid, this.#owner.gid);

    const identity = ['--username', user, '--pwfile', passwordFile, '--auth', 'scram-sha-256'];
    // The builtin provider sorts and folds case the same on every machine, whatever locales are installed.
    const text = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const result = await this.#run(this.#binaries.initdb, [
      ...['--pgdata', draft, '--no-instructions', ...identity, ...text],
      ...(options.sync ? [] : ['--no-sync']),
    ]);
    if (!result.succeeded) {
      await rm(draft, { recursive: true, force: true });
      throw new EmbeddedPostgresError(
        `The embedded database could not be created: ${reasonIn(result.output)}`,
      );
    }
    await rename(draft, this.#directory);
  }

  /** Returns once the server accepts connections; resolves to its pid. */
  async start(settings: Readonly<Record<string, string>>): Promise<number> {
    const giveUpAt = Date.now() + ORPHANS_MS;
    for (;;) {
      const logBefore = await sizeOf(this.#log);
      const launch = ['--log', this.#log, '--options', asOptions(settings)];
      const result = await this.#pgCtl('start', START_SECONDS, launch);
      const pid = await this.postmaster();
      if (result.succeeded && pid !== undefined) return pid;

      const reason = (await this.#lastComplaint(logBefore)) ?? reasonIn(result.output);
      const orphansHoldIt = reason.includes('is still in use');
      if (!orphansHoldIt || Date.now() > giveUpAt) {
        throw new EmbeddedPostgresError(`The embedded database did not start: ${reason} (see ${this.#log})`);
      }
      await sleep(100);
    }
  }

  /** Stops the server if there is one: open transactions are rolled back, committed ones are on disk. */
  async stop(): Promise<void> {
    if ((await this.postmaster()) === undefined) return;
    const result = await this.#pgCtl('stop', STOP_SECONDS, ['--mode', 'fast']);
    if (result.succeeded || (await this.postmaster()) === undefined) return;
    throw new EmbeddedPostgresError(`The embedded database did not stop: ${reasonIn(result.output)}`);
  }

  /** Ends the server and every process of it without letting them tidy up, and returns when they are gone. */
  async kill(): Promise<void> {
    const server = await this.postmaster();
    if (server === undefined) return;
    for (let left = [server, ...(await childrenOf(server))]; left.length > 0;) {
      for (const pid of left) end(pid);
      await sleep(10);
      const starts = await Promise.all(left.map(processStart));
      left = left.filter((_, i) => starts[i] !== undefined);
    }
  }

  /** The pid of the server that really runs on this directory, whoever started it. */
  async postmaster(): Promise<number | undefined> {
    const content = await readFile(this.#pidFile, 'utf8').catch(() => '');
    const pid = Number.parseInt(content, 10);
    if (!(pid > 0) || (await processStart(pid)) === undefined) return undefined;
    return (await commandLine(pid)).includes(this.#directory) ? pid : undefined;
  }

  /**
   * After a crash the number in postmaster.pid may by now belong to somebody else, and PostgreSQL, which looks
   * only at the number, would refuse to start.
   */
  async forgetDeadServer(): Promise<void> {
    if ((await this.postmaster()) === undefined) await rm(this.#pidFile, { force: true });
  }

  get #pidFile(): string {
    return join(this.#directory, 'postmaster.pid');
  }

  #pgCtl(action: 'start' | 'stop', seconds: number, more: string[]): Promise<CommandResult> {
    const args = [
      action,
      '--silent',
      '--wait',
      `--timeout=${seconds}`,
      `--pgdata=${this.#directory}`,
      ...more,
    ];
    // A second, impatient Ctrl-C must not cut the orderly stop short.
    return this.#run(this.#binaries.pgCtl, args, { detached: action === 'stop' });
  }

  async #run(program: string, args: string[], options: { detached?: boolean } = {}): Promise<CommandResult> {
    try {
      return await runCommand(program, args, {
        ...options,
        cwd: dirname(this.#directory),
        user: this.#owner,
      });
    } catch (error) {
      throw new EmbeddedPostgresError(`${basename(program)} could not be run: ${reasonOf(error)}`);
    }
  }

  async #removeDrafts(): Promise<void> {
    const folder = dirname(this.#directory);
    const drafts = (await readdir(folder)).filter((name) =>
      name.startsWith(`${basename(this.#directory)}.draft-`),
    );
    // An initdb that outlived its killed parent may still write for a moment, hence the retries.
    const patiently = { recursive: true, force: true, maxRetries: 10, retryDelay: 50 };
    await Promise.all(drafts.map((name) => rm(join(folder, name), patiently).catch(() => undefined)));
  }

  /** What the server itself had to say since `from`, in its own words. */
  async #lastComplaint(from: number): Promise<string | undefined> {
    const log = await open(this.#log).catch(() => undefined);
    if (!log) return undefined;
    const text = await log.read({ position: from, buffer: Buffer.alloc(64 * 1024) });
    await log.close();
    const lines = text.buffer.toString('utf8', 0, text.bytesRead).split('\n');
    return lines.findLast((line) => /\b(FATAL|PANIC): /.test(line))?.replace(/^.*?\b(?:FATAL|PANIC):\s+/, '');
  }
}

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => undefined);
  return found?.size ?? 0;
}

function asOptions(settings: Readonly<Record<string, string>>): string {
  // pg_ctl hands this to a shell.
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}='${value.replaceAll("'", `'\\''`)}'`)
    .join(' ');
}

/** The line in which a PostgreSQL program names the error, or else its last word. */
function reasonIn(output: string): string {
  const lines = output.split('\n');
  return lines.find((line) => /\berror: /.test(line)) ?? (lines.at(-1) || 'no reason given');
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
