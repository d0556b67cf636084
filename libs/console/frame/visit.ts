import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';

import type { Principal, Session } from '#access';
import type { Settings } from '#platform';

import { languageOf, type Language } from '../language.ts';
import { clearMessage, keepMessage, takeMessage } from './console-cookies.ts';
import { Fields } from './fields.ts';
import { renderPage, type Message, type PageParts } from './frame.tsx';
import type { View } from './view.ts';

/** What these pages may do: run and fetch what is ours, and nothing that stands in them. */
const CONSOLE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const visits = new WeakMap<Request, Visit>();

/** One request to the console: who makes it, and how it is answered. Handlers return what its methods return. */
export class Visit {
  readonly language: Language;
  /** What was sent with a form. */
  readonly fields: Fields;

  private constructor(
    private readonly request: Request,
    private readonly response: Response,
    private readonly session: Session | undefined,
    private readonly settings: Settings,
    private readonly now: Date,
  ) {
    this.language = languageOf(request, response);
    this.fields = new Fields(request.body);
  }

  /** Begins the answer: whatever it will be, it is kept nowhere and told to no other site. */
  static begin(
    { request, response }: { request: Request; response: Response },
    session: Session | undefined,
    settings: Settings,
    now: Date,
  ): Visit {
    response.set({
      'Cache-Control': 'no-store',
      'Content-Security-Policy': CONSOLE_POLICY,
      // Stricter, and browsers would not say where a form comes from.
      'Referrer-Policy': 'same-origin',
      'X-Robots-Tag': 'noindex',
    });
    const visit = new Visit(request, response, session, settings, now);
    visits.set(request, visit);
    return visit;
  }

  /** Who is asking. Behind the guard there is always somebody. */
  get principal(): Principal {
    if (this.session === undefined) throw new Error('Nobody is signed in here.');
    return this.session.principal;
  }

  /** The page that was asked for. */
  page(parts: PageParts, status = 200): string {
    // A live page that looks again in the background must not take what its neighbour is to be told.
    const message = this.request.header('x-glance') === undefined ? takeMessage(this.request) : undefined;
    if (message !== undefined) clearMessage(this.response);
    this.response.status(status).type('html');
    return renderPage(this.view(), parts, message);
  }

  /** After a change: the browser asks for another page, and a reload repeats nothing. */
  goTo(path: string, message?: Message): string {
    if (message !== undefined) keepMessage(this.response, message);
    this.response.status(303).setHeader('Location', path);
    return '';
  }

  private view(): View {
    return {
      language: this.language,
      principal: this.session?.principal ?? null,
      formToken: this.session?.formToken ?? null,
      simulated: this.settings.SIMULATION_ENABLED,
      timeZone: this.settings.DEFAULT_TIME_ZONE,
      now: this.now,
      address: this.request.originalUrl,
    };
  }
}

/** The visit a request is part of. */
export const visitOf = (request: Request): Visit | undefined => visits.get(request);

/** The visit, as a parameter of a handler of {@link ConsolePages}. */
export const CurrentVisit = createParamDecorator((_: unknown, context: ExecutionContext): Visit => {
  const visit = visitOf(context.switchToHttp().getRequest<Request>());
  if (visit === undefined) throw new Error('@CurrentVisit() outside the pages of the console.');
  return visit;
});
