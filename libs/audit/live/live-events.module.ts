import { Module } from '@nestjs/common';
import { makeCounterProvider, makeGaugeProvider } from '@willsoto/nestjs-prometheus';

import { CUTS_METRIC, EventReaders, READERS_METRIC } from './event-readers.ts';
import { TimelineFeed } from './timeline-feed.ts';

/** What happens to alarms, as it happens: for processes that people look at. */
@Module({
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
  exports: [EventReaders],
})
export class LiveEventsModule {}
