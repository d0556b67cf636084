/**
 * The main job in containers of a built image: migrate, api and worker with their secrets in files, against a
 * PostgreSQL, a Redis and an SMS gateway on the loopback. Started by `npm run try:image`, which builds the image.
 *
 * Arguments: where the image is mounted, its configuration as JSON, the commit it was built from.
 */
import assert from 'node:assert/strict';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgres } from '../../apps/standalone/embedded-postgres.ts';
import { freePort } from '../support/free-port.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { RedisServer } from '../support/redis-server.ts';
import { makeRunFolder } from '../support/run-folder.ts';
import { Container, userOf, type ContainerOptions, type ImageConfig } from './container.mts';

const [, , rootfs = '', configJson = '{}', commit] = process.argv;
const image = { rootfs, config: JSON.parse(configJson) as ImageConfig };
const STOP_WITHIN_MS = 8000;
const PRESSES = 300;
const SEED = `
sites: [{ id: hall, name: Town hall }]
rooms: [{ id: counter, site_id: hall, label: Counter 3 }]
persons: [{ id: ada, display_name: Ada }]
devices: [{ id: phone, device_token: KEY-OF-COUNTER-3, person_id: ada, room_id: counter }]
escalation_policy: { id: default, name: Hall }
escalation_targets: [{ id: guard, label: Guard, channel: sms, address: '+491' }]
escalation_steps: [{ policy_id: default, step_no: 0, after_seconds: 0, target_ids: [guard] }]
`;

await makeRunFolder();
const folder = await mkdtemp(join(tmpdir(), 'alarm-broker-image-'));
const containers: Container[] = [];
const postgres = new EmbeddedPostgres({ folder: join(folder, 'data'), database: 'alarm', user: 'alarm' });
const redis = new RedisServer();
const gateway = await HttpReceiver.start();
try {
  await chmod(folder, 0o755);
  await story();
} finally {
  await Promise.all(containers.map((container) => container.kill('KILL')));
  await Promise.all([gateway.close(), redis.stop(), postgres.stop()]);
  await rm(folder, { recursive: true, force: true });
}

