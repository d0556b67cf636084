import { ChannelError, type ChannelKind, type NotificationChannel } from './notification-channel.ts';
import { fixedRetries } from './retry-policies.ts';

/** Stands in for a channel nobody set up. It says so for each message, instead of pretending. */
export class UnconfiguredChannel implements NotificationChannel {
  readonly timeLimitMs = 1000;
  readonly retryPolicy = fixedRetries(0, 0);

  constructor(
    readonly kind: ChannelKind,
    private readonly missing: string,
  ) {}

  send(): Promise<never> {
    return Promise.reject(new ChannelError(this.missing, { retry: 'no', reason: 'not-configured' }));
  }
}
