import type { NestExpressApplication } from '@nestjs/platform-express';
import { Client } from 'pg';

import { Settings } from '#platform';

import { EventStream, type StreamWishes } from './event-stream.ts';
import { house, KEY } from './house.ts';
import { World } from './world.ts';

/** Two api processes on one database, and the people who watch them. */
export class LiveStory {
  private streams: EventStream[] = [];

  private constructor(
    readonly world: World,
    private readonly second: NestExpressApplication,
    readonly secondUrl: string,
  ) {}

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<LiveStory> {
    const world = await World.start({
      seed: house([]),
      settings: { EVENTS_HEARTBEAT_SECONDS: '1', RATE_LIMIT_PER_MINUTE: '1000', ...settings },
    });
    const second = await world.secondApi();
    return new LiveStory(world, second, await second.getUrl());
  }

  async open(url = this.world.url, wishes: StreamWishes = {}): Promise<EventStream> {
    const stream = await EventStream.open(url, wishes);
    this.streams.push(stream);
    return stream;
  }

  /** Raises a new alarm. @returns its id. */
  async press(key = KEY): Promise<string> {
    this.world.clock.advance(20);
    const { body } = await this.world.press(key).expect(200);
    return body.alarm_id;
  }

  async resolve(alarmId: string): Promise<void> {
    await this.world.post(`/v1/alarms/${alarmId}/resolve`, { actor: 'Eva' }).expect(204);
  }

  /** Puts many entries on a timeline at once, without a word to anybody. */
  async note(alarmId: string, count: number, length = 300): Promise<void> {
    await this.world.query(
      `INSERT INTO alarm_events (alarm_id, at, type, data)
       SELECT id, now(), 'alarm.noted', jsonb_build_object('note', repeat('x', ${length}))
       FROM alarms, generate_series(1, ${count}) WHERE id = '${alarmId}'`,
    );
  }

  /** The ids of all entries there are, in order. */
  async stored(): Promise<number[]> {
    const rows = await this.world.query<{ seq: string }>('SELECT seq FROM alarm_events ORDER BY seq');
    return rows.map(({ seq }) => Number(seq));
  }

  /** Somebody with a connection of their own. */
  async somebody(): Promise<Client> {
    const client = new Client({ connectionString: this.world.app.get(Settings).DATABASE_URL });
    await client.connect();
    return client;
  }

  /** Readers of the second process: metrics are of the real process, where it was the last to register. */
  readers(): Promise<number> {
    return this.world.metric('alarm_broker_event_readers');
  }

  cuts(reason: 'slow' | 'revoked'): Promise<number> {
    return this.world.metric('alarm_broker_event_readers_cut_total', { reason });
  }

  /** A connection that is closed is noticed a moment later. */
  async untilReaders(count: number): Promise<void> {
    const deadline = performance.now() + 5000;
    while ((await this.readers()) !== count) {
      if (performance.now() > deadline) throw new Error(`There are not ${count} readers.`);
    }
  }

  /** Hangs up for everybody. */
  closeStreams(): void {
    for (const stream of this.streams.splice(0)) stream.close();
  }

  async stop(): Promise<void> {
    await this.second.close();
    await this.world.stop();
  }
}
