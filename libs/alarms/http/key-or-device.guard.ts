import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

import { AccessGuard, bearerToken } from '#access';

/** The token of a device that speaks for itself; nothing for somebody who comes with a key. */
export const deviceToken = (request: Request): string | undefined =>
  request.header('x-admin-key') === undefined ? bearerToken(request) : undefined;

/** Lets through devices, whose token is looked at when it is used, and whoever {@link AccessGuard} lets through. */
@Injectable()
export class KeyOrDeviceGuard implements CanActivate {
  constructor(private readonly access: AccessGuard) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const isDevice = deviceToken(context.switchToHttp().getRequest<Request>()) !== undefined;
    return isDevice || this.access.canActivate(context);
  }
}
