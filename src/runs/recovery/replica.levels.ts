import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { SessionKey } from '../../sessions/session.key.js';
import { readSession } from '../../sessions/session.query.js';
import { Database } from '../../storage/database.js';
import { REPLICA_LEVEL } from './replica.id.js';

/**
 * The last instant of a date: a task that is not claimed earlier waits for its release. Older releases do not claim it
 * either. But they find it as if it were due, so their other tasks may start later.
 */
const PARKED_UNTIL = 8_640_000_000_000_000;
/** Tasks per release, which follow each other every second. */
const BATCH = 500;
/** Replicas below do not read the messages that a session has inherited. */
const FORK_LEVEL = 1;

/**
 * Keeps tasks from replicas of older releases, which would ignore parts of their requests. They are parked while such a
 * replica lives. A release that starts later, after a newer one, is not noticed in time.
 */
@Injectable()
export class ReplicaLevels {
  /** The lowest level of a live replica, as of the last look. */
  #lowest = 0;

  constructor(private readonly database: Database) {}

  /** True if all live replicas read what replicas of that level store, as of the last look. */
  areRead(level: number): boolean {
    return this.#lowest >= level;
  }

  /** Looks for replicas of older releases. Returns true if it finds none. */
  async look(): Promise<boolean> {
    // As a heartbeat, it does not wait for reads.
    const { lowest } = await this.database.urgent
      .selectFrom('replicas')
      .select(sql<number | null>`min(coalesce(level, 0))`.as('lowest'))
      .executeTakeFirstOrThrow();
    this.#lowest = lowest ?? REPLICA_LEVEL;
    return this.areRead(REPLICA_LEVEL);
  }

  /**
   * When a task may be claimed; null: at once.
   *
   * @param level the lowest level of a replica that reads all parts of its request.
   */
  async notBefore(level: number, session: SessionKey): Promise<number | null> {
    if (!(await this.hasOlder())) return null;
    const needed = (await this.#mayInherit(session)) ? Math.max(level, FORK_LEVEL) : level;
    return (await this.hasOlder(needed)) ? PARKED_UNTIL : null;
  }

  /** Whether a replica lives, or has just died, whose release has a lower level. */
  async hasOlder(level = REPLICA_LEVEL): Promise<boolean> {
    const older = await this.database.query
      .selectFrom('replicas')
      .select('replica_id')
      .where(sql<boolean>`coalesce(level, 0) < ${level}`)
      .limit(1)
      .executeTakeFirst();
    return older !== undefined;
  }

  /** Releases parked tasks once no older replica is left. Each look is at the rows: others may be stored at any time. */
  async release(): Promise<void> {
    if (!(await this.look())) return;
    const parked = await this.#parked();
    if (parked.length === 0) return;
    await this.database.write((transaction) =>
      transaction.updateTable('runs').set({ not_before: null }).where('run_id', 'in', parked).execute(),
    );
  }

  /** Whether the session is a fork, or begins with a run that may fork another one. A task before it is claimed first. */
  async #mayInherit({ tenant, session_id }: SessionKey): Promise<boolean> {
    const session = await readSession(this.database.query, { tenant, session_id });
    if (session) return session.inherited_count !== null;
    const first = await this.database.query
      .selectFrom('runs')
      .select('kind')
      .where('tenant', '=', tenant)
      .where('session_id', '=', session_id)
      // A literal: SQLite would not use the partial index for a parameter.
      .where('holds_session', '=', sql.lit(1))
      .executeTakeFirst();
    return first !== undefined && first.kind !== 'task';
  }

  async #parked(): Promise<string[]> {
    const rows = await this.database.query
      .selectFrom('runs')
      .select('run_id')
      // Literals: SQLite would not use the partial index for parameters.
      .where('status', '=', sql.lit('queued' as const))
      .where('not_before', '=', sql.lit(PARKED_UNTIL))
      .limit(BATCH)
      .execute();
    return rows.map(({ run_id }) => run_id);
  }
}
