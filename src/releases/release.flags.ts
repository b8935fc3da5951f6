import { Logger } from '@nestjs/common';
import type { Client, Provider } from '@openfeature/server-sdk';
import type { Owner } from '../auth/principal.js';
import { within } from '../async/within.js';
import { newId } from '../storage/new.id.js';
import { importOptional } from '../async/optional.package.js';
import { flagOf } from './flags.file.js';
import { CODE_RELEASE } from './release.js';

/** Time limit for an evaluation. A remote provider must not delay runs for longer. */
const EVALUATION_TIMEOUT_MS = 1000;
/** Codes that are not faults: a role need not have a flag. */
const NO_FAULT: ReadonlySet<string | undefined> = new Set([undefined, 'FLAG_NOT_FOUND']);
/** Maximum remembered warnings. Each warning is logged once. */
const MAX_WARNINGS = 1000;

/** Evaluates the flags that choose releases, with its own OpenFeature client. */
export class ReleaseFlags {
  readonly #logger = new Logger(ReleaseFlags.name);
  readonly #warned = new Set<string>();

  private constructor(
    private readonly client: Client,
    readonly close: () => void,
  ) {}

  /** Opens the flags of a provider. If the provider is unreachable, agents run as coded until it is reachable. */
  static async open(provider: Provider): Promise<ReleaseFlags> {
    const { NOOP_PROVIDER, OpenFeature } = await importOptional(
      '@openfeature/server-sdk',
      'Choosing releases',
      () => import('@openfeature/server-sdk'),
    );
    // The OpenFeature API is global: a domain leaves the providers of the host and of other modules unchanged.
    const domain = `rookery-${newId()}`;
    const close = (): void => void OpenFeature.setProvider(domain, NOOP_PROVIDER);
    const flags = new ReleaseFlags(OpenFeature.getClient(domain), close);
    await OpenFeature.setProviderAndWait(domain, provider).catch((cause: unknown) =>
      flags.#logger.warn({ cause, msg: 'the flags cannot be reached; agents run as coded until then' }),
    );
    return flags;
  }

  /** Returns the name of the release. Without a flag, or if its flag fails, an agent runs as coded. */
  async choose(role: string, sessionId: string, owner: Owner): Promise<string> {
    const context = flagContext(role, sessionId, owner);
    const found = await within(
      EVALUATION_TIMEOUT_MS,
      this.client.getStringDetails(flagOf(role), CODE_RELEASE, context),
    );
    if (found === undefined) this.warn(`${flagOf(role)} was not evaluated within ${EVALUATION_TIMEOUT_MS} ms`);
    else if (!NO_FAULT.has(found.errorCode)) {
      this.warn(`${flagOf(role)} cannot be evaluated: ${found.errorMessage || found.errorCode}`);
    }
    return found?.value ?? CODE_RELEASE;
  }

  /** Logs each warning once, not for every run. */
  warn(msg: string): void {
    if (this.#warned.has(msg)) return;
    if (this.#warned.size >= MAX_WARNINGS) this.#warned.clear();
    this.#warned.add(msg);
    this.#logger.warn({ msg: `${msg}; the agent runs as coded` });
  }

  /** Forgets the logged warnings, because the flags have changed. */
  resetWarnings(): void {
    this.#warned.clear();
  }
}

/** The values that the rules of a flag may use. */
export function flagContext(role: string, sessionId: string, { tenant, endUser }: Owner): Record<string, string> {
  return { targetingKey: sessionId, tenant, role, ...(endUser === undefined ? {} : { end_user: endUser }) };
}
