import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';

import { mayAct, Sessions, type Role } from '#access';
import { BrokerError, Clock, Settings } from '#platform';

import { FORM_TOKEN } from '../components/form.tsx';
import { sessionToken } from './console-cookies.ts';
import { isFromElsewhere } from './same-site.ts';
import { Visit } from './visit.ts';

export const NEEDED_ROLE = 'role needed at the console';

/** Nobody is signed in, or not any more. */
export class SignInNeeded extends Error {
  override readonly name = 'SignInNeeded';
}

/** The form was made for another session of the same person, one that is over. */
export class FormOutdated extends Error {
  override readonly name = 'FormOutdated';
}

/** Lets in who is signed in and has the role; what changes something must come from a form made for this session. */
@Injectable()
export class VisitGuard implements CanActivate {
  constructor(
    private readonly sessions: Sessions,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const token = sessionToken(request);
    const session = token === undefined ? undefined : await this.sessions.find(token);
    const exchange = { request, response: http.getResponse<Response>() };
    const visit = Visit.begin(exchange, session, this.settings, this.clock.now());

    const changes = request.method !== 'GET' && request.method !== 'HEAD';
    if (changes && isFromElsewhere(request, this.settings.BASE_URL)) throw fromElsewhere();
    if (session === undefined) throw new SignInNeeded();
    const needed = this.reflector.getAllAndOverride<Role | undefined>(NEEDED_ROLE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (!mayAct(session.principal, needed ?? 'admin')) throw notForThisRole(needed ?? 'admin');
    if (changes && visit.fields.raw(FORM_TOKEN) !== session.formToken) throw new FormOutdated();
    return true;
  }
}

const fromElsewhere = (): BrokerError =>
  new BrokerError('forbidden', 'form.foreign', 'The form was sent by a page of another site.');

const notForThisRole = (needed: Role): BrokerError =>
  new BrokerError('forbidden', 'access.role', `This needs the role ${needed}.`);
