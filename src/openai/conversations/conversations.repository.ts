import { Injectable } from '@nestjs/common';
import type { Transaction } from 'kysely';
import { type Actor, appendAudit } from '../../audit/audit.record.js';
import { AgentError } from '../../errors/agent.error.js';
import { DEFAULT_ROLE } from '../../runs/events/run.events.js';
import { Transcript } from '../../runs/loop/transcript.js';
import { inputMessages } from '../../runs/request/input.messages.js';
import type { TranscriptMessage } from '../../runs/request/transcript.messages.js';
import { newRow } from '../../runs/run.row.js';
import { openCallsOf } from '../../sessions/open.calls.js';
import { lockSession, readSession, type SessionRow } from '../../sessions/session.query.js';
import type { MessageRow } from '../../sessions/message.row.js';
import { MessagesRepository } from '../../sessions/messages.repository.js';
import type { ReadableSession, SessionKey } from '../../sessions/session.key.js';
import { SessionsRepository } from '../../sessions/sessions.repository.js';
import { Database } from '../../storage/database.js';
import { newId } from '../../storage/new.id.js';
import type { Schema } from '../../storage/schema.js';
import type { ItemKey } from '../item.ids.js';
import { deleteItem } from './item.deletion.js';

/** Beyond all positions. */
const MAX_POSITION = 2 ** 31 - 1;
const WHOLE = { hasReasoning: true };

/** Who adds messages. */
interface Author {
  readonly caller: string;
  readonly requestId: string;
}

/** A part of a conversation. */
interface Range {
  readonly order: 'asc' | 'desc';
  /** The position of its first message. Default: from the beginning or the end. */
  readonly from: number | undefined;
  readonly limit: number;
}

/** Stores conversations, which are sessions, and their messages. */
@Injectable()
export class ConversationsRepository {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsRepository,
    private readonly rows: MessagesRepository,
  ) {}

  find(key: SessionKey): Promise<SessionRow | undefined> {
    return readSession(this.database.query, key);
  }

  /** Creates a session without messages. */
  async create(row: Pick<SessionRow, 'tenant' | 'session_id' | 'end_user' | 'metadata'>): Promise<SessionRow> {
    const now = Date.now();
    const empty = { agent_role: DEFAULT_ROLE, message_count: 0, inherited_count: null, open_calls: null };
    const session = { ...empty, created_at: now, updated_at: now, ...row };
    await this.database.write(async (transaction) => {
      await transaction.insertInto('sessions').values(session).execute();
    });
    return session;
  }

  async setMetadata({ tenant, session_id }: SessionKey, metadata: string | null): Promise<void> {
    await this.database.write(async (transaction) => {
      await transaction
        .updateTable('sessions')
        .set({ metadata })
        .where('tenant', '=', tenant)
        .where('session_id', '=', session_id)
        .execute();
    });
  }

  /** Messages from a position on, inherited ones too. */
  async messages(session: ReadableSession, { order, from, limit }: Range): Promise<MessageRow[]> {
    if (order === 'desc') {
      const before = from === undefined ? undefined : from + 1;
      return await this.rows.page(session, limit, { before, ...WHOLE });
    }
    const found: MessageRow[] = [];
    for await (const turn of this.rows.turns(session, from ?? 0, MAX_POSITION, WHOLE)) {
      found.push(...turn);
      if (found.length >= limit) break;
    }
    return found;
  }

  /** A message of the session, or an inherited one. */
  async message(
    { tenant, session_id, sources = [] }: ReadableSession,
    messageId: string,
  ): Promise<MessageRow | undefined> {
    const row = await this.database.query
      .selectFrom('messages')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('session_id', 'in', [session_id, ...sources.map(({ source_id }) => source_id)])
      .where('message_id', '=', messageId)
      .executeTakeFirst();
    if (row === undefined || row.session_id === session_id) return row;
    const isInherited = sources.some(
      ({ source_id, from, until }) => source_id === row.session_id && row.position >= from && row.position < until,
    );
    return isInherited ? row : undefined;
  }

  /**
   * Appends messages.
   *
   * @throws AgentError `session_busy` while a run has the session; `validation_failed` or `tool_results_required` if
   * results and calls do not match.
   */
  async append(key: SessionKey, messages: readonly TranscriptMessage[], author: Author): Promise<MessageRow[]> {
    return await this.database.write(async (transaction) => {
      const session = await lockSession(transaction, key);
      if (session === undefined) throw new AgentError('session_not_found');
      const runId = await holdSession(session, author, transaction);
      const input = inputMessages({ messages }, { open: openCallsOf(session), isLate: false });
      const at = { ...key, run_id: runId, position: session.message_count, created_at: Date.now() };
      const rows = new Transcript(input).rows(at);
      // The session keeps its agent.
      await this.sessions.append(transaction, { ...session, updated_at: at.created_at }, rows);
      await transaction.deleteFrom('runs').where('run_id', '=', runId).execute();
      return rows;
    });
  }

  /** Deletes an item. @returns false if it is not there. */
  async deleteItem(key: SessionKey, item: ItemKey, actor: Actor): Promise<boolean> {
    const isDeleted = await this.database.write(async (transaction) => {
      const session = await lockSession(transaction, key);
      if (session === undefined || !(await deleteItem(session, item, transaction))) return false;
      await this.database.erasures.add(transaction);
      appendAudit(transaction, {
        action: 'data.erased',
        tenant: key.tenant,
        actor,
        endUser: session.end_user ?? undefined,
        target: `session:${key.session_id}`,
      });
      return true;
    });
    if (isDeleted) await this.database.purge();
    return isDeleted;
  }
}

/** Holds the session as a run does, until the row is deleted. */
async function holdSession(
  { tenant, session_id, agent_role, end_user }: SessionRow,
  { caller, requestId }: Author,
  transaction: Transaction<Schema>,
): Promise<string> {
  const run_id = newId();
  const what = { tenant, session_id, agent_role, end_user, caller, request_id: requestId, created_at: Date.now() };
  const row = newRow({ run_id, kind: 'chat', status: 'running', attempt: 1, model: '', ...what });
  const { numInsertedOrUpdatedRows = 0n } = await transaction
    .insertInto('runs')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows === 0n) throw new AgentError('session_busy');
  return run_id;
}
