import { spawn } from 'node:child_process';

/** Whom a program runs as when we are root. */
export interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly user?: SystemUser | undefined;
  /** A group of its own: the terminal's Ctrl-C does not reach it. */
  readonly detached?: boolean;
}

export interface CommandResult {
  readonly succeeded: boolean;
  /** Both streams, trimmed. */
  readonly output: string;
}

// Not our own environment: PGPORT, PGDATA or a locale that is not installed would change what the server does,
// and nothing in there is its business.
const UNIX_ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
};

/** Runs a program to its end. Rejects only when it could not be started at all. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: options.detached ?? false,
      windowsHide: true,
      ...(process.platform === 'win32' ? {} : { env: UNIX_ENVIRONMENT }),
      ...(options.cwd ? { cwd: options.cwd } : {}),
      ...(options.user ? { uid: options.user.uid, gid: options.user.gid } : {}),
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({ succeeded: code === 0, output: Buffer.concat(chunks).toString('utf8').trim() }),
    );
  });
}
