import type { Request } from 'express';

/**
 * Whether a form was sent by a page of another site. Browsers say so themselves (Fetch Metadata); over plain HTTP they
 * only name the origin. A program that says neither has no cookie it did not get from us.
 *
 * @param ownUrl what we call ourselves, for proxies that change the Host.
 */
export function isFromElsewhere(request: Pick<Request, 'header'>, ownUrl: string): boolean {
  const site = request.header('sec-fetch-site');
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const origin = request.header('origin');
  if (origin === undefined) return false;
  if (!URL.canParse(origin)) return true;
  return new URL(origin).host !== request.header('host') && origin !== new URL(ownUrl).origin;
}

/** Whether the browser reached us over HTTPS, be it through a proxy nobody told us of: it names the page it shows. */
export const isOverHttps = (request: Pick<Request, 'header'>): boolean =>
  request.header('origin')?.startsWith('https://') ?? false;
