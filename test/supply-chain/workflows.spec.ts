import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parse } from 'yaml';

const FOLDER = join(import.meta.dirname, '../../.github/workflows');

interface Workflow {
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly permissions?: unknown;
  readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
}

describe('what a public forge runs', () => {
  let workflows: Workflow[];

  beforeAll(async () => {
    workflows = await Promise.all(
      (await readdir(FOLDER)).map(
        async (name) => parse(await readFile(join(FOLDER, name), 'utf8')) as Workflow,
      ),
    );
  });

  const steps = (): Job['steps'] =>
    workflows.flatMap(({ jobs }) => Object.values(jobs).flatMap((job) => job.steps));

  it('may read and nothing else', () => {
    expect(workflows.length).toBeGreaterThan(0);
    for (const { permissions, jobs } of workflows) {
      expect(permissions).toEqual({ contents: 'read' });
      for (const job of Object.values(jobs)) expect(job.permissions).toBeUndefined();
    }
  });

  it('uses actions of others by commit, for a tag can be moved', () => {
    const used = steps().flatMap(({ uses }) => uses ?? []);
    expect(used.length).toBeGreaterThan(0);
    for (const action of used) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
  });

  it('runs the tests as everybody does, builds the image, and publishes nothing', () => {
    const commands = steps().flatMap(({ run }) => run ?? []);
    expect(commands).toContain('npm test');
    expect(commands.join('\n')).toContain('docker compose -f docker/compose.yaml up --build');
    expect(commands.join('\n')).not.toMatch(/\b(push|publish|login|secrets\.)/);
  });
});
