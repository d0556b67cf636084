import { Logger } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';

const logger = new Logger('http');

/** The route as declared, `/a/:token`: the address as called may carry a secret. */
export const routeOf = (request: Request): string =>
  (request.route as { path?: string } | undefined)?.path ?? 'unmatched';

/** One line for each request, at debug level: in health nobody needs them, and there are many. */
export function accessLog(request: Request, response: Response, next: NextFunction): void {
  const began = performance.now();
  response.on('close', () => {
    const facts = {
      method: request.method,
      route: routeOf(request),
      status: response.statusCode,
      durationMs: Math.round((performance.now() - began) * 10) / 10,
    };
    if (response.writableFinished) logger.debug(facts, 'request answered');
    else logger.debug(facts, 'the caller hung up before the answer was complete');
  });
  next();
}
