import { Injectable } from '@nestjs/common';

import { Database, Settings } from '#platform';

import { CHANNEL_KINDS, type ChannelKind } from './channels/notification-channel.ts';

/** How a channel is doing, as far as the last notifications tell. */
export interface ChannelState {
  readonly channel: ChannelKind;
  readonly enabled: boolean;
  readonly lastResult: string | null;
  readonly lastAt: Date | null;
  readonly lastReason: string | null;
}

/** Enough to see every channel in use, few enough to be read in a moment. */
const LOOK_BACK = 1000;

/** What is set up, and what came of it lately. */
@Injectable()
export class ChannelReport {
  constructor(
    private readonly database: Database,
    private readonly settings: Settings,
  ) {}

  async states(): Promise<ChannelState[]> {
    const rows = await this.database.query<{
      channel: string;
      status: string;
      at: Date;
      reason: string | null;
    }>(
      `SELECT DISTINCT ON (channel) channel, status, finished_at AS at, reason
       FROM (SELECT channel, status, finished_at, reason FROM notifications ORDER BY id DESC LIMIT $1) recent
       WHERE finished_at IS NOT NULL AND status <> 'withdrawn' ORDER BY channel, finished_at DESC`,
      [LOOK_BACK],
    );
    return CHANNEL_KINDS.map((channel) => {
      const last = rows.find((row) => row.channel === channel);
      return {
        channel,
        enabled: this.isEnabled(channel),
        lastResult: last?.status ?? null,
        lastAt: last?.at ?? null,
        lastReason: last?.reason ?? null,
      };
    });
  }

  /** What waits to be sent, and since when the oldest of it is due. */
  async backlog(now: Date): Promise<{ due: number; oldestDueAt: Date | null }> {
    const [row] = await this.database.query<{ due: number; oldest: Date | null }>(
      `SELECT count(*)::int AS due, min(due_at) AS oldest FROM notifications WHERE status = 'scheduled' AND due_at <= $1`,
      [now],
    );
    return { due: row?.due ?? 0, oldestDueAt: row?.oldest ?? null };
  }

  private isEnabled(channel: ChannelKind): boolean {
    if (this.settings.SIMULATION_ENABLED || channel === 'webhook') return true;
    if (channel === 'zammad') return this.settings.ZAMMAD_BASE_URL !== undefined;
    const { SENDXMS_ENABLED, SMS_PRESET, SMS_CONNECTOR_FILE } = this.settings;
    const isSmsSetUp = SENDXMS_ENABLED || SMS_PRESET !== undefined || SMS_CONNECTOR_FILE !== undefined;
    return channel === 'sms' && isSmsSetUp;
  }
}
