import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';

import { readSettings, secretSettingNames, settingNames } from '#platform';

/** An active line or one that is commented out, below what it means. */
const ENTRY = /^(# )?([A-Z][A-Z0-9_]*)=(.*)$/;

describe('.env.example', () => {
  const defaults = readSettings({});
  let lines: string[];
  let entries: { name: string; value: string; active: boolean; above: string }[];

  beforeAll(async () => {
    lines = (await readFile(new URL('../.env.example', import.meta.url), 'utf8')).split('\n');
    entries = lines.flatMap((line, i) => {
      const [, comment, name = '', value = ''] = ENTRY.exec(line) ?? [];
      return name === '' ? [] : [{ name, value, active: comment === undefined, above: lines[i - 1] ?? '' }];
    });
  });

  it('lists every setting once, in the order of the code, and nothing else', () => {
    expect(entries.map(({ name }) => name)).toEqual(settingNames());
  });

  it('gives every setting its default', () => {
    for (const { name, value } of entries) {
      const key = name as keyof typeof defaults;
      expect({ [name]: readSettings({ [name]: value })[key] }).toEqual({ [name]: defaults[key] });
    }
  });

  it('comments out exactly the settings that have no default', () => {
    const active = entries.filter((entry) => entry.active).map(({ name }) => name);

    expect(active).toEqual(settingNames().filter((name) => defaults[name] !== undefined));
  });

  it('gives away no secret', () => {
    for (const { name, value } of entries) if (secretSettingNames().has(name)) expect(value).toBe('');
  });

  it('says of every setting what it means', () => {
    for (const { name, above } of entries) {
      expect(`${name}: ${above}`).toMatch(/: # [^-].*/);
      expect(above).not.toMatch(ENTRY);
    }
  });

  it('changes nothing when it is copied to .env as it is', () => {
    expect(readSettings(parseEnv(lines.join('\n')))).toEqual(defaults);
  });

  it('can be read without scrolling sideways', () => {
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
  });
});
