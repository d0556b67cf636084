import { redisInfo } from './redis-facts.ts';

describe('what INFO says', () => {
  it('is read whoever says it', () => {
    const text = [
      '# Server',
      'redis_version:7.2.4',
      'valkey_version:8.1.1',
      'used_memory:1048576',
      'maxmemory:2097152',
      'maxmemory_policy:allkeys-lru',
      'aof_enabled:1',
      'role:slave',
      '',
    ].join('\r\n');
    expect(redisInfo(text)).toEqual({
      version: '8.1.1',
      role: 'replica',
      memoryUsedBytes: 1_048_576,
      memoryLimitBytes: 2_097_152,
      evictionPolicy: 'allkeys-lru',
      isAppendOnly: true,
    });
  });

  it('is no limit when it is 0, and what is not said is what a plain Redis does', () => {
    expect(redisInfo('maxmemory:0\r\nredis_version:7.0.15')).toMatchObject({
      version: '7.0.15',
      role: 'master',
      memoryLimitBytes: undefined,
      evictionPolicy: 'noeviction',
      isAppendOnly: false,
    });
  });
});
