import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';

import { isFailure, Readiness, type ReadinessReport } from './readiness.ts';

const word = { type: 'string' as const };
const LIVENESS = {
  type: 'object' as const,
  required: ['ok'],
  properties: { ok: { ...word, enum: ['true'], example: 'true' } },
};
const READINESS = {
  'application/json': {
    schema: {
      type: 'object' as const,
      required: ['ok', 'db', 'redis'],
      properties: {
        ok: { ...word, enum: ['true', 'false'], example: 'true' },
        db: { ...word, enum: ['ok', 'down', 'excluded'], example: 'ok' },
        redis: { ...word, enum: ['ok', 'down', 'disabled', 'excluded'], example: 'disabled' },
        schema: { ...word, enum: ['pending', 'too-new'], example: 'pending' },
      },
    },
  },
  'text/plain': {
    schema: { ...word, example: '[+]db ok\n[+]redis disabled\n[+]schema ok\nreadyz check passed\n' },
  },
};

/** Probes. Liveness looks at nothing but the process itself; readiness at what the next request needs. */
@ApiTags('Health')
@Controller()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('livez')
  @ApiOperation({ operationId: 'live', summary: 'The process answers', security: [] })
  @ApiOkResponse({ schema: LIVENESS, description: 'It does.' })
  live(): { ok: 'true' } {
    return { ok: 'true' };
  }

  @Get('healthz')
  @ApiOperation({ operationId: 'health', summary: 'The same as /livez, by its older name', security: [] })
  @ApiOkResponse({ schema: LIVENESS, description: 'It does.' })
  health(): { ok: 'true' } {
    return this.live();
  }

  @Get('readyz')
  @ApiOperation({ operationId: 'ready', summary: 'Whether the next request can be served', security: [] })
  @ApiQuery({
    name: 'exclude',
    required: false,
    description: 'Checks that are not made: db, redis, schema.',
    schema: { ...word, example: 'redis' },
  })
  @ApiQuery({
    name: 'verbose',
    required: false,
    description: 'Answer in words, one line a check.',
    allowEmptyValue: true,
    schema: { ...word, example: '' },
  })
  @ApiProduces('application/json', 'text/plain')
  @ApiOkResponse({ content: READINESS, description: 'Yes.' })
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
    ...(isFailure(checks.schema) ? { schema: checks.schema } : {}),
  };
}

/** The form of kube-apiserver's `?verbose`. */
function verbose({ ready, checks }: ReadinessReport): string {
  const lines = Object.entries(checks).map(([name, state]) =>
    isFailure(state) ? `[-]${name} ${state}` : `[+]${name} ${state}`,
  );
  return [...lines, ready ? 'readyz check passed' : 'readyz check failed', ''].join('\n');
}
