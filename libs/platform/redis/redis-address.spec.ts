import { redisAddress } from './redis-address.ts';

const NOBODY = { username: undefined, password: undefined };

describe('a REDIS_URL', () => {
  it.each([
    ['redis://h', { hosts: [{ host: 'h', port: 6379 }], database: 0, isEncrypted: false, login: NOBODY }],
    ['redis://h:7000/3', { hosts: [{ host: 'h', port: 7000 }], database: 3 }],
    ['redis://[::1]:7000/', { hosts: [{ host: '::1', port: 7000 }], database: 0 }],
    ['rediss://:p%40ss%2F@h', { isEncrypted: true, login: { username: undefined, password: 'p@ss/' } }],
    ['redis://user:a:b@h', { login: { username: 'user', password: 'a:b' } }],
    ['redis://user:p@ss@h', { login: { username: 'user', password: 'p@ss' } }],
  ])('names one server: %s', (url, meant) => {
    expect(redisAddress(url)).toMatchObject({ form: 'single', ...meant });
  });

  it.each(['redis-sentinel', 'redis+sentinel', 'rediss-sentinel'])(
    'names a master by its sentinels: %s',
    (scheme) => {
      expect(
        redisAddress(
          `${scheme}://u:p@a,b:5000,[fd00::1]:5001/my%2Fmaster/2?sentinel_username=s&sentinel_password=t%26`,
        ),
      ).toEqual({
        form: 'sentinel',
        hosts: [
          { host: 'a', port: 26379 },
          { host: 'b', port: 5000 },
          { host: 'fd00::1', port: 5001 },
        ],
        isEncrypted: scheme.startsWith('rediss'),
        login: { username: 'u', password: 'p' },
        database: 2,
        master: 'my/master',
        sentinelLogin: { username: 's', password: 't&' },
      });
    },
  );

  it.each(['redis-cluster://u:p@a:1,b', 'redis+cluster://u:p@a:1,b/0'])(
    'names nodes of a cluster: %s',
    (url) => {
      expect(redisAddress(url)).toMatchObject({
        form: 'cluster',
        hosts: [
          { host: 'a', port: 1 },
          { host: 'b', port: 6379 },
        ],
        login: { username: 'u', password: 'p' },
        database: 0,
      });
    },
  );

  it.each([
    'http://:hunter2@h',
    'redis:hunter2',
    'redis://',
    'redis://:hunter2@',
    'redis://:hunter2@h:0',
    'redis://:hunter2@h:65536',
    'redis://:hunter2@h:port',
    'redis://:hunter2@h h',
    'redis://hunter2@h',
    'redis://:hunter2%@h',
    'redis://:hunter2@h/name',
    'redis://:hunter2@h/1/2',
    'redis://:hunter2@h?family=6',
    'redis://:hunter2@h#1',
    'redis://:hunter2@a,b',
    'redis-sentinel://:hunter2@a,b',
    'redis-sentinel://:hunter2@a,/master',
    'redis-sentinel://:hunter2@a/master/x',
    'redis-sentinel://:hunter2@a/master?name=hunter2',
    'redis-cluster://:hunter2@a,b/1',
    'redis-cluster://:hunter2@a?sentinel_password=hunter2',
    'redis-proxy://:hunter2@a',
  ])('is refused in words that do not give it away: %s', (url) => {
    expect(() => redisAddress(url)).toThrow(/^must be [^;]+[^.;]$/);
    expect(() => redisAddress(url)).not.toThrow(/hunter2/);
  });
});
