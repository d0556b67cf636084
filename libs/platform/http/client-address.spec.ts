import { AddressRanges } from '../config/address-ranges.ts';
import { clientAddress } from './client-address.ts';

const proxies = new AddressRanges(['10.0.0.0/24', 'fd00::/64']);

/** As much of a request as tells who called. */
const from = (remoteAddress: string | undefined, forwarded?: string | string[]) =>
  clientAddress({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }, proxies);

describe('the address of a caller', () => {
  it('is that of the peer', () => {
    expect(from('203.0.113.5')).toBe('203.0.113.5');
    expect(from('2001:db8::5')).toBe('2001:db8::5');
  });

  it('is not what the caller says of itself', () => {
    expect(from('203.0.113.5', '192.168.1.1')).toBe('203.0.113.5');
  });

  it('is what a trusted proxy says', () => {
    expect(from('10.0.0.1', '203.0.113.5')).toBe('203.0.113.5');
    expect(from('fd00::9', '203.0.113.5')).toBe('203.0.113.5');
  });

  it('is what the outermost trusted proxy says: what stands left of it could be made up', () => {
    expect(from('10.0.0.1', '192.168.1.1, 203.0.113.5, 10.0.0.2')).toBe('203.0.113.5');
    expect(from('10.0.0.1', ['192.168.1.1, 203.0.113.5', '10.0.0.2'])).toBe('203.0.113.5');
  });

  it('is the first hop when all of them are trusted', () => {
    expect(from('10.0.0.1', '10.0.0.3, 10.0.0.2')).toBe('10.0.0.3');
    expect(from('10.0.0.1')).toBe('10.0.0.1');
    expect(from('10.0.0.1', ' , ')).toBe('10.0.0.1');
  });

  it('stops at a hop that is no address', () => {
    expect(from('10.0.0.1', '203.0.113.5, unknown')).toBe('unknown');
  });

  it('is written as IPv4 when it is IPv4, also for a server that listens on IPv6', () => {
    expect(from('::ffff:203.0.113.5')).toBe('203.0.113.5');
    expect(from('::ffff:10.0.0.1', '::FFFF:203.0.113.5')).toBe('203.0.113.5');
  });

  it('is empty when the peer is gone already', () => {
    expect(from(undefined)).toBe('');
  });
});
