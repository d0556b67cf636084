import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Redis } from 'ioredis';
import { Client } from 'pg';

import { DebianPostgres } from '../support/debian-postgres.ts';
import { freePort } from '../support/free-port.ts';
import { HttpReceiver, type Recorded } from '../support/http-receiver.ts';
import { AppProcess } from '../support/processes.ts';
import { findProgram, REDIS_SERVER } from '../support/programs.ts';
import { RedisServer } from '../support/redis-server.ts';
import { reapAfterRun, temporaryFolder } from '../support/run-folder.ts';
import { shell } from '../support/shell.ts';
import { ADMIN_KEY } from '../support/world.ts';

const KEYS = 400;
const BOSS_AFTER_SECONDS = 4;
const CRISIS_AFTER_SECONDS = 3600;

interface Pressed {
  readonly alarmId: string;
  /** `performance.now()`. */
  readonly answeredAt: number;
}

/** The guard is told at once, the boss a little later, the crisis team long after this test. */
const seed = (hook: string): string => {
  const targets = ['guard', 'boss', 'crisis'];
  const times = [0, BOSS_AFTER_SECONDS, CRISIS_AFTER_SECONDS];
  return JSON.stringify({
    sites: [{ id: 'hall', name: 'Hall' }],
    rooms: [{ id: 'counter', site_id: 'hall', label: 'Counter' }],
    persons: [{ id: 'ada', display_name: 'Ada' }],
    devices: Array.from({ length: KEYS }, (_, n) => ({
      id: `phone-${n}`,
      device_token: `KEY-OF-PHONE-${n}`,
      person_id: 'ada',
      room_id: 'counter',
    })),
    escalation_policy: { id: 'default', name: 'Hall' },
    escalation_targets: targets.map((id) => ({
      id,
      label: id,
      channel: 'webhook',
      address: `${hook}/${id}`,
    })),
    escalation_steps: targets.map((id, n) => ({
      policy_id: 'default',
      step_no: n,
      after_seconds: times[n],
      target_ids: [id],
    })),
  });
};

/** People press one key after the other, some at the same time, until they are told to stop. */
class Presses {
  readonly pressed: Pressed[] = [];
  private next = 0;
  private over = false;
  private readonly hands: Promise<void>[];

  constructor(private readonly api: string) {
    this.hands = Array.from({ length: 3 }, () => this.press());
  }

  async end(): Promise<void> {
    this.over = true;
    await Promise.all(this.hands);
  }

  private async press(): Promise<void> {
    while (!this.over && this.next < KEYS) {
      const answer = await fetch(`${this.api}/v1/yealink/alarm?token=KEY-OF-PHONE-${this.next++}`);
      const { alarm_id: alarmId } = (await answer.json()) as { alarm_id: string };
      if (answer.status === 200) this.pressed.push({ alarmId, answeredAt: performance.now() });
      await sleep(40);
    }
  }
}

