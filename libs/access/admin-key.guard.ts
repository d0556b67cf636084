import { createHash, timingSafeEqual } from 'node:crypto';

import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

import { BrokerError, Settings } from '#platform';

/** Lets through who sends the admin key in `X-Admin-Key`. Without a key on the server nobody gets in. */
@Injectable()
export class AdminKeyGuard implements CanActivate {
  constructor(private readonly settings: Settings) {}

  canActivate(context: ExecutionContext): boolean {
    const expected = this.settings.ADMIN_API_KEY;
    if (expected === undefined) {
      throw new BrokerError(
        'forbidden',
        'access.not-configured',
        'No ADMIN_API_KEY is configured on the server.',
      );
    }
    const sent = context.switchToHttp().getRequest<Request>().header('x-admin-key');
    if (sent === undefined || !sameSecret(sent, expected)) {
      throw new BrokerError('unauthorized', 'access.denied', 'The X-Admin-Key header is missing or wrong.');
    }
    return true;
  }
}

/** Compares in a time that tells nothing about how much of the secret was right, nor how long it is. */
function sameSecret(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
