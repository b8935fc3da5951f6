import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '../../storage/database.js';
import { REPLICA_LEVEL } from './replica.id.js';

/** The last instant of a date: a task that is not claimed earlier waits for its release. Releases of all levels heed it. */
const PARKED_UNTIL = 8_640_000_000_000_000;
/** Tasks per release, which follow each other every second. */
const BATCH = 500;

/**
 * Keeps tasks from replicas of older releases, which would ignore parts of their requests. They are parked while such a
 * replica lives. A release that starts later, after a newer one, is not noticed in time.
 */
@Injectable()
export class ReplicaLevels {
  /** At its start a replica does not know what others have parked. */
  #mayHaveParked = true;

  constructor(private readonly database: Database) {}

  /** When a task with such a request may be claimed; null: at once. */
  async notBefore(level: number): Promise<number | null> {
    if (level === 0 || !(await this.hasOlder(level))) return null;
    this.#mayHaveParked = true;
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

  /** Releases the parked tasks once no older replica is left. */
  async release(): Promise<void> {
    const hasOlder = await this.hasOlder();
    if (hasOlder) this.#mayHaveParked = true;
    if (hasOlder || !this.#mayHaveParked) return;
    const parked = await this.#parked();
    if (parked.length > 0) {
      await this.database.write((transaction) =>
        transaction.updateTable('runs').set({ not_before: null }).where('run_id', 'in', parked).execute(),
      );
    }
    this.#mayHaveParked = parked.length === BATCH;
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
