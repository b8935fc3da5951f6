import { BlockList, isIP, isIPv6 } from 'node:net';
import { canonicalAddress } from '../index.js';

/** The longest accepted proxy chain. A caller in a trusted network could list thousands of hops. */
const MAX_HOPS = 64;
/** Prefix bits before the 32 bits of an IPv4-mapped IPv6 address. */
const MAPPED_BITS = 96;

/** An address or a network of `TRUST_PROXY`. */
interface TrustedNetwork {
  readonly addresses: BlockList;
  /** The network interface of link-local addresses; undefined: any interface. */
  readonly zone: string | undefined;
}

/** Returns true for an address or a network such as `10.0.0.0/8`, but not for a network of all addresses. */
export function isTrustedNetwork(text: string): boolean {
  return networkIn(text) !== undefined;
}

/**
 * Creates Fastify's trust function for proxies. Fastify's own list misses a proxy whose `X-Forwarded-For` entry has a
 * port or brackets.
 *
 * @param entries addresses and networks that pass `isTrustedNetwork`.
 */
export function trustOf(entries: readonly string[]): (address: string | undefined, hop: number) => boolean {
  const networks = entries.flatMap((entry) => networkIn(entry) ?? []);
  return (address = '', hop) => {
    const canonical = hop < MAX_HOPS ? canonicalAddress(address) : undefined;
    if (canonical === undefined) return false;
    const callerZone = zoneOf(address);
    return networks.some(
      ({ addresses, zone }) =>
        (zone === undefined || zone === callerZone) && addresses.check(canonical, familyOf(canonical)),
    );
  };
}

function networkIn(text: string): TrustedNetwork | undefined {
  const [address = '', suffix, ...others] = text.split('/');
  const canonical = canonicalAddress(address);
  if (canonical === undefined || isIP(address) === 0 || others.length > 0) return undefined;
  const most = isIPv6(canonical) ? 128 : 32;
  const before = isIPv6(address) && most === 32 ? MAPPED_BITS : 0;
  const bits = suffix === undefined ? most : /^\d{1,3}$/.test(suffix) ? Number(suffix) - before : 0;
  if (bits < 1 || bits > most) return undefined;
  const addresses = new BlockList();
  addresses.addSubnet(canonical, bits, familyOf(canonical));
  return { addresses, zone: zoneOf(address) };
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}

function zoneOf(address: string): string | undefined {
  return /%([^\]]+)/.exec(address)?.[1];
}
