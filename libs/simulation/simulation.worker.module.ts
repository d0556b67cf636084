import { Module } from '@nestjs/common';

import { CHANNEL_KINDS, CHANNELS } from '#notifications';

import { SimulatedChannel } from './simulated-channel.ts';
import { SimulationFeed } from './simulation-feed.ts';
import { SimulationModule } from './simulation.module.ts';

/** A simulated channel of every kind, in place of the real ones. */
@Module({
  imports: [SimulationModule],
  providers: [
    {
      provide: CHANNELS,
      useFactory: (feed: SimulationFeed) => CHANNEL_KINDS.map((kind) => new SimulatedChannel(kind, feed)),
      inject: [SimulationFeed],
    },
  ],
  exports: [CHANNELS],
})
export class SimulatedChannelsModule {}
