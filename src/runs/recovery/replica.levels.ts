import { Injectable, Optional } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '../../storage/database.js';
import { REPLICA_LEVEL } from './replica.id.js';

/**
 * The last instant of a date: a task that is not claimed earlier waits for its release. Older releases do not claim it
 * either. But they find it as if it were due, so their other tasks may start later.
 */
const PARKED_UNTIL = 8_640_000_000_000_000;
/** Tasks per release, which follow each other every second. */
const BATCH = 500;
/** A task may be stored so long after the decision to park it. */
const LATE_MS = 60_000;

/**
 * Keeps tasks from replicas of older releases, which would ignore parts of their requests. They are parked while such a
 * replica lives. A release that starts later, after a newer one, is not noticed in time.
 */
@Injectable()
export class ReplicaLevels {
  /** It looks for parked tasks until then. Undefined: it has not looked yet, and does not know what others have parked. */
  #lookUntilMs: number | undefined;

  /** @param now returns milliseconds. */
  constructor(
    private readonly database: Database,
    @Optional() private readonly now: () => number = () => performance.now(),
  ) {}

  /** When a task with such a request may be claimed; null: at once. */
  async notBefore(level: number): Promise<number | null> {
    if (level === 0 || !(await this.hasOlder(level))) return null;
    this.#lookOn();
    return PARKED_UNTIL;
  }

  /** Whether a replica lives, or has just died, whose release has a lower level. */
  async hasOlder(level = REPLICA_LEVEL): Promise<boolean> {
    const older = await this.database.query
      .selectFrom('replicas')
      .select('replica_id')
      .where((of) => of.or([of('level', 'is', null), of('level', '<', level)]))
      .limit(1)
      .executeTakeFirst();
    return older !== undefined;
  }

  /** Releases the parked tasks once no older replica is left. Others may be stored after that, so it looks on for a while. */
  async release(): Promise<void> {
    if (this.#lookUntilMs === undefined) this.#lookOn();
    try {
      if (await this.#releaseOnce()) this.#lookOn();
    } catch (cause) {
      this.#lookOn();
      throw cause;
    }
  }

  #lookOn(): void {
    this.#lookUntilMs = this.now() + LATE_MS;
  }

  /** Releases tasks, and returns whether there may be others. */
  async #releaseOnce(): Promise<boolean> {
    if (await this.hasOlder()) return true;
    if (this.now() > (this.#lookUntilMs ?? 0)) return false;
    const parked = await this.#parked();
    if (parked.length === 0) return false;
    await this.database.write((transaction) =>
      transaction.updateTable('runs').set({ not_before: null }).where('run_id', 'in', parked).execute(),
    );
    return true;
  }

  async #parked(): Promise<string[]> {
    const rows = await this.database.query
      .selectFrom('runs')
      .select('run_id')
      .where('status', '=', sql.lit('queued' as const))
      .where('not_before', '=', PARKED_UNTIL)
      .limit(BATCH)
      .execute();
    return rows.map(({ run_id }) => run_id);
  }
}
