import { channel } from 'node:diagnostics_channel';
import type { Transaction } from 'kysely';
import { RequestScope } from '../async/request.scope.js';
import { AgentError } from '../errors/agent.error.js';
import { isSharedOutage, outageIn } from './database.unavailable.js';
import { runBeforeCommit } from './before.commit.js';
import type { Durability, Engine, Work } from './engine.js';
import { Later } from './later.js';
import { WrongGuess } from './postgres/pipeline.js';
import type { Schema } from './schema.js';
import { THROWN_REFUSALS } from './thrown.refusals.js';

/** Maximum writes per transaction. Short transactions keep later writes from waiting. */
const MAX_GROUP = 500;

/** The place of a write among the others. */
export interface WriteOrder {
  /**
   * The name of a lock that it takes and that other replicas need. It runs after the writes without a lock, in the order
   * of the names: the lock is held only briefly, and replicas that take several cannot deadlock.
   */
  readonly lock?: string | undefined;
  /** Commits it in a transaction of its own, so that it takes its locks while it holds no other. Default: false. */
  readonly isAlone?: boolean | undefined;
}

interface PendingWrite extends WriteOrder {
  readonly durability: Durability;
  /** Whether it waits for each answer, after a wrong guess. */
  readonly isCareful?: boolean;
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
  /** The indexes of the writes that guessed wrong. */
  readonly misled?: ReadonlySet<number> | undefined;
}

const thrownRefusals = channel(THROWN_REFUSALS);

/** Rolls back a transaction in which a write has lost its request. */
class LateWrite extends Error {}

/**
 * Commits writes in groups, in the order of their calls. The writes of one tick form a group, as do those that arrive
 * while a group commits. Readers rely on that order. Within a group, only writes with a lock have another place.
 */
export class WriteQueue {
  #pending: PendingWrite[] = [];
  #isBusy = false;
  #isFailing = false;

  constructor(private readonly engine: Pick<Engine, 'transact' | 'pipeline'>) {}

  /** Whether the database failed at the last transaction: only a write shows whether it works again. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  add<T>(work: Work<T | Later<T>>, durability: Durability, order: WriteOrder = {}): Promise<T> {
    return new Promise((resolve, reject) => {
      const run = async (transaction: Transaction<Schema>): Promise<() => void> => {
        const result = await work(transaction);
        if (!(result instanceof Later)) return () => resolve(result);
        // A pipeline answers before the commit.
        if (this.engine.pipeline === undefined) await result.answer;
        return () => resolve(result.answer);
      };
      const request = RequestScope.current;
      request?.throwIfLate();
      this.#pending.push({ ...order, durability, request, run, reject });
      if (this.#isBusy) return;
      this.#isBusy = true;
      this.#scheduleGroup();
    });
  }

  #scheduleGroup(): void {
    RequestScope.leave(() => setImmediate(() => void this.#commitGroup()));
  }

  async #commitGroup(): Promise<void> {
    const group = firstGroup(this.#pending);
    this.#pending = this.#pending.slice(group.length);
    await this.#commitAll(inLockOrder(group));
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
      if (failure.misled) {
        parts.unshift(careful(part, failure.misled));
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
    const { pipeline } = this.engine;
    const committed: (() => void)[] = [];
    let thrower: number | undefined;
    try {
      await this.engine.transact(durability, async (transaction) => {
        for (const [index, { run, isCareful }] of writes.entries()) {
          thrower = index;
          pipeline?.enter(index, isCareful !== true);
          committed.push(await run(transaction));
        }
        thrower = undefined;
        pipeline?.enter(undefined);
        await runBeforeCommit(transaction);
        await pipeline?.settle();
        if (writes.some(isLate)) throw new LateWrite();
        beginCommit(writes);
      });
    } catch (thrown) {
      const failure = (await pipeline?.failure()) ?? { reason: thrown, thrower };
      this.#note(failure.reason);
      return failure;
    }
    this.#isFailing = false;
    for (const resolve of committed) resolve();
    return undefined;
  }

  /** A refusal shows nothing about the database. */
  #note(reason: unknown): void {
    if (reason instanceof LateWrite || reason instanceof WrongGuess) return;
    if (reason instanceof AgentError && !outageIn(reason)) thrownRefusals.publish(reason);
    else this.#isFailing = true;
  }
}

/** The oldest writes that share a transaction. */
function firstGroup(pending: readonly PendingWrite[]): readonly PendingWrite[] {
  const group = pending.slice(0, MAX_GROUP);
  const alone = group.findIndex(({ isAlone }) => isAlone === true);
  return alone === -1 ? group : group.slice(0, Math.max(1, alone));
}

/** The writes without a lock, then the others by the names of their locks. */
function inLockOrder(group: readonly PendingWrite[]): readonly PendingWrite[] {
  const locking = group.filter(({ lock }) => lock !== undefined);
  if (locking.length === 0) return group;
  const byLock = locking.toSorted(({ lock: one = '' }, { lock: other = '' }) =>
    one < other ? -1 : Number(one > other),
  );
  return [...group.filter(({ lock }) => lock === undefined), ...byLock];
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

/** The same writes. The misled ones wait for each answer. */
function careful(writes: readonly PendingWrite[], misled: ReadonlySet<number>): readonly PendingWrite[] {
  return writes.map((write, index) => (misled.has(index) ? { ...write, isCareful: true } : write));
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
