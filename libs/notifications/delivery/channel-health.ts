import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';

import { Timeline } from '#audit';
import { Clock, Database, secondsAfter, Sweeper, type Sweep } from '#platform';

import type { ChannelKind, FailureReason } from '../channels/notification-channel.ts';

/** In a row, over all workers. Webhooks have many receivers: then so many in a row say that it is us. */
const FAILURES_TO_BE_DOWN = 3;

/** How old a worker's picture of what the others met with may be. */
const LOOK_SECONDS = 5;

/** What says something about the channel. A refusal, or a plea to slow down, comes from one that works. */
const FAULTS: ReadonlySet<FailureReason> = new Set([
  'network',
  'timeout',
  'server-error',
  'malformed-answer',
]);

/** How an attempt, or a question, ended. */
export interface Experience {
  /** Nothing when it went well. */
  readonly reason: FailureReason | null;
  readonly explanation: string | null;
}

/** On whose behalf it was tried. */
export interface Occasion {
  readonly alarmId: string;
  readonly requestId: string | null;
}

/** What is known of a channel here. */
interface Known {
  readonly isDown: boolean;
  readonly failures: number;
  readonly checkedAt: Date | null;
}

/** Counting is one statement: of all workers, the one that gets to see the last number reports it. */
const FAILED = `
  INSERT INTO channel_states AS s (channel, is_down, since, failures, last_error) VALUES ($1, false, $2, 1, $3)
  ON CONFLICT (channel) DO UPDATE
  SET failures = s.failures + 1, last_error = excluded.last_error,
      is_down = s.is_down OR s.failures + 1 >= $4,
      since = CASE WHEN NOT s.is_down AND s.failures + 1 >= $4 THEN excluded.since ELSE s.since END
  RETURNING is_down AS "isDown", failures, checked_at AS "checkedAt"`;

/** Of many successes at once one finds failures to forget. */
const WORKED = `
  WITH before AS (SELECT channel, is_down, since FROM channel_states
                  WHERE channel = $1 AND failures > 0 FOR UPDATE)
  UPDATE channel_states s
  SET is_down = false, failures = 0, last_error = NULL,
      since = CASE WHEN before.is_down THEN $2 ELSE before.since END
  FROM before WHERE s.channel = before.channel
  RETURNING before.is_down AS "wasDown", before.since AS "downSince"`;

/**
 * Whether channels work, as all workers together find out. It is told, not asked: a channel that is down is
 * still tried for every alarm. While all is well it costs a small look every few seconds and nothing per send.
 */
@Injectable()
export class ChannelHealth implements Sweep, OnModuleInit {
  readonly name = 'channel-health';
  private readonly logger = new Logger('ChannelHealth');
  private readonly known = new Map<string, Known>();
  private lookedAt: Date | undefined;
  /** A look that began before something was learned here must not undo it. */
  private lessons = 0;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly timeline: Timeline,
    private readonly sweeper: Sweeper,
  ) {}

  onModuleInit(): void {
    this.sweeper.register(this);
  }

  /** Sees what other workers have met with. @returns 0: nothing here is late. */
  async sweep(): Promise<number> {
    if (this.lookedAt === undefined || secondsAfter(this.lookedAt, LOOK_SECONDS) <= this.clock.now())
      await this.look();
    return 0;
  }

  /** Nothing for a channel nobody has met with any trouble and nobody has probed. */
  of(channel: ChannelKind): Known | undefined {
    return this.known.get(channel);
  }

  /** Takes over what all workers know. */
  async look(): Promise<void> {
    const lessons = this.lessons;
    const rows = await this.database.query<Known & { channel: string }>(
      'SELECT channel, is_down AS "isDown", failures, checked_at AS "checkedAt" FROM channel_states',
    );
    this.lookedAt = this.clock.now();
    if (lessons !== this.lessons) return;
    for (const { channel, ...state } of rows) this.known.set(channel, state);
  }

  /**
   * Learns from an attempt, or from a probe, which belongs to no alarm.
   * @throws BrokerError while the database is away.
   */
  async learn(channel: ChannelKind, { reason, explanation }: Experience, occasion?: Occasion): Promise<void> {
    if (reason === null) await this.worked(channel, occasion);
    else if (FAULTS.has(reason)) await this.failed(channel, explanation ?? reason, occasion);
  }

  private async failed(channel: ChannelKind, error: string, occasion?: Occasion): Promise<void> {
    const now = this.clock.now();
    const state = await this.database.transaction(async (tx) => {
      const [row] = await tx.query<Known>(FAILED, [channel, now, error, FAILURES_TO_BE_DOWN]);
      if (row?.failures === FAILURES_TO_BE_DOWN && occasion !== undefined)
        this.timeline.append(tx, [
          { ...entryOf(occasion), at: now, type: 'channel.down', data: { channel, reason: error } },
        ]);
      return row;
    });
    if (state === undefined) return;
    this.keep(channel, state);
    if (state.failures === FAILURES_TO_BE_DOWN)
      this.logger.error({ channel, reason: error }, 'A channel is down; alarms still try it');
  }

  private async worked(channel: ChannelKind, occasion?: Occasion): Promise<void> {
    const before = this.known.get(channel);
    if (before === undefined || before.failures === 0) return;
    const now = this.clock.now();
    const recovered = await this.database.transaction(async (tx) => {
      const [row] = await tx.query<{ wasDown: boolean; downSince: Date }>(WORKED, [channel, now]);
      if (row?.wasDown && occasion !== undefined)
        this.timeline.append(tx, [
          { ...entryOf(occasion), at: now, type: 'channel.up', data: { channel, down_since: row.downSince } },
        ]);
      return row;
    });
    this.keep(channel, { isDown: false, failures: 0, checkedAt: before.checkedAt });
    if (recovered?.wasDown)
      this.logger.log({ channel, downSince: recovered.downSince }, 'A channel works again');
  }

  private keep(channel: ChannelKind, state: Known): void {
    this.lessons += 1;
    this.known.set(channel, state);
  }
}

const entryOf = ({ alarmId, requestId }: Occasion) => ({ alarmId, requestId: requestId ?? undefined });
