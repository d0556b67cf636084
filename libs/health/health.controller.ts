import { Controller, Get, Query, Res } from '@nestjs/common';
import type { Response } from 'express';

import { Readiness, type ReadinessReport } from './readiness.ts';

/** Probes. Liveness looks at nothing but the process itself; readiness at what the next request needs. */
@Controller()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get(['healthz', 'livez'])
  live(): { ok: 'true' } {
    return { ok: 'true' };
  }

  @Get('readyz')
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
