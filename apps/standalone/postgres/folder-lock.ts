import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { processStart } from './process-table.ts';

interface Holder {
  readonly pid: number;
  readonly started: string;
}

/** Held as long as this process uses the folder; a lock whose holder has died counts for nothing. */
export interface FolderLock {
  release(): Promise<void>;
}

/** Takes the folder for this process, or says in one sentence who has it. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, 'lock');
  const draft = `${path}.${process.pid}`;
  const self: Holder = { pid: process.pid, started: (await processStart(process.pid)) ?? '' };

  for (;;) {
    await writeFile(draft, JSON.stringify(self));
    try {
      // A hard link appears at once and complete: nobody ever reads a lock that is half written.
      await link(draft, path);
      return { release: () => rm(path, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      await rm(draft, { force: true });
    }
    await removeWhenStale(path, folder);
  }
}

async function removeWhenStale(path: string, folder: string): Promise<void> {
  const found = await readFile(path, 'utf8').catch(() => '');
  await refuseLivingHolder(found, folder);

  // Moved aside first: had somebody else just renewed the lock, it is theirs that we now hold in hand.
  const aside = `${path}.stale.${process.pid}`;
  await rename(path, aside).catch(() => undefined);
  const moved = await readFile(aside, 'utf8').catch(() => found);
  if (moved !== found) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

async function refuseLivingHolder(content: string, folder: string): Promise<void> {
  const holder = parseHolder(content);
  if (!holder || (await processStart(holder.pid)) !== holder.started) return;
  throw new EmbeddedPostgresError(
    `Another process (${holder.pid}) is running its database in ${folder}: ` +
      'stop it first, or give this one a data folder of its own.',
  );
}

function parseHolder(content: string): Holder | undefined {
  try {
    const { pid, started } = JSON.parse(content) as Partial<Holder>;
    return typeof pid === 'number' && typeof started === 'string' ? { pid, started } : undefined;
  } catch {
    return undefined;
  }
}
