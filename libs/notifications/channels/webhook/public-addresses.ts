import { lookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';

import ipaddr from 'ipaddr.js';
import { Agent } from 'undici';

import { CONNECT_TIMEOUT_MS, CONNECTIONS } from '../gateway.ts';
import { ChannelError } from '../notification-channel.ts';

const forbidden = (): ChannelError =>
  new ChannelError('The address is private or local and not in WEBHOOK_ALLOWED_HOSTS.', {
    retry: 'no',
    reason: 'forbidden-address',
  });

/** Only what is routed on the public internet; neither our own network nor ourselves. */
function isPublic(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}

/**
 * An agent for addresses that somebody typed into a form: it connects to public addresses only, except for
 * the hosts and addresses listed. A name is resolved once and the address that was checked is the one that
 * is connected to, so a second, different DNS answer changes nothing.
 */
export function publicAgent(allowed: readonly string[]): Agent {
  const exceptions = new Set(allowed.map(bare));
  const guardedLookup: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      const usable = exceptions.has(hostname.toLowerCase())
        ? found
        : (found ?? []).filter(({ address }) => isPublic(address) || exceptions.has(address));
      const [first] = usable ?? [];
      if (error || first === undefined) callback(error ?? forbidden(), '');
      else if (options.all) callback(null, usable);
      else callback(null, first.address, first.family);
    });
  };
  return new Agent({ ...CONNECTIONS, connect: { lookup: guardedLookup, timeout: CONNECT_TIMEOUT_MS } });
}

/** Addresses written as numbers are never looked up, so they are checked here. @throws ChannelError */
export function refusePrivateLiteral(url: string, allowed: readonly string[]): void {
  const host = bare(new URL(url).hostname);
  if (ipaddr.isValid(host) && !isPublic(host) && !allowed.map(bare).includes(host)) throw forbidden();
}

/** As a resolver names it: IPv6 without the brackets of a URL. */
const bare = (host: string): string => host.toLowerCase().replace(/^\[|\]$/g, '');
