import { AddressRanges } from './address-ranges.ts';

describe('address ranges', () => {
  const ranges = new AddressRanges(['10.0.0.0/8', '192.168.1.7', '2001:db8::/32', 'fd00::1']);

  it.each(['10.0.0.0', '10.255.255.255', '192.168.1.7', '2001:db8:ffff::1', 'fd00::1', 'FD00:0::1'])(
    'contain %s',
    (address) => {
      expect(ranges.contains(address)).toBe(true);
    },
  );

  it.each(['9.255.255.255', '11.0.0.0', '192.168.1.8', '2001:db9::1', 'fd00::2', '::1'])(
    'do not contain %s',
    (address) => {
      expect(ranges.contains(address)).toBe(false);
    },
  );

  it('take IPv4 written as IPv6 for what it is', () => {
    expect(ranges.contains('::ffff:10.1.2.3')).toBe(true);
    expect(ranges.contains('::ffff:11.1.2.3')).toBe(false);
    expect(new AddressRanges(['::ffff:192.0.2.1']).contains('192.0.2.1')).toBe(true);
  });

  it.each(['', 'unknown', 'localhost', '10.0.0.1:5060', '10.0.0.1, 10.0.0.2'])(
    'do not contain %j, which is no address',
    (address) => {
      expect(ranges.contains(address)).toBe(false);
    },
  );

  it('that are empty contain nobody', () => {
    const nobody = new AddressRanges([]);

    expect(nobody.isEmpty).toBe(true);
    expect(nobody.contains('10.0.0.1')).toBe(false);
    expect(ranges.isEmpty).toBe(false);
  });

  it.each([
    'office',
    '10.0.0.0/33',
    '10.0.0.0/',
    '2001:db8::/129',
    '10.0.0.256',
    '10/8',
    '010.0.0.1',
    '0x0a.0.0.1',
  ])('refuse %s instead of guessing', (entry) => {
    expect(() => new AddressRanges(['10.0.0.1', entry])).toThrow();
  });
});
