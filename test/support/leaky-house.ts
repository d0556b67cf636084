import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

import { Redis } from 'ioredis';

import { administer, createDatabase, type TestDatabase } from './databases.ts';
import { SmtpEmulator } from './emulators/smtp.ts';
import { freePort } from './free-port.ts';
import { HttpReceiver } from './http-receiver.ts';
import { OtlpReceiver } from './otlp-receiver.ts';
import { AppProcess, type AppName } from './processes.ts';
import { RedisServer } from './redis-server.ts';

/** Not to be found by chance, and with what has to be encoded in URLs. */
export const secret = (name: string): string => `${name}/${randomBytes(9).toString('base64')}+x`;
const url = encodeURIComponent;

/** What somebody could get in with. */
export const SECRETS = {
  adminKey: secret('admin'),
  databasePassword: secret('database'),
  redisPassword: secret('redis'),
  zammadToken: secret('zammad'),
  smsKey: secret('sms'),
  smsLogin: secret('smslogin'),
  smsSecret: secret('smssecret'),
  smsCallback: secret('smscallback'),
  signalCallback: `signal-callback-${randomBytes(12).toString('hex')}`,
  smtpUser: secret('smtpuser'),
  smtpPassword: secret('smtppassword'),
  ntfyToken: secret('ntfy'),
  ntfyTopic: `topic-${randomBytes(9).toString('hex')}`,
  webhookPath: secret('webhook'),
  webhookSecret: secret('signing'),
  webhookSecretBefore: secret('signed'),
  collectorKey: secret('collector'),
  collectorPassword: secret('otlp'),
  deviceToken: secret('device'),
  otherDeviceToken: secret('other'),
  thirdDeviceToken: secret('third'),
  fourthDeviceToken: secret('fourth'),
  unknownToken: secret('unknown'),
  targetHook: secret('target'),
  wrongKey: secret('wrong'),
  inBody: secret('body'),
  targetTopic: `their-topic-${randomBytes(9).toString('hex')}`,
};

/** How somebody could be reached. */
export const ADDRESSES = {
  guardPhone: '+4915123456001',
  personPhone: '+4915123456777',
  brokerPhone: '+4930111222333',
  answerPhone: '+4915123456888',
  guardMail: 'guard.one@clinic.example',
  senderMail: 'alarm.sender@clinic.example',
  customerMail: 'desk.customer@clinic.example',
  group: `group.${Buffer.from(randomBytes(32).toString('base64')).toString('base64')}`,
};

/** An api and a worker with a secret in every setting that can hold one, and everything they talk to. */
export class LeakyHouse {
  /** Of PostgreSQL, with a password. */
  readonly role = `leaky_${randomBytes(6).toString('hex')}`;
  /** Every process that was started. */
  readonly apps: AppProcess[] = [];
  /** Secrets that were made on the way. */
  readonly found: Record<string, string> = {};
  api!: AppProcess;
  worker!: AppProcess;
  environment: Readonly<Record<string, string>> = {};
  url = '';

  private constructor(
    readonly database: TestDatabase,
    readonly redis: RedisServer,
    /** Of everybody who is told something over HTTP. */
    readonly gateway: HttpReceiver,
    readonly collector: OtlpReceiver,
    readonly smtp: SmtpEmulator,
  ) {}

  static async start(): Promise<LeakyHouse> {
    const login = { user: SECRETS.smtpUser, password: SECRETS.smtpPassword };
    const house = new LeakyHouse(
      await createDatabase(),
      new RedisServer(),
      await HttpReceiver.start(),
      await OtlpReceiver.start(),
      await SmtpEmulator.start({ hasStartTls: false, login }),
    );
    await administer(`CREATE ROLE ${house.role} LOGIN SUPERUSER PASSWORD '${SECRETS.databasePassword}'`);
    const redisUrl = await house.redis.start();
    const keeper = new Redis(redisUrl);
    await keeper.config('SET', 'requirepass', SECRETS.redisPassword);
    keeper.disconnect();
    await house.startApps(redisUrl);
    return house;
  }

  private async startApps(redisUrl: string): Promise<void> {
    const [port, workerPort] = [await freePort(), await freePort()];
    this.url = `http://127.0.0.1:${port}`;
    this.environment = {
      ...settings({
        base: this.url,
        databaseUrl: Object.assign(new URL(this.database.url), {
          username: this.role,
          password: url(SECRETS.databasePassword),
        }).href,
        redisUrl,
        gateway: this.gateway.url,
        collector: this.collector.url,
        smtpPort: this.smtp.port,
      }),
      PORT: String(port),
      WORKER_PORT: String(workerPort),
    };
    [this.api, this.worker] = await Promise.all([this.run('api'), this.run('worker')]);
    await Promise.all([
      this.api.waitForReady(`${this.url}/readyz`),
      this.worker.waitForReady(`http://127.0.0.1:${workerPort}/readyz`),
    ]);
  }

  async run(name: AppName, more: Readonly<Record<string, string>> = {}): Promise<AppProcess> {
    const app = await AppProcess.start(name, { ...this.environment, ...more });
    this.apps.push(app);
    return app;
  }

