import { Injectable } from '@nestjs/common';
import { type Actor, actorOf } from '../audit/audit.record.js';
import type { Owner, Principal } from '../auth/principal.js';
import { AgentError, invalidField } from '../errors/agent.error.js';
import { SESSION_ID, SESSION_ID_RULE } from '../http/schema.decorator.js';
import { newId } from '../storage/new.id.js';
import { decodeCursor, encodeCursor } from '../http/page.cursor.js';
import type { Page, PageRequest } from '../http/page.dto.js';
import { endUserTarget, sessionTarget, tenantTarget } from './erasure.targets.js';
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

  /**
   * Erases a session with all that hangs on it, its running run first.
   *
   * @throws AgentError `session_not_found`; `storage_unavailable` if a reader of the database file keeps the data in its
   * log. A repeat succeeds when the log is empty.
   */
  async erase(principal: Principal, sessionId: string, requestId?: string): Promise<void> {
    const { tenant, endUser } = principal;
    const key = { tenant, session_id: sessionId };
    const target = sessionTarget(key);
    const { erasures } = this.sessions;
    if (endUser !== undefined) await this.#requireReached(principal, sessionId);
    const { erased, wasThere } = await this.#erase(key, actorOf(principal, requestId), target);
    const isRepeat = isNothing(erased) && (await erasures.has(target));
    await erasures.finish(target);
    if (!wasThere && !isRepeat) throw notFound(sessionId);
  }

  /**
   * Erases all sessions of an end user, and what runs on their behalf.
   *
   * @throws AgentError `storage_unavailable` as `erase` does.
   */
  async eraseOf(principal: Principal, whose: string, requestId?: string): Promise<Erased> {
    const erased = await this.removeOf(principal, whose, requestId);
    if (canReach(principal, whose)) await this.sessions.erasures.finish(endUserTarget(principal.tenant, whose));
    return erased;
  }

  /** Removes the rows of all sessions of an end user. The caller finishes the erasure of the end user. */
  async removeOf(principal: Principal, whose: string, requestId?: string): Promise<Erased> {
    const { tenant } = principal;
    if (!canReach(principal, whose)) return NOTHING;
    const some = (): Promise<string[]> => this.sessions.idsOf(tenant, whose, SOME);
    return await this.#removeAll(tenant, actorOf(principal, requestId), endUserTarget(tenant, whose), some);
  }

  /** Removes the rows of all sessions of the principal's tenant. The caller finishes the erasure of the tenant. */
  async removeTenant(principal: Principal, requestId?: string): Promise<Erased> {
    const { tenant } = principal;
    const some = (): Promise<string[]> => this.sessions.someOf(tenant, SOME);
    return await this.#removeAll(tenant, actorOf(principal, requestId), tenantTarget(tenant), some);
  }

  /** Some sessions after the other, until there are no more. */
  async #removeAll(tenant: string, by: Actor, target: string, some: () => Promise<readonly string[]>): Promise<Erased> {
    for (let total = NOTHING; ;) {
      const ids = await some();
      if (ids.length === 0) return total;
      for (const session_id of ids) {
        const { erased } = await this.#erase({ tenant, session_id }, by, target);
        total = sumOf(total, erased);
      }
    }
  }

  /** What was erased, and whether there was anything: a run that was cancelled is too. */
  async #erase(
    key: SessionKey,
    by: Actor,
    target: string,
  ): Promise<{ readonly erased: Erased; readonly wasThere: boolean }> {
    this.#erasing.add(nameOf(key));
    try {
      const ended = await Promise.all(this.#eraseListeners.map((listener) => listener(key)));
      const erased = await this.sessions.erase(key, by, target);
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

  /** An end user may end their first run in a session that has no row yet, and repeat an erasure. */
  async #requireReached({ tenant, endUser = '' }: Owner, sessionId: string): Promise<void> {
    const key = { tenant, session_id: sessionId };
    const row = await this.sessions.find(key);
    const isOwn = row
      ? row.end_user === endUser
      : (await this.sessions.idsOf(tenant, endUser)).includes(sessionId) ||
        (await this.sessions.erasures.has(sessionTarget(key), endUserTarget(tenant, endUser)));
    if (!isOwn) throw notFound(sessionId);
  }
}

/** An end user reaches their own sessions only. */
function canReach({ endUser }: Owner, whose: string): boolean {
  return endUser === undefined || endUser === whose;
}

function isNothing({ sessions, messages, runs }: Erased): boolean {
  return sessions + messages + runs === 0;
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
