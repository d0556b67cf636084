import { BrokerError } from '../errors/broker-error.ts';
import { isMissing, isTransient, isUnavailable, translated } from './database-errors.ts';

const withCode = (code: string) => Object.assign(new Error('words'), { code });

describe('an error of the database', () => {
  it.each(['40001', '40P01'])('that lost a race may be tried again: %s', (code) => {
    expect(isTransient(withCode(code))).toBe(true);
    expect(isUnavailable(withCode(code))).toBe(false);
  });

  it.each([
    '08006', // connection failure
    '57P01', // shut down by an administrator
    '57P03', // starting up
    '53300', // too many connections
    '53100', // disk full
    '25006', // a standby that must not be written to
    'ECONNREFUSED',
    'ECONNRESET',
    'ETIMEDOUT',
    '57014', // it took too long
    '55P03', // somebody else held the row for too long
    'EPIPE',
    'ENOTFOUND',
    'EAI_AGAIN',
  ])('says that the server is away: %s', (code) => {
    expect(isUnavailable(withCode(code))).toBe(true);
    expect(isTransient(withCode(code))).toBe(false);
  });

  it.each([
    'timeout exceeded when trying to connect',
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'Client has encountered a connection error and is not queryable',
    'Client was closed and is not queryable',
    'database "alarm" is not currently accepting connections',
  ])('says that the server is away in words of pg: %s', (words) => {
    expect(isUnavailable(new Error(words))).toBe(true);
  });

  it.each([withCode('23505'), withCode('42601'), new Error('words'), 'words', null, undefined])(
    'is otherwise left as it is: %p',
    (error) => {
      expect(isTransient(error)).toBe(false);
      expect(translated(error)).toBe(error);
    },
  );

  it.each([
    '42P01', // no such table
    '42703', // no such column
    '42883', // no such function
  ])('asks to try again, because another release can do what this one cannot: %s', (code) => {
    const cause = withCode(code);

    expect(isMissing(cause)).toBe(true);
    expect(translated(cause)).toMatchObject({
      category: 'unavailable',
      code: 'database.other-release',
      cause,
    });
    expect(isMissing(translated(cause))).toBe(true);
  });

  it('is translated once', () => {
    const refusal = translated(withCode('ECONNREFUSED'));
    expect(translated(refusal)).toBe(refusal);
  });

  it('becomes a refusal that asks to try again when the server is away', () => {
    const cause = withCode('ECONNREFUSED');
    const error = translated(cause);

    expect(error).toBeInstanceOf(BrokerError);
    expect(error).toMatchObject({
      category: 'unavailable',
      code: 'database.unavailable',
      options: { retryAfterSeconds: 2 },
      cause,
    });
  });
});
