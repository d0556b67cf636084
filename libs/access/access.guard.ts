import {
  applyDecorators,
  createParamDecorator,
  Injectable,
  SetMetadata,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiExtension, ApiSecurity } from '@nestjs/swagger';
import type { Request } from 'express';

import { AddressRanges, BrokerError, cleanLine, clientAddress, Problems, Settings } from '#platform';

import { ApiKeys } from './api-keys.ts';
import { FailedAttempts } from './failed-attempts.ts';
import { mayAct, type Principal, type Role } from './principal.ts';

const NEEDED_ROLE = 'needed role';
const MAX_DISPLAY_NAME = 120;

/** The role a handler, or all of a controller's handlers, ask for. Without it the guard asks for `admin`. */
export const Requires = (role: Role): MethodDecorator & ClassDecorator =>
  applyDecorators(
    SetMetadata(NEEDED_ROLE, role),
    ApiSecurity('key'),
    ApiExtension('x-required-role', role),
    Problems(401, 403, 429),
  );

const principals = new WeakMap<Request, Principal>();

/** Who {@link AccessGuard} let through; nothing where it was not asked. */
export const callerOf = (request: Request): Principal | undefined => principals.get(request);

/** Who is asking. Only behind {@link AccessGuard}. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const principal = callerOf(context.switchToHttp().getRequest<Request>());
  if (principal === undefined) throw new Error('@Caller() without AccessGuard.');
  return principal;
});

/** What somebody brings as `Authorization: Bearer`. */
export const bearerToken = (request: Request): string | undefined =>
  /^Bearer +(\S.*)$/i.exec(request.header('authorization') ?? '')?.[1];

/** Some programs, Alertmanager among them, can send a key in no other way than as a bearer token. */
const keyIn = (request: Request): string | undefined => request.header('x-admin-key') ?? bearerToken(request);

/**
 * Lets through who sends a key, in `X-Admin-Key` or as a bearer token, that has the role asked for: `ADMIN_API_KEY`, or a named key.
 * Without `ADMIN_API_KEY` on the server nobody gets in.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly trustedProxies: AddressRanges;

  constructor(
    private readonly settings: Settings,
    private readonly keys: ApiKeys,
    private readonly failedAttempts: FailedAttempts,
    private readonly reflector: Reflector,
  ) {
    this.trustedProxies = new AddressRanges(settings.TRUSTED_PROXY_CIDRS);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.settings.ADMIN_API_KEY === undefined) {
      throw new BrokerError(
        'forbidden',
        'access.not-configured',
        'No ADMIN_API_KEY is configured on the server.',
      );
    }
    const request = context.switchToHttp().getRequest<Request>();
    const principal = await this.identify(request);
    const needed =
      this.reflector.getAllAndOverride<Role | undefined>(NEEDED_ROLE, [
        context.getHandler(),
        context.getClass(),
      ]) ?? 'admin';
    if (!mayAct(principal, needed)) {
      throw new BrokerError(
        'forbidden',
        'access.role',
        `This needs the role ${needed}; the key has ${principal.role}.`,
      );
    }
    principals.set(request, principal);
    return true;
  }

  /** For answers that last: whether the key such a request came with still holds. Counts nothing. */
  async stillHolds(request: Request): Promise<boolean> {
    const key = keyIn(request);
    return key !== undefined && (await this.keys.recognise(key)) !== undefined;
  }

  private async identify(request: Request): Promise<Principal> {
    const address = clientAddress(request, this.trustedProxies);
    await this.failedAttempts.refuseGuesser(address);
    const key = keyIn(request);
    const holder = key === undefined ? undefined : await this.keys.recognise(key);
    if (holder !== undefined) {
      const email = cleanLine(request.header('x-admin-email') ?? '', MAX_DISPLAY_NAME);
      return { name: holder.name, role: holder.role, displayName: email || holder.name };
    }
    if (key !== undefined) await this.failedAttempts.count(address);
    throw new BrokerError('unauthorized', 'access.denied', 'The X-Admin-Key header is missing or wrong.');
  }
}
