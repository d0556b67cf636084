import { Logger } from '@nestjs/common';

import { ChannelError, type NotificationChannel } from './notification-channel.ts';

/** A probe may take as long as a send, but not for ever. */
const PROBE_LIMIT_MS = 5000;

const logger = new Logger('ChannelProbes');

/**
 * What the server of a channel says of the settings, or how it failed to say anything. Nothing is sent to anybody.
 * Never rejects, and ends in time whether or not the channel heeds the signal.
 */
export async function askChannel(
  channel: NotificationChannel,
  stopping?: AbortSignal,
): Promise<readonly string[] | ChannelError> {
  const limit = AbortSignal.timeout(Math.min(channel.timeLimitMs, PROBE_LIMIT_MS));
  const signal = stopping === undefined ? limit : AbortSignal.any([limit, stopping]);
  try {
    // A channel that does not heed the signal must not hold up a shutdown either.
    return (await Promise.race([channel.probe?.(signal), whenAborted(signal)])) ?? [];
  } catch (error) {
    if (error instanceof ChannelError) return error;
    logger.error({ err: error, channel: channel.kind }, 'A probe broke');
    return new ChannelError('Something went wrong here; it has been logged.', {
      retry: 'no',
      reason: 'internal',
    });
  }
}

const whenAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) =>
    signal.addEventListener(
      'abort',
      () => {
        reject(new ChannelError('No answer within the time limit.', { retry: 'yes', reason: 'timeout' }));
      },
      { once: true },
    ),
  );
