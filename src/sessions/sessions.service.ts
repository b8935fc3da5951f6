import { Injectable } from '@nestjs/common';
import { type Actor, actorOf } from '../audit/audit.record.js';
import type { Owner, Principal } from '../auth/principal.js';
import { AgentError, invalidField } from '../errors/agent.error.js';
import { SESSION_ID, SESSION_ID_RULE } from '../http/schema.decorator.js';
import { newId } from '../storage/new.id.js';
import { decodeCursor, encodeCursor } from '../http/page.cursor.js';
import type { Page, PageRequest } from '../http/page.dto.js';
import type { Message, Session } from './session.js';
import {
  type Erased,
  type MessageRow,
  type SessionKey,
  type SessionReach,
  type SessionRow,
  SessionsRepository,
} from './sessions.repository.js';

/** A session that one run holds: nobody else can add to it meanwhile. */
export interface HeldSession extends SessionKey {
  /** The place of the next message. */
  readonly nextPosition: number;
  /** Epoch milliseconds; undefined while the session has no turn yet. */
  readonly createdAt: number | undefined;
}

/** The session of a run, and on whose behalf it runs: null for the tenant, who may go on with any. */
interface RunSession extends SessionKey {
  readonly end_user: string | null;
}

/** Which sessions are listed. */
export interface SessionsRequest extends PageRequest {
  readonly end_user?: string | undefined;
}

/** Ends what is under way in a session. True: there was something. */
type EraseListener = (key: SessionKey) => Promise<boolean>;

/** Sessions that are looked for at once, to be erased. */
const SOME = 100;
const NOTHING: Erased = { sessions: 0, messages: 0, runs: 0 };

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

  /** @throws AgentError `session_not_found` where an end user asks for a session that is not his. */
  async requireOwn({ tenant, endUser }: Owner, sessionId: string | undefined): Promise<void> {
    if (endUser === undefined || sessionId === undefined) return;
    const row = await this.sessions.find({ tenant, session_id: sessionId });
    if (row && row.end_user !== endUser) throw notFound(sessionId);
  }

  /**
   * Where a run that holds the session will write.
   *
   * @param isNew there is nothing in it yet.
   * @throws AgentError `session_not_found` where it is not the run's end user's.
   */
  async open({ tenant, session_id, end_user }: RunSession, isNew = false): Promise<HeldSession> {
    const key = { tenant, session_id };
    const row = isNew ? undefined : await this.sessions.find(key);
    if (row && end_user !== null && row.end_user !== end_user) throw notFound(session_id);
    return { ...key, nextPosition: row?.message_count ?? 0, createdAt: row?.created_at };
  }

  /** Whether it is just being erased. */
  isErasing(key: SessionKey): boolean {
    return this.#erasing.size > 0 && this.#erasing.has(nameOf(key));
  }

  async list({ tenant, endUser }: Owner, { limit, cursor, end_user }: SessionsRequest): Promise<Page<Session>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const whose = end_user ?? endUser;
    // Of another end user's there is nothing for him.
    const isHidden = endUser !== undefined && whose !== endUser;
    const rows = isHidden ? [] : await this.sessions.list(tenant, limit + 1, after, whose);
    return pageOf(rows, limit, toSession, (row) => encodeCursor(row.updated_at, row.session_id));
  }

  /** @throws AgentError `session_not_found` */
  async get({ tenant, endUser }: Owner, sessionId: string): Promise<Session> {
    return toSession(await this.#find({ tenant, endUser, session_id: sessionId }));
  }

  /** @throws AgentError `session_not_found` */
  async messages(
    { tenant, endUser }: Owner,
    sessionId: string,
    { limit, cursor }: PageRequest,
  ): Promise<Page<Message>> {
    const key = await this.#find({ tenant, endUser, session_id: sessionId });
    const rows = await this.sessions.messages(key, limit + 1, before(key, cursor));
    return pageOf(rows, limit, toMessage, (row) => encodeCursor(row.position, row.session_id));
  }

  /** Erases a session with all that hangs on it, its running run first. @throws AgentError `session_not_found` */
  async erase(principal: Principal, sessionId: string, requestId?: string): Promise<void> {
    const { tenant, endUser } = principal;
    if (endUser !== undefined) await this.#requireReached(principal, sessionId);
    const { wasThere } = await this.#erase({ tenant, session_id: sessionId }, actorOf(principal, requestId));
    if (!wasThere) throw notFound(sessionId);
  }

  /** Erases all sessions of an end user, and what runs on his behalf. */
  async eraseOf(principal: Principal, whose: string, requestId?: string): Promise<Erased> {
    const { tenant, endUser } = principal;
    if (endUser !== undefined && endUser !== whose) return NOTHING;
    return await this.#eraseAll(principal, requestId, () => this.sessions.idsOf(tenant, whose, SOME));
  }

  /** Erases all sessions of the principal's tenant, and what runs for it. */
  async eraseTenant(principal: Principal, requestId?: string): Promise<Erased> {
    return await this.#eraseAll(principal, requestId, () => this.sessions.someOf(principal.tenant, SOME));
  }

  /** Some sessions after the other, until there are no more. */
  async #eraseAll(
    principal: Principal,
    requestId: string | undefined,
    some: () => Promise<readonly string[]>,
  ): Promise<Erased> {
    const by = actorOf(principal, requestId);
    for (let total = NOTHING; ;) {
      const ids = await some();
      if (ids.length === 0) return total;
      for (const session_id of ids) {
        const { erased } = await this.#erase({ tenant: principal.tenant, session_id }, by);
        total = sumOf(total, erased);
      }
    }
  }

  /** What was erased, and whether there was anything: a run that was cancelled is too. */
  async #erase(key: SessionKey, by: Actor): Promise<{ readonly erased: Erased; readonly wasThere: boolean }> {
    this.#erasing.add(nameOf(key));
    try {
      const ended = await Promise.all(this.#eraseListeners.map((listener) => listener(key)));
      const erased = await this.sessions.erase(key, by);
      return { erased, wasThere: erased.sessions > 0 || ended.includes(true) };
    } finally {
      this.#erasing.delete(nameOf(key));
    }
  }

  /** Calls back when a session is about to be erased, and waits, before its rows go. */
  onErase(listener: EraseListener): void {
    this.#eraseListeners.push(listener);
  }

  async #find(reach: SessionReach): Promise<SessionRow> {
    const row = await this.sessions.find(reach);
    if (!row) throw notFound(reach.session_id);
    return row;
  }

  /** An end user may end his first run in a session too, of which there is no row yet. */
  async #requireReached({ tenant, endUser = '' }: Owner, sessionId: string): Promise<void> {
    const row = await this.sessions.find({ tenant, session_id: sessionId });
    const isOwn = row ? row.end_user === endUser : (await this.sessions.idsOf(tenant, endUser)).includes(sessionId);
    if (!isOwn) throw notFound(sessionId);
  }
}

function sumOf(one: Erased, other: Erased): Erased {
  return {
    sessions: one.sessions + other.sessions,
    messages: one.messages + other.messages,
    runs: one.runs + other.runs,
  };
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

function toSession({ session_id, agent_role, end_user, message_count, created_at, updated_at }: SessionRow): Session {
  return {
    session_id,
    agent_role,
    ...(end_user === null ? {} : { end_user }),
    message_count,
    created_at: toIso(created_at),
    updated_at: toIso(updated_at),
  };
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
