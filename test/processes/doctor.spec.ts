import { Redis } from 'ioredis';
import { Client } from 'pg';

import { createDatabase } from '../support/databases.ts';
import { DebianPostgres } from '../support/debian-postgres.ts';
import { NtfyServer } from '../support/emulators/ntfy.ts';
import { SignalCli } from '../support/emulators/signal.ts';
import { SmtpEmulator } from '../support/emulators/smtp.ts';
import { ZammadEmulator } from '../support/emulators/zammad.ts';
import { freePort } from '../support/free-port.ts';
import { AppProcess } from '../support/processes.ts';
import { RedisServer } from '../support/redis-server.ts';

type Environment = Readonly<Record<string, string>>;
interface Report {
  readonly worst: string;
  readonly findings: readonly { severity: string; code: string; says: string; remedy?: string }[];
}

async function examined(
  environment: Environment,
): Promise<Report & { exitCode: number | null; text: string }> {
  const doctor = await AppProcess.start('doctor', environment, { args: ['--json'] });
  const { code } = await doctor.exited;
  const text = doctor.output.join('\n');
  return { ...(JSON.parse(text) as Report), exitCode: code, text };
}
const codes = (report: Report) => report.findings.map(({ severity, code }) => `${severity} ${code}`);

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query(sql);
    return (Array.isArray(result) ? result.at(-1) : result).rows;
  } finally {
    await client.end();
  }
}

/** A directory as its owner has written it. `last_pressed_at`: every key has been tried. */
const MASTER_DATA = `
  INSERT INTO sites (id, name, time_zone, created_at, updated_at) VALUES ('hall', 'Hall', 'Europe/Berlin', now(), now());
  INSERT INTO rooms (id, site_id, label, created_at, updated_at) VALUES ('counter', 'hall', 'Counter', now(), now());
  INSERT INTO persons (id, display_name, active, created_at, updated_at) VALUES ('ada', 'Ada', true, now(), now());
  INSERT INTO devices (id, vendor, token_hash, person_id, room_id, last_pressed_at, created_at, updated_at)
    VALUES ('phone', 'yealink', 'a hash', 'ada', 'counter', now(), now(), now());
  INSERT INTO escalation_policies (id, name, repeat_count, repeat_after_seconds, plan, created_at, updated_at)
    VALUES ('default', 'Hall', 0, 60, '{}', now(), now());
  INSERT INTO escalation_targets (id, label, channel, address, enabled, created_at, updated_at) VALUES
    ('desk', 'Desk', 'zammad', '', true, now(), now()),
    ('guards', 'Guards', 'signal', '+4915112345678', true, now(), now()),
    ('boss', 'Boss', 'email', 'boss@example.org', true, now(), now()),
    ('phones', 'Phones', 'ntfy', '', true, now(), now());
  INSERT INTO escalation_steps (policy_id, step_no, after_seconds, target_id) VALUES
    ('default', 0, 0, 'desk'), ('default', 0, 0, 'guards'), ('default', 1, 60, 'boss'), ('default', 1, 60, 'phones')`;