async function story(): Promise<void> {
  const secrets = join(folder, 'secrets');
  await mkdir(secrets);
  await writeFile(join(secrets, 'database-url'), `${await postgres.start()}\n`);
  await writeFile(join(secrets, 'redis-url'), `${await redis.start()}\n`);
  const { uid, gid } = userOf(image.config);
  await chown(secrets, uid, gid);
  const ports = { api: await freePort(), worker: await freePort() };
  const url = `http://127.0.0.1:${ports.api}`;
  const options: ContainerOptions = {
    image,
    secrets,
    folder,
    env: {
      DATABASE_URL_FILE: '/run/alarm-broker/database-url',
      REDIS_URL_FILE: '/run/alarm-broker/redis-url',
      ADMIN_API_KEY_FILE: '/run/alarm-broker/admin-key',
      LISTEN_HOST: '127.0.0.1',
      PORT: String(ports.api),
      WORKER_PORT: String(ports.worker),
      BASE_URL: url,
      SENDXMS_ENABLED: 'true',
      SENDXMS_BASE_URL: gateway.url,
      RATE_LIMIT_PER_MINUTE: '10000',
    },
  };
  const start = async (name: string, changes: Partial<ContainerOptions> = {}): Promise<Container> => {
    const container = await Container.start(name, { ...options, ...changes });
    containers.push(container);
    return container;
  };

  const script = await readFile(new URL('../../docker/make-secrets.sh', import.meta.url), 'utf8');
  const making = await start('make-secrets', {
    entrypoint: ['/bin/sh', '-c', script],
    command: [],
    makesSecrets: true,
  });
  assert.equal(await making.exited, 0, making.output);
  const adminKey = (await readFile(join(secrets, 'admin-key'), 'utf8')).trim();
  assert.match(adminKey, /^[0-9a-f]{48}$/);
  told('made the secrets that were missing, as compose.yaml has it do');

  const call = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${url}${path}`, { ...init, headers: { 'X-Admin-Key': adminKey, ...init.headers } });

  for (const [name, words] of [
    ['migrate', 'Migrated:'],
    ['migrate-again', 'up to date'],
  ] as const) {
    const migrate = await start(name, { command: ['dist/apps/migrate/main.js'] });
    assert.equal(await migrate.exited, 0, migrate.output);
    assert.match(migrate.output, new RegExp(words));
  }
  told('migrated, and found nothing to do the second time');

  const api = await start('api');
  const worker = await start('worker', { command: ['dist/apps/worker/main.js'] });
  const ready = [`${url}/readyz`, `http://127.0.0.1:${ports.worker}/readyz`];
  const begun = performance.now();
  for (const [i, container] of [api, worker].entries()) {
    while ((await container.exec('node', 'healthcheck.mjs', ready[i] ?? '')) !== 0) {
      assert.ok(performance.now() - begun < 60_000, container.output);
      await sleep(200);
    }
  }
  for (const container of [api, worker]) {
    assert.equal(await container.exec('node', 'healthcheck.mjs'), 0, 'the health check of the image itself');
  }
  assert.equal(await api.exec('node', 'healthcheck.mjs', `${url}/nowhere`), 1);
  told(`api and worker ready by their own health checks after ${seconds(performance.now() - begun)}`);

  for (const path of ['/app/x', '/tmp/x', '/run/alarm-broker/x']) {
    const program = `require('node:fs').writeFileSync('${path}', '')`;
    assert.notEqual(await api.exec('node', '-e', program), 0, `${path} can be written`);
  }
  assert.equal(await api.exec('node', '-e', `process.exit(process.getuid() === 10001 ? 0 : 1)`), 0);
  told('user 10001, no capability, nothing can be written anywhere');

  const idle = [await api.memory(), await worker.memory()];
  const seeded = await call('/v1/admin/seed', {
    method: 'POST',
    body: SEED,
    headers: { 'Content-Type': 'application/yaml' },
  });
  assert.equal(seeded.status, 200);
  const pressedAt = performance.now();
  const pressed = await fetch(`${url}/v1/yealink/alarm?token=KEY-OF-COUNTER-3`);
  const { alarm_id: alarmId } = (await pressed.json()) as { alarm_id: string };
  const sms = await gateway.next();
  told(`pressed, and the guard was told ${seconds(sms.receivedAt - pressedAt)} later`);
  const link = /http\S+\/a\/\S+/.exec((sms.json as { message: string }).message)?.[0] ?? '';
  await fetch(link, { method: 'POST', body: new URLSearchParams({ acked_by: 'Eva' }) });
  const alarm = (await (await call(`/v1/alarms/${alarmId}`)).json()) as Record<string, unknown>;
  assert.deepEqual([alarm['status'], alarm['acked_by']], ['acknowledged', 'Eva']);
  told('acknowledged by the link in the message');

  const details = (await (await call('/healthz/details')).json()) as Record<string, unknown>;
  assert.equal(details['commit'], commit);
  assert.match(String(details['built_at']), /^\d{4}-\d\d-\d\dT/);
  assert.equal(image.config.Labels['org.opencontainers.image.revision'], commit);
  told(`version ${String(details['version'])}, commit and time of the build as they were given`);

  for (let i = 0; i < PRESSES; i++) {
    await call(`/v1/alarms/${alarmId}/resolve`, { method: 'POST' });
    await call('/v1/alarms', {
      method: 'POST',
      body: '{"device_id":"phone"}',
      headers: { 'Content-Type': 'application/json' },
    });
  }
  const busy = [await api.memory(), await worker.memory()];
  told(`memory of api and worker in MiB: ${idle.join(' and ')} at rest, ${busy.join(' and ')} after use`);

  for (const container of [api, worker]) {
    const { code, ms } = await container.stop();
    assert.equal(code, 143, container.output);
    assert.ok(ms < STOP_WITHIN_MS, `${container.name} took ${ms} ms to stop`);
    assert.ok(!container.output.includes(adminKey) && !container.output.includes('KEY-OF-COUNTER-3'));
    told(`SIGTERM: ${container.name} ended after ${seconds(ms)}, exit code 143`);
  }
}

function told(what: string): void {
  console.log(`✓ ${what}`);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
