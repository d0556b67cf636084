import type { IncomingHttpHeaders } from 'node:http';

import type { AddressRanges } from '../config/address-ranges.ts';

/** What of a request tells who made it. */
export interface Called {
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/**
 * Who called: the peer, or, while that is a trusted proxy, the next address to the left in
 * `X-Forwarded-For`. Everything left of the first untrusted address could be made up and is ignored.
 */
export function clientAddress(request: Called, trustedProxies: AddressRanges): string {
  const forwarded = request.headers['x-forwarded-for'];
  const hops = (Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? ''))
    .split(',')
    .map((hop) => hop.trim())
    .filter((hop) => hop !== '');
  let address = request.socket.remoteAddress ?? '';
  while (hops.length > 0 && trustedProxies.contains(address)) address = hops.pop() ?? address;
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