  async stop(): Promise<void> {
    await Promise.all(this.apps.map((app) => app.kill('SIGKILL')));
    // Some were closed in the course of the story.
    await Promise.allSettled([this.gateway.close(), this.collector.close(), this.smtp.close()]);
    await Promise.all([this.redis.stop(), this.database.drop()]);
    await administer(`DROP ROLE ${this.role}`);
  }

  admin(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.url + path, { ...init, headers: { 'X-Admin-Key': SECRETS.adminKey, ...init.headers } });
  }

  /** @returns the id of the alarm. */
  async press(token: string): Promise<string> {
    const pressed = await fetch(`${this.url}/v1/yealink/alarm?token=${url(token)}`);
    return ((await pressed.json()) as { alarm_id: string }).alarm_id;
  }

  /** The link in the messages about an alarm. */
  async linkOf(alarmId: string): Promise<string> {
    const alarm = (await (await this.admin(`/v1/alarms/${alarmId}`)).json()) as { ack_token: string };
    this.found[`ackToken ${alarmId}`] = alarm.ack_token;
    return `${this.url}/a/${alarm.ack_token}`;
  }

  /** Waits until it is logged what became of telling a target. */
  async finished(target: string, alarmId: string): Promise<void> {
    await this.worker.waitForLog(({ message, extra }) => {
      const facts = extra as Record<string, unknown>;
      return (
        /^notification/.test(String(message)) && facts['target'] === target && facts['alarmId'] === alarmId
      );
    });
  }

  /** Sends bytes as they are. @returns what came back until the connection ended, or nothing came for so long. */
  async raw(bytes: string, patienceMs = 2000): Promise<string> {
    const { hostname, port } = new URL(this.url);
    const socket = connect(Number(port), hostname);
    socket.setTimeout(patienceMs, () => socket.destroy());
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', () => undefined);
    socket.write(bytes);
    await new Promise((resolve) => socket.once('close', resolve));
    return answer;
  }
}

interface Surroundings {
  readonly base: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly gateway: string;
  readonly collector: string;
  readonly smtpPort: number;
}

function settings(around: Surroundings): Record<string, string> {
  const { base, databaseUrl, redisUrl, gateway, collector, smtpPort } = around;
  const gatewayHost = new URL(gateway).host;
  const collectorHost = new URL(collector).host;
  return {
    LOG_LEVEL: 'DEBUG',
    // Every statement is slow.
    DATABASE_SLOW_MS: '1',
    BASE_URL: base,
    DATABASE_URL: databaseUrl,
    DATABASE_LISTEN_URL: databaseUrl,
    DATABASE_POOL_SIZE: '3',
    REDIS_URL: redisUrl.replace('//', `//:${url(SECRETS.redisPassword)}@`),
    ADMIN_API_KEY: SECRETS.adminKey,
    ZAMMAD_BASE_URL: gateway,
    ZAMMAD_API_TOKEN: SECRETS.zammadToken,
    ZAMMAD_GROUP: 'Desk',
    ZAMMAD_CUSTOMER: ADDRESSES.customerMail,
    SENDXMS_ENABLED: 'true',
    SENDXMS_BASE_URL: `http://gateway-user:${url(SECRETS.smsLogin)}@${gatewayHost}`,
    SENDXMS_API_KEY: SECRETS.smsKey,
    SMS_SECRET: SECRETS.smsSecret,
    SMS_CALLBACK_SECRET: SECRETS.smsCallback,
    SIGNAL_ENABLED: 'true',
    SIGNAL_CLI_ENDPOINT: gateway,
    SIGNAL_NUMBER: ADDRESSES.brokerPhone,
    SIGNAL_CALLBACK_SECRET: SECRETS.signalCallback,
    SMTP_URL: `smtp://${url(SECRETS.smtpUser)}:${url(SECRETS.smtpPassword)}@127.0.0.1:${smtpPort}`,
    SMTP_FROM: `Alarm <${ADDRESSES.senderMail}>`,
    SMTP_REQUIRE_TLS: 'false',
    NTFY_BASE_URL: gateway,
    NTFY_TOKEN: SECRETS.ntfyToken,
    NTFY_TOPIC: SECRETS.ntfyTopic,
    WEBHOOK_ENABLED: 'true',
    WEBHOOK_URL: `${gateway}/hooks/${url(SECRETS.webhookPath)}`,
    WEBHOOK_SECRET: SECRETS.webhookSecret,
    WEBHOOK_SECRET_PREVIOUS: SECRETS.webhookSecretBefore,
    WEBHOOK_ALLOWED_HOSTS: '127.0.0.1',
    WEBHOOK_MAX_RETRIES: '1',
    WEBHOOK_RETRY_DELAY_SECONDS: '0',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://otel:${url(SECRETS.collectorPassword)}@${collectorHost}`,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `http://otel:${url(SECRETS.collectorPassword)}@${collectorHost}/v1/traces`,
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=${url(SECRETS.collectorKey)}`,
    OTEL_BSP_SCHEDULE_DELAY: '50',
  };
}
