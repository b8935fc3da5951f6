import { Logger } from '@nestjs/common';
import type { Client, Provider } from '@openfeature/server-sdk';
import { newId } from '../storage/new.id.js';
import { optional } from '../storage/optional.package.js';
import { flagOf } from './flags.file.js';
import { AS_CODED } from './release.js';

/** A provider that evaluates elsewhere must not hold up runs for longer. */
const PATIENCE_MS = 1000;
/** A role need not have a flag. */
const NO_FAULT: ReadonlySet<string | undefined> = new Set([undefined, 'FLAG_NOT_FOUND']);
/** Of the warnings that have been given, so that each is given once. */
const MOST_WARNINGS = 1000;

/** Whom a release is chosen for. */
export interface FlagContext {
  readonly sessionId: string;
  readonly tenant: string;
  readonly endUser: string | undefined;
}

/** The flags that choose releases, through an OpenFeature client of their own. */
export class ReleaseFlags {
  readonly #logger = new Logger(ReleaseFlags.name);
  readonly #warned = new Set<string>();
  readonly #client: Client;
  readonly #close: () => void;

  private constructor(client: Client, close: () => void) {
    this.#client = client;
    this.#close = close;
  }

  /** With a provider that cannot be reached now agents run as coded until it can be. */
  static async open(provider: Provider): Promise<ReleaseFlags> {
    const { NOOP_PROVIDER, OpenFeature } = await optional(
      '@openfeature/server-sdk',
      'Choosing releases',
      () => import('@openfeature/server-sdk'),
    );
    // The API is one for the whole process: a host's own provider stays as it is, and so does that of another module.
    const domain = `rookery-${newId()}`;
    const close = (): void => void OpenFeature.setProvider(domain, NOOP_PROVIDER);
    const flags = new ReleaseFlags(OpenFeature.getClient(domain), close);
    await OpenFeature.setProviderAndWait(domain, provider).catch((cause: unknown) =>
      flags.#logger.warn({ cause, msg: 'the flags cannot be reached; until then agents run as they are coded' }),
    );
    return flags;
  }

  /** The name of the release; an agent without a flag, or whose flag fails, runs as coded. */
  async choose(role: string, { sessionId, tenant, endUser }: FlagContext): Promise<string> {
    const context = { targetingKey: sessionId, tenant, role, ...(endUser === undefined ? {} : { end_user: endUser }) };
    const late = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => late.resolve(undefined), PATIENCE_MS);
    const found = await Promise.race([this.#client.getStringDetails(flagOf(role), AS_CODED, context), late.promise]);
    clearTimeout(timer);
    if (found === undefined) this.warn(`${flagOf(role)} was not evaluated within ${PATIENCE_MS} ms`);
    else if (!NO_FAULT.has(found.errorCode)) {
      this.warn(`${flagOf(role)} cannot be evaluated: ${found.errorMessage || found.errorCode}`);
    }
    return found?.value ?? AS_CODED;
  }

  /** Says it once, not with every run. */
  warn(msg: string): void {
    if (this.#warned.has(msg)) return;
    if (this.#warned.size >= MOST_WARNINGS) this.#warned.clear();
    this.#warned.add(msg);
    this.#logger.warn({ msg: `${msg}; the agent runs as it is coded` });
  }

  /** What was wrong may be right now: it is said again if it is not. */
  renew(): void {
    this.#warned.clear();
  }

  close(): void {
    this.#close();
  }
}
