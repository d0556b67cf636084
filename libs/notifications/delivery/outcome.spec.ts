import { ChannelError, type FailureOptions, type RetryPolicy } from '../channels/notification-channel.ts';
import { failed, succeeded, type Tries } from './outcome.ts';

const policy: RetryPolicy = { maxAttempts: 3, delaySeconds: (attempt) => attempt * 10, ambiguousRepeats: 1 };
const error = (options: Partial<FailureOptions> = {}) =>
  new ChannelError('The server answered 500.', { retry: 'yes', reason: 'server-error', ...options });

const attempt = (attempts: number, ambiguous = 0): Tries => ({ attempts, ambiguous });

describe('what becomes of a notification', () => {
  it('is sent, with what the other side calls it', () => {
    expect(succeeded({ externalRef: '42' })).toEqual({
      status: 'sent',
      result: 'sent',
      delaySeconds: 0,
      externalRef: '42',
      facts: {},
      reason: null,
      explanation: null,
    });
    expect(succeeded({}).externalRef).toBeNull();
  });

  it('is tried again, after the delay of the attempt that failed', () => {
    expect(failed(error(), attempt(2), policy, 0)).toEqual({
      status: 'scheduled',
      result: 'failed',
      delaySeconds: 20,
      externalRef: null,
      facts: {},
      reason: 'server-error',
      explanation: 'The server answered 500.',
    });
  });

  it('is spread by up to a fifth, never earlier than the delay', () => {
    expect(failed(error(), attempt(1), policy, 0.5).delaySeconds).toBeCloseTo(11);
    expect(failed(error(), attempt(1), policy, 1).delaySeconds).toBeCloseTo(12);
    for (let i = 0; i < 100; i += 1) {
      const { delaySeconds } = failed(error(), attempt(1), policy);
      expect(delaySeconds).toBeGreaterThanOrEqual(10);
      expect(delaySeconds).toBeLessThanOrEqual(12);
    }
  });

  it('waits as long as the other side asks, but not less than planned', () => {
    expect(failed(error({ retryAfterSeconds: 100 }), attempt(1), policy, 0).delaySeconds).toBe(100);
    expect(failed(error({ retryAfterSeconds: 1 }), attempt(1), policy, 0).delaySeconds).toBe(10);
  });

  it('has failed for good at once when trying again is of no use', () => {
    expect(failed(error({ retry: 'no', reason: 'refused' }), attempt(1), policy)).toMatchObject({
      status: 'failed',
      result: 'failed',
      reason: 'refused',
      delaySeconds: 0,
    });
  });

  it('has failed for good with the last attempt', () => {
    expect(failed(error(), attempt(3), policy)).toMatchObject({ status: 'failed', result: 'failed' });
  });

  it('is sent again when it may have arrived, as often as its channel allows, and says so', () => {
    const unclear = error({ retry: 'ambiguous', reason: 'timeout' });

    expect(failed(unclear, attempt(2, 0), policy)).toMatchObject({
      status: 'scheduled',
      result: 'ambiguous',
    });
    expect(failed(unclear, attempt(2, 1), policy)).toMatchObject({
      status: 'ambiguous',
      result: 'ambiguous',
    });
    expect(failed(error(), attempt(2, 1), policy)).toMatchObject({ status: 'scheduled', result: 'failed' });
  });

  it('is not sent again where the other side has asked to be left alone', () => {
    const limited = error({ retry: 'ambiguous', final: true, reason: 'limited' });

    expect(failed(limited, attempt(1), policy)).toMatchObject({ status: 'ambiguous', result: 'ambiguous' });
  });

  it('is tried again when it may have arrived, and says so, also at the end', () => {
    const unclear = error({ retry: 'ambiguous', reason: 'timeout' });

    expect(failed(unclear, attempt(1), policy)).toMatchObject({ status: 'scheduled', result: 'ambiguous' });
    expect(failed(unclear, attempt(3), policy)).toMatchObject({ status: 'ambiguous', result: 'ambiguous' });
  });

  it('is skipped when its channel was never set up', () => {
    expect(failed(error({ retry: 'no', reason: 'not-configured' }), attempt(1), policy)).toMatchObject({
      status: 'skipped',
      result: 'skipped',
      explanation: 'The server answered 500.',
    });
  });

  it('is tried again after a fault of our own, whose words stay in the log', () => {
    expect(failed(new TypeError('https://gateway/?key=secret'), attempt(1), policy)).toMatchObject({
      status: 'scheduled',
      reason: 'internal',
      explanation: 'Something went wrong here; it has been logged.',
    });
  });
});
