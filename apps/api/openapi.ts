import { Module, type INestApplication } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, getSchemaPath, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';

import { ProblemDocument } from '#platform';

/** Among the imports of a root module: what it serves is worth describing to programs. */
@Module({})
export class ApiDocsModule {}

const TAGS = {
  Doors: 'Where alarms come in.',
  Callbacks: 'Where other servers tell what became of messages, and what people answered.',
  Alarms: 'Reading and describing alarms.',
  Answering: 'Saying that somebody takes care of an alarm, or that it is over.',
  Notifications: 'What could not be told, and a second chance for it.',
  Live: 'What happens, as it happens.',
  'Master data': 'Sites, rooms, persons, devices, and whom to tell.',
  Access: 'Keys for people and programs.',
  Simulation: 'What would have been sent. Answers 404 outside simulation.',
  Health: 'Probes and figures.',
};

/** The description of every door, read from the code; in the same order whenever it is made. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Alarm Broker')
    .setVersion('1')
    .setDescription(
      'Silent alarm keys, kept in PostgreSQL, told to people, escalated until somebody answers. ' +
        'Errors are `application/problem+json` (RFC 9457). Every answer carries `X-Request-ID`. ' +
        'A body that cannot be read is refused (400, 413, 415) even where none is asked for. ' +
        'A GET with If-None-Match is answered 304 when nothing has changed.',
    )
    .setLicense('MIT', 'https://spdx.org/licenses/MIT.html')
    .addServer('/')
    .addApiKey(
      {
        type: 'apiKey',
        in: 'header',
        name: 'X-Admin-Key',
        description:
          'ADMIN_API_KEY, or a named key. The role an operation asks for is its `x-required-role`.',
      },
      'key',
    )
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'The token of a device.' }, 'device');
  for (const [name, description] of Object.entries(TAGS)) config.addTag(name, description);
  return ordered(withUnreadableBodies(SwaggerModule.createDocument(app, config.build())));
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const UNREADABLE = {
  400: 'The body is malformed.',
  413: 'The body is too large.',
  415: 'The body has an encoding or a character set that is not accepted.',
};

/** What the body parsers refuse before a controller is asked, and so no controller documents. */
function withUnreadableBodies(document: OpenAPIObject): OpenAPIObject {
  const schema = { $ref: getSchemaPath(ProblemDocument) };
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method];
      if (operation?.requestBody === undefined) continue;
      for (const [status, description] of Object.entries(UNREADABLE)) {
        operation.responses[status] ??= { description, content: { 'application/problem+json': { schema } } };
      }
    }
  }
  return document;
}

/** By path and by name, so that moving code about does not change the document. */
function ordered(document: OpenAPIObject): OpenAPIObject {
  const { paths, components } = document;
  return {
    ...document,
    paths: byKey(paths),
    components: { ...components, schemas: byKey(components?.schemas ?? {}) },
  };
}

const byKey = <T>(items: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(items).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The page brings its own scripts and styles; everything else stays as strict as it is. */
const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/** Serves `/docs` for people and `/openapi.json` for programs. Call before `listen`. */
export function serveApiDocs(app: NestExpressApplication): void {
  app.use('/docs', (_request: Request, response: Response, next: NextFunction) => {
    response.setHeader('Content-Security-Policy', DOCS_POLICY);
    next();
  });
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
    customSiteTitle: 'Alarm Broker',
  });
}
