import { isIP, isIPv6, SocketAddress } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Longer than any address with a zone and a port. */
const MAX_LENGTH = 100;
/** `[2001:db8::1]`, `[2001:db8::1]:50123` or `203.0.113.7:50123`. */
const WITH_PORT = /^(?:\[([^[\]]+)\](?::\d{1,5})?|([\d.]+):\d{1,5})$/;
const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/;
const UNKNOWN = 'unknown';

/** The parts of a request, in Express and Fastify, that give its origin. */
export interface AddressedRequest {
  /** The address as the framework resolves it, also behind trusted proxies. */
  readonly ip?: string | undefined;
  /** The connection of the request; its address is used if `ip` is not an address. */
  readonly socket?: { readonly remoteAddress?: string | undefined } | undefined;
}

/**
 * The network address of a caller, in the canonical form that limits and principals use. If a proxy names an invalid
 * address, this is the address of the peer: else each new text would be a new caller.
 *
 * @returns `unknown` if the request has no valid address.
 *
 * @example
 * import { callerAddress } from 'rookery';
 *
 * callerAddress({ ip: '::ffff:203.0.113.7' }); // '203.0.113.7'
 */
export function callerAddress({ ip, socket }: AddressedRequest): string {
  return canonicalAddress(ip) ?? canonicalAddress(socket?.remoteAddress) ?? UNKNOWN;
}

/**
 * An IP address in canonical form: without port, brackets and zone. IPv6 follows RFC 5952; an IPv4-mapped address
 * (`::ffff:203.0.113.7`) becomes IPv4.
 *
 * @returns undefined if the text is not an address.
 *
 * @example
 * import { canonicalAddress } from 'rookery';
 *
 * canonicalAddress('[2001:DB8:0::1]:50123'); // '2001:db8::1'
 * canonicalAddress('localhost'); // undefined
 */
export function canonicalAddress(text: string | undefined): string | undefined {
  if (text === undefined || text.length > MAX_LENGTH) return undefined;
  const [, bracketed, dotted] = WITH_PORT.exec(text) ?? [];
  const address = bracketed ?? dotted ?? text;
  const version = isIP(address);
  if (version !== 6) return version === 4 ? address : undefined;
  // ipaddr.js would read ::127.0.0.1 as ::ffff:127.0.0.1, and so as a trusted proxy.
  const { address: canonical } = new SocketAddress({ address, family: 'ipv6' });
  return MAPPED_IPV4.exec(canonical)?.[1] ?? canonical;
}

/**
 * Maps an IPv6 address to its /64 network: one caller owns all of it and could rotate addresses. Any other address is
 * returned in canonical form.
 *
 * @returns `unknown` if the text is not an address; otherwise each new text would be a new caller.
 */
export function networkOf(address: string): string {
  const canonical = canonicalAddress(address) ?? UNKNOWN;
  if (!isIPv6(canonical)) return canonical;
  const groups = ipaddr.IPv6.parse(canonical).parts.slice(0, 4);
  const network = `${groups.map((group) => group.toString(16)).join(':')}::`;
  return `${new SocketAddress({ address: network, family: 'ipv6' }).address}/64`;
}
