import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';

import { SchemaFloor, Settings, Sweeper } from '#platform';

import { CHANNEL_KINDS, type ChannelKind } from '../channels/notification-channel.ts';
import type { ClaimedNotification } from './claimed-notification.ts';
import { Delivery } from './delivery.ts';
import { DeliverySweep } from './delivery-sweep.ts';
import { Lane } from './lane.ts';
import { parseRowAddress } from './row-address.ts';

/** Rows one sweep looks at, for each channel. */
const SWEEP_LIMIT = 2000;

/** One lane for each channel; bell and sweep both put rows into it. */
@Injectable()
export class Lanes implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger('Lanes');
  private readonly lanes: ReadonlyMap<ChannelKind, Lane<ClaimedNotification>>;

  constructor(
    settings: Settings,
    private readonly sweeper: Sweeper,
    private readonly delivery: Delivery,
    private readonly search: DeliverySweep,
    private readonly floor: SchemaFloor,
  ) {
    const lane = (kind: ChannelKind) =>
      new Lane<ClaimedNotification>(
        settings.WORKER_CONCURRENCY,
        (ids) => this.claim(kind, ids),
        (row, sent) => delivery.deliver(row, sent),
      );
    this.lanes = new Map(CHANNEL_KINDS.map((kind) => [kind, lane(kind)]));
  }

  onModuleInit(): void {
    for (const kind of CHANNEL_KINDS) this.sweeper.register({ name: kind, sweep: () => this.sweep(kind) });
  }

  /** Answers the bell: hands each row to the lane of its channel and does not wait for the sends. */
  look(addresses: readonly string[]): void {
    const byChannel = Map.groupBy(addresses.map(parseRowAddress), (row) => row.channel);
    for (const [channel, rows] of byChannel) this.lane(channel).offer(rows.map((row) => row.id));
  }

  /** Waits until every lane is empty. */
  async idle(): Promise<void> {
    await Promise.all([...this.lanes.values()].map((lane) => lane.idle()));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([...this.lanes.values()].map((lane) => lane.close()));
  }

  private async sweep(kind: ChannelKind): Promise<number> {
    const { due, anyLost } = await this.search.look(kind, SWEEP_LIMIT);
    if (anyLost) await this.search.reclaim(kind, SWEEP_LIMIT);
    const lane = this.lane(kind);
    return lane.isBusy ? 0 : lane.offer(due);
  }

  /** A claim that failed loses nothing: the rows are still due, and the sweep says what is wrong. */
  private async claim(kind: ChannelKind, ids: readonly string[]): Promise<readonly ClaimedNotification[]> {
    try {
      if (!(await this.floor.mayWork())) return [];
      return await this.delivery.claim(kind, ids);
    } catch (error) {
      this.logger.debug({ err: error, channel: kind }, 'A claim failed');
      return [];
    }
  }

  private lane(kind: ChannelKind): Lane<ClaimedNotification> {
    const lane = this.lanes.get(kind);
    if (lane === undefined) throw new Error(`No lane for "${kind}".`);
    return lane;
  }
}
