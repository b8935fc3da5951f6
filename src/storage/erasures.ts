import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Transaction } from 'kysely';
import { AgentError } from '../errors/agent.error.js';
import type { ErasedLog } from './engine.js';
import type { Erasure, PendingErasures } from './pending.erasures.js';
import type { Schema } from './schema.js';

/** The time for which an erasure waits for readers of the file. */
const PURGE_TIMEOUT_MS = 5000;
const FIRST_PAUSE_MS = 5;
const MAX_PAUSE_MS = 100;
const RETRY_AFTER_SECONDS = 10;

const LOG_IN_USE =
  'The data is erased from the database, but a reader of the database file keeps it in the log of the file. ' +
  'Repeat the request to learn when it is gone.';
const TRUNCATION_FAILED =
  'The data is erased from the database, but the log of the database file could not be emptied. Repeat the request.';

/** A caller that waits until the log holds no erased data of its target. */
interface Waiter extends PromiseWithResolvers<void> {
  /** Undefined: no caller repeats the erasure. */
  readonly target: string | undefined;
  /** The sequence of the newest commit that it waits for. */
  readonly sequence: number;
}

/**
 * Empties the log of the SQLite file after erasures: until then the log holds the erased data. Each erasure is stored
 * with its deletion, so a later process completes it. Erasures at the same time share one truncation.
 */
export class Erasures {
  readonly #logger = new Logger(Erasures.name);
  readonly #waiters = new Set<Waiter>();
  #isRunning = false;
  /** Whether the service has logged that the log was kept for too long. */
  #isReported = false;
  /** The error of the last try; undefined: another connection used the file. */
  #failure: unknown;

  /** @param log undefined: nothing keeps erased data, as in PostgreSQL. */
  constructor(
    private readonly rows: PendingErasures,
    private readonly log: ErasedLog | undefined,
    private readonly limitMs = PURGE_TIMEOUT_MS,
  ) {}

  /** Stores, in the commit that erases data, that the log still holds the data. */
  async add(transaction: Transaction<Schema>, erasure: Erasure = {}): Promise<void> {
    if (this.log) await this.rows.add(transaction, erasure);
  }

  /** Whether the erasure is pending, or finished but not yet confirmed to its caller. */
  async has(target: string, owner?: string): Promise<boolean> {
    return this.log !== undefined && (await this.rows.has(target, owner));
  }

  /**
   * Resolves once the log holds no erased data of the target, or of an end user.
   *
   * @param target from `hashOf`. Omitted: all erased data.
   * @throws AgentError `storage_unavailable` if that takes too long. The erasure stays stored.
   */
  async purge(target?: string): Promise<void> {
    if (!this.log) return;
    const sequence = await this.rows.lastOpen(target);
    if (sequence !== undefined) await this.#wait(this.log, { target, sequence });
    else if (target !== undefined && (await this.rows.has(target))) await this.rows.remove([target]);
  }

  /** Removes erasures that finished before a time, in epoch milliseconds, and that no caller has repeated. */
  async removeOld(before: number): Promise<void> {
    if (this.log) await this.rows.removeOld(before);
  }

  close(): void {
    for (const { reject } of this.#waiters) reject(this.#unavailable());
    this.#waiters.clear();
  }

  async #wait(log: ErasedLog, { target, sequence }: Pick<Waiter, 'target' | 'sequence'>): Promise<void> {
    const waiter = { target, sequence, ...Promise.withResolvers<void>() };
    this.#waiters.add(waiter);
    const timer = setTimeout(() => this.#giveUp(waiter), this.limitMs);
    if (!this.#isRunning) void this.#run(log);
    await waiter.promise.finally(() => clearTimeout(timer));
  }

  #giveUp(waiter: Waiter): void {
    if (!this.#waiters.delete(waiter)) return;
    if (!this.#isReported) {
      this.#isReported = true;
      const isHeld = this.#failure === undefined;
      const msg = isHeld
        ? 'a reader of the database file keeps erased data in its log; the service tries again every minute'
        : 'the log of the database file could not be emptied of erased data; the service tries again every minute';
      this.#logger.warn({ cause: this.#failure, msg });
    }
    waiter.reject(this.#unavailable());
  }

  #unavailable(): AgentError {
    return new AgentError(
      'storage_unavailable',
      { detail: this.#failure === undefined ? LOG_IN_USE : TRUNCATION_FAILED, retryAfterSeconds: RETRY_AFTER_SECONDS },
      { cause: this.#failure },
    );
  }

  /** Tries until no caller waits any more. */
  async #run(log: ErasedLog): Promise<void> {
    this.#isRunning = true;
    for (let pause = FIRST_PAUSE_MS; this.#waiters.size > 0; pause = Math.min(2 * pause, MAX_PAUSE_MS)) {
      try {
        if (await this.#try(log)) pause = FIRST_PAUSE_MS;
        else await sleep(pause);
      } catch (reason) {
        this.#failure = reason;
        await sleep(pause);
      }
    }
    this.#isRunning = false;
  }

  /** Returns false if another connection uses the file. A truncation covers only the commits before its start. */
  async #try(log: ErasedLog): Promise<boolean> {
    const through = await this.rows.lastOpen();
    // All callers have given up, or the database was closed.
    if (this.#waiters.size === 0) return true;
    const isEmpty = through === undefined || (await log.truncate());
    this.#failure = undefined;
    if (!isEmpty) return false;
    await this.#notify(this.#removeDone(through), through);
    if (this.#isReported) this.#logger.log('the log of the database file holds no erased data any more');
    this.#isReported = false;
    return true;
  }

  #removeDone(through: number | undefined): readonly Waiter[] {
    const done = [...this.#waiters].filter(({ sequence }) => through === undefined || sequence <= through);
    // Their time limits must not reject them any more: their rows are about to be removed.
    for (const waiter of done) this.#waiters.delete(waiter);
    return done;
  }

  async #notify(done: readonly Waiter[], through: number | undefined): Promise<void> {
    const targets = done.flatMap(({ target }) => target ?? []);
    try {
      if (through !== undefined) await this.rows.settle(through, targets);
      else if (targets.length > 0) await this.rows.remove(targets);
      for (const { resolve } of done) resolve();
    } catch (reason) {
      this.#failure = reason;
      for (const { reject } of done) reject(this.#unavailable());
    }
  }
}
