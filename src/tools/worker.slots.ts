/** Whose turn it is. Tenants take turns, and so do the callers of a tenant. */
export interface SlotCaller {
  readonly tenant: string;
  /** Identifies the caller within the tenant. */
  readonly id: string;
}

/** The part that a tenant or a caller has in the slots and in the queue. */
interface Share {
  held: number;
  waiting: number;
  /** The position in the rotation: grows when the share begins to wait and when it gets a slot. */
  turn: number;
}

interface Waiter {
  readonly tenant: Share;
  readonly caller: Share;
  readonly start: () => void;
}

/**
 * A semaphore that shares its slots. A free slot goes to the waiting tenant that holds the fewest. Within the tenant it
 * goes to the caller that holds the fewest. Among equals they take turns. Calls of one caller keep their order.
 */
export class WorkerSlots {
  readonly #shares = new Map<string, Share>();
  readonly #waiting = new Set<Waiter>();
  #turn = 0;

  constructor(private free: number) {}

  /**
   * Resolves with a function that releases the slot, once a slot is acquired.
   *
   * @throws the reason of the signal if it aborts first.
   */
  async acquire(owner: SlotCaller, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    const keys = { tenant: owner.tenant, caller: `${owner.tenant}/${owner.id}` };
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = { tenant: this.#join(keys.tenant), caller: this.#join(keys.caller), start: resolve };
    const forget = (): void => Object.values(keys).forEach((key) => this.#forget(key));
    const onAbort = (): void => {
      if (!this.#leave(waiter)) return;
      forget();
      reject(signal.reason);
    };
    this.#waiting.add(waiter);
    signal.addEventListener('abort', onAbort, { once: true });
    this.#startNext();
    await promise.finally(() => signal.removeEventListener('abort', onAbort));
    return () => {
      this.free += 1;
      // The caller counts as a holder until then: otherwise its next call could come before that of another.
      this.#startNext();
      waiter.tenant.held -= 1;
      waiter.caller.held -= 1;
      forget();
    };
  }

  #startNext(): void {
    if (this.free === 0) return;
    let next: Waiter | undefined;
    for (const waiter of this.#waiting) if (next === undefined || isBefore(waiter, next)) next = waiter;
    if (next === undefined) return;
    this.#leave(next);
    this.free -= 1;
    for (const share of [next.tenant, next.caller]) {
      share.held += 1;
      share.turn = ++this.#turn;
    }
    next.start();
  }

  #join(key: string): Share {
    const share = this.#shares.get(key) ?? { held: 0, waiting: 0, turn: 0 };
    this.#shares.set(key, share);
    if (share.waiting === 0) share.turn = ++this.#turn;
    share.waiting += 1;
    return share;
  }

  /** Returns false if the waiter has left already. */
  #leave(waiter: Waiter): boolean {
    if (!this.#waiting.delete(waiter)) return false;
    waiter.tenant.waiting -= 1;
    waiter.caller.waiting -= 1;
    return true;
  }

  #forget(key: string): void {
    const share = this.#shares.get(key);
    if (share?.held === 0 && share.waiting === 0) this.#shares.delete(key);
  }
}

function isBefore(one: Waiter, other: Waiter): boolean {
  return compare(one.tenant, other.tenant) || (one.tenant === other.tenant && compare(one.caller, other.caller));
}

function compare(one: Share, other: Share): boolean {
  return one.held === other.held ? one.turn < other.turn : one.held < other.held;
}
