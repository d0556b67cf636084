import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Express, NextFunction, Request, Response } from 'express';
import { Counter, Histogram } from 'prom-client';

import { routeOf } from './access-log.ts';

export const REQUESTS_METRIC = 'alarm_broker_http_requests_total';
export const REQUEST_DURATION_METRIC = 'alarm_broker_http_request_duration_seconds';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
/** How requests are known to end; others appear when they happen. */
const KNOWN_STATUSES = ['2xx', '4xx', '5xx'];

/** The caller went away before there was an answer. */
const HUNG_UP = 'hung-up';

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

/**
 * Counts requests by the route as declared, so that neither secrets in addresses nor addresses somebody tries out
 * become labels: what no route answers has one name.
 */
@Injectable()
export class HttpFigures implements OnApplicationBootstrap {
  constructor(
    private readonly host: HttpAdapterHost,
    @InjectMetric(REQUESTS_METRIC) private readonly total: Counter<'method' | 'route' | 'status'>,
    @InjectMetric(REQUEST_DURATION_METRIC) private readonly duration: Histogram<'method' | 'route'>,
  ) {}

  /** Every route there is begins at 0, so that the first failure is seen as an increase. */
  onApplicationBootstrap(): void {
    // Nothing in a process that serves nobody.
    const server = (this.host.httpAdapter as HttpAdapterHost['httpAdapter'] | null)?.getInstance<Express>();
    for (const { route } of (server?.router.stack ?? []) as unknown as Layer[]) {
      if (typeof route?.path !== 'string') continue;
      for (const name of Object.keys(route.methods)) {
        const method = name.toUpperCase();
        if (!METHODS.includes(method)) continue;
        for (const status of KNOWN_STATUSES) this.total.inc({ method, route: route.path, status }, 0);
      }
    }
  }

  /** To be used before anything answers. */
  readonly observe = (request: Request, response: Response, next: NextFunction): void => {
    const began = performance.now();
    response.on('close', () => {
      const method = METHODS.includes(request.method) ? request.method : 'other';
      const route = routeOf(request);
      const status = response.headersSent ? `${Math.floor(response.statusCode / 100)}xx` : HUNG_UP;
      this.total.inc({ method, route, status });
      // A stream lasts as long as its reader likes.
      if (!String(response.getHeader('content-type')).startsWith('text/event-stream'))
        this.duration.observe({ method, route }, (performance.now() - began) / 1000);
    });
    next();
  };
}
