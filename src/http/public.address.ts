import { BlockList, isIP } from 'node:net';

/** What is not a machine of the public internet. */
const REFUSED_IPV4: readonly (readonly [network: string, bits: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // Azure's own services, for every machine in it.
  ['168.63.129.16', 32],
];

/** All that is public lies here; what carries an IPv4 address, or is unique local, does not. */
const GLOBAL_IPV6 = ['2000::', 3] as const;

const REFUSED_IPV6: readonly (readonly [network: string, bits: number])[] = [
  // Protocols of their own: Teredo, benchmarks, ORCHID.
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const refused = new BlockList();
for (const [network, bits] of REFUSED_IPV4) refused.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of REFUSED_IPV6) refused.addSubnet(network, bits, 'ipv6');
const global = new BlockList();
global.addSubnet(...GLOBAL_IPV6, 'ipv6');

/** Names that only mean something within a machine or a network. */
const PRIVATE_NAME = /(^|\.)(localhost|localdomain|local|internal|home\.arpa)$/;

/** Whether an address belongs to a machine of the public internet. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !refused.check(address, 'ipv4');
    case 6:
      return global.check(address, 'ipv6') && !refused.check(address, 'ipv6');
    default:
      return false;
  }
}

/** Whether a name may be looked up at all: one without a dot only means something within a network. */
export function isPublicName(name: string): boolean {
  return name.includes('.') && !PRIVATE_NAME.test(name);
}

/** Whether the host of a parsed URL may be public: whoever connects must look at what its name resolves to as well. */
export function isPublicHost(hostname: string): boolean {
  // The parser has made the usual form of every way to write an IPv4 address.
  const host = bareHost(hostname);
  return isIP(host) === 0 ? isPublicName(host) : isPublicAddress(host);
}

/** Without the brackets of IPv6, and the dots that end a full name. */
export function bareHost(hostname: string): string {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  let end = host.length;
  // Not by a pattern: it looks at dots in the middle again and again.
  while (host[end - 1] === '.') end--;
  return host.slice(0, end);
}
