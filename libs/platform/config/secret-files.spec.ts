import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { SettingsError } from './read-settings.ts';
import { withSecretFiles } from './secret-files.ts';
import { secretSettingNames } from './setting-decorators.ts';

/** What an operator is told. */
function complaint(environment: Record<string, string>): string {
  try {
    withSecretFiles(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return 'none';
}

describe('a secret in a file', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'secret-files-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  const fileWith = async (content: string): Promise<string> => {
    const file = join(folder, 'secret');
    await writeFile(file, content);
    return file;
  };

  it('is the value of every setting that is one, without the white space around it', async () => {
    const file = await fileWith('\n  two words\r\n\n');
    const names = [...secretSettingNames()];
    expect(names).toEqual(expect.arrayContaining(['DATABASE_URL', 'ADMIN_API_KEY', 'SMTP_URL']));

    const read = withSecretFiles(Object.fromEntries(names.map((name) => [`${name}_FILE`, file])));

    for (const name of names) expect([name, read[name]]).toEqual([name, 'two words']);
  });

  it('leaves everything else as it is, and what is no secret out of it', async () => {
    const file = await fileWith('8080');
    const environment = { PORT_FILE: file, TEMPLATES_FILE: file, BASE_URL: 'http://h' };

    expect(withSecretFiles(environment)).toEqual(environment);
  });

  it('is refused beside the setting itself, for nobody could say which of them counts', async () => {
    const file = await fileWith('hunter2');

    expect(complaint({ SMTP_URL: 'smtp://hunter2@h', SMTP_URL_FILE: file })).toBe(
      'Bad settings: SMTP_URL and SMTP_URL_FILE must not both be set.',
    );
  });

  it('does not count beside, or by, an empty variable', async () => {
    const file = await fileWith('hunter2');

    expect(withSecretFiles({ SMTP_URL: '', SMTP_URL_FILE: file })['SMTP_URL']).toBe('hunter2');
    expect(withSecretFiles({ SMTP_URL: 'smtp://h', SMTP_URL_FILE: '' })['SMTP_URL']).toBe('smtp://h');
  });

  it('is missed by name when it cannot be had, every one of them at once', async () => {
    const empty = await fileWith(' \n');
    const missing = join(folder, 'hunter2');

    expect(complaint({ ADMIN_API_KEY_FILE: missing, REDIS_URL_FILE: empty, DATABASE_URL_FILE: folder })).toBe(
      'Bad settings: ADMIN_API_KEY_FILE must name a file that can be read (ENOENT); ' +
        'DATABASE_URL_FILE must name a file that can be read (EISDIR); ' +
        'REDIS_URL_FILE must name a file that is not empty.',
    );
  });

  it('is read anew whenever it is asked for', async () => {
    const file = await fileWith('first');
    expect(withSecretFiles({ NTFY_TOKEN_FILE: file })['NTFY_TOKEN']).toBe('first');
    await chmod(file, 0o600);
    await writeFile(file, 'second');
    expect(withSecretFiles({ NTFY_TOKEN_FILE: file })['NTFY_TOKEN']).toBe('second');
  });
});
