/** A broker for scripts that look at it: everything in one process, in simulation, with the bundled demo data. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT, RUNTIME } from './command.mjs';

const ADMIN_KEY = 'the key of a demo';
const READY_WITHIN_MS = 60_000;

export const KEYS = {
  operations: 'MU_YLK_NORTH_OPS_2001',
  library: 'MU_YLK_NORTH_LIB_2002',
  laboratory: 'MU_YLK_CHEM_LAB_2003',
  surgery: 'MU_YLK_MED_OR_2004',
  lobby: 'MU_YLK_DORM_LOBBY_2005',
};

/**
 * Starts one with a database in a folder of its own, does something with it, and leaves nothing behind.
 * @param settings on top of the defaults of `npm start`
 */
export async function withDemoBroker(work, settings = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'alarm-broker-demo-'));
  // Started by root, the database runs as somebody else.
  await chmod(folder, 0o755);
  const port = await freePort();
  const env = {
    PORT: String(port),
    DATA_DIR: join(folder, 'data'),
    ADMIN_API_KEY: ADMIN_KEY,
    LOG_LEVEL: 'WARNING',
  };
  const program = join(ROOT, 'dist/apps/standalone/main.js');
  // In its own folder, so that no .env of this one is read.
  const child = spawn(RUNTIME, [program], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env, ...settings },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'close');
  try {
    const broker = new DemoBroker(`http://localhost:${port}`);
    await Promise.race([
      broker.ready(),
      ended.then(() => fail('The demo broker ended before it was ready.')),
    ]);
    return await work(broker);
  } finally {
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}

/** What scripts do with it. */
class DemoBroker {
  constructor(url) {
    this.url = url;
  }

  /** As the API, for an admin. */
  async ask(path, options = {}) {
    const headers = { 'X-Admin-Key': ADMIN_KEY, 'Content-Type': 'application/json' };
    const answer = await fetch(`${this.url}${path}`, { headers, ...options });
    if (!answer.ok) fail(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.status === 204 ? undefined : answer.json();
  }

  /** Presses an alarm key. @returns id and responder's link of the alarm, once the first step has been told. */
  async press(key, event = 'alarm.trigger') {
    const { alarm_id: id } = await this.ask(
      `/v1/yealink/alarm?${new URLSearchParams({ token: key, event })}`,
    );
    const { ack_token: token } = await this.ask(`/v1/alarms/${id}`);
    for (;;) {
      const told = await this.ask(`/v1/alarms/${id}/notifications`);
      if (told.length > 0 && told.every(({ status }) => status === 'sent')) break;
      await sleep(50);
    }
    return { id, link: `${this.url}/a/${token}` };
  }

  /** Presses a button of the responder's page. */
  async answer({ link }, fields) {
    const answer = await fetch(link, { method: 'POST', body: new URLSearchParams(fields) });
    if (!answer.ok) fail(`The responder's page answered ${answer.status}.`);
  }

  async ready() {
    const until = Date.now() + READY_WITHIN_MS;
    while (
      !(await fetch(`${this.url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      ))
    ) {
      if (Date.now() > until) fail('The demo broker was not ready in time.');
      await sleep(100);
    }
  }
}

function fail(message) {
  throw new Error(message);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
