import { Injectable } from '@nestjs/common';
import type { Kysely, Transaction } from 'kysely';
import { Database } from '../storage/database.js';
import type { Schema } from '../storage/schema.js';
import type { MessageRow } from './message.row.js';
import type { AcquiredSession, ReadableSession, SessionKey } from './session.key.js';
import { lockSession } from './session.query.js';

/** A summary of the beginning of a session. */
export interface Summary {
  readonly content: string;
  /** The position of the first message that it does not cover. */
  readonly until: number;
}

/** The stored text from which a new summary was made. */
export interface SummaryBasis {
  /** The stored summary that it replaces. */
  readonly previous: Summary | undefined;
  /** All messages that follow the previous summary, up to the end of the new one, oldest first. */
  readonly messages: readonly MessageRow[];
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
    return await findSummary(session, this.database.query);
  }

  /** Replaces the summary of a session. Stores nothing if the session or a part of the basis was erased meanwhile. */
  async save(session: AcquiredSession, summary: Summary, basis: SummaryBasis): Promise<void> {
    const { createdAt = 0, sources = [] } = session;
    const newest = sources.at(-1);
    await this.database.write(
      async (transaction) => {
        const stored = await lockSession(transaction, session);
        // A session that was created again under the same id is another one.
        if (stored?.created_at !== createdAt) return;
        await this.#lockSources(session, transaction);
        if (!(await isStored(session, basis, transaction))) return;
        if (newest === undefined) await replace(session, summary, transaction);
        else await replaceOfFork(session, { ...summary, source: newest.source_id }, transaction);
      },
      // It locks several sessions.
      { isAlone: sources.length > 0 },
    );
  }

  /** Lets the erasure of messages that the session has inherited wait for the commit. */
  async #lockSources({ tenant, sources = [] }: ReadableSession, transaction: Transaction<Schema>): Promise<void> {
    if (this.database.dialect !== 'postgres') return;
    for (const { source_id } of sources.toReversed()) {
      await transaction
        .selectFrom('sessions')
        .select('session_id')
        .where('tenant', '=', tenant)
        .where('session_id', '=', source_id)
        .forShare()
        .execute();
    }
  }
}

async function findSummary(session: ReadableSession, db: Kysely<Schema>): Promise<Summary | undefined> {
  const { tenant, sources = [] } = session;
  const newest = sources.at(-1);
  if (newest === undefined) return await summaryOf(session, db);
  const own = await summaryOfFork(session, newest.source_id, db);
  if (own) return own;
  const earlier = await findSummary({ tenant, session_id: newest.source_id, sources: sources.slice(0, -1) }, db);
  return earlier && earlier.until <= newest.until ? earlier : undefined;
}

function summaryOf({ tenant, session_id }: SessionKey, db: Kysely<Schema>): Promise<Summary | undefined> {
  return db
    .selectFrom('summaries')
    .select(['content', 'until_position as until'])
    .where('tenant', '=', tenant)
    .where('session_id', '=', session_id)
    .executeTakeFirst();
}

async function summaryOfFork(
  { tenant, session_id }: SessionKey,
  source: string,
  db: Kysely<Schema>,
): Promise<Summary | undefined> {
  const row = await db
    .selectFrom('session_sources')
    .select(['summary', 'summary_until'])
    .where('tenant', '=', tenant)
    .where('session_id', '=', session_id)
    .where('source_id', '=', source)
    .executeTakeFirst();
  const { summary: content = null, summary_until: until = null } = row ?? {};
  return content === null || until === null ? undefined : { content, until };
}

/** Whether the basis is stored as it was read. An erasure changes messages, or removes them and the summary before. */
async function isStored(
  session: ReadableSession,
  { previous, messages }: SummaryBasis,
  transaction: Transaction<Schema>,
): Promise<boolean> {
  const stored = await findSummary(session, transaction);
  if (stored?.until !== previous?.until || stored?.content !== previous?.content) return false;
  for (const [session_id, rows] of Map.groupBy(messages, (row) => row.session_id)) {
    if (!(await areStored({ tenant: session.tenant, session_id }, rows, transaction))) return false;
  }
  return true;
}

/** @param messages messages of one session that follow each other. */
async function areStored(
  { tenant, session_id }: SessionKey,
  messages: readonly MessageRow[],
  transaction: Transaction<Schema>,
): Promise<boolean> {
  const stored = await transaction
    .selectFrom('messages')
    .select(['message_id', 'content', 'tool_calls'])
    .where('tenant', '=', tenant)
    .where('session_id', '=', session_id)
    .where('position', '>=', messages.at(0)?.position ?? 0)
    .where('position', '<=', messages.at(-1)?.position ?? 0)
    .orderBy('position')
    .execute();
  return messages.every(({ message_id, content, tool_calls }, index) => {
    const row = stored[index];
    return row?.message_id === message_id && row.content === content && row.tool_calls === tool_calls;
  });
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
