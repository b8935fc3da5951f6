import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { AgentError, invalidField } from '../errors/agent.error.js';
import { SESSION_ID, SESSION_ID_RULE } from '../http/schema.decorator.js';
import { newId } from '../storage/new.id.js';
import { decodeCursor, encodeCursor } from '../http/page.cursor.js';
import type { Page, PageRequest } from '../http/page.dto.js';
import type { Message, Session } from './session.js';
import { type MessageRow, type SessionKey, type SessionRow, SessionsRepository } from './sessions.repository.js';

/** A session held by one run: nobody else can add to it until it is released. */
export interface HeldSession extends SessionKey {
  /** The place of the next message. */
  readonly nextPosition: number;
  /** Epoch milliseconds; undefined while the session has no turn yet. */
  readonly createdAt: number | undefined;
}

/** What was said before: who may add to it, what of it is read, and its end. */
@Injectable()
export class SessionsService {
  readonly #held = new Set<string>();
  /** Sessions whose rows are about to go: a run that began now would read them still. */
  readonly #erasing = new Set<string>();
  readonly #eraseListeners: ((key: SessionKey) => void)[] = [];

  constructor(private readonly sessions: SessionsRepository) {}

  /**
   * Takes a session for one run: an existing one, or a new one under that id or under one of its own.
   *
   * @throws AgentError `session_busy` while another run holds it, `validation_failed` for an id that is none.
   */
  async hold({ tenant }: Principal, sessionId: string | undefined): Promise<HeldSession> {
    const key = { tenant, session_id: sessionId ?? newId() };
    if (!SESSION_ID.test(key.session_id)) throw invalidField('session_id', `session_id ${SESSION_ID_RULE}`);
    if (this.#held.has(nameOf(key)) || this.#erasing.has(nameOf(key))) throw new AgentError('session_busy');
    this.#held.add(nameOf(key));
    if (sessionId === undefined) return { ...key, nextPosition: 0, createdAt: undefined };
    try {
      const row = await this.sessions.find(key);
      return { ...key, nextPosition: row?.message_count ?? 0, createdAt: row?.created_at };
    } catch (error) {
      this.release(key);
      throw error;
    }
  }

  release(key: SessionKey): void {
    this.#held.delete(nameOf(key));
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
    const isHeld = this.#held.has(nameOf(key));
    this.#erasing.add(nameOf(key));
    try {
      for (const listener of this.#eraseListeners) listener(key);
      const isErased = await this.sessions.erase(key);
      if (!isErased && !isHeld) throw notFound(sessionId);
    } finally {
      this.#erasing.delete(nameOf(key));
    }
  }

  /** Calls back when a session is about to be erased, before its rows go. */
  onErase(listener: (key: SessionKey) => void): void {
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
