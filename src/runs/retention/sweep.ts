import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Database } from '../../storage/database.js';
import type { Work } from '../../storage/engine.js';

/**
 * Rows per commit. A run may have a hundred rows of events: on SQLite the event loop then stands still for about 30 ms,
 * with a whole batch of them.
 */
export const BATCH = 50;
const MAX_PAUSE_MS = 1000;

const TRY_LOCK = sql<{ isFree: boolean }>`select pg_try_advisory_xact_lock(hashtext('rookery.sweep')) as "isFree"`;

/** All writes of the process wait for this one, and it waits for the locks of others: those of people, for instance. */
const LOCK_LIMIT = sql`set local lock_timeout = '1s'`;

/**
 * Removes rows in small commits, and rests after each for as long as it took. So other writes get their turn.
 * Each commit has the lock of the sweep. A sweep ends if another replica has the lock, since that one removes the same
 * rows.
 */
export class Sweep {
  #isElsewhere = false;

  /** @param signal ends it after the current commit. */
  constructor(
    private readonly database: Database,
    private readonly signal: AbortSignal,
  ) {}

  get isOver(): boolean {
    return this.#isElsewhere || this.signal.aborted;
  }

  /** Repeats the work, each time in a commit, until it returns false: no rows are left. */
  async inBatches(work: Work<boolean>, afterBatch?: () => Promise<void>): Promise<void> {
    for (let hasMore = true; hasMore && !this.isOver;) {
      hasMore = (await this.commit(work)) === true;
      await afterBatch?.();
    }
  }

  /** Commits the work, then rests. Returns undefined if the sweep is over. */
  async commit<T>(work: Work<T>): Promise<T | undefined> {
    if (this.isOver) return undefined;
    const startedMs = performance.now();
    const isPostgres = this.database.dialect === 'postgres';
    const done = await this.database.write(
      async (transaction) => {
        if (isPostgres) await LOCK_LIMIT.execute(transaction);
        const isFree = !isPostgres || (await TRY_LOCK.execute(transaction)).rows[0]?.isFree === true;
        return isFree ? { result: await work(transaction) } : undefined;
      },
      { isAlone: true },
    );
    if (done === undefined) this.#isElsewhere = true;
    else await this.#rest(performance.now() - startedMs);
    return done?.result;
  }

  async #rest(ms: number): Promise<void> {
    try {
      await sleep(Math.min(MAX_PAUSE_MS, Math.ceil(ms)), undefined, { signal: this.signal });
    } catch (reason) {
      if (!this.signal.aborted) throw reason;
    }
  }
}
