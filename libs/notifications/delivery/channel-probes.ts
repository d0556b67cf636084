import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';

import { Clock, Database, redactor, secondsAfter, Settings, Sweeper, type Sweep } from '#platform';

import { askChannel } from '../channels/ask-channel.ts';
import { ChannelRegistry } from '../channels/channel-registry.ts';
import {
  CHANNEL_KINDS,
  ChannelError,
  type ChannelKind,
  type NotificationChannel,
} from '../channels/notification-channel.ts';
import { ChannelHealth } from './channel-health.ts';

/** Between two probes while all is well, and while something is known against the channel. */
const CALM_SECONDS = 300;
const TROUBLED_SECONDS = 30;

/** A worker that starts asks anew, because the configuration may be new; many that start together ask once. */
const START_SECONDS = 10;

/** Of many workers one asks at a time: the one that sets the time. */
const TAKE_TURN = `
  INSERT INTO channel_states AS s (channel, is_down, since, failures, checked_at)
  VALUES ($1, false, $2, 0, $2)
  ON CONFLICT (channel) DO UPDATE SET checked_at = excluded.checked_at
  WHERE s.checked_at IS NULL OR s.checked_at <= $3
  RETURNING channel`;

const FOUND = 'UPDATE channel_states SET findings = $2 WHERE channel = $1 AND findings <> $2::jsonb';

/**
 * Asks the channels that can be asked whether a send would work: when a worker starts, every five minutes, and
 * more often while there is trouble. So a dead gateway, or a wrong setting, is known before somebody needs help.
 */
@Injectable()
export class ChannelProbes implements Sweep, OnModuleInit, BeforeApplicationShutdown {
  readonly name = 'channel-probes';
  private readonly logger = new Logger('ChannelProbes');
  private readonly underWay = new Map<ChannelKind, Promise<void>>();
  private readonly notYetAsked = new Set<ChannelKind>(CHANNEL_KINDS);
  private readonly reported = new Map<ChannelKind, string>();
  private readonly stopping = new AbortController();
  /** Up to a fifth longer than its neighbours, so that workers do not knock together. */
  private readonly spread = 1 + Math.random() / 5;

  private readonly redact: (text: string) => string;

  constructor(
    settings: Settings,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly channels: ChannelRegistry,
    private readonly health: ChannelHealth,
    private readonly sweeper: Sweeper,
  ) {
    this.redact = redactor(settings);
  }

  onModuleInit(): void {
    this.sweeper.register(this);
  }

  /** Starts the probes that are due and waits for none. @returns 0: nothing here is late. */
  sweep(): Promise<number> {
    for (const kind of CHANNEL_KINDS) {
      const channel = this.channels.of(kind);
      if (channel.probe === undefined || this.underWay.has(kind) || this.stopping.signal.aborted) continue;
      if (this.isDue(kind)) {
        const probe = this.probe(channel).finally(() => this.underWay.delete(kind));
        this.underWay.set(kind, probe);
      }
    }
    return Promise.resolve(0);
  }

  /** Waits until no probe is under way. */
  async idle(): Promise<void> {
    await Promise.all(this.underWay.values());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.idle();
  }

  private isDue(kind: ChannelKind): boolean {
    const checkedAt = this.health.of(kind)?.checkedAt ?? undefined;
    return checkedAt === undefined || this.notYetAsked.has(kind) || checkedAt <= this.latestBefore(kind);
  }

  /** Whoever was asked after this time need not be asked again yet. */
  private latestBefore(kind: ChannelKind): Date {
    if (this.notYetAsked.has(kind)) return secondsAfter(this.clock.now(), -START_SECONDS);
    const isTroubled = (this.health.of(kind)?.failures ?? 0) > 0;
    return secondsAfter(this.clock.now(), -(isTroubled ? TROUBLED_SECONDS : CALM_SECONDS) * this.spread);
  }

  /** Never rejects. */
  private async probe(channel: NotificationChannel): Promise<void> {
    const { kind } = channel;
    try {
      const before = this.latestBefore(kind);
      const turns = await this.database.query(TAKE_TURN, [kind, this.clock.now(), before]);
      this.notYetAsked.delete(kind);
      await this.health.look();
      if (turns.length > 0) await this.ask(channel);
    } catch (error) {
      this.logger.debug({ err: error, channel: kind }, 'A probe came to nothing');
    }
  }

  private async ask(channel: NotificationChannel): Promise<void> {
    const { kind } = channel;
    const answer = await askChannel(channel, this.stopping.signal);
    if (this.stopping.signal.aborted) return;
    if (!(answer instanceof ChannelError)) {
      await this.found(kind, answer.map(this.redact));
      await this.health.learn(kind, { reason: null, explanation: null });
    } else if (answer.options.reason === 'refused') {
      // Whoever refuses is there: that is something to mend, not something to wait for.
      await this.found(kind, [this.redact(answer.message)]);
    } else {
      await this.health.learn(kind, {
        reason: answer.options.reason,
        explanation: this.redact(answer.message),
      });
    }
  }

  private async found(kind: ChannelKind, findings: readonly string[]): Promise<void> {
    const words = JSON.stringify(findings);
    await this.database.query(FOUND, [kind, words]);
    if (findings.length > 0 && this.reported.get(kind) !== words)
      this.logger.warn({ channel: kind, findings }, 'A channel is not set up as its server needs it');
    this.reported.set(kind, words);
  }
}
