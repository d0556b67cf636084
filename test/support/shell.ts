import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs lines as somebody who copies them into a shell; the first that fails ends it. @throws Error with what it said */
export async function shell(
  lines: string,
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<string> {
  const options = { cwd, env: { PATH: process.env['PATH'], ...env }, timeout: 60_000, maxBuffer: 2 ** 26 };
  const { stdout } = await run('bash', ['--norc', '-euo', 'pipefail', '-c', lines], options);
  return stdout;
}
