import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { Response } from 'express';

import { translated } from '../database/database-errors.ts';
import { BrokerError, type ErrorCategory } from '../errors/broker-error.ts';
import { logContext } from '../logging/log-context.ts';

const STATUS: Record<ErrorCategory, number> = {
  malformed: 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  outdated: 412,
  'precondition-required': 428,
  invalid: 422,
  limited: 429,
  unavailable: 503,
};

const TITLE: Record<number, string> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  412: 'Precondition failed',
  413: 'Content too large',
  415: 'Unsupported media type',
  422: 'Unprocessable content',
  428: 'Precondition required',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Unavailable',
};

/** What a limit that was reached is called by draft-ietf-httpapi-ratelimit-headers. */
const QUOTA_EXCEEDED = 'https://iana.org/assignments/http-problem-types#quota-exceeded';

/** An answer in the form of RFC 9457, `application/problem+json`, with a stable `code` and a sentence. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  request_id: string;
  errors?: { pointer: string; detail: string }[];
  'violated-policies'?: string[];
}

/** The single place where an error becomes an HTTP status. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('ProblemFilter');

  catch(thrown: unknown, host: ArgumentsHost): void {
    const error = translated(thrown);
    const response = host.switchToHttp().getResponse<Response>();
    const problem = this.describe(error);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (error instanceof BrokerError) response.set(limitHeaders(error));
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }

  /** What an error means to whoever asked; logs what is our own fault. */
  describe(thrown: unknown): Problem {
    // What a repository of TypeORM throws has not passed through our own door to the database.
    const error = translated(thrown);
    const requestId = logContext().requestId ?? '';
    if (error instanceof BrokerError) {
      if (error.category === 'unavailable')
        this.logger.warn({ err: error.options.cause ?? error }, error.message);
      const { violations, quota } = error.options;
      return {
        ...problem(STATUS[error.category], error.message, error.code, requestId),
        ...(violations ? { errors: violations } : {}),
        ...(quota ? { type: QUOTA_EXCEEDED, 'violated-policies': [quota.policy] } : {}),
      };
    }
    const refusal = refusalOf(error);
    if (refusal !== undefined) return problem(refusal.status, refusal.detail, 'request.refused', requestId);
    this.logger.error({ err: error }, 'An unexpected error was answered with 500');
    return problem(500, 'Something went wrong here; it has been logged.', 'internal', requestId);
  }
}

/** When to come back and, where it was a limit, which one and that nothing is left of it. */
function limitHeaders({ options }: BrokerError): Record<string, string> {
  const { retryAfterSeconds, quota } = options;
  const headers: Record<string, string> = {};
  if (retryAfterSeconds !== undefined) headers['Retry-After'] = String(retryAfterSeconds);
  if (quota !== undefined) {
    headers['RateLimit-Policy'] = `"${quota.policy}";q=${quota.limit};w=${quota.windowSeconds}`;
    headers['RateLimit'] = `"${quota.policy}";r=0;t=${retryAfterSeconds ?? quota.windowSeconds}`;
  }
  return headers;
}

function problem(status: number, detail: string, code: string, requestId: string): Problem {
  return {
    type: 'about:blank',
    title: TITLE[status] ?? 'Error',
    status,
    detail,
    code,
    request_id: requestId,
  };
}

/** What the framework or its body parsers refused before a controller was reached. */
function refusalOf(error: unknown): { status: number; detail: string } | undefined {
  if (error instanceof HttpException) {
    return { status: error.getStatus(), detail: malformedJson(error.cause) ?? error.message };
  }
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  if (error.status >= 500) return undefined;
  return { status: error.status, detail: malformedJson(error) ?? error.message };
}

/** In our own words: the parser's quote the body, in which there may be a secret. */
function malformedJson(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('type' in error) || error.type !== 'entity.parse.failed')
    return undefined;
  const [place] = /\(line \d+ column \d+\)/.exec(error.message) ?? [];
  return `The body is not well-formed JSON${place === undefined ? '' : ` ${place}`}.`;
}
