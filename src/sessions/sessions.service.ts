import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { AgentError, invalidField } from '../errors/agent.error.js';
import { SESSION_ID, SESSION_ID_RULE } from '../http/schema.decorator.js';
import { newId } from '../storage/new.id.js';
import { decodeCursor, encodeCursor } from '../http/page.cursor.js';
import type { Page, PageRequest } from '../http/page.dto.js';
import type { Message, Session } from './session.js';
import { type MessageRow, type SessionKey, type SessionRow, SessionsRepository } from './sessions.repository.js';

/** A session that one run holds: nobody else can add to it meanwhile. */
export interface HeldSession extends SessionKey {
  /** The place of the next message. */
  readonly nextPosition: number;
  /** Epoch milliseconds; undefined while the session has no turn yet. */
  readonly createdAt: number | undefined;
}

/** Ends what is under way in a session. True: there was something. */
type EraseListener = (key: SessionKey) => Promise<boolean>;

/** What was said before: what of it is read, and its end. */
@Injectable()
export class SessionsService {
  /** Sessions whose rows are about to go: a run that began now would read them still. */
  readonly #erasing = new Set<string>();
  readonly #eraseListeners: EraseListener[] = [];

  constructor(private readonly sessions: SessionsRepository) {}

  /** The session of that id, or of a new one. @throws AgentError `validation_failed` for an id that is none. */
  keyOf({ tenant }: Principal, sessionId: string = newId()): SessionKey {
    if (!SESSION_ID.test(sessionId)) throw invalidField('session_id', `session_id ${SESSION_ID_RULE}`);
    return { tenant, session_id: sessionId };
  }

  /** Where a run that holds the session will write. @param isNew there is nothing in it yet. */
  async open({ tenant, session_id }: SessionKey, isNew = false): Promise<HeldSession> {
    const key = { tenant, session_id };
    const row = isNew ? undefined : await this.sessions.find(key);
    return { ...key, nextPosition: row?.message_count ?? 0, createdAt: row?.created_at };
  }

  /** Whether it is just being erased. */
  isErasing(key: SessionKey): boolean {
    return this.#erasing.size > 0 && this.#erasing.has(nameOf(key));
  }

  async list({ tenant }: Principal, { limit, cursor }: PageRequest): Promise<Page<Session>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const rows = await this.sessions.list(tenant, limit + 1, after);
    return pageOf(rows, limit, toSession, (row) => encodeCursor(row.updated_at, row.session_id));
  }

  /** @throws AgentError `session_not_found` */
  async get({ tenant }: Principal, sessionId: string): Promise<Session> {
    return toSession(await this.#find({ tenant, session_id: sessionId }));
  }

  /** @throws AgentError `session_not_found` */
  async messages({ tenant }: Principal, sessionId: string, { limit, cursor }: PageRequest): Promise<Page<Message>> {
    const key = await this.#find({ tenant, session_id: sessionId });
    const rows = await this.sessions.messages(key, limit + 1, before(key, cursor));
    return pageOf(rows, limit, toMessage, (row) => encodeCursor(row.position, row.session_id));
  }

  /** Erases a session with all that hangs on it, its running run first. @throws AgentError `session_not_found` */
  async erase({ tenant }: Principal, sessionId: string): Promise<void> {
    const key = { tenant, session_id: sessionId };
    this.#erasing.add(nameOf(key));
    try {
      const ended = await Promise.all(this.#eraseListeners.map((listener) => listener(key)));
      const isErased = await this.sessions.erase(key);
      if (!isErased && !ended.includes(true)) throw notFound(sessionId);
    } finally {
      this.#erasing.delete(nameOf(key));
    }
  }

  /** Calls back when a session is about to be erased, and waits, before its rows go. */
  onErase(listener: EraseListener): void {
    this.#eraseListeners.push(listener);
  }

  async #find(key: SessionKey): Promise<SessionRow> {
    const row = await this.sessions.find(key);
    if (!row) throw notFound(key.session_id);
    return row;
  }
}

function nameOf({ tenant, session_id }: SessionKey): string {
  return `${tenant}/${session_id}`;
}

function notFound(sessionId: string): AgentError {
  return new AgentError('session_not_found', { detail: `There is no session "${sessionId}".` });
}

/** A cursor of another session is none of this one's. */
function before({ session_id }: SessionKey, cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  const { at, id } = decodeCursor(cursor);
  if (id !== session_id) throw invalidField('cursor', 'cursor is of another session.');
  return at;
}

/** Rows are read with one more than asked for, which tells whether there is a next page. */
function pageOf<Row, T>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => T,
  cursorOf: (row: Row) => string,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(toItem),
    next_cursor: rows.length > limit && last !== undefined ? cursorOf(last) : null,
  };
}

function toSession({ session_id, agent_role, message_count, created_at, updated_at }: SessionRow): Session {
  return { session_id, agent_role, message_count, created_at: toIso(created_at), updated_at: toIso(updated_at) };
}

function toMessage({ message_id, run_id, role, content, tool, call_id, created_at }: MessageRow): Message {
  return {
    message_id,
    run_id,
    role,
    content,
    ...(tool === null ? {} : { tool }),
    ...(call_id === null ? {} : { call_id }),
    created_at: toIso(created_at),
  };
}

function toIso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
