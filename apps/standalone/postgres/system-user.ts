import { stat } from 'node:fs/promises';
import { EmbeddedPostgresError, reasonOf } from './embedded-postgres-error.ts';
import { runCommand, type SystemUser } from './run-command.ts';

const NAME = 'postgres';

/**
 * Undefined when we are not root: the database then runs as ourselves. An existing folder keeps its owner, so a
 * database begun by an ordinary user still starts when root runs it; a new one belongs to `postgres`.
 */
export async function databaseUser(folder: string): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(folder).catch(() => undefined);
  if (owner && owner.uid !== 0) return { name: `user ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  return (await lookUp()) ?? (await create());
}

/** Fails with advice when that user cannot use what it needs, as when everything lies under /root. */
export async function ensureReachable(user: SystemUser, program: string, folder: string): Promise<void> {
  const check = 'test -x "$0" || { echo "$0"; exit 1; }; test -w "$1" || { echo "$1"; exit 1; }';
  const { succeeded, output } = await runCommand('/bin/sh', ['-c', check, program, folder], {
    cwd: '/',
    user,
  });
  if (succeeded) return;
  throw new EmbeddedPostgresError(
    `The database runs as system user "${user.name}" (PostgreSQL refuses root), which cannot reach ${output}: ` +
      'move the checkout and its data folder to a place every user may enter, such as /opt, ' +
      'or start as an ordinary user.',
  );
}

async function lookUp(): Promise<SystemUser | undefined> {
  const [uid, gid] = await Promise.all([runCommand('id', ['-u', NAME]), runCommand('id', ['-g', NAME])]);
  if (!uid.succeeded || !gid.succeeded) return undefined;
  return { name: NAME, uid: Number(uid.output), gid: Number(gid.output) };
}

async function create(): Promise<SystemUser> {
  let reason = 'it is still unknown afterwards';
  try {
    await runCommand('groupadd', ['--system', NAME]); // fails when the group is there already, which is fine
    const shell = ['--home-dir', '/nonexistent', '--no-create-home', '--shell', '/usr/sbin/nologin'];
    const added = await runCommand('useradd', ['--system', '--gid', NAME, ...shell, NAME]);
    const user = await lookUp();
    if (user) return user;
    reason = added.output || reason;
  } catch (error) {
    reason = reasonOf(error);
  }
  throw new EmbeddedPostgresError(
    `PostgreSQL refuses to run as root, and the system user "${NAME}" could not be created (${reason}): ` +
      'create that user, or start as an ordinary one.',
  );
}
