import { BlockList, isIP } from 'node:net';

/** Networks that are not part of the public internet. */
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
  // The platform services of Azure, reachable from every virtual machine.
  ['168.63.129.16', 32],
];

/** Contains all public addresses. Excludes unique local addresses and those that embed an IPv4 address. */
const GLOBAL_IPV6 = ['2000::', 3] as const;

const REFUSED_IPV6: readonly (readonly [network: string, bits: number])[] = [
  // Special protocols: Teredo, benchmarks, ORCHID.
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

/** Names that resolve only within a machine or a network. */
const PRIVATE_NAME = /(^|\.)(localhost|localdomain|local|internal|home\.arpa)$/;

/** Returns true if an address is part of the public internet. */
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

/** Returns true if a name may be public. A name without a dot resolves only within a network. */
export function isPublicName(name: string): boolean {
  return name.includes('.') && !PRIVATE_NAME.test(name);
}

/** Returns true if the host of a parsed URL may be public. The client must also check the resolved address. */
export function isPublicHost(hostname: string): boolean {
  // The URL parser has normalized every notation of an IPv4 address.
  const host = bareHost(hostname);
  return isIP(host) === 0 ? isPublicName(host) : isPublicAddress(host);
}

/** Removes the brackets of IPv6 and the trailing dots of a full name. */
export function bareHost(hostname: string): string {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  let end = host.length;
  // A regular expression would take quadratic time for dots in the middle.
  while (host[end - 1] === '.') end--;
  return host.slice(0, end);
}
