import { Module } from '@nestjs/common';
import { makeCounterProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';

import { HttpFigures, REQUEST_DURATION_METRIC, REQUESTS_METRIC } from './http-figures.ts';

/** What every process that listens has. */
@Module({
  providers: [
    HttpFigures,
    makeCounterProvider({
      name: REQUESTS_METRIC,
      help: 'HTTP requests by method, route as declared, and class of status. Counted where they arrive: sum over processes.',
      labelNames: ['method', 'route', 'status'],
    }),
    makeHistogramProvider({
      name: REQUEST_DURATION_METRIC,
      help: 'Seconds from the arrival of an HTTP request to the end of its answer, by method and route. Without streams.',
      labelNames: ['method', 'route'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    }),
  ],
})
export class HttpModule {}
