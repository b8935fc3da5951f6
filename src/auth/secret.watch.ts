/** Interval of the checks. With the cache of keys, the end of a secret is noticed within a second. */
const POLL_INTERVAL_MS = 250;

/** A listener. Each registration is its own, also of the same function. */
interface Registration {
  readonly listener: () => void;
}

/**
 * Checks a secret at intervals for all requests in progress that have proven it. They share one timer: a caller may have
 * thousands of streams. Once the secret is invalid, it tells them.
 */
export class SecretWatch {
  readonly #registrations = new Set<Registration>();
  readonly #timer: NodeJS.Timeout;

  /** @param onEnd called once the secret has become invalid, or nobody listens any more. */
  constructor(
    private readonly isValid: () => Promise<boolean>,
    private readonly onEnd: () => void,
  ) {
    this.#timer = setInterval(() => void this.#check(), POLL_INTERVAL_MS).unref();
  }

  /** Returns a function that removes the listener. */
  add(listener: () => void): () => void {
    const registration = { listener };
    this.#registrations.add(registration);
    return () => {
      if (this.#registrations.delete(registration) && this.#registrations.size === 0) this.#end();
    };
  }

  async #check(): Promise<void> {
    if ((await this.isValid()) || this.#registrations.size === 0) return;
    const registrations = [...this.#registrations];
    this.#registrations.clear();
    this.#end();
    for (const { listener } of registrations) listener();
  }

  #end(): void {
    clearInterval(this.#timer);
    this.onEnd();
  }
}
