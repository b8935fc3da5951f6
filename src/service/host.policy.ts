import type { IncomingMessage } from 'node:http';
import { isLoopback } from './setting.rules.js';

const ANY = '*';
const WILDCARD = '*.';
const LOOPBACK_NAMES = ['localhost', '*.localhost', '127.0.0.0/8', '[::1]'];

/** ASCII only: browsers send international names as punycode. Names of containers may have underscores. */
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_-]+(\.[a-z0-9_-]+)*$/;

/** Why a request is refused. */
export interface HostRefusal {
  readonly detail: string;
  /** The host that ALLOWED_HOSTS could name; undefined if the request names no valid one. */
  readonly host?: string;
}

/**
 * Decides which hosts a request may name. If a web page rebinds its DNS name to this service, the browser takes both for
 * one site and lets the page read every answer. Its requests still name the page's host.
 */
export class HostPolicy {
  readonly #isAnyAllowed: boolean;
  readonly #names = new Set<string>();
  readonly #suffixes: string[] = [];

  /** @param patterns `agents.example.com`, `*.example.com`, `10.0.0.5`, `[fd00::5]` or `*`. Loopback names need none. */
  constructor(private readonly patterns: readonly string[]) {
    this.#isAnyAllowed = patterns.includes(ANY);
    for (const pattern of patterns) {
      const isWildcard = pattern.startsWith(WILDCARD);
      const name = normalizeHost(isWildcard ? pattern.slice(WILDCARD.length) : pattern);
      if (name === undefined) continue;
      if (isWildcard) this.#suffixes.push(`.${name}`);
      else this.#names.add(name);
    }
  }

  /** Lists the hosts that are answered, for the log. */
  describe(): string {
    return this.#isAnyAllowed ? ANY : [...new Set([...LOOPBACK_NAMES, ...this.patterns])].join(', ');
  }

  /** Returns why the request is refused, or undefined if it is answered. */
  refusalOf(request: Pick<IncomingMessage, 'rawHeaders' | 'url'>): HostRefusal | undefined {
    if (this.#isAnyAllowed) return undefined;
    const headers = hostHeadersOf(request.rawHeaders);
    if (headers.length !== 1) {
      return { detail: `The request has ${headers.length === 0 ? 'no Host header' : 'more than one Host header'}.` };
    }
    for (const given of [...headers, ...targetHostOf(request.url ?? '')]) {
      const host = parseHost(given);
      if (host === undefined) return { detail: 'The Host of the request is not a valid host name.' };
      if (!this.#isAllowed(host)) {
        return { host, detail: `The Host "${host}" is not answered. Add it to ALLOWED_HOSTS.` };
      }
    }
    return undefined;
  }

  #isAllowed(host: string): boolean {
    return isLoopback(host) || this.#names.has(host) || this.#suffixes.some((suffix) => host.endsWith(suffix));
  }
}

/** Checks an item of ALLOWED_HOSTS. */
export function isHostPattern(item: string): boolean {
  if (item === ANY) return true;
  const isWildcard = item.startsWith(WILDCARD);
  const name = normalizeHost(isWildcard ? item.slice(WILDCARD.length) : item);
  return name !== undefined && !(isWildcard && name.startsWith('['));
}

/** The host of a Host header, without its port; undefined if it is not valid. */
export function parseHost(header: string): string | undefined {
  const [, host] = /^(\[[^\]]*\]|[^:]*)(?::\d{0,5})?$/.exec(header) ?? [];
  return host === undefined ? undefined : normalizeHost(host);
}

/** In lower case, without the dot that may end a full name; IPv6 in its shortest form. */
function normalizeHost(host: string): string | undefined {
  const name = host.toLowerCase();
  if (/^\[[0-9a-f:.]+\]$/.test(name)) {
    return URL.canParse(`http://${name}`) ? new URL(`http://${name}`).hostname : undefined;
  }
  const bare = name.replace(/\.$/, '');
  return HOST_NAME.test(bare) ? bare : undefined;
}

/** All of them: Node's `headers.host` hides a second one. */
function hostHeadersOf(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'host');
}

/** The router drops the host of a target such as `http://host/path`, so that it must be allowed as well. */
function targetHostOf(target: string): string[] {
  const [, host] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(target) ?? [];
  return host === undefined ? [] : [host];
}
