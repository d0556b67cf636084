import { Injectable, Logger } from '@nestjs/common';

import { DUPLICATE_WINDOW_SECONDS } from '#directory';
import { REDIS_PREFIX, Settings, SharedRedis, within } from '#platform';

/** Longer, and asking PostgreSQL alone would have been quicker. */
const PATIENCE_MS = 50;

/**
 * Sliding window and limit in one step, by the clock of Redis. KEYS: time of the last press, times of new
 * alarms. ARGV: window in ms, limit. Answers how many ms it will be over the limit; 0 when it is not.
 */
const GATE = `
  local clock = redis.call('TIME')
  local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
  local last = tonumber(redis.call('GET', KEYS[1]))
  if last and now - last < tonumber(ARGV[1]) then
    redis.call('SET', KEYS[1], now, 'PX', ARGV[1])
    return 0
  end
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - 60000)
  local over = redis.call('ZCARD', KEYS[2]) - tonumber(ARGV[2])
  if over >= 0 then
    return math.max(1, redis.call('ZRANGE', KEYS[2], over, over, 'WITHSCORES')[2] + 60000 - now)
  end
  redis.call('ZADD', KEYS[2], now, now)
  redis.call('PEXPIRE', KEYS[2], 60000)
  redis.call('SET', KEYS[1], now, 'PX', ARGV[1])
  return 0`;

/**
 * Spares PostgreSQL a device that floods. It may only turn away what is far over the limit; everything else,
 * and everything while Redis is away or slow, is decided by PostgreSQL.
 */
@Injectable()
export class PressGate {
  private readonly logger = new Logger('PressGate');

  constructor(
    private readonly redis: SharedRedis,
    private readonly settings: Settings,
  ) {}

  /**
   * Always answers within {@link PATIENCE_MS}, never throws.
   * @returns after how many seconds a device that is over its limit may come again; nothing: go on.
   */
  async ask(tokenHash: string, limitPerMinute: number): Promise<number | undefined> {
    const client = this.redis.client;
    if (client?.status !== 'ready' || this.settings.SIMULATION_ENABLED) return undefined;
    const key = `${REDIS_PREFIX}:gate:${tokenHash}`;
    const answer = client
      .eval(GATE, 2, `${key}:last`, `${key}:new`, DUPLICATE_WINDOW_SECONDS * 1000, limitPerMinute)
      .catch((error: unknown) => {
        this.logger.debug({ err: error }, 'The gate was not asked');
      });
    const ms = await within(PATIENCE_MS, answer);
    return typeof ms === 'number' && ms > 0 ? Math.ceil(ms / 1000) : undefined;
  }
}
