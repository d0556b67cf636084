import type { RetryPolicy } from './notification-channel.ts';

/** Quick at first, because somebody is waiting; then patient, because a gateway may be restarting. */
const FRONT_SECONDS = [2, 5, 15, 30, 60, 120, 300];

export const ALARM_RETRIES: RetryPolicy = {
  maxAttempts: FRONT_SECONDS.length + 1,
  delaySeconds: (attempt) => FRONT_SECONDS[attempt - 1] ?? 300,
  ambiguousRepeats: 1,
};

export const fixedRetries = (retries: number, delaySeconds: number): RetryPolicy => ({
  maxAttempts: retries + 1,
  delaySeconds: () => delaySeconds,
  // Whoever sets the number of retries means all of them; receivers tell repetitions by their id.
  ambiguousRepeats: retries,
});
