import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A program of this machine that the tests start, and the Debian package it comes in. */
export interface Program {
  /** Under which names it is known; the first that is found is taken. */
  readonly names: readonly [string, ...string[]];
  readonly debianPackage: string;
}

export const REDIS_SERVER: Program = {
  names: ['redis-server', 'valkey-server'],
  debianPackage: 'redis-server',
};
export const CHROMIUM: Program = {
  names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  debianPackage: 'chromium',
};
/** A server with its tools; Debian has only its manager on the PATH. */
export const POSTGRESQL: Program = {
  names: ['initdb', 'pg_ctlcluster'],
  debianPackage: 'postgresql',
};

export const PGBENCH: Program = { names: ['pgbench'], debianPackage: 'postgresql' };
/** 1.21 or newer, for what its kustomize understands; Debian 12's own is older. */
export const KUBECTL: Program = { names: ['kubectl'], debianPackage: 'kubernetes-client' };

/** @throws Error that names what has to be installed. */
export async function findProgram({ names, debianPackage }: Program): Promise<string> {
  for (const name of names) {
    const found = await onPath(name);
    if (found !== undefined) return found;
  }
  throw new Error(
    `The tests need ${names.join(' or ')} on the PATH: install it (Debian package ${debianPackage}).`,
  );
}

/** The same, after installing what is missing where that can be done without asking. */
export async function findOrInstall(programs: readonly Program[]): Promise<void> {
  const missing: { program: Program; error: unknown }[] = [];
  for (const program of programs) {
    await findProgram(program).catch((error: unknown) => missing.push({ program, error }));
  }
  const [first] = missing;
  if (first === undefined) return;
  if (process.getuid?.() !== 0 || (await onPath('apt-get')) === undefined) throw first.error;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const packages = missing.map(({ program }) => program.debianPackage);
  await run('apt-get', ['update'], { env });
  await run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env });
  for (const { program } of missing) await findProgram(program);
}

async function onPath(program: string): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, program);
    const usable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (folder && usable) return path;
  }
  return undefined;
}
