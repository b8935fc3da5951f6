import { channel } from 'node:diagnostics_channel';
import type { Transaction } from 'kysely';
import { RequestScope } from '../async/request.scope.js';
import { AgentError } from '../errors/agent.error.js';
import { isSharedOutage, outageIn } from './database.unavailable.js';
import { runBeforeCommit } from './before.commit.js';
import type { Durability, Engine, Work } from './engine.js';
import type { Schema } from './schema.js';
import { THROWN_REFUSALS } from './thrown.refusals.js';

/** Maximum writes per transaction. Short transactions keep later writes from waiting. */
const MAX_GROUP = 500;

interface PendingWrite {
  readonly durability: Durability;
  /** The request that waits for it. */
  readonly request: RequestScope | undefined;
  /** Resolves to the function to call after the commit. */
  readonly run: (transaction: Transaction<Schema>) => Promise<() => void>;
  readonly reject: (reason: unknown) => void;
}

/** The failure of a transaction. */
interface Failure {
  readonly reason: unknown;
  /** The index of the write that threw it. Undefined: the commit failed. */
  readonly thrower: number | undefined;
}

const thrownRefusals = channel(THROWN_REFUSALS);

/** Rolls back a transaction in which a write has lost its request. */
class LateWrite extends Error {}

/**
 * Commits writes in groups, in the order of their calls. The writes of one tick form a group, as do those that arrive
 * while a group commits. Readers rely on that order.
 */
export class WriteQueue {
  #pending: PendingWrite[] = [];
  #isBusy = false;
  #isFailing = false;

  constructor(private readonly engine: Pick<Engine, 'transact'>) {}

  /** Whether the database failed at the last transaction: only a write shows whether it works again. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  add<T>(work: Work<T>, durability: Durability): Promise<T> {
    return new Promise((resolve, reject) => {
      const run = async (transaction: Transaction<Schema>): Promise<() => void> => {
        const result = await work(transaction);
        return () => resolve(result);
      };
      const request = RequestScope.current;
      request?.throwIfLate();
      this.#pending.push({ durability, request, run, reject });
      if (this.#isBusy) return;
      this.#isBusy = true;
      this.#scheduleGroup();
    });
  }

  #scheduleGroup(): void {
    RequestScope.leave(() => setImmediate(() => void this.#commitGroup()));
  }

  async #commitGroup(): Promise<void> {
    const group = this.#pending.slice(0, MAX_GROUP);
    this.#pending = this.#pending.slice(MAX_GROUP);
    await this.#commitAll(group);
    if (this.#pending.length > 0) this.#scheduleGroup();
    else this.#isBusy = false;
  }

  /** Commits the writes in one transaction, or in as few as the failing ones allow. */
  async #commitAll(group: readonly PendingWrite[]): Promise<void> {
    const parts: (readonly PendingWrite[])[] = [group];
    for (let next = parts.shift(); next; next = parts.shift()) {
      const part = rejectLate(next);
      if (part.length === 0) continue;
      const failure = await this.#commit(part);
      if (failure === undefined) continue;
      const { reason } = failure;
      if (reason instanceof LateWrite) {
        // The requests of the others wait from now on: more of them could be late, each with another rollback.
        const others = rejectLate(part);
        beginCommit(others);
        parts.unshift(others);
        continue;
      }
      // Each of the others would wait for the database in vain.
      if (isSharedOutage(reason)) return rejectAll([...part, ...parts.flat()], reason);
      if (part.length === 1) rejectAll(part, reason);
      else parts.unshift(...partsOf(part, failure));
    }
  }

  async #commit(writes: readonly PendingWrite[]): Promise<Failure | undefined> {
    const durability = writes.some((write) => write.durability === 'disk') ? 'disk' : 'process';
    const committed: (() => void)[] = [];
    let thrower: number | undefined;
    try {
      await this.engine.transact(durability, async (transaction) => {
        for (const [index, { run }] of writes.entries()) {
          thrower = index;
          committed.push(await run(transaction));
        }
        thrower = undefined;
        await runBeforeCommit(transaction);
        if (writes.some(isLate)) throw new LateWrite();
        beginCommit(writes);
      });
    } catch (reason) {
      this.#note(reason);
      return { reason, thrower };
    }
    this.#isFailing = false;
    for (const resolve of committed) resolve();
    return undefined;
  }

  /** A refusal shows nothing about the database. */
  #note(reason: unknown): void {
    if (reason instanceof LateWrite) return;
    if (reason instanceof AgentError && !outageIn(reason)) thrownRefusals.publish(reason);
    else this.#isFailing = true;
  }
}

/**
 * Splits a failed group: a write that throws is tried alone, between those before it and those after it. If the commit
 * failed, each write is tried alone.
 */
function partsOf(writes: readonly PendingWrite[], { thrower }: Failure): (readonly PendingWrite[])[] {
  if (thrower === undefined) return writes.map((write) => [write]);
  const parts = [writes.slice(0, thrower), writes.slice(thrower, thrower + 1), writes.slice(thrower + 1)];
  return parts.filter(({ length }) => length > 0);
}

/** Whether the time limit of its request has passed. */
function isLate({ request }: PendingWrite): boolean {
  return request?.isLate === true;
}

/** Rejects the late writes, and returns the others. */
function rejectLate(writes: readonly PendingWrite[]): readonly PendingWrite[] {
  for (const write of writes) if (isLate(write)) write.reject(write.request?.signal.reason);
  return writes.filter((write) => !isLate(write));
}

function beginCommit(writes: readonly PendingWrite[]): void {
  for (const { request } of writes) request?.beginCommit();
}

function rejectAll(writes: readonly PendingWrite[], reason: unknown): void {
  for (const { reject } of writes) reject(reason);
}
