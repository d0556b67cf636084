import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { house, KEY, OTHER_KEY } from '../support/house.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { AppProcess } from '../support/processes.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { ADMIN_KEY } from '../support/world.ts';

const NAMES = ['api', 'worker'] as const;

/** After a power cut nobody knows which machine is up first. */
describe('an api and a worker, with jobs in PostgreSQL, that are started before it', () => {
  const apps: Record<(typeof NAMES)[number], AppProcess> = {} as never;
  let database: TestDatabase;
  let line: TcpProxy;
  let gateway: HttpReceiver;
  let urls: Record<(typeof NAMES)[number], string>;

  beforeAll(async () => {
    [database, gateway] = await Promise.all([createDatabase(), HttpReceiver.start()]);
    const address = new URL(database.url);
    line = await TcpProxy.start({ host: address.hostname, port: Number(address.port) });
    line.refuse(true);
    address.port = String(line.port);
    const [port, workerPort] = [String(await freePort()), String(await freePort())];
    urls = { api: `http://127.0.0.1:${port}`, worker: `http://127.0.0.1:${workerPort}` };
    const environment = {
      DATABASE_URL: address.href,
      ADMIN_API_KEY: ADMIN_KEY,
      PORT: port,
      WORKER_PORT: workerPort,
      SENDXMS_ENABLED: 'true',
      SENDXMS_BASE_URL: gateway.url,
    };
    for (const name of NAMES) apps[name] = await AppProcess.start(name, environment);
  });

  afterAll(async () => {
    await Promise.all(Object.values(apps).map((app) => app.kill('SIGKILL')));
    await Promise.all([line.close(), gateway.close()]);
    await database.drop();
  });

  it('say so, and ring and hear the bell once it is there, without being started anew', async () => {
    await apps.worker.waitForLog(({ message }) => String(message).includes('cannot be read'));
    expect((await fetch(`${urls.worker}/readyz`)).status).toBe(503);
    expect((await fetch(`${urls.api}/readyz`)).status).toBe(503);
    line.refuse(false);
    await Promise.all(NAMES.map((name) => apps[name].waitForReady(`${urls[name]}/readyz`)));
    const seeded = await fetch(`${urls.api}/v1/admin/seed`, {
      method: 'POST',
      headers: { 'X-Admin-Key': ADMIN_KEY, 'Content-Type': 'application/json' },
      body: house([{ id: 'guard' }]),
    });
    expect(seeded.status).toBe(200);

    // A row is the bell's alone for its first second; whoever is told sooner was rung for.
    const keys = [KEY, OTHER_KEY];
    await until('the bell rings', async () => {
      const key = keys[gateway.count() % 2] ?? KEY;
      const { alarm_id: id } = (await (await fetch(`${urls.api}/v1/yealink/alarm?token=${key}`)).json()) as {
        alarm_id: string;
      };
      const pressed = performance.now();
      const told = await gateway.next();
      await fetch(`${urls.api}/v1/alarms/${id}/resolve`, {
        method: 'POST',
        headers: { 'X-Admin-Key': ADMIN_KEY, 'Content-Type': 'application/json' },
        body: '{}',
      });
      return told.receivedAt - pressed < 900;
    });
  });
});
