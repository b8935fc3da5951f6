import { createHash } from 'node:crypto';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Work } from './engine.js';
import type { Schema } from './schema.js';

/** The target of erasures that nobody repeats, such as those by retention. */
const NO_TARGET = '';

/** The data that a commit erases. */
export interface Erasure {
  /** Identifies the erased data, from `hashOf`. Omitted: nobody repeats the erasure. */
  readonly target?: string | undefined;
  /** The end user whose data it is, from `hashOf`. */
  readonly owner?: string | undefined;
}

/** The part of the database that the rows need. */
interface Rows {
  readonly query: Kysely<Schema>;
  write<T>(work: Work<T>, options?: { readonly durability: 'process' }): Promise<T>;
}

/** Identifies what is erased without its name, which must not outlive the data. */
export function hashOf(...names: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(names)).digest('hex');
}

/** The rows of `pending_erasures`. */
export class PendingErasures {
  constructor(private readonly rows: Rows) {}

  async add(transaction: Transaction<Schema>, { target = NO_TARGET, owner }: Erasure): Promise<void> {
    const next = sql<number>`(select coalesce(max(sequence), 0) + 1 from pending_erasures)`;
    await transaction
      .insertInto('pending_erasures')
      .values({ target, owner, sequence: next, finished_at: null })
      .onConflict((conflict) =>
        conflict.column('target').doUpdateSet((column) => ({
          owner: column.fn.coalesce('excluded.owner', 'pending_erasures.owner'),
          sequence: column.ref('excluded.sequence'),
          finished_at: null,
        })),
      )
      .execute();
  }

  /** Whether the target is pending, or finished but not yet confirmed to the caller. */
  async has(target: string, owner?: string): Promise<boolean> {
    let query = this.rows.query.selectFrom('pending_erasures').select('target').where('target', '=', target);
    if (owner !== undefined) query = query.where('owner', '=', owner);
    return (await query.executeTakeFirst()) !== undefined;
  }

  /** The sequence of the newest open erasure: of this target or owner, or of all. */
  async lastOpen(of?: string): Promise<number | undefined> {
    let query = this.rows.query
      .selectFrom('pending_erasures')
      .select((row) => row.fn.max<number | null>('sequence').as('last'))
      .where('finished_at', 'is', null);
    if (of !== undefined) query = query.where((row) => row.or([row('target', '=', of), row('owner', '=', of)]));
    const row = await query.executeTakeFirst();
    return row?.last ?? undefined;
  }

  /** Marks the erasures up to `through` as finished, and removes those that are now confirmed to their callers. */
  async settle(through: number, targets: readonly string[]): Promise<void> {
    await this.#change(async (transaction) => {
      await transaction
        .updateTable('pending_erasures')
        .set({ finished_at: Date.now() })
        .where('sequence', '<=', through)
        .where('finished_at', 'is', null)
        .execute();
      await removeFinished(transaction, [...targets, NO_TARGET]);
    });
  }

  /** Removes finished erasures that are now confirmed to their callers. */
  async remove(targets: readonly string[]): Promise<void> {
    await this.#change((transaction) => removeFinished(transaction, targets));
  }

  /** Removes erasures that finished before a time and whose callers have not come back. */
  async removeOld(before: number): Promise<void> {
    await this.#change(async (transaction) => {
      await transaction.deleteFrom('pending_erasures').where('finished_at', '<', before).execute();
    });
  }

  /** A change that a power cut undoes only leads to one more truncation. */
  async #change(work: Work<void>): Promise<void> {
    await this.rows.write(work, { durability: 'process' });
  }
}

async function removeFinished(transaction: Transaction<Schema>, targets: readonly string[]): Promise<void> {
  await transaction
    .deleteFrom('pending_erasures')
    .where('target', 'in', targets)
    .where('finished_at', 'is not', null)
    .execute();
}
