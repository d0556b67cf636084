import { readSettings, settingNames, SettingsError } from './read-settings.ts';
import { secretSettingNames } from './setting-decorators.ts';

/** What operators were told long ago. `.env.example` has all of them and is held to the code by its own test. */
const DOCUMENTED = {
  BASE_URL: 'http://localhost:8080',
  PORT: 8080,
  WORKER_PORT: 9464,
  LISTEN_HOST: '0.0.0.0',
  LOG_LEVEL: 'INFO',
  ADMIN_API_KEY: undefined,
  SIMULATION_ENABLED: false,
  SIMULATION_SEED_URL: 'seeds/simulation.yaml',
  DATA_DIR: '.data',
  DATABASE_URL: undefined,
  DATABASE_POOL_SIZE: 20,
  DATABASE_MAX_OVERFLOW: 10,
  DATABASE_POOL_TIMEOUT: 30,
  REDIS_URL: undefined,
  REDIS_MAX_CONNECTIONS: 50,
  WORKER_CONCURRENCY: 5,
  YELK_TOKEN_QUERY_PARAM: 'token',
  YELK_IP_ALLOWLIST: [],
  TRUSTED_PROXY_CIDRS: [],
  RATE_LIMIT_PER_MINUTE: 10,
  ESCALATE_T1: 60,
  ESCALATE_T2: 180,
  ESCALATE_T3: 300,
  SENDXMS_ENABLED: false,
  SENDXMS_BASE_URL: undefined,
  SENDXMS_API_KEY: undefined,
  SENDXMS_FROM: 'ALARM',
  SENDXMS_SEND_PATH: '/send',
  SENDXMS_MODE: 'json',
  WEBHOOK_ENABLED: false,
  WEBHOOK_URL: undefined,
  WEBHOOK_SECRET: undefined,
  WEBHOOK_TIMEOUT_SECONDS: 5,
  WEBHOOK_MAX_RETRIES: 3,
  WEBHOOK_RETRY_DELAY_SECONDS: 30,
  WEBHOOK_ALLOWED_HOSTS: [],
};

/** What an operator is told. */
function complaint(environment: Record<string, string>): string {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return 'none';
}

describe('the settings', () => {
  const defaults = { ...readSettings({}) };

  it('have the documented defaults', () => {
    expect(defaults).toMatchObject(DOCUMENTED);
  });

  it('are read under their own names; other variables are nobody’s business here', () => {
    const settings = readSettings({ PORT: '80', YELK_IP_ALLOWLIST: '10.0.0.0/8, fd00::1', HOME: '/root' });

    expect({ ...settings }).toEqual({ ...defaults, PORT: 80, YELK_IP_ALLOWLIST: ['10.0.0.0/8', 'fd00::1'] });
  });

  it('take an empty variable for one that is not set', () => {
    const empty = Object.fromEntries(settingNames().map((name) => [name, '']));

    expect({ ...readSettings(empty) }).toEqual(defaults);
  });

  it('cannot be changed afterwards', () => {
    expect(() => Object.assign(readSettings({}), { PORT: 1 })).toThrow(TypeError);
  });

  it.each([
    ['postgresql+asyncpg://u:p@h:5432/d', 'postgresql://u:p@h:5432/d'],
    ['postgres+psycopg2://u:p@h/d', 'postgresql://u:p@h/d'],
    ['postgresql://u:p@h/d?x=a+b', 'postgresql://u:p@h/d?x=a+b'],
    ['postgres://u:p@h/d', 'postgres://u:p@h/d'],
  ])('accept a DATABASE_URL as %s', (written, read) => {
    expect(readSettings({ DATABASE_URL: written }).DATABASE_URL).toBe(read);
    expect(readSettings({ DATABASE_LISTEN_URL: written }).DATABASE_LISTEN_URL).toBe(read);
  });

  it.each([
    ['BASE_URL', 'hunter2.example'],
    ['PORT', '65536'],
    ['WORKER_PORT', '-1'],
    ['LOG_LEVEL', 'hunter2'],
    ['SIMULATION_ENABLED', 'hunter2'],
    ['DATABASE_URL', 'mysql://root:hunter2@h/d'],
    ['DATABASE_POOL_SIZE', '0'],
    ['DATABASE_MAX_OVERFLOW', '-1'],
    ['DATABASE_POOL_TIMEOUT', '0'],
    ['REDIS_URL', 'http://:hunter2@h'],
    ['REDIS_MAX_CONNECTIONS', '0'],
    ['WORKER_CONCURRENCY', '0'],
    ['YELK_TOKEN_QUERY_PARAM', 'hunter2&x'],
    ['YELK_IP_ALLOWLIST', '10.0.0.1,hunter2'],
    ['TRUSTED_PROXY_CIDRS', '10/8'],
    ['RATE_LIMIT_PER_MINUTE', '0'],
    ['ESCALATE_T1', '1.5'],
    ['SENDXMS_BASE_URL', 'ftp://hunter2'],
    ['SENDXMS_SEND_PATH', 'hunter2'],
    ['SENDXMS_MODE', 'hunter2'],
    ['WEBHOOK_URL', 'hooks.example/hunter2'],
    ['WEBHOOK_SECRET', 'whsec_hunter2!'],
    ['WEBHOOK_SECRET', 'whsec_'],
    ['WEBHOOK_TIMEOUT_SECONDS', '0'],
    ['WEBHOOK_MAX_RETRIES', '101'],
    ['WEBHOOK_RETRY_DELAY_SECONDS', '-1'],
  ])('name %s, and not its value, when it is bad', (name, value) => {
    const words = complaint({ [name]: value });

    expect(words).toMatch(new RegExp(`^Bad settings: ${name} must be [^;]+\\.$`));
    expect(words).not.toContain('hunter2');
  });

  it('tell of everything that is wrong at once', () => {
    const words = complaint({ PORT: 'x', LOG_LEVEL: 'x', SENDXMS_ENABLED: 'true', BASE_URL: 'http://h' });

    expect(words).toBe(
      'Bad settings: PORT must be a whole number from 0 to 65535; LOG_LEVEL must be one of DEBUG, INFO, ' +
        'WARNING, ERROR; SENDXMS_BASE_URL must be set because SENDXMS_ENABLED is true.',
    );
  });

  it.each([
    ['SENDXMS_ENABLED', 'SENDXMS_BASE_URL', 'http://gateway'],
    ['WEBHOOK_ENABLED', 'WEBHOOK_URL', 'https://hooks.example'],
  ])('with %s need %s', (flag, needed, value) => {
    expect(complaint({ [flag]: 'true' })).toBe(
      `Bad settings: ${needed} must be set because ${flag} is true.`,
    );
    expect(complaint({ [flag]: 'true', [needed]: value })).toBe('none');
    expect(complaint({ [flag]: 'false' })).toBe('none');
  });

  it('know which of them must stay inside the process', () => {
    const telling = settingNames().filter((name) => /(KEY|SECRET|TOKEN|PASSWORD)$/.test(name));

    expect([...secretSettingNames()]).toEqual(
      expect.arrayContaining([...telling, 'DATABASE_URL', 'REDIS_URL', 'WEBHOOK_URL']),
    );
  });
});
