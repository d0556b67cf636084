import { Injectable } from '@nestjs/common';

import { Database, Settings } from '#platform';

import { ChannelStateRow } from './channel-state.entity.ts';
import { isConfigured } from './channels/is-configured.ts';
import { CHANNEL_KINDS, type ChannelKind } from './channels/notification-channel.ts';

/** How a channel is doing, as far as attempts and probes tell. */
export interface ChannelState {
  readonly channel: ChannelKind;
  /** Set up. */
  readonly enabled: boolean;
  readonly state: 'up' | 'down' | 'unknown';
  /** Of that state, where it is known. */
  readonly since: Date | null;
  /** What the other side finds wrong with the configuration, when it was asked last. */
  readonly findings: readonly string[];
  readonly checkedAt: Date | null;
  /** What went wrong last, until something works again. */
  readonly lastError: string | null;
  readonly lastResult: string | null;
  readonly lastAt: Date | null;
  readonly lastReason: string | null;
}

interface LastEnd {
  readonly channel: string;
  readonly status: string;
  readonly at: Date;
  readonly reason: string | null;
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
    const known = await (await this.database.repository(ChannelStateRow)).find();
    const rows = await this.database.query<LastEnd>(
      `SELECT DISTINCT ON (channel) channel, status, finished_at AS at, reason
       FROM (SELECT channel, status, finished_at, reason FROM notifications ORDER BY id DESC LIMIT $1) recent
       WHERE finished_at IS NOT NULL AND status <> 'withdrawn' ORDER BY channel, finished_at DESC`,
      [LOOK_BACK],
    );
    return CHANNEL_KINDS.map((channel) => {
      const last = rows.find((row) => row.channel === channel);
      const row = known.find((state) => state.channel === channel);
      const enabled = isConfigured(channel, this.settings);
      const state = enabled ? stateOf(row, last) : 'unknown';
      return {
        channel,
        enabled,
        state,
        since: state === 'unknown' ? null : (row?.since ?? null),
        findings: row?.findings ?? [],
        checkedAt: row?.checkedAt ?? null,
        lastError: row?.lastError ?? null,
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
}

/** Up is a channel over which something went last, or whose server was asked and had an answer. */
function stateOf(known: ChannelStateRow | undefined, last: LastEnd | undefined): ChannelState['state'] {
  if (known?.isDown) return 'down';
  if (known !== undefined && known.failures > 0) return 'unknown';
  const worked = last?.status === 'sent' || last?.status === 'delivered';
  return worked || known !== undefined ? 'up' : 'unknown';
}
