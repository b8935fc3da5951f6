import type { SlotCaller } from './worker.slots.js';

const MINUTE_MS = 60_000;
/** Callers to remember before those with their whole budget are forgotten. */
const SWEEP_SIZE = 1000;

interface Account {
  /** Milliseconds of CPU time; below 0 if the last run took more than there was. */
  leftMs: number;
  at: number;
}

/**
 * The CPU time of callers, in one process. A caller has that much at once, and gets as much again in a minute. A run may
 * begin while some is left. Time beyond that delays the next one.
 */
export class CpuBudget {
  readonly #accounts = new Map<string, Account>();

  /**
   * @param seconds per caller and minute; Infinity: no limit.
   * @param now milliseconds of a monotonic clock.
   */
  constructor(
    readonly seconds: number,
    private readonly now = (): number => performance.now(),
  ) {}

  /** Milliseconds until the caller may run code again; 0: now. */
  waitMs(caller: SlotCaller): number {
    if (this.seconds === Infinity) return 0;
    const { leftMs } = this.#accountOf(caller);
    return leftMs > 0 ? 0 : Math.ceil(((1 - leftMs) / (this.seconds * 1000)) * MINUTE_MS);
  }

  /** Takes the CPU time of a run. */
  spend(caller: SlotCaller, cpuMs: number): void {
    if (this.seconds === Infinity) return;
    const account = this.#accountOf(caller);
    account.leftMs -= cpuMs;
    if (this.#accounts.size >= SWEEP_SIZE) this.#forgetFull();
    this.#accounts.set(keyOf(caller), account);
  }

  #accountOf(caller: SlotCaller): Account {
    const account = this.#accounts.get(keyOf(caller));
    return account ? this.#refilled(account) : { leftMs: this.seconds * 1000, at: this.now() };
  }

  #refilled(account: Account): Account {
    const now = this.now();
    const mostMs = this.seconds * 1000;
    account.leftMs = Math.min(mostMs, account.leftMs + ((now - account.at) / MINUTE_MS) * mostMs);
    account.at = now;
    return account;
  }

  #forgetFull(): void {
    for (const [key, account] of this.#accounts) {
      if (this.#refilled(account).leftMs >= this.seconds * 1000) this.#accounts.delete(key);
    }
  }
}

function keyOf({ tenant, id }: SlotCaller): string {
  return JSON.stringify([tenant, id]);
}
