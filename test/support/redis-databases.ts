import { Redis } from 'ioredis';

/** A database of Redis that belongs to this Jest worker alone; without anything in it, unless told otherwise. */
export async function testRedisUrl({ empty = true } = {}): Promise<string> {
  const server = process.env['TEST_REDIS_URL'];
  if (!server) throw new Error("TEST_REDIS_URL is not set: Jest's global setup did not run.");
  const url = `${server.replace(/\/\d*$/, '')}/${process.env['JEST_WORKER_ID'] ?? '1'}`;
  if (!empty) return url;
  const redis = new Redis(url);
  await redis.flushdb();
  redis.disconnect();
  return url;
}
