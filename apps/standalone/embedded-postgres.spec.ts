import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { temporaryFolder } from '../../test/support/run-folder.ts';
import { EmbeddedPostgres, EmbeddedPostgresError } from './embedded-postgres.ts';
import { processStart } from './postgres/process-table.ts';

/** One cluster for all tests: making one is what takes the time. */
let folder: string;
let database: EmbeddedPostgres;

beforeAll(async () => {
  folder = await temporaryFolder('embedded');
  database = open(folder);
  await query(await database.start(), 'CREATE TABLE presses (id int)');
});

afterEach(() => database.stop());

it('keeps the data and the port over a stop and a start', async () => {
  const url = await database.start();
  await query(url, 'INSERT INTO presses VALUES (1)');
  await database.stop();
  await expect(query(url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');

  expect(await database.start()).toBe(url);
  expect(await query(url, 'SELECT id FROM presses')).toEqual([{ id: 1 }]);
});

it('listens on this machine only and lets nobody in without the password', async () => {
  const url = new URL(await database.start());
  expect(await query(url.href, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
  expect((await stat(join(folder, 'postgres/password'))).mode & 0o777).toBe(0o600);

  url.password = 'guessed';
  await expect(query(url.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
});

it('does not start twice when asked twice', async () => {
  const [first, second] = await Promise.all([database.start(), database.start()]);
  expect(second).toBe(first);
});

it('does nothing when it is stopped and does not run', async () => {
  await database.stop();
  await expect(database.stop()).resolves.toBeUndefined();
});

it('comes back on the same port after a crash, with everything that was committed', async () => {
  const url = await database.start();
  await query(url, 'INSERT INTO presses VALUES (2)');
  const crashed = database.pid;
  await database.kill();
  expect(database.pid).toBeUndefined();

  expect(await database.start()).toBe(url);
  expect(database.pid).not.toBe(crashed);
  expect(await query(url, 'SELECT id FROM presses WHERE id = 2')).toHaveLength(1);
});

it('takes over from a killed process whose server still runs', async () => {
  const module = new URL('./embedded-postgres.ts', import.meta.url).href;
  const program = `import { EmbeddedPostgres } from ${JSON.stringify(module)};
    const database = new EmbeddedPostgres(${JSON.stringify(optionsFor(folder))});
    await database.start();
    console.log(database.pid);
    process.kill(process.pid, 'SIGKILL');`;
  const killed = spawn(process.execPath, ['--input-type=module', '--eval', program]);
  const [output] = (await once(killed.stdout, 'data')) as [Buffer];
  await once(killed, 'close');
  expect(await processStart(Number(output))).toBeDefined();

  const url = await database.start();
  expect(await processStart(Number(output))).toBeUndefined();
  expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

it('is not stopped by a pid file whose number belongs to somebody else by now', async () => {
  await database.start();
  await database.kill();
  const pidFile = join(folder, 'postgres/cluster/postmaster.pid');
  const stale = await readFile(pidFile, 'utf8');
  await writeFile(pidFile, stale.replace(/^\d+/, String(process.pid)));

  await expect(database.start()).resolves.toContain('postgresql://');
});

it('refuses a folder that is in use and leaves its user alone', async () => {
  const url = await database.start();
  const pid = database.pid;

  const failure = await failureOf(open(folder));
  expect(failure.message).toContain(`Another process (${process.pid}) is running its database in ${folder}`);
  expect(database.pid).toBe(pid);
  expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

it('says in one sentence that the data folder cannot be written', async () => {
  const file = join(await temporaryFolder(), 'a-file');
  await writeFile(file, '');

  const failure = await failureOf(open(join(file, 'data')));
  expect(failure.message).toContain(`The data folder ${file}/data/postgres cannot be written`);
  expect(failure.message).not.toContain('\n');
});

it("quotes the server's own reason when it does not start, without the password, and frees the folder", async () => {
  const password = await readFile(join(folder, 'postgres/password'), 'utf8');

  const failure = await failureOf(
    new EmbeddedPostgres({ ...optionsFor(folder), settings: { work_mem: 'much' } }),
  );
  expect(failure.message).toContain('invalid value for parameter "work_mem"');
  expect(failure.message).not.toContain(password);
  await expect(database.start()).resolves.toContain('postgresql://');
});

function optionsFor(folder: string) {
  return { folder, database: 'broker', user: 'broker', settings: { fsync: 'off' } };
}

function open(folder: string): EmbeddedPostgres {
  return new EmbeddedPostgres(optionsFor(folder));
}

async function failureOf(database: EmbeddedPostgres): Promise<Error> {
  const failure: unknown = await database.start().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(EmbeddedPostgresError);
  return failure as Error;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
