import { Injectable } from '@nestjs/common';

import { CHANNEL_KINDS, type ChannelKind } from '#notifications';
import { Clock, Database, newId } from '#platform';

import { SimulatedNotification } from './simulated-notification.entity.ts';

/** More than anybody reads; the total is counted in full. */
const FEED_LIMIT = 1000;

/** Everything the simulated channels were given. Kept in the database, because the worker writes what the api shows. */
@Injectable()
export class SimulationFeed {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async record(channel: ChannelKind, payload: Record<string, unknown>): Promise<string> {
    const id = newId();
    await this.database.query(
      `INSERT INTO simulated_notifications (id, channel, at, payload, result) VALUES ($1, $2, $3, $4, 'ok')`,
      [id, channel, this.clock.now(), payload],
    );
    return id;
  }

  /** How many there are, with a zero for every channel that has none. */
  async countByChannel(): Promise<Record<ChannelKind, number>> {
    const rows = await this.database.query<{ channel: ChannelKind; count: number }>(
      'SELECT channel, count(*)::int AS count FROM simulated_notifications GROUP BY channel',
    );
    const counts = Object.fromEntries(CHANNEL_KINDS.map((kind) => [kind, 0])) as Record<ChannelKind, number>;
    for (const { channel, count } of rows) counts[channel] = count;
    return counts;
  }

  /** Oldest first. */
  async read(channel: ChannelKind | undefined): Promise<SimulatedNotification[]> {
    const notifications = await this.database.repository(SimulatedNotification);
    const latest = await notifications.find({
      ...(channel === undefined ? {} : { where: { channel } }),
      order: { at: 'DESC', id: 'DESC' },
      take: FEED_LIMIT,
    });
    return latest.reverse();
  }

  /** Removes up to `limit` of what is older. @returns how many that were. */
  async removeBefore(time: Date, limit: number): Promise<number> {
    const rows = await this.database.query(
      `DELETE FROM simulated_notifications
       WHERE id IN (SELECT id FROM simulated_notifications WHERE at < $1 LIMIT $2) RETURNING id`,
      [time, limit],
    );
    return rows.length;
  }

  async clear(): Promise<void> {
    await this.database.query('DELETE FROM simulated_notifications');
  }
}
