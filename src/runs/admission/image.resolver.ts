import { Resolver } from 'node:dns/promises';

const TIMEOUT_MS = 1000;

/** Resolves the name of a host to all its addresses. Returns an empty list if no answer comes in time. */
export abstract class ImageResolver {
  abstract addresses(name: string): Promise<readonly string[]>;
}

/** Asks the name servers of this machine. Unlike the system's own look-up, it holds none of Node's few threads. */
export class DnsImageResolver extends ImageResolver {
  readonly #resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 1 });

  /** @param servers `<address>:<port>` of name servers. Default: those of the system. */
  constructor(servers: readonly string[] = []) {
    super();
    if (servers.length > 0) this.#resolver.setServers(servers);
  }

  async addresses(name: string): Promise<readonly string[]> {
    const answers = await Promise.allSettled([this.#resolver.resolve4(name), this.#resolver.resolve6(name)]);
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  }
}
