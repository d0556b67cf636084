import {
  ChannelError,
  type FailureReason,
  type Receipt,
  type RetryPolicy,
} from '../channels/notification-channel.ts';
import type { AttemptResult } from '../notification-attempt.entity.ts';
import type { NotificationStatus } from '../notification.entity.ts';

/** What becomes of a notification after an attempt. */
export interface Outcome {
  readonly status: Extract<NotificationStatus, 'sent' | 'scheduled' | 'failed' | 'ambiguous' | 'skipped'>;
  readonly result: AttemptResult;
  /** Until the next attempt, when `scheduled`. */
  readonly delaySeconds: number;
  readonly externalRef: string | null;
  readonly facts: Readonly<Record<string, string | number>>;
  /** For statistics. */
  readonly reason: FailureReason | null;
  /** For a person. */
  readonly explanation: string | null;
}

export const succeeded = (receipt: Receipt): Outcome => ({
  status: 'sent',
  result: 'sent',
  delaySeconds: 0,
  externalRef: receipt.externalRef ?? null,
  facts: receipt.facts ?? {},
  reason: null,
  explanation: null,
});

/** Spreads retries of many notifications by up to a fifth, so that they do not all knock at once. */
const JITTER = 0.2;

/** How often it was tried, this time included. */
export interface Tries {
  /** Since it was planned, or since somebody asked for it to be sent again. */
  readonly attempts: number;
  /** Earlier ones that may have arrived. */
  readonly ambiguous: number;
}

/**
 * The one rule about retrying. What may have arrived is sent again only as often as its channel allows: for an
 * alarm a message too many is better than one too few, and the record says that it may be a repetition.
 * @param random from 0 to 1.
 */
export function failed(error: unknown, tries: Tries, policy: RetryPolicy, random = Math.random()): Outcome {
  const failure =
    error instanceof ChannelError
      ? error
      : new ChannelError('Something went wrong here; it has been logged.', {
          retry: 'yes',
          reason: 'internal',
        });
  const { retry, reason, retryAfterSeconds, final } = failure.options;
  const base = { externalRef: null, facts: {}, reason, explanation: failure.message, delaySeconds: 0 };
  if (reason === 'not-configured') return { ...base, status: 'skipped', result: 'skipped' };
  const result = retry === 'ambiguous' ? 'ambiguous' : 'failed';
  const isOver =
    retry === 'no' ||
    tries.attempts >= policy.maxAttempts ||
    (retry === 'ambiguous' && (final === true || tries.ambiguous >= policy.ambiguousRepeats));
  if (isOver) return { ...base, status: result, result };
  const delay = policy.delaySeconds(tries.attempts) * (1 + JITTER * random);
  return { ...base, status: 'scheduled', result, delaySeconds: Math.max(delay, retryAfterSeconds ?? 0) };
}
