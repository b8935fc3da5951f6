import { AsyncLocalStorage } from 'node:async_hooks';

/** The time limit of a request. */
export interface RequestLimit {
  readonly timeoutMs: number;
  /** Creates the error of a request that passed the limit. */
  readonly reason: () => Error;
}

/**
 * The work behind one request. If its time limit passes, the request fails, and work that has not begun is refused. A
 * commit that has begun lifts the limit: the request then waits for its result.
 *
 * @example
 * await RequestScope.run({ timeoutMs: 30_000, reason: () => new AgentError('request_timeout') }, () => service.list());
 */
export class RequestScope {
  static readonly #active = new AsyncLocalStorage<RequestScope | undefined>();

  readonly #late = Promise.withResolvers<never>();
  #isCommitting = false;
  #reason: Error | undefined;
  #controller: AbortController | undefined;

  /** The scope of the running request; undefined for all other work. */
  static get current(): RequestScope | undefined {
    return RequestScope.#active.getStore();
  }

  /** Runs the work behind a request. @throws the reason of the limit if it passes first. */
  static async run<T>({ timeoutMs, reason }: RequestLimit, work: () => Promise<T>): Promise<T> {
    const scope = new RequestScope();
    const timer = setTimeout(() => scope.#end(reason), timeoutMs);
    try {
      return await Promise.race([RequestScope.#active.run(scope, work), scope.#late.promise]);
    } finally {
      // Work that the request leaves behind has no limit.
      clearTimeout(timer);
    }
  }

  /** Runs work that serves several requests, or outlives the one that starts it. */
  static leave<T>(work: () => T): T {
    return RequestScope.#active.run(undefined, work);
  }

  get isLate(): boolean {
    return this.#reason !== undefined;
  }

  /** Aborts if the limit passes. Made when it is first used, because most work needs none. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#reason) this.#controller.abort(this.#reason);
    return this.#controller.signal;
  }

  /** @throws the reason of the limit if it has passed. */
  throwIfLate(): void {
    if (this.#reason) throw this.#reason;
  }

  /** Lifts the limit, unless it has passed. */
  beginCommit(): void {
    this.#isCommitting = true;
  }

  #end(reason: () => Error): void {
    if (this.#isCommitting) return;
    this.#reason = reason();
    this.#controller?.abort(this.#reason);
    this.#late.reject(this.#reason);
  }
}