describe('npm run doctor, on an installation that was set up with care', () => {
  const secrets = {
    ADMIN_API_KEY: 'yYk2vYp0Dq6hJ4m8Zt1sXw9bNc3fRg7L',
    ZAMMAD_API_TOKEN: ZammadEmulator.TOKEN,
    NTFY_TOKEN: 'tk_5d2a9c7e1b3f4a6d8c0e2b4f6a8d0',
    NTFY_TOPIC: 'alarms-8d1f2c3b4a596877',
    SMTP_URL: '',
    DATABASE_URL: '',
  };
  let postgres: DebianPostgres;
  let redis: RedisServer;
  let zammad: ZammadEmulator;
  let ntfy: NtfyServer;
  let signal: SignalCli;
  let smtp: SmtpEmulator;
  let environment: Environment;

  beforeAll(async () => {
    redis = new RedisServer({ persistent: true });
    let redisUrl: string;
    [postgres, redisUrl, zammad, ntfy, signal, smtp] = await Promise.all([
      DebianPostgres.start(),
      redis.start(),
      ZammadEmulator.start(),
      NtfyServer.start(secrets.NTFY_TOKEN),
      SignalCli.start(),
      SmtpEmulator.start({ hasStartTls: false, login: { user: 'alarm', password: 'mail-password-77' } }),
    ]);
    await postgres.create('alarm');
    await query(
      postgres.url('alarm'),
      `CREATE ROLE broker LOGIN PASSWORD 'pw-4f7a9c2e1d'; ALTER DATABASE alarm OWNER TO broker`,
    );
    secrets.DATABASE_URL = postgres.url('alarm').replace('alarm@', 'broker:pw-4f7a9c2e1d@');
    secrets.SMTP_URL = `smtp://alarm:mail-password-77@localhost:${smtp.port}`;
    environment = {
      ...secrets,
      REDIS_URL: redisUrl,
      BASE_URL: 'https://alarm.example.org',
      YELK_IP_ALLOWLIST: '10.20.0.0/16',
      TRUSTED_PROXY_CIDRS: '10.1.0.5',
      DATABASE_POOL_SIZE: '10',
      DATABASE_MAX_OVERFLOW: '5',
      ZAMMAD_BASE_URL: zammad.url,
      ZAMMAD_GROUP: 'Users',
      ZAMMAD_CUSTOMER: 'alarm@example.org',
      NTFY_BASE_URL: ntfy.url,
      SIGNAL_ENABLED: 'true',
      SIGNAL_CLI_ENDPOINT: signal.url,
      SIGNAL_NUMBER: '+4930111222',
      SMTP_FROM: 'alarm@example.org',
      SMTP_REQUIRE_TLS: 'false',
    };
    const migrated = await AppProcess.start('migrate', environment);
    expect((await migrated.exited).code).toBe(0);
    await query(postgres.url('alarm'), MASTER_DATA);
  });

  afterAll(async () => {
    await Promise.all([
      postgres.stop(),
      redis.stop(),
      zammad.close(),
      ntfy.close(),
      signal.close(),
      smtp.close(),
    ]);
  });

  it('finds everything in order, ends with 0, and changes and sends nothing', async () => {
    const counts = `SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) AS n FROM pg_stat_user_tables WHERE schemaname = 'public'`;
    const before = await query(postgres.url('alarm'), counts);

    const report = await examined(environment);

    expect(codes(report)).toEqual([
      'ok settings.ok',
      'ok database.ok',
      'ok clock.ok',
      'ok schema.ok',
      'ok devices.ok',
      'ok policies.ok',
      'ok delivery.ok',
      'ok redis.ok',
      ...Array<string>(4).fill('ok channels.ok'),
    ]);
    expect(report.exitCode).toBe(0);
    expect(await query(postgres.url('alarm'), counts)).toEqual(before);
    expect([zammad.tickets.length, ntfy.messages.length, signal.sent.length, smtp.mails.length]).toEqual([
      0, 0, 0, 0,
    ]);
  });

  it('tells people in two lines what is wrong and what to do, and scripts by 1 that it can wait', async () => {
    const doctor = await AppProcess.start('doctor', { ...environment, BASE_URL: 'http://alarm.example.org' });

    expect((await doctor.exited).code).toBe(1);
    const line = doctor.output.indexOf(
      'WARNING BASE_URL is http, so whoever shares a network with a responder can read the link and answer the alarm.',
    );
    expect(doctor.output[line + 1]).toBe(
      '        → Put a proxy with a certificate in front of the api and let BASE_URL begin with https://.',
    );
    expect(doctor.output.at(-1)).toBe('0 errors, 1 warning, 0 pieces of advice, 11 ok');
  });

  it('finds what has gone wrong since, ends with 2, and shows no secret', async () => {
    await query(
      postgres.url('alarm'),
      `UPDATE devices SET person_id = NULL;
       UPDATE escalation_targets SET address = 'nobody at home' WHERE id = 'boss';
       DELETE FROM escalation_steps WHERE target_id = 'phones';
       ALTER ROLE broker SET synchronous_commit = off;
       ALTER ROLE broker CONNECTION LIMIT 18`,
    );
    const administrator = new Redis(environment['REDIS_URL'] ?? '');
    await administrator.config('SET', 'maxmemory-policy', 'allkeys-lru');
    administrator.disconnect();
    await ntfy.close();

    const report = await examined({
      ...environment,
      ZAMMAD_GROUP: 'Nobody',
      SMTP_URL: secrets.SMTP_URL.replace('-77', '-78'),
      SENDXMS_BASE_URL: 'https://sms.example.org',
      SENDXMS_ENABLD: 'true',
    });

    expect(codes(report).filter((code) => !code.startsWith('ok'))).toEqual([
      'warning settings.misspelt',
      'error database.answers-before-it-keeps',
      'warning database.few-connections',
      'error devices.incomplete',
      'warning policies.step-reaches-nobody',
      'error targets.address',
      'advice targets.idle',
      'warning redis.evicts',
      'warning channels.half-set-up',
      'warning channels.refused',
      'warning channels.refused',
      'error channels.no-answer',
    ]);
    expect(report.exitCode).toBe(2);
    const words = report.findings.map(({ says }) => says);
    expect(words).toContainEqual(expect.stringContaining('Zammad has no group called "Nobody"'));
    expect(words).toContainEqual(expect.stringContaining('The mail server refuses the login of SMTP_URL'));
    expect(words).toContainEqual(
      expect.stringContaining('The server of ntfy cannot be used: The connection failed (ECONNREFUSED)'),
    );
    for (const secret of [
      'pw-4f7a9c2e1d',
      'mail-password',
      'zammad-token',
      'tk_5d2a',
      'alarms-8d1f',
      'yYk2vYp0',
    ])
      expect(report.text).not.toContain(secret);
    expect(report.text).not.toMatch(/nobody at home|4915112345678/);
  });
});

