import { setTimeout as sleep } from 'node:timers/promises';
import { outageIn } from '../../storage/database.unavailable.js';
import type { StoredEvent } from './run.events.js';

/** How long a reader waits for a database that is down, after its first read. */
const OUTAGE_MS = 60_000;
/** Pause between reads of a database that is down. */
const RETRY_INTERVAL_MS = 1000;

/** The events of one reader: those published that it has not consumed, and its reads of the database. */
export class LiveEvents {
  #events: StoredEvent[] = [];
  /** Whether an event may have been missed. */
  mayHaveMissed = false;
  #wake: (() => void) | undefined;

  constructor(
    private hasRead: boolean,
    private readonly signal: AbortSignal | undefined,
  ) {}

  get isStopped(): boolean {
    return this.signal?.aborted === true;
  }

  push(events: readonly StoredEvent[]): void {
    this.#events.push(...events);
    this.wake();
  }

  /** Marks that an event may have been missed. */
  invalidate(): void {
    this.mayHaveMissed = true;
    this.wake();
  }

  /** Ends the wait for more events. */
  wake(): void {
    this.#wake?.();
  }

  drain(): StoredEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** Waits for more events. Resolves to true if the reader should read the database. */
  async waitForMore(timeoutMs: number | undefined): Promise<boolean> {
    let isLate = false;
    if (this.#events.length === 0 && !this.mayHaveMissed && !this.isStopped) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer = timeoutMs === undefined ? undefined : setTimeout(() => ((isLate = true), resolve()), timeoutMs);
      await promise;
      clearTimeout(timer);
      this.#wake = undefined;
    }
    const shouldRead = isLate || this.mayHaveMissed;
    this.mayHaveMissed = false;
    return shouldRead;
  }

  /**
   * Reads the database. Only the first read fails at once; later ones wait while the database is down.
   *
   * @returns undefined if the reader stops.
   * @throws AgentError `storage_unavailable`
   */
  async read<T>(query: () => Promise<T>): Promise<T | undefined> {
    const deadline = performance.now() + OUTAGE_MS;
    while (!this.isStopped) {
      try {
        const found = await query();
        this.hasRead = true;
        return found;
      } catch (failure) {
        if (!this.hasRead || performance.now() > deadline || !outageIn(failure)) throw failure;
        // A closed database never returns: the timer must not keep the process alive.
        await sleep(RETRY_INTERVAL_MS, undefined, { ref: false, signal: this.signal }).catch(() => undefined);
      }
    }
    return undefined;
  }
}
