import { Injectable } from '@nestjs/common';
import type { Transaction } from 'kysely';
import { Database } from '../storage/database.js';
import type { Schema } from '../storage/schema.js';
import type { AcquiredSession, ReadableSession, SessionKey } from './session.key.js';
import { lockSession } from './session.query.js';

/** A summary of the beginning of a session. */
export interface Summary {
  readonly content: string;
  /** The position of the first message that it does not cover. */
  readonly until: number;
}

/**
 * Summaries of sessions, at most one each. They are erased with their sessions. The summary of a fork is erased with each
 * session from which it has inherited, because it covers their messages.
 */
@Injectable()
export class SummariesRepository {
  constructor(private readonly database: Database) {}

  /** The summary. A fork without its own begins with that of its newest source, if it covers no more. */
  async find(session: ReadableSession): Promise<Summary | undefined> {
    const { tenant, sources = [] } = session;
    const newest = sources.at(-1);
    if (newest === undefined) return await this.#stored(session);
    const own = await this.#ofFork(session, newest.source_id);
    if (own) return own;
    const earlier = await this.find({ tenant, session_id: newest.source_id, sources: sources.slice(0, -1) });
    return earlier && earlier.until <= newest.until ? earlier : undefined;
  }

  /** Replaces the summary of a session. Stores nothing if the session was erased meanwhile. */
  async save(session: AcquiredSession, summary: Summary): Promise<void> {
    const { createdAt = 0, sources = [] } = session;
    const newest = sources.at(-1);
    await this.database.write(async (transaction) => {
      const stored = await lockSession(transaction, session);
      // A session that was created again under the same id is another one.
      if (stored?.created_at !== createdAt) return;
      if (newest === undefined) await replace(session, summary, transaction);
      else await replaceOfFork(session, { ...summary, source: newest.source_id }, transaction);
    });
  }

  #stored({ tenant, session_id }: SessionKey): Promise<Summary | undefined> {
    return this.database.query
      .selectFrom('summaries')
      .select(['content', 'until_position as until'])
      .where('tenant', '=', tenant)
      .where('session_id', '=', session_id)
      .executeTakeFirst();
  }

  async #ofFork({ tenant, session_id }: SessionKey, source: string): Promise<Summary | undefined> {
    const row = await this.database.query
      .selectFrom('session_sources')
      .select(['summary', 'summary_until'])
      .where('tenant', '=', tenant)
      .where('session_id', '=', session_id)
      .where('source_id', '=', source)
      .executeTakeFirst();
    const { summary: content = null, summary_until: until = null } = row ?? {};
    return content === null || until === null ? undefined : { content, until };
  }
}

async function replace(
  { tenant, session_id }: SessionKey,
  { content, until }: Summary,
  transaction: Transaction<Schema>,
): Promise<void> {
  await transaction
    .insertInto('summaries')
    .values({ tenant, session_id, content, until_position: until, updated_at: Date.now() })
    .onConflict((conflict) =>
      conflict.columns(['tenant', 'session_id']).doUpdateSet((column) => ({
        content: column.ref('excluded.content'),
        until_position: column.ref('excluded.until_position'),
        updated_at: column.ref('excluded.updated_at'),
      })),
    )
    .execute();
}

/** Changes nothing if the source was erased meanwhile, or an older one with it. */
async function replaceOfFork(
  { tenant, session_id }: SessionKey,
  { content, until, source }: Summary & { readonly source: string },
  transaction: Transaction<Schema>,
): Promise<void> {
  await transaction
    .updateTable('session_sources')
    .set({ summary: content, summary_until: until })
    .where('tenant', '=', tenant)
    .where('session_id', '=', session_id)
    .where('source_id', '=', source)
    .execute();
}
