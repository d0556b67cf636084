import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** Licences that ask for no more than to be kept with a copy; the names are those of SPDX. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
]);

/** Packages that say it in another way than package.json does today; looked at by a person. */
const KNOWN: Readonly<Record<string, string>> = {
  // Zero-Clause BSD, by the name it had before SPDX gave it one.
  'htmx.org': 'BSD-0-Clause',
};

interface Locked {
  readonly dev?: boolean;
  readonly license?: string;
}

/** Every package that production installs, by its folder, with its licence. */
async function production(): Promise<[string, string | undefined][]> {
  const lock = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>;
  };
  const packages = Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && !dev);
  return Promise.all(
    packages.map(
      async ([path, { license }]) => [path, license ?? (await oldForm(path))] as [string, string | undefined],
    ),
  );
}

/** `licenses: [{ type }]`, as package.json had it until 2014. */
async function oldForm(path: string): Promise<string | undefined> {
  const { licenses } = JSON.parse(await readFile(join(ROOT, path, 'package.json'), 'utf8')) as {
    licenses?: { type: string }[];
  };
  return licenses?.map(({ type }) => type).join(' OR ');
}

/** An expression as SPDX has them, without brackets: one of several will do, or all are needed. */
function isAllowed(expression: string): boolean {
  return expression
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((licence) => ALLOWED.has(licence)));
}

describe('the packages that production runs', () => {
  it('may all be used and passed on by everybody, as this project may', async () => {
    const packages = await production();
    const others = packages.filter(([path, licence = 'none']) => {
      const name = path.replace(/^.*node_modules\//, '');
      return !isAllowed(licence) && KNOWN[name] !== licence;
    });

    expect(packages.length).toBeGreaterThan(100);
    expect(others).toEqual([]);
  });

  it('would be missed if one could not be', () => {
    for (const licence of ['GPL-3.0-only', 'MIT AND GPL-3.0-only', 'SSPL-1.0', 'UNLICENSED', '']) {
      expect(isAllowed(licence)).toBe(false);
    }
    expect(isAllowed('(GPL-2.0-only OR MIT)')).toBe(true);
  });

  it('come from the lock file with a checksum each', async () => {
    const lock = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8'));
    const unchecked = Object.entries<{ integrity?: string }>(lock.packages)
      .filter(([path, { integrity }]) => path !== '' && !integrity?.startsWith('sha512-'))
      .map(([path]) => path);
    expect(unchecked).toEqual([]);
  });
});
