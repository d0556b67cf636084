import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

import { processStart } from '../../apps/standalone/postgres/process-table.ts';
import { freePort } from '../support/free-port.ts';
import { AppProcess } from '../support/processes.ts';
import { temporaryFolder } from '../support/run-folder.ts';

/** `npm start` after the build: everything in one process, with nothing configured but a port and a folder. */
describe('the standalone broker', () => {
  let folder: string;
  let port: number;

  beforeAll(async () => {
    folder = join(await temporaryFolder('standalone'), 'data');
    port = await freePort();
  });

  const start = (settings: Readonly<Record<string, string>> = {}) =>
    AppProcess.start('standalone', { DATA_DIR: folder, PORT: String(port), ...settings });
  const url = () => `http://localhost:${port}`;
  const databasePid = async () => {
    const [pid = ''] = (await readFile(join(folder, 'postgres/cluster/postmaster.pid'), 'utf8')).split('\n');
    return Number(pid);
  };

  it('says what to open and press, does what it says, and stops completely', async () => {
    const broker = await start();
    await broker.waitForReady(`${url()}/readyz`);
    await broker.waitForLog((line) => line['message'] === 'listening');
    const key = (await readFile(join(folder, 'admin-key'), 'utf8')).trim();
    expect((await stat(join(folder, 'admin-key'))).mode & 0o777).toBe(0o600);

    const words = broker.output.join('\n');
    expect(words).toContain('Alarm Broker is running in simulation: nothing leaves this machine.');
    const [press = '', feed = ''] = [...words.matchAll(/curl .*$/gm)].map(([command]) => command);
    expect(press).toBe(`curl '${url()}/v1/yealink/alarm?token=MU_YLK_NORTH_LIB_2002'`);
    expect(feed).toBe(`curl -H 'X-Admin-Key: ${key}' ${url()}/v1/simulation/notifications`);

    const pressed = await fetch(/'(http.*)'/.exec(press)?.[1] ?? '');
    expect(await pressed.json()).toEqual({ ok: true, alarm_id: expect.any(String), status: 'triggered' });
    await broker.waitForLog((line) => line['message'] === 'notification sent');

    const postgres = await databasePid();
    expect(await processStart(postgres)).toBeDefined();
    expect(await broker.kill('SIGINT')).toEqual({ code: 0, signal: null });
    expect(await processStart(postgres)).toBeUndefined();
  });

  it('still knows its alarms and its key after a second start, and does not seed twice', async () => {
    const broker = await start();
    await broker.waitForReady(`${url()}/readyz`);
    const key = (await readFile(join(folder, 'admin-key'), 'utf8')).trim();
    const alarms = await fetch(`${url()}/v1/alarms`, { headers: { 'X-Admin-Key': key } });
    expect(await alarms.json()).toEqual([
      expect.objectContaining({ device_id: 'ylk-north-lib', status: 'triggered' }),
    ]);
    expect(broker.logs.map((line) => line['message'])).not.toContain('seed imported');

    expect(await broker.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  });

  it('says in one sentence that its port is taken, and leaves no database behind', async () => {
    // Unreferenced: should the test fail, it must not keep Jest waiting.
    const other = createServer().listen(0, '127.0.0.1').unref();
    await once(other, 'listening');
    const taken = (other.address() as AddressInfo).port;

    const broker = await start({ PORT: String(taken) });
    expect(await broker.exited).toEqual({ code: 1, signal: null });
    expect(complaint(broker)).toBe(`alarm-broker: Port ${taken} is already in use; set PORT to another one.`);
    await expect(databasePid()).rejects.toThrow('ENOENT');
    other.close();
  });

  it.each([
    [
      'a bad setting',
      { LOG_LEVEL: 'LOUD' },
      'Bad settings: LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR.',
    ],
    ['a bad number', { PORT: 'http' }, 'Bad settings: PORT must be a whole number from 0 to 65535.'],
    [
      'a half-configured channel',
      { WEBHOOK_ENABLED: 'yes' },
      'WEBHOOK_URL must be set because WEBHOOK_ENABLED is true',
    ],
  ])('says in one sentence that there is %s, and starts nothing', async (_what, settings, words) => {
    const broker = await start(settings);
    expect(await broker.exited).toEqual({ code: 1, signal: null });
    expect(complaint(broker)).toContain(words);
    await expect(databasePid()).rejects.toThrow('ENOENT');
  });

  it('says in one sentence that the data folder cannot be written', async () => {
    const file = join(await temporaryFolder(), 'a-file');
    await writeFile(file, '');
    const broker = await start({ DATA_DIR: join(file, 'data') });
    expect(await broker.exited).toEqual({ code: 1, signal: null });
    expect(complaint(broker)).toMatch(/^alarm-broker: The data folder .* cannot be written/);
  });
});

/** All that it said, which is to be one line. */
function complaint(broker: AppProcess): string {
  expect(broker.output).toHaveLength(1);
  return broker.output[0] ?? '';
}
