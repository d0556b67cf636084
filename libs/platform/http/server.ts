import { once } from 'node:events';

import { Logger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';

import { BrokerLogger } from '../logging/broker-logger.ts';
import { withLogContext } from '../logging/log-context.ts';
import { traceRequest } from '../tracing/trace-requests.ts';
import { accessLog } from './access-log.ts';
import { HttpFigures } from './http-figures.ts';
import { refuseDeepJson } from './json-depth.ts';
import { ProblemFilter } from './problem.filter.ts';
import { assignRequestId } from './request-id.ts';
import { requestValidation } from './validated.ts';

const YAML_TYPES = ['application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml'];

/** What a page of ours may do: show itself and its stylesheet, and send its forms here. Nothing runs. */
const PAGE_POLICY = {
  defaultSrc: ["'none'"],
  styleSrc: ["'self'"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
};

/**
 * What api and worker have in common as HTTP servers. Call once, before `listen`.
 * @param bodiless beginnings of addresses below which a body is not even looked at, and so is no reason to refuse.
 */
export function configureServer(app: NestExpressApplication, bodiless: readonly string[] = []): void {
  app.useLogger(app.get(BrokerLogger));
  app.flushLogs();
  app.use((request: Request, response: Response, next: NextFunction) =>
    withLogContext({ requestId: assignRequestId(request, response) }, next),
  );
  app.use(traceRequest);
  app.use(accessLog);
  app.use(app.get(HttpFigures, { strict: false }).observe);
  app.use(helmet({ contentSecurityPolicy: { useDefaults: false, directives: PAGE_POLICY } }));
  app.set('query parser', 'simple');
  app.use((request: Request, _response: Response, next: NextFunction) => {
    const path = request.path.toLowerCase();
    // A body without a type is nothing any parser reads.
    if (bodiless.some((beginning) => path.startsWith(beginning))) delete request.headers['content-type'];
    next();
  });
  app.useBodyParser('json', { limit: '1mb' });
  app.useBodyParser('urlencoded', { limit: '64kb', extended: false });
  app.useBodyParser('text', { limit: '8mb', type: YAML_TYPES });
  app.use(refuseDeepJson);
  app.useGlobalFilters(new ProblemFilter());
  app.useGlobalPipes(requestValidation());
}

/** A port that is taken or not ours, as one sentence an operator can act on. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** @returns the port listened on, which differs from the wish when that was 0. @throws ListenError */
export async function listen(
  app: NestExpressApplication,
  setting: string,
  port: number,
  host: string,
): Promise<number> {
  const server = app.getHttpServer();
  // Longer than the idle time-out of common proxies, so that they close first and never race a request.
  server.keepAliveTimeout = 75_000;
  server.headersTimeout = 80_000;
  await app.init();
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    const reason = code === 'EADDRINUSE' ? 'is already in use' : `cannot be opened (${code})`;
    throw new ListenError(`Port ${port} ${reason}; set ${setting} to another one.`);
  }
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  new Logger('Server').log({ port: actual }, 'listening');
  return actual;
}
