import { Controller, Get, Post, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';

import { Sessions, type Session } from '#access';
import { AddressRanges, BrokerError, clientAddress, Clock, Settings } from '#platform';

import { giveSession, sessionToken, takeSession } from '../frame/console-cookies.ts';
import { ConsolePages } from '../frame/console-pages.ts';
import { PageErrors } from '../frame/page-errors.ts';
import { isFromElsewhere, isOverHttps } from '../frame/same-site.ts';
import { CurrentVisit, Visit } from '../frame/visit.ts';
import { hasKeptForm, MAX_CALLED, resumedFormPage, signInPage } from './sign-in-page.tsx';
import { SIGN_IN_WORDS, type SignInWords } from './sign-in-words.ts';
import { wayBack } from './way-back.ts';

/** Where people who are not signed in are sent. */
@ApiExcludeController()
@Controller('admin/sign-in')
@UseFilters(PageErrors)
export class SignInController {
  private readonly trustedProxies: AddressRanges;

  constructor(
    private readonly sessions: Sessions,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {
    this.trustedProxies = new AddressRanges(settings.TRUSTED_PROXY_CIDRS);
  }

  @Get()
  show(
    @Query('to') to: unknown,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): string {
    const visit = this.visit(request, response, undefined);
    return visit.page(signInPage(visit, { to: wayBack(to) }));
  }

  @Post()
  async signIn(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<string> {
    const visit = this.visit(request, response, undefined);
    if (isFromElsewhere(request, this.settings.BASE_URL)) {
      throw new BrokerError('forbidden', 'form.foreign', 'The form was sent by a page of another site.');
    }
    const { fields } = visit;
    const to = wayBack(fields.raw('to'));
    let token: string;
    try {
      const address = clientAddress(request, this.trustedProxies);
      token = await this.sessions.begin(fields.raw('key'), fields.line('called', MAX_CALLED), address);
    } catch (error) {
      const refusal = refusalIn(SIGN_IN_WORDS[visit.language], error);
      if (refusal === undefined) throw error;
      return visit.page(signInPage(visit, { to, error: refusal.text }), refusal.status);
    }
    // A session that somebody else could have put into this browser is not carried on.
    const old = sessionToken(request);
    if (old !== undefined) await this.sessions.end(old);
    giveSession(response, token, isOverHttps(request));
    if (!hasKeptForm(fields)) return visit.goTo(to);
    const signedIn = this.visit(request, response, await this.sessions.find(token));
    return signedIn.page(resumedFormPage(visit.language, to, fields));
  }

  private visit(request: Request, response: Response, session: Session | undefined): Visit {
    return Visit.begin({ request, response }, session, this.settings, this.clock.now());
  }
}

/** The way out. */
@ConsolePages('sign-out', 'viewer')
export class SignOutController {
  constructor(private readonly sessions: Sessions) {}

  @Post()
  async signOut(
    @CurrentVisit() visit: Visit,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    await this.sessions.end(sessionToken(request) ?? '');
    takeSession(response);
    return visit.goTo('/admin/sign-in', { kind: 'good', text: SIGN_IN_WORDS[visit.language].signedOut });
  }
}

function refusalIn(words: SignInWords, error: unknown): { text: string; status: number } | undefined {
  if (!(error instanceof BrokerError)) return undefined;
  if (error.code === 'access.denied') return { text: words.wrong, status: 401 };
  if (error.code === 'access.limited') return { text: words.limited, status: 429 };
  if (error.code === 'access.not-configured') return { text: words.notConfigured, status: 403 };
  return undefined;
}
