import { readSettings, type DatabaseFacts, type RedisInfo } from '#platform';

import { databaseAway, examineClock, examineDatabase, examineSchema } from './database-rules.ts';
import { examineDeliveries } from './delivery-rules.ts';
import { examineRedis } from './redis-rules.ts';
import type { Finding } from './finding.ts';

const codes = (findings: readonly Finding[]) => findings.map(({ severity, code }) => `${severity} ${code}`);

describe('PostgreSQL', () => {
  const WELL: DatabaseFacts = {
    version: '18.0',
    versionNumber: 180_000,
    encoding: 'UTF8',
    latencyMs: 0.4,
    clockAheadMs: 3,
    isStandby: false,
    isReadOnly: false,
    fsync: true,
    fullPageWrites: true,
    synchronousCommit: 'on',
    autovacuum: true,
    connectionLimit: 197,
    connections: 40,
    isEncrypted: true,
    isSuperuser: false,
    sizeBytes: 12_000_000,
    oldestTransactionSeconds: 0,
    transactionAge: 5000,
  };
  const look = (changes: Partial<DatabaseFacts>, settings: Record<string, string> = {}) =>
    codes(examineDatabase({ ...WELL, ...changes }, readSettings({ REDIS_URL: 'redis://r', ...settings })));
  const FAR = { DATABASE_URL: 'postgresql://db.example.org/alarm' };

  it('is well', () => {
    expect(look({}, FAR)).toEqual(['ok database.ok']);
  });

  it.each<[Partial<DatabaseFacts>, string]>([
    [{ versionNumber: 140_012, version: '14.12' }, 'error database.old'],
    [{ isStandby: true }, 'error database.read-only'],
    [{ isReadOnly: true }, 'error database.read-only'],
    [{ fsync: false }, 'error database.may-lose-everything'],
    [{ fullPageWrites: false }, 'error database.may-lose-everything'],
    [{ synchronousCommit: 'off' }, 'error database.answers-before-it-keeps'],
    [{ encoding: 'LATIN1' }, 'error database.encoding'],
    [{ autovacuum: false }, 'warning database.no-autovacuum'],
    [{ latencyMs: 7 }, 'advice database.far'],
    [{ latencyMs: 70 }, 'warning database.far'],
    [{ oldestTransactionSeconds: 7300 }, 'warning database.long-transaction'],
    [{ transactionAge: 1_500_000_000 }, 'warning database.wraparound'],
    [{ isSuperuser: true }, 'advice database.superuser'],
    [{ connections: 190 }, 'warning database.connections-used'],
    [{ connectionLimit: 97 }, 'advice database.few-connections'],
    [{ connectionLimit: 50 }, 'warning database.few-connections'],
    [{ connectionLimit: 20, connections: 2 }, 'warning database.few-connections'],
    [{ isEncrypted: false }, 'advice database.unencrypted'],
  ])('%j', (changes, expected) => {
    expect(look(changes, FAR)).toEqual([expected]);
  });

  it('counts the connections of jobs where there is no Redis', () => {
    expect(look({ connectionLimit: 130 }, FAR)).toEqual(['ok database.ok']);
    expect(look({ connectionLimit: 130 }, { ...FAR, REDIS_URL: '' })).toEqual([
      'advice database.few-connections',
    ]);
  });

  it('needs no encryption on this machine', () => {
    expect(look({ isEncrypted: false }, { DATABASE_URL: 'postgresql://localhost/alarm' })).toEqual([
      'ok database.ok',
    ]);
  });

  it('is away, in the words of the driver', () => {
    expect(databaseAway('connect ECONNREFUSED 10.0.0.3:5432').says).toBe(
      'PostgreSQL cannot be used: connect ECONNREFUSED 10.0.0.3:5432.',
    );
  });

  it('has an older, a newer or the right schema', () => {
    expect(
      codes([examineSchema(false, []), examineSchema(true, ['Later2']), examineSchema(true, [])]),
    ).toEqual(['error schema.pending', 'advice schema.newer', 'ok schema.ok']);
  });

  it.each([
    [3, 'ok clock.ok'],
    [-999, 'ok clock.ok'],
    [4000, 'advice clock.apart'],
    [-4000, 'advice clock.apart'],
    [300_000, 'warning clock.apart'],
  ])('is %d ms ahead', (aheadMs, expected) => {
    expect(codes([examineClock(aheadMs)])).toEqual([expected]);
  });

  it('says which clock is behind', () => {
    expect(examineClock(5000).says).toContain('This machine is 5.0 s behind PostgreSQL');
    expect(examineClock(-5000).says).toContain('This machine is 5.0 s ahead of PostgreSQL');
  });
});

describe('Redis', () => {
  const WELL: RedisInfo = {
    version: '7.0.15',
    role: 'master',
    memoryUsedBytes: 50,
    memoryLimitBytes: 100,
    evictionPolicy: 'noeviction',
    isAppendOnly: true,
  };

  it.each<[Partial<RedisInfo>, string]>([
    [{}, 'ok redis.ok'],
    [{ memoryLimitBytes: undefined }, 'ok redis.ok'],
    [{ version: '6.0.16' }, 'error redis.old'],
    [{ version: '6.2.0' }, 'ok redis.ok'],
    [{ role: 'replica' }, 'error redis.replica'],
    [{ evictionPolicy: 'allkeys-lru' }, 'warning redis.evicts'],
    [{ memoryUsedBytes: 81 }, 'warning redis.nearly-full'],
    [{ isAppendOnly: false }, 'advice redis.not-appending'],
  ])('%j', (changes, expected) => {
    expect(codes(examineRedis({ ...WELL, ...changes }))).toEqual([expected]);
  });

  it('is away, or does not let itself be asked', () => {
    expect(codes([...examineRedis('away'), ...examineRedis('silent')])).toEqual([
      'error redis.away',
      'advice redis.silent',
    ]);
  });
});

describe('what waits and what failed', () => {
  const now = new Date('2026-03-02T08:00:00Z');
  const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);
  const WELL = { now, oldestMessage: null, oldestStep: null, dead: 0 };

  it.each([
    [WELL, 'ok delivery.ok'],
    [{ ...WELL, oldestMessage: ago(3) }, 'ok delivery.ok'],
    [{ ...WELL, oldestMessage: ago(12) }, 'warning delivery.overdue-messages'],
    [{ ...WELL, oldestStep: ago(600) }, 'error delivery.overdue-steps'],
    [{ ...WELL, dead: 3 }, 'advice delivery.dead-letters'],
  ])('%j', (deliveries, expected) => {
    expect(codes(examineDeliveries(deliveries))).toEqual([expected]);
  });

  it('counts so far and no further', () => {
    expect(examineDeliveries({ ...WELL, dead: 1 })[0]?.says).toContain(' 1 message failed');
    expect(examineDeliveries({ ...WELL, dead: 100 })[0]?.says).toContain(' 100 or more messages failed');
  });
});
