import type { RedisInfo } from '#platform';

import { advice, error, ok, orElse, warning, type Finding } from './finding.ts';

/** How a Redis that is configured was met. */
export type RedisState = RedisInfo | 'away' | 'silent';

const OLDEST = [6, 2] as const;

/** What Redis holds can be lost without losing an alarm; what it forgets or refuses costs moments. */
export function examineRedis(state: RedisState): readonly Finding[] {
  if (state === 'away')
    return [
      error(
        'redis.away',
        'Redis does not answer: alarms still go out, but up to some seconds late.',
        'Check REDIS_URL, the server and the network between, for instance with redis-cli ping.',
      ),
    ];
  if (state === 'silent')
    return [
      advice(
        'redis.silent',
        'Redis answers, but does not let the broker ask about memory and eviction.',
        'Allow its user the command INFO, or check by yourself that maxmemory-policy is noeviction.',
      ),
    ];
  return orElse(
    findings(state),
    ok('redis.ok', `Redis ${state.version} answers, forgets nothing and writes what it is told to disk.`),
  );
}

function findings(info: RedisInfo): Finding[] {
  const {
    version,
    role,
    evictionPolicy,
    memoryUsedBytes: used,
    memoryLimitBytes: limit,
    isAppendOnly,
  } = info;
  return [
    isOlder(version) &&
      error(
        'redis.old',
        `The server is Redis ${version}; this broker needs ${OLDEST.join('.')} or newer, or Valkey.`,
        'Upgrade the server.',
      ),
    role === 'replica' &&
      error(
        'redis.replica',
        'REDIS_URL leads to a replica, which takes no writes.',
        'Let REDIS_URL lead to the master.',
      ),
    evictionPolicy !== 'noeviction' &&
      warning(
        'redis.evicts',
        `When its memory is full, Redis throws jobs away (maxmemory-policy ${evictionPolicy}).`,
        'Run redis-cli CONFIG SET maxmemory-policy noeviction, and write it into redis.conf.',
      ),
    limit !== undefined &&
      used > limit * 0.8 &&
      warning(
        'redis.nearly-full',
        `Redis uses ${Math.round((used / limit) * 100)} % of the memory it may use.`,
        'Raise maxmemory, or find out what else lives in this Redis with redis-cli --bigkeys.',
      ),
    !isAppendOnly &&
      advice(
        'redis.not-appending',
        'Redis writes no append-only file: after a restart the jobs are gone and the sweep finds their rows.',
        'Set appendonly yes in redis.conf to be spared those moments.',
      ),
  ].filter((finding) => finding !== false);
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
}
