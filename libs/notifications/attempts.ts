import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter } from 'prom-client';

import type { Tx } from '#platform';

import { CHANNEL_KINDS, type ChannelKind, type FailureReason } from './channels/notification-channel.ts';
import type { AttemptResult } from './notification-attempt.entity.ts';

export const ATTEMPTS_METRIC = 'alarm_broker_notification_attempts_total';

const FAILURES = [
  'network',
  'timeout',
  'refused',
  'gone',
  'limited',
  'server-error',
  'malformed-answer',
  'forbidden-address',
  'internal',
] as const satisfies FailureReason[];

/** Every way an attempt can end. */
const ENDS: readonly (readonly [AttemptResult, AttemptReason])[] = [
  ['sent', 'none'],
  ...FAILURES.map((reason) => ['failed', reason] as const),
  ['ambiguous', 'network'],
  ['ambiguous', 'timeout'],
  ['ambiguous', 'server-error'],
  ['ambiguous', 'malformed-answer'],
  ['skipped', 'not-configured'],
  ['lost', 'lease-expired'],
];

export type AttemptReason = FailureReason | 'none' | 'lease-expired';

/** Counts each try to send something, in the process that writes down how it ended and once that has committed. */
@Injectable()
export class Attempts {
  constructor(
    @InjectMetric(ATTEMPTS_METRIC) private readonly total: Counter<'channel' | 'result' | 'reason'>,
  ) {
    for (const channel of CHANNEL_KINDS)
      for (const [result, reason] of ENDS) total.inc({ channel, result, reason }, 0);
  }

  count(tx: Tx, channel: ChannelKind, result: AttemptResult, reason: AttemptReason): void {
    tx.afterCommit(() => this.total.inc({ channel, result, reason }));
  }
}
