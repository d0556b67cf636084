/** A broker to look at or to measure: simulated channels, a database of its own, gone when it is stopped. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { ROOT, RUNTIME } from './command.mjs';
import { buildIfChanged } from './prepare.mjs';

const KEY = 'the key of a broker to look at';

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

/** Starts it with the built program. `post` sends JSON, or text as YAML, with a key that may do everything. */
export async function startOwnBroker() {
  await buildIfChanged();
  const folder = await mkdtemp(join(tmpdir(), 'alarm-broker-'));
  // PostgreSQL runs as somebody else where this runs as root.
  await chmod(folder, 0o755);
  const [port, workerPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const broker = spawn(RUNTIME, [join(ROOT, 'dist/apps/standalone/main.js')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      DATA_DIR: folder,
      PORT: String(port),
      WORKER_PORT: String(workerPort),
      LISTEN_HOST: '127.0.0.1',
      ADMIN_API_KEY: KEY,
      SIMULATION_ENABLED: 'true',
      LOG_LEVEL: 'ERROR',
    },
  });
  const stop = async () => {
    if (broker.exitCode === null) {
      broker.kill('SIGTERM');
      await once(broker, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  };
  const post = (path, body) =>
    fetch(url + path, {
      method: 'POST',
      headers: {
        'X-Admin-Key': KEY,
        'Content-Type': typeof body === 'string' ? 'application/yaml' : 'application/json',
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const isReady = () =>
    fetch(`${url}/readyz`)
      .then((answer) => answer.ok)
      .catch(() => false); // Not listening yet.
  while (!(await isReady())) {
    if (broker.exitCode !== null) {
      await stop();
      throw new Error('The broker did not start.');
    }
    await sleep(200);
  }
  return { url, key: KEY, post, stop };
}

/** Signs somebody in at the console, in a page of Playwright, and waits for the board. */
export async function signIn(page, { url, key }, called = '') {
  await page.goto(`${url}/admin`);
  await page.fill('input[name="key"]', key);
  await page.fill('input[name="called"]', called);
  await Promise.all([page.waitForEvent('load'), page.click('main button[type="submit"]')]);
  await page.waitForSelector('#connection[data-state="live"]', { state: 'attached' });
}
