import { ValidateBy } from 'class-validator';
import ipaddr from 'ipaddr.js';

/** A set of addresses, as a list of CIDR ranges or single addresses of either family. */
export class AddressRanges {
  private readonly ranges: [ipaddr.IPv4 | ipaddr.IPv6, number][];

  /** @throws Error when an entry is neither an address nor a CIDR range. */
  constructor(entries: readonly string[]) {
    this.ranges = entries.map(parseRange);
  }

  get isEmpty(): boolean {
    return this.ranges.length === 0;
  }

  /** An unparsable address belongs to no range. IPv4 written as IPv6 (`::ffff:10.0.0.1`) counts as IPv4. */
  contains(address: string): boolean {
    if (!ipaddr.isValid(address)) return false;
    const candidate = ipaddr.process(address);
    return this.ranges.some(
      ([network, bits]) => candidate.kind() === network.kind() && candidate.match(network, bits),
    );
  }
}

function parseRange(entry: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  // ipaddr.js reads `10/8` as 0.0.0.10/8 and `010.0.0.1` as octal; whoever wrote that meant something else.
  const [written = ''] = entry.split('/');
  if (!written.includes(':') && !ipaddr.IPv4.isValidFourPartDecimal(written)) {
    throw new Error('An IPv4 address has four decimal parts.');
  }
  if (entry.includes('/')) return ipaddr.parseCIDR(entry);
  const address = ipaddr.process(entry);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

/** Validates a list of addresses and CIDR ranges. */
export function AreAddressRanges(): PropertyDecorator {
  return ValidateBy({
    name: 'areAddressRanges',
    validator: {
      validate: (value: unknown) => {
        try {
          return Array.isArray(value) && new AddressRanges(value as string[]) instanceof AddressRanges;
        } catch {
          return false;
        }
      },
      defaultMessage: () => 'must be a list of IP addresses or CIDR ranges',
    },
  });
}
