import { isIP, SocketAddress } from 'node:net';

/** Longer than any address with a zone and a port. */
const LONGEST = 100;
/** `[2001:db8::1]`, `[2001:db8::1]:50123` or `203.0.113.7:50123`. */
const WITH_PORT = /^(?:\[([^[\]]+)\](?::\d{1,5})?|([\d.]+):\d{1,5})$/;
const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/;
const UNKNOWN = 'unknown';

/** As much of a request as tells where it comes from, in Express and Fastify alike. */
export interface AddressedRequest {
  /** As the framework finds it, behind trusted proxies too. */
  readonly ip?: string | undefined;
  readonly socket?: { readonly remoteAddress?: string | undefined } | undefined;
}

/**
 * The network address of a caller, in the one form that limits and principals use. If a proxy names something that is no
 * address, the caller counts as the peer that sent the request: else each new text would be a new caller.
 */
export function callerAddress({ ip, socket }: AddressedRequest): string {
  return canonicalAddress(ip) ?? canonicalAddress(socket?.remoteAddress) ?? UNKNOWN;
}

/**
 * An IP address in its one usual form: without port, brackets and zone, IPv6 as RFC 5952 writes it, and an IPv4 address
 * that IPv6 carries (`::ffff:203.0.113.7`) as IPv4.
 *
 * @returns undefined if the text is no address.
 */
export function canonicalAddress(text: string | undefined): string | undefined {
  if (text === undefined || text.length > LONGEST) return undefined;
  const [, bracketed, dotted] = WITH_PORT.exec(text) ?? [];
  const address = bracketed ?? dotted ?? text;
  switch (isIP(address)) {
    case 4:
      return address;
    case 6:
      return canonicalIpv6(address);
    default:
      return undefined;
  }
}

function canonicalIpv6(address: string): string {
  const { address: canonical } = new SocketAddress({ address, family: 'ipv6' });
  return MAPPED_IPV4.exec(canonical)?.[1] ?? canonical;
}