describe('a backup that was made while keys were being pressed', () => {
  let postgres: DebianPostgres;
  let redis: RedisServer;
  let hook: HttpReceiver;
  let folder: string;
  let restored: Client | undefined;

  beforeAll(async () => {
    redis = new RedisServer();
    [postgres, hook, folder] = await Promise.all([
      DebianPostgres.start(),
      HttpReceiver.start(),
      temporaryFolder('backup'),
    ]);
  });
  afterAll(async () => {
    await restored?.end();
    await Promise.all([postgres.stop(), redis.stop(), hook.close()]);
  });

  const processes = async (databaseUrl: string, redisUrl: string) => {
    const [port, workerPort] = [await freePort(), await freePort()];
    const environment = {
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      ADMIN_API_KEY: ADMIN_KEY,
      PORT: String(port),
      WORKER_PORT: String(workerPort),
      WEBHOOK_ALLOWED_HOSTS: '127.0.0.1',
    };
    return { environment, api: `http://127.0.0.1:${port}`, worker: `http://127.0.0.1:${workerPort}` };
  };
  const ask = (url: string, method: string, body = '{}') =>
    fetch(url, { method, body, headers: { 'X-Admin-Key': ADMIN_KEY, 'Content-Type': 'application/json' } });
  const of = (target: string, alarmId: string) => (request: Recorded) =>
    request.url === `/${target}` &&
    (request.json as { data: { alarm_id: string } }).data.alarm_id === alarmId;

  it('brings every kept alarm back to life, lets every due step go out, and answers what was answered', async () => {
    const redisUrl = await redis.start();
    const database = await postgres.create('alarm');
    const before = await processes(database, redisUrl);
    expect((await (await AppProcess.start('migrate', before.environment)).exited).code).toBe(0);
    const api = await AppProcess.start('api', before.environment);
    const worker = await AppProcess.start('worker', before.environment);
    await Promise.all([
      api.waitForReady(`${before.api}/readyz`),
      worker.waitForReady(`${before.worker}/readyz`),
    ]);
    const seeded = await ask(`${before.api}/v1/admin/seed`, 'POST', seed(hook.url));
    expect([seeded.status, await seeded.text()]).toEqual([200, '{"ok":"true"}']);

    const presses = new Presses(before.api);
    // Until the boss has been told of the first: by then the dump meets alarms at every point of their course.
    await hook.next(({ url }) => url === '/boss');
    const answered = presses.pressed.filter((_, n) => n % 5 === 0).map(({ alarmId }) => alarmId);
    for (const id of answered)
      expect((await ask(`${before.api}/v1/alarms/${id}/ack`, 'POST')).status).toBe(204);

    const began = performance.now();
    const manual = { cwd: folder, env: { ...postgres.environment, REDIS_PORT: redisUrl.replace(/.*:/, '') } };
    await shell('pg_dump -U alarm -h localhost -Fc alarm > alarm.dump', manual);
    await shell('redis-cli -p $REDIS_PORT SAVE', manual);
    const asker = new Redis(redisUrl);
    const [, redisFolder = ''] = (await asker.config('GET', 'dir')) as string[];
    asker.disconnect();
    await shell(`cp ${redisFolder}/dump.rdb dump.rdb`, manual);
    await presses.end();
    // The machine is lost.
    await Promise.all([api.kill('SIGKILL'), worker.kill('SIGKILL'), redis.killAndWipe()]);
    const kept = presses.pressed.filter(({ answeredAt }) => answeredAt < began).map(({ alarmId }) => alarmId);
    expect(kept.length).toBeGreaterThan(20);
    expect(presses.pressed.length).toBeGreaterThan(kept.length);

    await postgres.create('restored');
    await shell('pg_restore -U alarm -h localhost --exit-on-error -d restored alarm.dump', manual);
    const copy = (restored = new Client({ connectionString: postgres.url('restored') }));
    await copy.connect();
    const { rows: alarms } = await copy.query<{ id: string; status: string }>(
      'SELECT id, status FROM alarms',
    );
    const statusOf = new Map(alarms.map(({ id, status }) => [id, status]));
    expect(kept.filter((id) => !statusOf.has(id))).toEqual([]);
    expect(answered.filter((id) => statusOf.get(id) !== 'acknowledged')).toEqual([]);
    expect([...statusOf.values()].filter((status) => status === 'acknowledged')).toHaveLength(
      answered.length,
    );

    // First the api alone: whoever restores can say what is over before anybody is told of it.
    const restoredRedis = await redisFrom(folder);
    const keys = new Redis(restoredRedis);
    expect(await keys.dbsize()).toBeGreaterThan(0);
    keys.disconnect();
    const after = await processes(postgres.url('restored'), restoredRedis);
    const newApi = await AppProcess.start('api', after.environment);
    await newApi.waitForReady(`${after.api}/readyz`);
    const latest =
      kept.findLast((id) => statusOf.get(id) === 'triggered' && hook.count(of('boss', id)) === 0) ?? '';
    expect((await ask(`${after.api}/v1/alarms/${latest}/resolve`, 'POST')).status).toBe(204);
    const toldBefore = hook.requests.length;
    await sleepUntilDue(copy);

    const newWorker = await AppProcess.start('worker', after.environment);
    await newWorker.waitForReady(`${after.worker}/readyz`);
    const open = alarms
      .filter(({ id, status }) => status === 'triggered' && id !== latest)
      .map(({ id }) => id);
    for (const id of open)
      for (const target of ['guard', 'boss'])
        if (hook.count(of(target, id)) === 0) await hook.next(of(target, id), { timeoutMs: 20_000 });

    // Of the answered ones nobody has been told since, and nobody of the one that was resolved.
    const since = hook.requests.slice(toldBefore);
    for (const id of [...answered, latest])
      expect(since.filter((request) => of('boss', id)(request) || of('guard', id)(request))).toEqual([]);
    // Also for those whose boss had heard of it before the machine was lost, after the dump.
    await noStepIsDue(copy);
    const { rows: waiting } = await copy.query<{ late: number }>(
      `SELECT extract(epoch FROM e.next_step_at - a.created_at)::int AS late
       FROM escalations e JOIN alarms a ON a.id = e.alarm_id WHERE a.status = 'triggered'`,
    );
    expect(waiting).toHaveLength(open.length);
    expect(new Set(waiting.map(({ late }) => late))).toEqual(new Set([CRISIS_AFTER_SECONDS]));
    await press(after.api, copy);
  }, 90_000);

  /** A key that was not pressed while the dump was made: nothing that counts has gone back. */
  const press = async (api: string, copy: Client) => {
    const { rows: last } = await copy.query<{ seq: string }>('SELECT max(seq) AS seq FROM alarm_events');
    const answer = await fetch(`${api}/v1/yealink/alarm?token=KEY-OF-PHONE-${KEYS - 1}`);
    expect(answer.status).toBe(200);
    const { alarm_id: alarmId } = (await answer.json()) as { alarm_id: string };
    await hook.next(of('guard', alarmId));
    const { rows: first } = await copy.query<{ seq: string }>(
      'SELECT min(seq) AS seq FROM alarm_events WHERE alarm_id = $1',
      [alarmId],
    );
    expect(BigInt(first[0]?.seq ?? 0)).toBeGreaterThan(BigInt(last[0]?.seq ?? 0));
  };

  const one = (): Client => {
    if (restored === undefined) throw new Error('Nothing has been restored.');
    return restored;
  };

  it('brings back what is more than rows: extensions, unlogged tables, the trigger that guards history', async () => {
    const { rows: extensions } = await one().query('SELECT extname FROM pg_extension');
    expect(extensions).toEqual([{ extname: 'plpgsql' }]);
    const { rows: unlogged } = await one().query(
      `SELECT relname FROM pg_class WHERE relpersistence = 'u' AND relkind = 'r' ORDER BY relname`,
    );
    expect(unlogged).toEqual([{ relname: 'simulated_notifications' }, { relname: 'workers' }]);
    await expect(one().query(`UPDATE alarm_events SET type = 'alarm.forged'`)).rejects.toThrow(
      'alarm_events is append-only',
    );
  });

  it('can be put over a database that has something in it, and then be used at once', async () => {
    const manual = { cwd: folder, env: postgres.environment };
    await shell(
      'pg_restore -U alarm -h localhost -d alarm --clean --if-exists --exit-on-error alarm.dump',
      manual,
    );
    // As it would be found some time after the backup.
    const later = new Client({ connectionString: postgres.url('alarm') });
    await later.connect();
    await later.query(`UPDATE escalations SET next_step_at = next_step_at - interval '1 minute'`);
    await later.end();
    const { findings } = JSON.parse((await doctorOf({ DATABASE_URL: postgres.url('alarm') })).join('\n')) as {
      findings: { code: string }[];
    };

    expect(findings.map(({ code }) => code)).toContain('schema.ok');
    expect(findings.map(({ code }) => code)).toContain('delivery.overdue-steps');
  });

  const doctorOf = async (environment: Record<string, string>) => {
    const doctor = await AppProcess.start('doctor', environment, { args: ['--json'] });
    await doctor.exited;
    return doctor.output;
  };
});

/** Until every step of the boss that was still to come in the dump has become due. */
async function sleepUntilDue(database: Client): Promise<void> {
  const { rows } = await database.query<{ seconds: number }>(
    `SELECT COALESCE(extract(epoch FROM max(next_step_at) - now()), 0)::float8 AS seconds FROM escalations
     WHERE next_step_at < now() + interval '10 minutes'`,
  );
  await sleep(Math.max(0, (rows[0]?.seconds ?? 0) * 1000));
}

async function noStepIsDue(database: Client): Promise<void> {
  const due = 'SELECT FROM escalations WHERE next_step_at <= now()';
  while ((await database.query(due)).rows.length > 0) await sleep(20);
}

/** A Redis that finds the copied file where it looks for its own. */
async function redisFrom(folder: string): Promise<string> {
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', join(folder)];
  const server = spawn(await findProgram(REDIS_SERVER), args, { stdio: 'ignore' });
  server.unref();
  await reapAfterRun(server.pid);
  const client = new Redis(port, '127.0.0.1', { retryStrategy: () => 50 });
  client.on('error', () => undefined);
  await client.ping();
  client.disconnect();
  return `redis://127.0.0.1:${port}`;
}
