import type { RetryPolicy } from './notification-channel.ts';

/** Quick at first, because somebody is waiting; then patient, because a gateway may be restarting. */
const FRONT_SECONDS = [2, 5, 15, 30, 60, 120, 300];

export const ALARM_RETRIES: RetryPolicy = {
  maxAttempts: FRONT_SECONDS.length + 1,
  delaySeconds: (attempt) => FRONT_SECONDS[attempt - 1] ?? 300,
};

export const fixedRetries = (retries: number, delaySeconds: number): RetryPolicy => ({
  maxAttempts: retries + 1,
  delaySeconds: () => delaySeconds,
});
