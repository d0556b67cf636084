import type { AlarmBrief, Purpose } from '../alarm-brief.ts';
import type { MessageText } from '../message-text.ts';

/** Every way to tell somebody. */
export const CHANNEL_KINDS = ['zammad', 'sms', 'signal', 'email', 'webhook', 'ntfy'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

/** One message to one target. */
export interface ChannelMessage {
  /** The same for every attempt, so that a receiver can tell a repetition. */
  readonly notificationId: string;
  readonly purpose: Purpose;
  /** Of the plan; 0 for a follow-up. */
  readonly stepNo: number;
  readonly attempt: number;
  /** An earlier attempt may have arrived, though it was not confirmed. */
  readonly mayHaveArrived: boolean;
  /** What the other side called the first message about this alarm to this address: its ticket. */
  readonly earlierRef: string | null;
  /** Phone number, group, mail address or URL. Empty: the channel's configured default. */
  readonly address: string;
  readonly targetLabel: string;
  readonly brief: AlarmBrief;
  readonly text: MessageText;
  /** Of the request that caused it. */
  readonly requestId: string | null;
}

export interface Receipt {
  /** What the other side calls it: a ticket number, a message id. */
  readonly externalRef?: string;
  /** More about it for people: the number and address of a ticket. */
  readonly facts?: Readonly<Record<string, string | number>>;
}

/** Why a send failed, as a word for statistics. */
export type FailureReason =
  | 'network'
  | 'timeout'
  | 'refused'
  | 'gone'
  | 'limited'
  | 'server-error'
  | 'malformed-answer'
  | 'forbidden-address'
  | 'not-configured'
  /** Accepted by the other side, which reported later that it did not arrive. */
  | 'undelivered'
  | 'internal';

export interface FailureOptions {
  /** `ambiguous`: it may have arrived. */
  readonly retry: 'yes' | 'no' | 'ambiguous';
  /** With `ambiguous`: it must not be sent again, because the other side asked to be left alone. */
  readonly final?: boolean;
  readonly reason: FailureReason;
  /** What the other side asked for. */
  readonly retryAfterSeconds?: number | undefined;
}

/** A send that did not succeed. The text is stored and shown, so it names no address, token or URL. */
export class ChannelError extends Error {
  override readonly name = 'ChannelError';

  constructor(
    message: string,
    readonly options: FailureOptions,
  ) {
    super(message);
  }
}

/** How often and how far apart a channel is tried. */
export interface RetryPolicy {
  readonly maxAttempts: number;
  /** Seconds between the end of the given attempt (from 1) and the next. */
  delaySeconds(attempt: number): number;
  /** How often a message that may have arrived is sent again. For an alarm, twice told beats not told. */
  readonly ambiguousRepeats: number;
}

/**
 * The port to the outside world. An adapter makes one attempt and says how it ended; it never retries,
 * never writes to our database and gives up when the signal says so.
 */
export interface NotificationChannel {
  readonly kind: ChannelKind;
  /** Milliseconds one attempt may take. */
  readonly timeLimitMs: number;
  readonly retryPolicy: RetryPolicy;
  /** @throws ChannelError for every failure it understands. */
  send(message: ChannelMessage, signal: AbortSignal): Promise<Receipt>;
  /**
   * Asks the other side whether a send would work, without sending anything. Channels that cannot ask have none.
   * @returns what is wrong with the configuration, as sentences for an operator; empty when all is well.
   * @throws ChannelError when it cannot be reached or refuses to answer.
   */
  probe?(signal: AbortSignal): Promise<readonly string[]>;
}
