import { misspelt } from './misspelt.ts';
import { settingNames } from './read-settings.ts';

it('finds what was probably meant', () => {
  expect(misspelt(['SENDXMS_ENABLD', 'webhook_secret', 'REDIS_URLS', 'DATABASE_POOLSIZE'])).toEqual([
    { written: 'SENDXMS_ENABLD', meant: 'SENDXMS_ENABLED' },
    { written: 'webhook_secret', meant: 'WEBHOOK_SECRET' },
    { written: 'REDIS_URLS', meant: 'REDIS_URL' },
    { written: 'DATABASE_POOLSIZE', meant: 'DATABASE_POOL_SIZE' },
  ]);
});

it('takes no setting for another, nor one that comes from a file', () => {
  expect(misspelt(settingNames())).toEqual([]);
  expect(misspelt(settingNames().map((name) => `${name}_FILE`))).toEqual([]);
});

it('leaves alone what belongs to other programs', () => {
  const others = [
    'PATH',
    'HOME',
    'HOSTNAME',
    'PORT',
    'NODE_ENV',
    'REDIS_PORT_6379_TCP',
    'REDIS_SERVICE_HOST',
    'DATABASE_NAME',
    'POSTGRES_PASSWORD',
    'SEED_TOKEN',
    'npm_config_cache',
  ];
  expect(misspelt(others)).toEqual([]);
});
