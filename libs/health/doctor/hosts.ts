import ipaddr from 'ipaddr.js';

/** Host of a URL, as a resolver names it. The URL has been checked before, as a setting. */
export const hostOf = (url: string): string => new URL(url).hostname.toLowerCase().replace(/^\[|\]$/g, '');

const rangeOf = (host: string): string | undefined =>
  ipaddr.isValid(host) ? ipaddr.process(host).range() : undefined;

/** This very machine. */
export const isLoopback = (host: string): boolean =>
  host === '' || /^(.+\.)?localhost$/.test(host) || rangeOf(host) === 'loopback';

/** Known on this machine or in this network only, as far as the name tells. */
export function isLocal(host: string): boolean {
  const range = rangeOf(host);
  if (range !== undefined) return range !== 'unicast';
  return !host.includes('.') || /\.(local|lan|internal|intranet|home\.arpa|localhost|svc)$/.test(host);
}
