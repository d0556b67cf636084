import { execFile } from 'node:child_process';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { BUILD, VERSION } from '#platform';

import { temporaryFolder } from '../support/run-folder.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('what a build says of itself', () => {
  /** An installation with nothing but these files, asked by the built module. */
  const asked = async (files: Record<string, string>): Promise<unknown> => {
    const folder = await temporaryFolder('build');
    const module = join(folder, 'build-info.js');
    await copyFile(join(ROOT, 'dist/libs/platform/build-info.js'), module);
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    const program = `import { BUILD, VERSION } from '${module}'; console.log(JSON.stringify({ VERSION, BUILD }))`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
    return JSON.parse(stdout);
  };
  const packageJson = '{"name":"x","type":"module","version":"1.2.3"}';

  it('is the release alone in a working copy', async () => {
    expect(VERSION).toBe(JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')).version);
    expect(BUILD).toEqual({ commit: null, builtAt: null });
  });

  it('is what the image wrote down', async () => {
    const notes = '{"commit":"0f1e2d3c","builtAt":"2026-03-01T12:00:00Z"}';
    expect(await asked({ 'package.json': packageJson, 'build-info.json': notes })).toEqual({
      VERSION: '1.2.3',
      BUILD: { commit: '0f1e2d3c', builtAt: '2026-03-01T12:00:00Z' },
    });
  });

  it.each([
    ['was told nothing', '{"commit":"unknown","builtAt":"unknown"}'],
    ['has no notes that can be read', '{'],
  ])('is nothing more where the build %s', async (_what, notes) => {
    expect(await asked({ 'package.json': packageJson, 'build-info.json': notes })).toEqual({
      VERSION: '1.2.3',
      BUILD: { commit: null, builtAt: null },
    });
  });
});
