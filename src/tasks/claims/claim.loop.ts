import { Logger } from '@nestjs/common';
import type { RunRow } from '../../runs/run.row.js';
import { loggedCause, outageIn } from '../../storage/database.unavailable.js';
import type { TaskSlots } from './task.slots.js';

/** Tasks that are claimed at once. */
const MAX_BATCH = 16;
/** Batches in a row without a task after which a pass ends: other replicas are faster. */
const MAX_MISSES = 5;

/** The functions of the worker that the loop needs. */
export interface ClaimWork {
  /** Returns the id of the task whose turn it is. @param isThorough whether it looks at all tenants, and at more tasks. */
  findNext(isThorough: boolean): Promise<string | undefined>;
  /** Claims the task whose turn it is. */
  claimNext(): Promise<RunRow | undefined>;
  /** Claims the task. */
  claim(runId: string): Promise<RunRow | undefined>;
  /** Runs a claimed task to the end of its attempt. */
  run(row: RunRow): Promise<void>;
}

/** Claims tasks while slots are free, in passes. A wake-up during a pass causes another pass after it. */
export class ClaimLoop {
  readonly #logger = new Logger(ClaimLoop.name);
  /** Tasks that were named by wake-ups. They may be behind the first ones of their tenants. */
  readonly #named = new Set<string>();
  #isWoken = false;
  #isThorough = false;
  #passes: Promise<void> | undefined;
  #isClosed = false;

  constructor(
    private readonly slots: TaskSlots,
    private readonly work: ClaimWork,
  ) {}

  /**
   * Resolves once the free slots are filled, or no task is left that can be claimed.
   *
   * @param runId a task that may be claimable, if its turn is not found otherwise.
   */
  async wake(runId?: string): Promise<void> {
    // Each end of a task wakes the loop again.
    if (this.#isClosed || (this.#passes === undefined && this.slots.free === 0)) return;
    if (runId !== undefined) this.#named.add(runId);
    this.#isWoken = true;
    await (this.#passes ??= this.#runPasses());
  }

  /** Wakes the loop, which then looks for tasks thoroughly. */
  async wakeThoroughly(): Promise<void> {
    this.#isThorough = true;
    await this.wake();
  }

  /** Claims no further task. Resolves when the pass has ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#passes;
  }

  get #canClaim(): boolean {
    return !this.#isClosed && this.slots.free > 0;
  }

  async #runPasses(): Promise<void> {
    while (this.#isWoken && this.#canClaim) {
      this.#isWoken = false;
      try {
        await this.#pass();
      } catch (cause) {
        // The rows stay queued: the next wake-up finds them.
        const line = { ...loggedCause(cause), msg: 'tasks could not be claimed' };
        // During an outage this happens at every wake-up.
        this.#logger[outageIn(cause) ? 'debug' : 'warn'](line);
      }
    }
    this.#passes = undefined;
  }

  async #pass(): Promise<void> {
    const isThorough = this.#isThorough;
    this.#isThorough = false;
    await this.#claimInTurn(isThorough);
    const named = [...this.#named];
    this.#named.clear();
    while (named.length > 0 && this.#canClaim) {
      await this.#fill(named.splice(0, this.slots.free).map((runId) => () => this.work.claim(runId)));
    }
  }

  async #claimInTurn(isThorough: boolean): Promise<void> {
    for (let batch = 1, misses = 0; misses < MAX_MISSES && this.#canClaim; batch = Math.min(MAX_BATCH, batch * 2)) {
      const runId = await this.work.findNext(isThorough);
      if (runId === undefined || !this.#canClaim) return;
      const others = Array.from({ length: Math.min(batch, this.slots.free) - 1 }, () => () => this.work.claimNext());
      if (await this.#fill([() => this.work.claim(runId), ...others])) misses = 0;
      else misses++;
    }
  }

  /** Returns whether a task was claimed. */
  async #fill(claims: readonly (() => Promise<RunRow | undefined>)[]): Promise<boolean> {
    const outcomes = await Promise.allSettled(claims.map((claim) => this.slots.fill(claim, (row) => this.#run(row))));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
    return outcomes.some((outcome) => outcome.status === 'fulfilled' && outcome.value);
  }

  async #run(row: RunRow): Promise<void> {
    this.#named.delete(row.run_id);
    await this.work.run(row);
  }
}
