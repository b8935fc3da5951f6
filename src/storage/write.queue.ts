import type { Transaction } from 'kysely';
import { finish } from './before.commit.js';
import type { Durability, Engine, Work } from './engine.js';
import type { Schema } from './schema.js';

/** Works in one transaction: it stays short, and what comes meanwhile does not wait for long. */
const MAX_GROUP = 500;

interface PendingWrite {
  readonly durability: Durability;
  /** Gives what to call once it is committed. */
  readonly run: (transaction: Transaction<Schema>) => Promise<() => void>;
  readonly reject: (reason: unknown) => void;
}

/**
 * Writes in groups, one group after the other in the order of their calls: those of one tick, and what comes while
 * a group commits, form the next. Readers rely on that order.
 */
export class WriteQueue {
  #pending: PendingWrite[] = [];
  #isBusy = false;
  #isFailing = false;

  constructor(private readonly engine: Pick<Engine, 'transact' | 'isAway'>) {}

  /** Whether the last group failed: only a write can tell whether the next will. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  add<T>(work: Work<T>, durability: Durability): Promise<T> {
    return new Promise((resolve, reject) => {
      const run = async (transaction: Transaction<Schema>): Promise<() => void> => {
        const result = await work(transaction);
        return () => resolve(result);
      };
      this.#pending.push({ durability, run, reject });
      if (this.#isBusy) return;
      this.#isBusy = true;
      this.#scheduleGroup();
    });
  }

  #scheduleGroup(): void {
    setImmediate(() => void this.#commitGroup());
  }

  async #commitGroup(): Promise<void> {
    const group = this.#pending.slice(0, MAX_GROUP);
    this.#pending = this.#pending.slice(MAX_GROUP);
    try {
      const committed = await this.#commit(group);
      this.#isFailing = false;
      for (const resolve of committed) resolve();
    } catch (reason) {
      this.#isFailing = true;
      if (group.length === 1 || this.engine.isAway(reason)) rejectAll(group, reason);
      else await this.#commitEachAlone(group);
    }
    if (this.#pending.length > 0) this.#scheduleGroup();
    else this.#isBusy = false;
  }

  async #commitEachAlone(group: readonly PendingWrite[]): Promise<void> {
    for (const [index, write] of group.entries()) {
      try {
        for (const resolve of await this.#commit([write])) resolve();
      } catch (reason) {
        // The others would each wait for it in vain.
        if (this.engine.isAway(reason)) return rejectAll(group.slice(index), reason);
        write.reject(reason);
      }
    }
  }

  async #commit(writes: readonly PendingWrite[]): Promise<readonly (() => void)[]> {
    const durability = writes.some((write) => write.durability === 'disk') ? 'disk' : 'process';
    const committed: (() => void)[] = [];
    await this.engine.transact(durability, async (transaction) => {
      for (const { run } of writes) committed.push(await run(transaction));
      await finish(transaction);
    });
    return committed;
  }
}

function rejectAll(writes: readonly PendingWrite[], reason: unknown): void {
  for (const { reject } of writes) reject(reason);
}
