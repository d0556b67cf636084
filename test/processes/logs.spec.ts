import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { OtlpReceiver } from '../support/otlp-receiver.ts';
import { AppProcess, type AppName } from '../support/processes.ts';
import { temporaryFolder } from '../support/run-folder.ts';

const TROUBLE = new URL('../support/trouble.mjs', import.meta.url).href;

const DOCUMENTED = {
  timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  level: expect.stringMatching(/^(debug|info|warning|error)$/),
  logger: expect.any(String),
  message: expect.any(String),
  extra: expect.any(Object),
};

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
});

afterAll(() => database.drop());

const isJson = (line: string): boolean => {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
};

async function start(name: AppName, more: Readonly<Record<string, string>> = {}) {
  const port = String(await freePort());
  const app = await AppProcess.start(name, {
    DATABASE_URL: database.url,
    DATA_DIR: await temporaryFolder(),
    ADMIN_API_KEY: 'a key of the logs',
    PORT: port,
    WORKER_PORT: port,
    LISTEN_HOST: '127.0.0.1',
    ...more,
  });
  const url = `http://127.0.0.1:${port}`;
  await app.waitForReady(`${url}/readyz`);
  return { app, url };
}

describe.each(['api', 'worker', 'standalone'] as const)('SIGUSR2 to a running %s', (name) => {
  it('turns debug logging on, and off again, and it goes on working', async () => {
    const { app, url } = await start(name, { LOG_LEVEL: 'ERROR' });
    const debugLines = () => app.logs.filter(({ level }) => level === 'debug');
    expect(app.logs).toEqual([]);

    app.signal('SIGUSR2');
    const on = await app.waitForLog(({ message }) => String(message).includes('turned on'));
    expect(on).toEqual({ ...DOCUMENTED, level: 'info', logger: 'process', extra: { logLevel: 'debug' } });
    await fetch(`${url}/healthz`);
    await app.waitForLog(({ message }) => message === 'request answered');

    app.signal('SIGUSR2');
    const off = await app.waitForLog(({ message }) => String(message).includes('turned off'));
    expect(off).toMatchObject({ level: 'info', extra: { logLevel: 'error' } });
    const before = debugLines().length;
    expect((await fetch(`${url}/healthz`)).status).toBe(200);

    const stopped = name === 'standalone' ? { code: 0, signal: null } : { code: null, signal: 'SIGTERM' };
    expect(await app.kill('SIGTERM')).toEqual(stopped);
    expect(debugLines().length).toBe(before);
    for (const line of app.logs) expect(line).toEqual(DOCUMENTED);
  });
});

describe('a process in trouble', () => {
  const inTrouble = (name: AppName, trouble: string) =>
    start(name, { NODE_OPTIONS: `--import ${TROUBLE}`, TROUBLE: trouble });

  /** Besides, not a word of OpenTelemetry being loaded. */
  const expectOnlyJson = ({ output }: AppProcess) =>
    expect(output.filter((line) => !isJson(line))).toEqual([]);

  it.each([
    ['api', 'throw', /JSON/],
    ['worker', 'reject', /^nobody waits for this promise$/],
    ['standalone', 'throw', /JSON/],
  ] as const)(
    'ends with one line in the log when nobody catches an error: %s, %s',
    async (name, trouble, words) => {
      const { app } = await inTrouble(name, trouble);
      app.signal('SIGWINCH');
      expect((await app.exited).code).toBe(1);
      expect(app.logs.at(-1)).toEqual({
        ...DOCUMENTED,
        level: 'error',
        logger: 'process',
        message: 'An unexpected error ends the process',
        extra: {
          error: {
            type: expect.any(String),
            message: expect.stringMatching(words),
            stack: expect.any(String),
          },
        },
      });
      // Standalone greets whoever has started it in plain words.
      if (name !== 'standalone') expectOnlyJson(app);
    },
  );

  it('logs in the documented shape what Node and libraries say for themselves, and goes on', async () => {
    const { app } = await inTrouble('api', 'warn speak');
    for (const line of [
      { level: 'warning', logger: 'process', message: 'Node.js warns' },
      { level: 'error', logger: 'console', message: 'a library speaks: and adds an error' },
    ]) {
      app.signal('SIGWINCH');
      const written = await app.waitForLog(({ message }) => message === line.message);
      expect(written).toEqual({ ...DOCUMENTED, ...line });
    }
    await app.kill();
    expect(app.output.filter((line) => line.includes('not as it should be'))).toHaveLength(1);
    expectOnlyJson(app);
  });

  it('that cannot start says so in one sentence and nothing else', async () => {
    const port = String(await freePort());
    const app = await AppProcess.start('api', {
      DATABASE_URL: database.url,
      REDIS_URL: 'redis://127.0.0.1:1',
      REDIS_MAX_CONNECTIONS: '1',
      PORT: port,
    });
    expect((await app.exited).code).toBe(1);
    expect(app.output).toEqual([
      expect.stringMatching(/^alarm-broker: REDIS_MAX_CONNECTIONS must be at least/),
    ]);
  });
});

describe('tracing', () => {
  const nowhere = 'http://127.0.0.1:9';

  it('sends what it has collected before the process ends', async () => {
    const collector = await OtlpReceiver.start();
    const { app, url } = await start('api', {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: '600000',
      NODE_OPTIONS: `--import ${TROUBLE}`,
    });
    await fetch(`${url}/v1/trigger/nobody`);
    await app.kill('SIGTERM');
    await collector.close();
    expect(collector.spans).toContainEqual(
      expect.objectContaining({ name: 'GET /v1/trigger/:device_token' }),
    );
  });

  it('says once that spans cannot be delivered, and holds up nothing', async () => {
    const { app, url } = await start('api', {
      OTEL_EXPORTER_OTLP_ENDPOINT: nowhere,
      OTEL_EXPORTER_OTLP_TIMEOUT: '200',
      OTEL_BSP_SCHEDULE_DELAY: '20',
    });
    await fetch(`${url}/v1/trigger/nobody`);
    await app.waitForLog(({ logger }) => logger === 'Tracing');
    await fetch(`${url}/v1/trigger/nobody`);
    const told = performance.now();
    await app.kill('SIGTERM');
    expect(performance.now() - told).toBeLessThan(5000);
    expect(app.logs.filter(({ logger }) => logger === 'Tracing')).toEqual([
      {
        ...DOCUMENTED,
        level: 'warning',
        message: 'Traces cannot be delivered and are dropped',
        extra: { reason: expect.stringMatching(/^\w+$/) },
      },
    ]);
  });
});
