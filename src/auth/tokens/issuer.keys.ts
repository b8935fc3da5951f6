import { Logger } from '@nestjs/common';
import { AgentError } from '../../errors/agent.error.js';

/** How long fetched keys are used, in milliseconds. */
export interface KeyTimes {
  /** Minimum time between two fetches that a failure or an unknown key causes. */
  readonly cooldownMs: number;
  /** The age at which the keys are fetched again. Bounds how long a withdrawn key stays trusted. */
  readonly freshMs: number;
  /** The age up to which the keys are used while the issuer is away. */
  readonly staleMs: number;
}

export const KEY_TIMES: KeyTimes = { cooldownMs: 5000, freshMs: 600_000, staleMs: 3_600_000 };

/** Keeps the public keys of one issuer. Concurrent callers share one fetch. */
export class IssuerKeys<T> {
  readonly #logger = new Logger(IssuerKeys.name);
  #fetched: { readonly keys: T; readonly atMs: number } | undefined;
  /** The cause of the last failure; undefined if the last fetch succeeded. */
  #failure: Error | undefined;
  #attemptedMs = -Infinity;
  #pending: Promise<void> | undefined;

  /** @param load fetches the keys. */
  constructor(
    private readonly load: () => Promise<T>,
    private readonly times: KeyTimes,
  ) {}

  /** The keys; during an outage those of the last fetch. @throws AgentError `identity_unavailable` */
  async get(): Promise<T> {
    const fetched = this.#fetched;
    const ageMs = fetched === undefined ? Infinity : performance.now() - fetched.atMs;
    const stale = ageMs <= this.times.staleMs ? fetched : undefined;
    if (stale !== undefined && ageMs <= this.times.freshMs) return stale.keys;
    if (stale !== undefined && this.#failure !== undefined) {
      // One caller has waited for the issuer in vain; the others do not.
      if (!this.#isCooling) void this.#fetch();
      return stale.keys;
    }
    if (this.#failure === undefined || !this.#isCooling) await this.#fetch();
    const current = this.#failure === undefined ? this.#fetched : stale;
    if (current === undefined) throw this.#unavailable();
    return current.keys;
  }

  /**
   * Fetches the keys again, unless that was done a moment ago: a token may be signed with a new key.
   *
   * @returns whether they were fetched.
   * @throws AgentError `identity_unavailable` if the issuer is away, because it may have a new key.
   */
  async refetch(): Promise<boolean> {
    const isDue = this.#pending !== undefined || !this.#isCooling;
    if (isDue) await this.#fetch();
    if (this.#failure !== undefined) throw this.#unavailable();
    return isDue;
  }

  get #isCooling(): boolean {
    return performance.now() - this.#attemptedMs < this.times.cooldownMs;
  }

  #fetch(): Promise<void> {
    return (this.#pending ??= this.#tryFetch().finally(() => (this.#pending = undefined)));
  }

  async #tryFetch(): Promise<void> {
    try {
      this.#fetched = { keys: await this.load(), atMs: performance.now() };
      this.#failure = undefined;
    } catch (cause) {
      const failure = cause instanceof Error ? cause : new Error(String(cause));
      // The log has one line for an outage, not one for each try.
      if (this.#failure === undefined)
        this.#logger.warn({ cause: failure, msg: 'the keys of an issuer are not available' });
      this.#failure = failure;
    } finally {
      this.#attemptedMs = performance.now();
    }
  }

  #unavailable(): AgentError {
    const retryAfterSeconds = this.times.cooldownMs / 1000;
    return new AgentError('identity_unavailable', { retryAfterSeconds }, { cause: this.#failure });
  }
}
