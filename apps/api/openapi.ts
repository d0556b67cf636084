import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';

/** The description of every door, read from the code. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Alarm Broker')
    .setVersion('1')
    .setDescription(
      'Silent alarm keys, kept in PostgreSQL, told to people, escalated until somebody answers. ' +
        'Errors are `application/problem+json` (RFC 9457). Every answer carries `X-Request-ID`.',
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
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'The token of a device.' }, 'device')
    .build();
  return SwaggerModule.createDocument(app, config);
}

/** The page brings its own scripts and styles; everything else stays as strict as it is. */
const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/** Serves `/docs` for people and `/openapi.json` for programs. */
export function serveApiDocs(app: NestExpressApplication): void {
  app.use('/docs', (_request: Request, response: Response, next: NextFunction) => {
    response.setHeader('Content-Security-Policy', DOCS_POLICY);
    next();
  });
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
  });
}
