import { execFile } from 'node:child_process';
import { join } from 'node:path';

import { HttpReceiver } from '../support/http-receiver.ts';
import { temporaryFolder } from '../support/run-folder.ts';

const ROOT = join(import.meta.dirname, '../..');

/** What a registry says about one package; npm asks it about all at once. */
const advisory = (severity: string) => ({
  id: 1,
  url: 'https://advisories.example/1',
  title: 'Reads what it should not',
  severity,
  vulnerable_versions: '>=0',
});

describe('npm run audit', () => {
  let registry: HttpReceiver;

  beforeAll(async () => {
    registry = await HttpReceiver.start();
  });

  afterAll(() => registry.close());

  const audit = async (): Promise<{ code: number; output: string }> => {
    const env = {
      PATH: process.env['PATH'],
      npm_config_registry: registry.url,
      npm_config_fetch_retries: '0',
      // npm remembers what it was told about a package.
      npm_config_cache: await temporaryFolder('npm'),
    };
    return new Promise((resolve) => {
      execFile(process.execPath, [join(ROOT, 'scripts/audit.mjs')], { env }, (error, stdout) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout }),
      );
    });
  };

  const knows = (found: Record<string, unknown>): void => {
    registry.answer(({ method }) => (method === 'POST' ? { body: found } : { status: 404, body: {} }));
  };

  it('fails for a grave vulnerability in a package that production runs, and names it', async () => {
    knows({ pg: [advisory('high')] });
    expect(await audit()).toEqual({
      code: 1,
      output: expect.stringContaining('high: pg: Reads what it should not (https://advisories.example/1)'),
    });
  });

  it('tells of a lesser one, and lets it be', async () => {
    knows({ pg: [advisory('moderate')] });
    expect(await audit()).toEqual({ code: 0, output: expect.stringContaining('1 known, 0 of them high') });
  });

  it('does not fail because nobody can be asked', async () => {
    registry.answer({ status: 405, body: {} });
    expect(await audit()).toEqual({ code: 0, output: expect.stringContaining('could not be asked') });
  });
});
