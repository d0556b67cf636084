import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { configurationFrom } from '#platform';

import { MessageTexts } from '../libs/notifications/texts/message-texts.ts';
import { LANGUAGES } from '../libs/notifications/texts/languages.ts';
import { SAMPLE_ALERT, sampleBrief } from '../libs/notifications/texts/sample-briefs.ts';
import { textVariables } from '../libs/notifications/texts/text-variables.ts';

describe('docs/message-texts.md', () => {
  let page: string;

  beforeAll(async () => {
    page = await readFile(join(import.meta.dirname, '../docs/message-texts.md'), 'utf8');
  });

  it('names every variable there is, and no other', () => {
    const table = page.slice(page.indexOf('| variable'), page.indexOf('- What is not known'));
    const documented = table
      .split('\n')
      .slice(2)
      .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([\w.]+)`/g)].map(([, name]) => name));
    const { change, ...others } = textVariables(sampleBrief('acknowledged'), LANGUAGES.en, 'UTC');
    const names = [
      ...Object.keys(others),
      'link',
      ...Object.keys(change as object).map((key) => `change.${key}`),
    ];

    expect(documented.sort()).toEqual(names.sort());
  });

  it('has an example that works', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'texts-'));
    const file = join(folder, 'texts.yaml');
    await writeFile(file, /```yaml\n(.*?)```/s.exec(page)?.[1] ?? '');
    const { settings } = configurationFrom({ TEMPLATES_FILE: file, DEFAULT_LANGUAGE: 'de' });
    const texts = new MessageTexts(settings);
    await rm(folder, { recursive: true });

    expect(texts.of('signal', SAMPLE_ALERT).subject).toBe('Hilferuf 12CD34: Counter 1, Etage 2, Town hall');
    expect(texts.of('sms', SAMPLE_ALERT).short).toBe(
      'STILL! Counter 1, Etage 2. 08:00:00. Quittieren: https://alarms.example/a/token',
    );
    expect(texts.of('email', SAMPLE_ALERT).html).toContain('<h1>Counter 1, Etage 2, Town hall</h1>');
  });
});
