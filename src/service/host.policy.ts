import type { IncomingMessage } from 'node:http';
import { isLoopback } from './settings/setting.rules.js';

const ANY_HOST = '*';
const WILDCARD = '*.';
const LOOPBACK_NAMES = ['localhost', '*.localhost', '127.0.0.0/8', '[::1]'];

/** ASCII only, because browsers send international names as punycode. Container names may have underscores. */
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_-]+(\.[a-z0-9_-]+)*$/;

/** The reason for rejecting a request. */
export interface HostRefusal {
  readonly detail: string;
  /** The host to add to ALLOWED_HOSTS; undefined if the request has no valid host. */
  readonly host?: string;
}

/**
 * Decides which hosts a request may name. This prevents DNS rebinding: a web page points its name at this service, and
 * the browser lets it read every answer. Such requests still carry the host name of the page.
 */
export class HostPolicy {
  readonly #isAnyAllowed: boolean;
  readonly #names = new Set<string>();
  readonly #suffixes: string[] = [];

  /**
   * @param patterns such as `agents.example.com`, `*.example.com`, `10.0.0.5`, `[fd00::5]` or `*`. Loopback names are
   * always allowed.
   */
  constructor(private readonly patterns: readonly string[]) {
    this.#isAnyAllowed = patterns.includes(ANY_HOST);
    for (const pattern of patterns) {
      const isWildcard = pattern.startsWith(WILDCARD);
      const name = normalizeHost(isWildcard ? pattern.slice(WILDCARD.length) : pattern);
      if (name === undefined) continue;
      if (isWildcard) this.#suffixes.push(`.${name}`);
      else this.#names.add(name);
    }
  }

  /** Lists the allowed hosts for the log. */
  describe(): string {
    return this.#isAnyAllowed ? ANY_HOST : [...new Set([...LOOPBACK_NAMES, ...this.patterns])].join(', ');
  }

  /** Returns the reason for rejecting the request; undefined if it is allowed. */
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

/** Validates an item of ALLOWED_HOSTS. */
export function isHostPattern(item: string): boolean {
  if (item === ANY_HOST) return true;
  const isWildcard = item.startsWith(WILDCARD);
  const name = normalizeHost(isWildcard ? item.slice(WILDCARD.length) : item);
  return name !== undefined && !(isWildcard && name.startsWith('['));
}

/** Returns the host of a Host header without its port; undefined if it is invalid. */
export function parseHost(header: string): string | undefined {
  const [, host] = /^(\[[^\]]*\]|[^:]*)(?::\d{0,5})?$/.exec(header) ?? [];
  return host === undefined ? undefined : normalizeHost(host);
}

/** Converts to lower case, removes the trailing dot of a full name, and shortens IPv6. */
function normalizeHost(host: string): string | undefined {
  const name = host.toLowerCase();
  if (/^\[[0-9a-f:.]+\]$/.test(name)) {
    return URL.canParse(`http://${name}`) ? new URL(`http://${name}`).hostname : undefined;
  }
  const bare = name.replace(/\.$/, '');
  return HOST_NAME.test(bare) ? bare : undefined;
}

/** Returns all Host headers: Node's `headers.host` drops a second one. */
function hostHeadersOf(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'host');
}

/** Returns the host of an absolute target such as `http://host/path`. The router ignores it, so it is checked too. */
function targetHostOf(target: string): string[] {
  const [, host] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(target) ?? [];
  return host === undefined ? [] : [host];
}
