/**
 * Cleans up after a test run, however it ended: finished, Ctrl-C, kill -9. It is started by the global setup in a
 * session of its own and waits for the pipe from Jest to close, which the system does for every dead process.
 */
import { glob, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLine, processStart } from '../../apps/standalone/postgres/process-table.ts';

const folder = process.argv[2] ?? '';

process.stdin.resume().once('close', () => void reap());

async function reap(): Promise<void> {
  for (const pid of await readdir(join(folder, 'pids'))) {
    const started = await readFile(join(folder, 'pids', pid), 'utf8');
    if ((await processStart(Number(pid))) === started) kill(Number(pid));
  }
  // After the processes above, one of which might otherwise start its database again.
  for await (const file of glob('**/postmaster.pid', { cwd: folder })) {
    const pid = Number.parseInt(await readFile(join(folder, file), 'utf8'), 10);
    if ((await commandLine(pid)).includes(folder)) kill(pid);
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in this very moment.
  }
}
