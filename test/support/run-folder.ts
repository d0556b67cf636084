import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processStart } from '../../apps/standalone/postgres/process-table.ts';

// One folder holds everything a test run leaves on the disk; the reaper removes it (see reaper.mts).
const VARIABLE = 'TEST_RUN_FOLDER';

/** Makes the folder of this test run and tells the Jest workers about it. */
export async function makeRunFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'alarm-broker-test-'));
  // A database started by root runs as another user, who has to get in.
  await chmod(folder, 0o755);
  await mkdir(join(folder, 'pids'));
  process.env[VARIABLE] = folder;
  return folder;
}

/** A new empty folder. Nobody has to remove it; a database left running in it is killed after the run. */
export async function temporaryFolder(name = 'tmp'): Promise<string> {
  const folder = await mkdtemp(join(runFolder(), `${name}-`));
  await chmod(folder, 0o755);
  return folder;
}

/** Has this process killed at the end of the test run, however the run ends. */
export async function reapAfterRun(pid: number | undefined): Promise<void> {
  if (pid === undefined) return;
  await writeFile(join(runFolder(), 'pids', String(pid)), (await processStart(pid)) ?? '');
}

function runFolder(): string {
  const folder = process.env[VARIABLE];
  if (!folder) throw new Error(`${VARIABLE} is not set: Jest's global setup did not run.`);
  return folder;
}
