import { AsyncLocalStorage } from 'node:async_hooks';
import { raceAbort } from './abortable.js';

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

  readonly #controller = new AbortController();
  #isCommitting = false;

  /** The scope of the running request; undefined for all other work. */
  static get current(): RequestScope | undefined {
    return RequestScope.#active.getStore();
  }

  /** Runs the work behind a request. @throws the reason of the limit if it passes first. */
  static async run<T>({ timeoutMs, reason }: RequestLimit, work: () => Promise<T>): Promise<T> {
    const scope = new RequestScope();
    const timer = setTimeout(() => {
      if (!scope.#isCommitting) scope.#controller.abort(reason());
    }, timeoutMs);
    try {
      return await raceAbort(RequestScope.#active.run(scope, work), scope.signal);
    } finally {
      // Work that the request leaves behind has no limit.
      clearTimeout(timer);
    }
  }

  /** Runs work that serves several requests, or outlives the one that starts it. */
  static leave<T>(work: () => T): T {
    return RequestScope.#active.run(undefined, work);
  }

  /** Aborts if the limit passes. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Lifts the limit, unless it has passed. */
  beginCommit(): void {
    this.#isCommitting = true;
  }
}
