import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';

import { Readiness, type ReadinessReport } from './readiness.ts';

const word = { type: 'string' as const };
const READINESS = {
  'application/json': {
    schema: {
      type: 'object' as const,
      required: ['ok', 'db', 'redis'],
      properties: {
        ok: { ...word, enum: ['true', 'false'], example: 'true' },
        db: { ...word, enum: ['ok', 'down', 'excluded'], example: 'ok' },
        redis: { ...word, enum: ['ok', 'down', 'disabled', 'excluded'], example: 'disabled' },
        schema: { ...word, enum: ['pending'], example: 'pending' },
      },
    },
  },
  'text/plain': { schema: word },
};

/** Probes. Liveness looks at nothing but the process itself; readiness at what the next request needs. */
@ApiTags('Health')
@Controller()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get(['healthz', 'livez'])
  @ApiOperation({ operationId: 'live', summary: 'The process answers' })
  @ApiOkResponse({
    schema: { type: 'object', required: ['ok'], properties: { ok: { type: 'string', example: 'true' } } },
  })
  live(): { ok: 'true' } {
    return { ok: 'true' };
  }

  @Get('readyz')
  @ApiOperation({ operationId: 'ready', summary: 'Whether the next request can be served' })
  @ApiQuery({
    name: 'exclude',
    required: false,
    description: 'Checks that are not made: db, redis, schema.',
    example: 'redis',
  })
  @ApiQuery({
    name: 'verbose',
    required: false,
    description: 'Answer in words, one line a check.',
    allowEmptyValue: true,
  })
  @ApiProduces('application/json', 'text/plain')
  @ApiOkResponse({ content: READINESS })
  @ApiResponse({ status: 503, description: 'Not now; the answer names what is missing.', content: READINESS })
  async ready(@Query() query: Record<string, string | string[]>, @Res() response: Response): Promise<void> {
    const excluded = [query['exclude'] ?? []].flat().flatMap((words) => words.split(','));
    const report = await this.readiness.check(new Set(excluded));
    response.status(report.ready ? 200 : 503);
    if ('verbose' in query) response.type('text/plain').send(verbose(report));
    else response.json(body(report));
  }
}

/** The words of the original: strings, and only what there is to say. */
function body({ ready, checks }: ReadinessReport): Record<string, string> {
  return {
    ok: ready ? 'true' : 'false',
    db: checks.db,
    redis: checks.redis,
    ...(checks.schema === 'pending' ? { schema: 'pending' } : {}),
  };
}

/** The form of kube-apiserver's `?verbose`. */
function verbose({ ready, checks }: ReadinessReport): string {
  const lines = Object.entries(checks).map(([name, state]) =>
    state === 'down' || state === 'pending' ? `[-]${name} ${state}` : `[+]${name} ${state}`,
  );
  return [...lines, ready ? 'readyz check passed' : 'readyz check failed', ''].join('\n');
}