describe('npm run doctor, where there is little to examine', () => {
  it('names a setting that keeps the broker from starting, and never its value', async () => {
    const report = await examined({
      DATABASE_URL: 'mysql://broker:hidden-word@db/alarm',
      REDIS_MAX_CONNECTIONS: 'ten',
    });

    expect(report.exitCode).toBe(2);
    expect(codes(report)).toEqual(['error settings.unusable']);
    expect(report.findings[0]?.says).toContain('DATABASE_URL must be an absolute URL');
    expect(report.findings[0]?.says).toContain('REDIS_MAX_CONNECTIONS must be a whole number');
    expect(report.text).not.toContain('hidden-word');
  });

  it('asks for a database where none is named', async () => {
    expect(codes(await examined({}))).toEqual(['error settings.no-database']);
  });

  it('says why PostgreSQL and Redis cannot be reached, and examines the rest', async () => {
    const nowhere = await freePort();
    const report = await examined({
      DATABASE_URL: `postgresql://broker:hidden-word@127.0.0.1:${nowhere}/alarm`,
      REDIS_URL: `redis://:hidden-word@127.0.0.1:${nowhere}`,
      BASE_URL: 'https://alarm.example.org',
    });

    expect(report.exitCode).toBe(2);
    expect(codes(report)).toEqual([
      'advice settings.phones-from-everywhere',
      'warning settings.no-admin-key',
      'error database.away',
      'error redis.away',
      'warning channels.none',
    ]);
    expect(report.findings[2]?.says).toBe(
      `PostgreSQL cannot be used: connect ECONNREFUSED 127.0.0.1:${nowhere}.`,
    );
    expect(report.text).not.toContain('hidden-word');
  });

  it('knows a database that was never migrated', async () => {
    const database = await createDatabase({ migrated: false });
    const report = await examined({ DATABASE_URL: database.url });
    await database.drop();

    expect(codes(report)).toContain('error schema.pending');
    expect(codes(report).join()).not.toMatch(/devices|policies|delivery/);
  });

  it('knows a database that a newer version has been at', async () => {
    const database = await createDatabase();
    await query(
      database.url,
      `INSERT INTO migrations (timestamp, name) VALUES (1999999999999, 'Later1999999999999')`,
    );
    const report = await examined({ DATABASE_URL: database.url });
    await database.drop();

    expect(codes(report)).toContain('advice schema.newer');
    expect(codes(report)).toContain('error policies.none');
  });

  it('ends with 3 when it is asked for something it does not know', async () => {
    const doctor = await AppProcess.start('doctor', {}, { args: ['--fix'] });

    expect((await doctor.exited).code).toBe(3);
    expect(doctor.output[0]).toMatch(/^alarm-broker: Unknown option '--fix'/);
  });
});
