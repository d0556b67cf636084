import { Module } from '@nestjs/common';
import { makeCounterProvider, makeGaugeProvider } from '@willsoto/nestjs-prometheus';

import { EventsController } from './http/events.controller.ts';
import { CUTS_METRIC, EventReaders, READERS_METRIC } from './live/event-readers.ts';
import { TimelineFeed } from './live/timeline-feed.ts';

@Module({
  controllers: [EventsController],
  providers: [
    TimelineFeed,
    EventReaders,
    makeGaugeProvider({
      name: READERS_METRIC,
      help: 'Streams of live events that are open in this process.',
    }),
    makeCounterProvider({
      name: CUTS_METRIC,
      help: 'Streams of live events that were cut, by reason (slow, revoked).',
      labelNames: ['reason'],
    }),
  ],
})
export class AuditHttpModule {}
