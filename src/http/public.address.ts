import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Contains all public IPv6 addresses. Excludes unique local addresses and those that embed an IPv4 address. */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');
/** The platform services of Azure, reachable from every virtual machine. */
const AZURE_SERVICES = '168.63.129.16';

/** Names that resolve only within a machine or a network. */
const PRIVATE_NAME = /(^|\.)(localhost|localdomain|local|internal|home\.arpa)$/;

/** Returns true if an address is part of the public internet. */
export function isPublicAddress(text: string): boolean {
  // The library also reads notations such as 127.1 and 0x7f000001, and not every zone.
  if (isIP(text) === 0) return false;
  const address = ipaddr.parse(text.replace(/%.*/, ''));
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' ? text !== AZURE_SERVICES : address.match(GLOBAL_IPV6);
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

/** Removes the brackets of IPv6 and the trailing dots of a fully qualified name. */
export function bareHost(hostname: string): string {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  let end = host.length;
  // A regular expression would take quadratic time for dots in the middle.
  while (host[end - 1] === '.') end--;
  return host.slice(0, end);
}
