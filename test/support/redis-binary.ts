import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The Redis (or Valkey) server of this machine. */
export async function findRedisServer(): Promise<string> {
  const found = (await onPath('redis-server')) ?? (await onPath('valkey-server'));
  if (found) return found;
  throw new Error('The tests need redis-server or valkey-server on the PATH: install one of them.');
}

/** The same, after installing it where that can be done without asking. */
export async function findOrInstallRedisServer(): Promise<string> {
  try {
    return await findRedisServer();
  } catch (missing) {
    if (process.getuid?.() !== 0 || !(await onPath('apt-get'))) throw missing;
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update'], { env });
    await run('apt-get', ['install', '-y', '--no-install-recommends', 'redis-server'], { env });
    return findRedisServer();
  }
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
