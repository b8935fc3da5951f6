import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { RequestScope } from '../async/request.scope.js';
import { loggedCause, outageIn } from './database.unavailable.js';

/** Pauses between two tries; the last one repeats. */
const PAUSES_MS = [100, 500, 1000, 2000, 5000] as const;
const MAX_PAUSE_MS = 5000;
/** Tries for about a quarter of an hour. During an outage it tries on. */
const MAX_TRIES = 200;

/** A write whose first try failed, for the log. */
interface FailedWrite {
  /** The log message, which names the write. */
  readonly msg: string;
  readonly cause: unknown;
}

/** Repeats failed writes in the background, until they succeed or are given up. */
@Injectable()
export class WriteRetries implements BeforeApplicationShutdown {
  readonly #logger = new Logger(WriteRetries.name);
  readonly #stopped = new AbortController();
  readonly #retried = new Set<Promise<void>>();

  /**
   * Repeats a write until it succeeds.
   *
   * @param about for the log: the message, and the cause of the first failure.
   * @returns resolves when the write has succeeded or is given up. Never rejects.
   */
  retry({ cause, ...about }: FailedWrite, write: () => Promise<unknown>): Promise<void> {
    this.#logger.warn({ ...about, ...loggedCause(cause) });
    const retried = RequestScope.leave(() => this.#retry(about.msg, write));
    const repeated = retried.finally(() => this.#retried.delete(repeated));
    this.#retried.add(repeated);
    return repeated;
  }

  /** Tries each write once more. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped.abort();
    await Promise.all(this.#retried);
  }

  async #retry(msg: string, write: () => Promise<unknown>): Promise<void> {
    for (let tries = 0; ; tries++) {
      await this.#pause(PAUSES_MS[tries] ?? MAX_PAUSE_MS);
      try {
        await write();
        return;
      } catch (cause) {
        const isHopeful = tries + 1 < MAX_TRIES || outageIn(cause) !== undefined;
        if (isHopeful && !this.#stopped.signal.aborted) continue;
        this.#logger.error({ ...loggedCause(cause), msg: `${msg}; giving up` });
        return;
      }
    }
  }

  /** Ends early when the service stops. */
  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopped.signal, ref: false }).catch(() => undefined);
  }
}
