import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';

import { Clock, ProblemFilter, Settings } from '#platform';

import { keptFormPage, signInPage } from '../sign-in/sign-in-page.tsx';
import { problemPage } from './problem-page.tsx';
import { FormOutdated, SignInNeeded } from './visit-guard.ts';
import { Visit, visitOf } from './visit.ts';

/** Turns whatever is thrown at the console into a page: to sign in, to send a form once more, or that says what is wrong. */
@Catch()
@Injectable()
export class PageErrors implements ExceptionFilter {
  private readonly problems = new ProblemFilter();

  constructor(
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const exchange = { request: http.getRequest<Request>(), response: http.getResponse<Response>() };
    const { request, response } = exchange;
    if (response.headersSent) {
      response.destroy();
      return;
    }
    // Without a database not even the guard comes far enough to begin a visit.
    const visit = visitOf(request) ?? Visit.begin(exchange, undefined, this.settings, this.clock.now());
    response.send(this.answer(error, visit, request, response));
  }

  private answer(error: unknown, visit: Visit, request: Request, response: Response): string {
    const changes = request.method !== 'GET' && request.method !== 'HEAD';
    if (error instanceof FormOutdated) return visit.page(keptFormPage(visit, request.originalUrl), 409);
    if (error instanceof SignInNeeded) {
      // A form is kept in the page; a stream or a script is only told.
      if (changes) return visit.page(signInPage(visit, { to: request.originalUrl, keepsForm: true }), 401);
      if (!request.accepts('html')) {
        response.status(401).type('text');
        return 'You are signed out.';
      }
      return visit.goTo(`/admin/sign-in?to=${encodeURIComponent(request.originalUrl)}`);
    }
    const problem = this.problems.describe(error);
    return visit.page(problemPage(visit.language, problem), problem.status);
  }
}
