import { Injectable } from '@nestjs/common';
import type { Kysely, Transaction } from 'kysely';
import { AgentError, invalidField } from '../errors/agent.error.js';
import { Database } from '../storage/database.js';
import type { RunTable, Schema } from '../storage/schema.js';
import { callsLeftOpen, type OpenCalls } from './open.calls.js';
import type { Fork, ForkSource, ReadableSession, SessionKey } from './session.key.js';
import { readSession, type SessionRow } from './session.query.js';

/** Sessions that a fork may inherit from. */
const MAX_SOURCES = 100;
/** Messages at the end of a turn that are read to find its open calls. */
const MAX_CALLS = 200;

/** Who forks a session: an end user, or the tenant. */
type Forker = Pick<RunTable, 'tenant' | 'end_user'>;

/** Finds the places at which sessions are forked, and what forks have inherited. */
@Injectable()
export class SessionForks {
  constructor(private readonly database: Database) {}

  /**
   * The place after the turn of a run.
   *
   * @throws AgentError `run_not_found`, also if the session belongs to another end user; `validation_failed` if the run has
   * left no turn in its session.
   */
  async find(runId: string, { tenant, end_user }: Forker): Promise<Fork> {
    const { query } = this.database;
    const run = await query
      .selectFrom('runs')
      .select(['session_id', 'end_user', 'status'])
      .where('run_id', '=', runId)
      .where('tenant', '=', tenant)
      .executeTakeFirst();
    const session = run && (await readSession(query, { tenant, session_id: run.session_id }));
    const owner = (session ?? run)?.end_user ?? null;
    if (run === undefined || (end_user !== null && owner !== end_user)) throw new AgentError('run_not_found');
    if (run.status !== 'completed') throw invalidField('fork_from', `The run "${runId}" is not completed.`);
    const last = session && (await this.#lastOf(runId, session));
    if (session === undefined || last === undefined) {
      throw invalidField('fork_from', `The run "${runId}" has left no messages in its session.`);
    }
    const inherited = await this.sourcesOf(session);
    if (inherited.length >= MAX_SOURCES) {
      throw invalidField('fork_from', `A session cannot be forked more than ${MAX_SOURCES} times in a row.`);
    }
    const until = last.position + 1;
    const from = inherited.at(-1)?.until ?? 0;
    const { session_id: source_id, created_at: createdAt } = session;
    const sources = [...inherited, { source_id, from, until, createdAt }];
    return { runId, endUser: owner, sources, openCalls: await this.#openCalls(runId, session, until) };
  }

  /** The sessions from which the session has inherited messages, oldest first. */
  async sourcesOf({ tenant, session_id, inherited_count }: SessionRow): Promise<readonly ForkSource[]> {
    if (inherited_count === null) return [];
    return await this.database.query
      .selectFrom('session_sources as source')
      .innerJoin('sessions', (join) =>
        join.onRef('sessions.tenant', '=', 'source.tenant').onRef('sessions.session_id', '=', 'source.source_id'),
      )
      .select([
        'source.source_id',
        'source.from_position as from',
        'source.until_position as until',
        'sessions.created_at as createdAt',
      ])
      .where('source.tenant', '=', tenant)
      .where('source.session_id', '=', session_id)
      .orderBy('source.from_position')
      .execute();
  }

  /** The session with what it has inherited. */
  async readable(row: SessionRow): Promise<ReadableSession> {
    const { tenant, session_id } = row;
    return { tenant, session_id, sources: await this.sourcesOf(row) };
  }

  /** The last message of the run in its session. */
  async #lastOf(runId: string, { tenant, session_id }: SessionKey): Promise<{ readonly position: number } | undefined> {
    return await this.database.query
      .selectFrom('messages')
      .select('position')
      .where('tenant', '=', tenant)
      .where('session_id', '=', session_id)
      .where('run_id', '=', runId)
      .orderBy('position', 'desc')
      .limit(1)
      .executeTakeFirst();
  }

  /** The calls with which the run ended, as its messages show them: later runs may have brought their results. */
  async #openCalls(runId: string, { tenant, session_id }: SessionKey, until: number): Promise<OpenCalls | undefined> {
    const newest = await this.database.query
      .selectFrom('messages')
      .select(['run_id', 'role', 'call_id', 'tool_calls', 'created_at'])
      .where('tenant', '=', tenant)
      .where('session_id', '=', session_id)
      .where('position', '<', until)
      .orderBy('position', 'desc')
      .limit(MAX_CALLS)
      .execute();
    const calls = callsLeftOpen(newest.filter(({ run_id }) => run_id === runId));
    const [last] = newest;
    return last === undefined || calls.length === 0 ? undefined : { until, since: last.created_at, calls };
  }
}

/** Stores what a new session has inherited. A source that was erased meanwhile is left out. */
export async function storeFork(
  { tenant, session_id }: SessionKey,
  { runId, sources }: Fork,
  transaction: Transaction<Schema>,
  dialect: Database['dialect'],
): Promise<void> {
  let after_id: string | null = null;
  for (const source of sources) {
    if (!(await holdSource(tenant, source, transaction, dialect))) continue;
    const { source_id, from: from_position, until: until_position } = source;
    const row = { tenant, session_id, source_id, after_id, from_position, until_position, run_id: runId };
    await transaction
      .insertInto('session_sources')
      .values({ ...row, summary: null, summary_until: null })
      .execute();
    after_id = source_id;
  }
}

/** Whether all sessions are still there from which a session is to inherit. Their erasure waits for the commit. */
export async function holdSources(
  tenant: string,
  { sources }: Fork,
  transaction: Transaction<Schema>,
  dialect: Database['dialect'],
): Promise<boolean> {
  for (const source of sources) if (!(await holdSource(tenant, source, transaction, dialect))) return false;
  return true;
}

/** Whether the session is still there. Its erasure waits for the commit; its runs do not. */
async function holdSource(
  tenant: string,
  { source_id, createdAt }: ForkSource,
  transaction: Kysely<Schema>,
  dialect: Database['dialect'],
): Promise<boolean> {
  const row = await transaction
    .selectFrom('sessions')
    .select('session_id')
    .where('tenant', '=', tenant)
    .where('session_id', '=', source_id)
    .where('created_at', '=', createdAt)
    .$if(dialect === 'postgres', (query) => query.forKeyShare())
    .executeTakeFirst();
  return row !== undefined;
}
