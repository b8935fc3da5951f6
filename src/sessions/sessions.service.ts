import { Injectable } from '@nestjs/common';
import { type Actor, actorOf } from '../audit/audit.record.js';
import type { Owner, Principal } from '../auth/principal.js';
import { AgentError, invalidField } from '../errors/agent.error.js';
import { SESSION_ID, SESSION_ID_RULE } from '../http/validation/schema.decorator.js';
import { newId } from '../storage/new.id.js';
import { pageOf } from '../storage/row.page.js';
import type { RunTable } from '../storage/schema.js';
import { decodeCursor, encodeCursor } from '../http/page.cursor.js';
import type { Page, PageRequest } from '../http/page.dto.js';
import { endUserTarget, sessionTarget, tenantTarget } from './erasure.targets.js';
import { openCallsOf } from './open.calls.js';
import { toMessage, toSession } from './session.answers.js';
import { onlyRunsOf, type SessionRow } from './session.query.js';
import type { MessageDto, SessionDto, SessionsQuery } from './sessions.dto.js';
import { MessagesRepository } from './messages.repository.js';
import { SessionForks } from './session.forks.js';
import { SessionsRepository } from './sessions.repository.js';
import type { Erased } from './session.deletion.js';
import type { AcquiredSession, ErasedKey, ReadableSession, SessionKey } from './session.key.js';
import type { RequestIds } from '../http/http.types.js';

/** The session of a run, and its end user. Null stands for the tenant, which may continue any session. */
type RunSession = Pick<RunTable, 'tenant' | 'session_id' | 'end_user'>;

/** How a session is opened. */
interface OpenOptions {
  /** Whether the session is known to be empty. */
  readonly isNew?: boolean;
  /** It begins after the turn of this run. */
  readonly forkFrom?: string | undefined;
}

/** Cancels the open runs of a session, or those of one end user in it. Resolves to true if there was one. */
type EraseListener = (key: ErasedKey) => Promise<boolean>;

/** Sessions to erase per query. */
const ERASE_BATCH = 100;
const NOTHING: Erased = { sessions: 0, messages: 0, runs: 0 };

/** Reads and erases stored conversations. */
@Injectable()
export class SessionsService {
  /** Sessions that are being erased: a run that starts now would still read their rows. */
  readonly #erasing = new Set<string>();
  readonly #eraseListeners: EraseListener[] = [];

  constructor(
    private readonly sessions: SessionsRepository,
    private readonly messageRows: MessagesRepository,
    private readonly forks: SessionForks,
  ) {}

  /** The key of that session, or of a new one. @throws AgentError `validation_failed` if the id is invalid. */
  keyOf({ tenant }: Principal, sessionId: string = newId()): SessionKey {
    if (!SESSION_ID.test(sessionId)) throw invalidField('session_id', `session_id ${SESSION_ID_RULE}`);
    return { tenant, session_id: sessionId };
  }

  /** @throws AgentError `session_not_found` if the session belongs to another end user. */
  async assertOwn({ tenant, endUser }: Owner, sessionId: string | undefined): Promise<void> {
    if (endUser === undefined || sessionId === undefined) return;
    const row = await this.sessions.find({ tenant, session_id: sessionId });
    if (row && row.end_user !== endUser) throw notFound(sessionId);
  }

  /**
   * Opens the session for a run that holds it.
   *
   * @throws AgentError `session_not_found` if it does not belong to the end user of the run; `run_not_found` or
   * `validation_failed` if it cannot begin as a fork.
   */
  async open(run: RunSession, { isNew = false, forkFrom }: OpenOptions = {}): Promise<AcquiredSession> {
    const { tenant, session_id, end_user } = run;
    const key = { tenant, session_id };
    const row = isNew ? undefined : await this.sessions.find(key);
    if (row && end_user !== null && row.end_user !== end_user) throw notFound(session_id);
    if (forkFrom !== undefined) {
      if (row) throw invalidField('fork_from', `The session "${session_id}" has begun already.`);
      const fork = await this.forks.find(forkFrom, run);
      const { sources, openCalls } = fork;
      return { ...key, nextPosition: sources.at(-1)?.until ?? 0, createdAt: undefined, openCalls, sources, fork };
    }
    if (row === undefined) return { ...key, nextPosition: 0, createdAt: undefined };
    const { message_count: nextPosition, created_at: createdAt } = row;
    const sources = await this.forks.sourcesOf(row);
    return { ...key, nextPosition, createdAt, openCalls: openCallsOf(row), sources };
  }

