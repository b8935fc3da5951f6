import { BlockList, isIP } from 'node:net';
import { canonicalAddress } from './caller.address.js';

/** Networks of callers, such as `203.0.113.0/24` and `2001:db8::/32`, or single addresses. */
export class IpRanges {
  readonly #addresses = new BlockList();

  /** @param ranges texts that pass `isIpRange`. */
  constructor(ranges: readonly string[]) {
    for (const { address, bits, family } of ranges.flatMap((range) => parsed(range) ?? [])) {
      this.#addresses.addSubnet(address, bits, family);
    }
  }

  /** @param address in canonical form. Text that is not an address is in no range. */
  includes(address: string): boolean {
    const version = isIP(address);
    return version !== 0 && this.#addresses.check(address, version === 6 ? 'ipv6' : 'ipv4');
  }
}

/** True for an address or a network in CIDR notation. IPv4 within IPv6 must be written as IPv4. */
export function isIpRange(text: string): boolean {
  return parsed(text) !== undefined;
}

function parsed(text: string) {
  const [, address = '', suffix] = /^([0-9A-Fa-f.:]{2,45})(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  // Callers with IPv4-mapped addresses count as IPv4.
  if (version === 0 || isIP(canonicalAddress(address) ?? '') !== version) return undefined;
  const most = version === 6 ? 128 : 32;
  const bits = suffix === undefined ? most : Number(suffix);
  return bits > most ? undefined : ({ address, bits, family: version === 6 ? 'ipv6' : 'ipv4' } as const);
}
