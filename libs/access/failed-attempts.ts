import { Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

import { BrokerError } from '#platform';

/** Wrong keys one address may try within a minute. */
export const FAILURES_PER_MINUTE = 20;

/**
 * Slows down whoever guesses keys. Counted in this process: guessing against several of them is slowed down
 * as many times less, which a long key outweighs.
 */
@Injectable()
export class FailedAttempts {
  private readonly limiter = new RateLimiterMemory({ points: FAILURES_PER_MINUTE, duration: 60 });

  /** @throws BrokerError `access.limited` for an address that has failed too often. */
  async refuseGuesser(address: string): Promise<void> {
    const failures = await this.limiter.get(address);
    if (failures !== null && failures.consumedPoints >= FAILURES_PER_MINUTE) throw limited(failures);
  }

  async count(address: string): Promise<void> {
    await this.limiter.consume(address).catch((refusal: unknown) => {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
    });
  }
}

const limited = (state: RateLimiterRes): BrokerError =>
  new BrokerError('limited', 'access.limited', 'Too many wrong keys came from this address.', {
    retryAfterSeconds: Math.max(1, Math.ceil(state.msBeforeNext / 1000)),
    quota: { policy: 'wrong-keys', limit: FAILURES_PER_MINUTE, windowSeconds: 60 },
  });