  /** @throws AgentError if a session cannot begin after that run: as `open` does. */
  async assertForkable(runId: string | undefined, { tenant, endUser }: Owner): Promise<void> {
    if (runId !== undefined) await this.forks.find(runId, { tenant, end_user: endUser ?? null });
  }

  /** Whether the session is being erased. */
  isErasing(key: SessionKey): boolean {
    return this.#erasing.size > 0 && this.#erasing.has(sessionName(key));
  }

  async list({ tenant, endUser }: Owner, { limit, cursor, end_user }: SessionsQuery): Promise<Page<SessionDto>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const endUserId = end_user ?? endUser;
    // End users cannot list the sessions of other end users.
    const isHidden = endUser !== undefined && endUserId !== endUser;
    const rows = isHidden ? [] : await this.sessions.list(tenant, limit + 1, after, endUserId);
    return pageOf(rows, limit, toSession, (row) => encodeCursor(row.updated_at, row.session_id));
  }

  /** @throws AgentError `session_not_found` */
  async get(owner: Owner, sessionId: string): Promise<SessionDto> {
    return toSession(await this.#find(owner, sessionId));
  }

  /** The session with what it has inherited. @throws AgentError `session_not_found` */
  async readable(owner: Owner, sessionId: string): Promise<ReadableSession> {
    return await this.forks.readable(await this.#find(owner, sessionId));
  }

  /** @throws AgentError `session_not_found` */
  async messages(owner: Owner, sessionId: string, { limit, cursor }: PageRequest): Promise<Page<MessageDto>> {
    const session = await this.readable(owner, sessionId);
    const rows = await this.messageRows.page(session, limit + 1, { before: before(session, cursor) });
    return pageOf(rows, limit, toMessage, (row) => encodeCursor(row.position, sessionId));
  }

  /**
   * Erases a session and all its data. Its open run is cancelled first. In a session without a turn, an end user erases
   * only their own runs.
   *
   * @throws AgentError `session_not_found`; `storage_unavailable` if a reader of the database file keeps the data in
   * its log. A repeat succeeds when the log is empty.
   */
  async erase(principal: Principal, sessionId: string, requestId?: string | RequestIds): Promise<void> {
    const { tenant, endUser } = principal;
    const key = { tenant, session_id: sessionId };
    const target = sessionTarget(key);
    const { erasures } = this.sessions;
    if (endUser !== undefined) await this.#requireVisible(principal, sessionId);
    const { erased, wasThere } = await this.#erase({ ...key, endUser }, actorOf(principal, requestId), target);
    const hasErased = erased.sessions + erased.messages + erased.runs > 0;
    const isRepeat = !hasErased && (await erasures.has(target));
    await erasures.purge(target);
    if (!wasThere && !isRepeat) throw notFound(sessionId);
  }

  /**
   * Erases all sessions of an end user, and cancels the runs for the end user.
   *
   * @throws AgentError `storage_unavailable` as `erase` does.
   */
  async eraseEndUser(principal: Principal, endUserId: string, requestId?: string | RequestIds): Promise<Erased> {
    const erased = await this.removeEndUser(principal, endUserId, requestId);
    if (isVisibleTo(principal, endUserId))
      await this.sessions.erasures.purge(endUserTarget(principal.tenant, endUserId));
    return erased;
  }

  /** Removes the rows of all sessions of an end user. The caller finishes the erasure of the end user. */
  async removeEndUser(principal: Principal, endUserId: string, requestId?: string | RequestIds): Promise<Erased> {
    const { tenant } = principal;
    if (!isVisibleTo(principal, endUserId)) return NOTHING;
    const nextIds = (): Promise<string[]> => this.sessions.idsOfEndUser(tenant, endUserId, ERASE_BATCH);
    const keyOf = (session_id: string): ErasedKey => ({ tenant, session_id, endUser: endUserId });
    return await this.#removeAll(keyOf, actorOf(principal, requestId), endUserTarget(tenant, endUserId), nextIds);
  }

  /** Removes the rows of all sessions of the principal's tenant. The caller finishes the erasure of the tenant. */
  async removeTenant(principal: Principal, requestId?: string | RequestIds): Promise<Erased> {
    const { tenant } = principal;
    const nextIds = (): Promise<string[]> => this.sessions.idsOfTenant(tenant, ERASE_BATCH);
    const keyOf = (session_id: string): ErasedKey => ({ tenant, session_id });
    return await this.#removeAll(keyOf, actorOf(principal, requestId), tenantTarget(tenant), nextIds);
  }

  /** Erases batches of sessions until there are no more. */
  async #removeAll(
    keyOf: (sessionId: string) => ErasedKey,
    actor: Actor,
    target: string,
    nextIds: () => Promise<readonly string[]>,
  ): Promise<Erased> {
    for (let total = NOTHING; ;) {
      const ids = await nextIds();
      if (ids.length === 0) return total;
      for (const session_id of ids) {
        const { erased } = await this.#erase(keyOf(session_id), actor, target);
        total = sumOf(total, erased);
      }
    }
  }

  /** Returns what was erased, and whether there was anything to erase: a cancelled run counts. */
  async #erase(
    key: ErasedKey,
    actor: Actor,
    target: string,
  ): Promise<{ readonly erased: Erased; readonly wasThere: boolean }> {
    const session = key.endUser === undefined ? undefined : await this.sessions.find(key);
    const endUser = onlyRunsOf(session, key);
    // Others may go on in a session that does not belong to the end user.
    if (endUser === undefined) this.#erasing.add(sessionName(key));
    try {
      const ended = await Promise.all(this.#eraseListeners.map((listener) => listener({ ...key, endUser })));
      const erased = await this.sessions.erase(key, actor, target);
      return { erased, wasThere: erased.sessions > 0 || ended.includes(true) };
    } finally {
      if (endUser === undefined) this.#erasing.delete(sessionName(key));
    }
  }

  /** Registers a listener that runs before the rows of a session are erased. The erasure waits for it. */
  onErase(listener: EraseListener): void {
    this.#eraseListeners.push(listener);
  }

  /** @throws AgentError `session_not_found`, also if another end user owns it. */
  async #find({ tenant, endUser }: Owner, sessionId: string): Promise<SessionRow> {
    const row = await this.sessions.find({ tenant, session_id: sessionId });
    if (!row || (endUser !== undefined && row.end_user !== endUser)) throw notFound(sessionId);
    return row;
  }

  /** End users may also cancel a first run in a session that has no row yet, and repeat an erasure. */
  async #requireVisible({ tenant, endUser = '' }: Owner, sessionId: string): Promise<void> {
    const key = { tenant, session_id: sessionId };
    const row = await this.sessions.find(key);
    const isOwn = row
      ? row.end_user === endUser
      : (await this.sessions.hasRunOf(key, endUser)) ||
        (await this.sessions.erasures.has(sessionTarget(key), endUserTarget(tenant, endUser)));
    if (!isOwn) throw notFound(sessionId);
  }
}

/** End users can access only their own sessions. */
function isVisibleTo({ endUser }: Owner, endUserId: string): boolean {
  return endUser === undefined || endUser === endUserId;
}

function sumOf(one: Erased, other: Erased): Erased {
  return {
    sessions: one.sessions + other.sessions,
    messages: one.messages + other.messages,
    runs: one.runs + other.runs,
  };
}

function sessionName({ tenant, session_id }: SessionKey): string {
  return `${tenant}/${session_id}`;
}

function notFound(sessionId: string): AgentError {
  return new AgentError('session_not_found', { detail: `Session "${sessionId}" does not exist.` });
}

/** Rejects cursors issued for another session. */
function before({ session_id }: SessionKey, cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  const { at, id } = decodeCursor(cursor);
  if (id !== session_id) throw invalidField('cursor', 'cursor belongs to another session.');
  return at;
}
