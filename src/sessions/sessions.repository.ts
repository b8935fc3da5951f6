import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import { type Actor, appendAudit } from '../audit/audit.record.js';
import { HOST_PRINCIPAL } from '../auth/principal.js';
import { Database } from '../storage/database.js';
import type { Erasures } from '../storage/erasures.js';
import { InsertStatement } from '../storage/statements/insert.statement.js';
import type { Schema } from '../storage/schema.js';
import { Statement } from '../storage/statements/statement.js';
import type { MessageRow, Turn } from './message.row.js';
import type { OpenCall, OpenCalls } from './open.calls.js';
import { eraseInBatches } from './erasure.batches.js';
import { eraseSession, type Erased } from './session.deletion.js';
import { lockSession, readSession, type SessionRow } from './session.query.js';
import { endUserTarget, sessionTarget } from './erasure.targets.js';
import { distinctIds } from './session.ids.js';
import { holdSources, storeFork } from './session.forks.js';
import type { AcquiredSession, ErasedKey, Fork, SessionKey } from './session.key.js';

const INSERT_SESSION = new InsertStatement<SessionRow>((transaction, row) =>
  transaction
    .insertInto('sessions')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['tenant', 'session_id']).doUpdateSet((column) => ({
        agent_role: column.ref('excluded.agent_role'),
        message_count: column('sessions.message_count', '+', column.ref('excluded.message_count')),
        updated_at: column.ref('excluded.updated_at'),
        open_calls: column.ref('excluded.open_calls'),
      })),
    ),
);
/** Locks the session too. */
const IS_AS_OPENED = new Statement(`
  update sessions set message_count = message_count
  where tenant = ? and session_id = ? and message_count = ? and created_at = ?`);
const INSERT_MESSAGE = new InsertStatement<MessageRow>((transaction, row) =>
  transaction.insertInto('messages').values(row),
);

/** The columns of a session that do not count its messages. */
type NewSession = Omit<SessionRow, 'message_count' | 'inherited_count' | 'open_calls' | 'metadata'>;

interface AppendOptions {
  /** The calls with which the turn ends. Default: none. */
  readonly calls?: readonly OpenCall[];
  /** The place at which the session begins, if the turn is its first. */
  readonly fork?: Fork | undefined;
}

/** The rows of sessions. Every query filters by tenant. */
@Injectable()
export class SessionsRepository {
  constructor(private readonly database: Database) {}

  /** Callers that erase sessions wait here until the log of the database file no longer holds their data. */
  get erasures(): Erasures {
    return this.database.erasures;
  }

  async find(key: SessionKey): Promise<SessionRow | undefined> {
    return await readSession(this.database.query, key);
  }

  /** Sessions after `after`, newest first: all of the tenant, or those of one end user. */
  list(tenant: string, limit: number, after?: { at: number; id: string }, endUser?: string): Promise<SessionRow[]> {
    let query = this.database.query.selectFrom('sessions').selectAll().where('tenant', '=', tenant);
    if (endUser !== undefined) query = query.where('end_user', '=', endUser);
    if (after) {
      query = query.where((row) => row(row.refTuple('updated_at', 'session_id'), '<', row.tuple(after.at, after.id)));
    }
    return query.orderBy('updated_at', 'desc').orderBy('session_id', 'desc').limit(limit).execute();
  }

  /** Session ids of a tenant, including sessions that have runs but no completed turn yet. */
  async idsOfTenant(tenant: string, limit: number): Promise<string[]> {
    const { query } = this.database;
    const stored = query.selectFrom('sessions').select('session_id').where('tenant', '=', tenant);
    const started = query.selectFrom('runs').select('session_id').distinct().where('tenant', '=', tenant);
    return await distinctIds([stored, started], limit);
  }

  /** Whether the end user has a run in the session, and the session is not another's. */
  async hasRunOf({ tenant, session_id }: SessionKey, endUser: string): Promise<boolean> {
    const run = await this.database.query
      .selectFrom('runs')
      .select('run_id')
      .where('tenant', '=', tenant)
      .where('session_id', '=', session_id)
      // With `=` SQLite would search all runs of the end user.
      .where('end_user', 'is not distinct from', endUser)
      .limit(1)
      .executeTakeFirst();
    if (run === undefined) return false;
    const session = await readSession(this.database.query, { tenant, session_id });
    return session === undefined || session.end_user === endUser;
  }

  /** Session ids of an end user, including sessions whose first turn is not completed yet. */
  async idsOfEndUser(tenant: string, endUser: string, limit: number): Promise<string[]> {
    const { query } = this.database;
    const owned = { tenant, end_user: endUser };
    const stored = query
      .selectFrom('sessions')
      .select('session_id')
      .where((of) => of.and(owned));
    const started = query
      .selectFrom('runs')
      .select('session_id')
      .where((of) => of.and(owned))
      // A literal, so that SQLite uses the partial index.
      .where('end_user', '<>', sql.lit(''))
      // A refused run of the end user may name the session of another end user.
      .where((of) =>
        of.not(
          of.exists(
            of
              .selectFrom('sessions')
              .select('sessions.session_id')
              .whereRef('sessions.tenant', '=', 'runs.tenant')
              .whereRef('sessions.session_id', '=', 'runs.session_id'),
          ),
        ),
      );
    return await distinctIds([stored, started], limit);
  }

  /**
   * Locks the session, and returns false if it was deleted since the run opened it. A session without a turn has no row to
   * lock. If it forks the session of an end user, that one takes its place: the erasure of the end user does not find a
   * run of the tenant.
   */
  async isAsOpened(transaction: Transaction<Schema>, session: AcquiredSession): Promise<boolean> {
    const { tenant, session_id, nextPosition, createdAt, fork } = session;
    if (createdAt === undefined) {
      if (fork === undefined || fork.endUser === null) return true;
      return await holdSources(tenant, fork, transaction, this.database.dialect);
    }
    return await IS_AS_OPENED.expect(transaction, tenant, session_id, nextPosition, createdAt);
  }

  /** Appends one turn to the session, and the calls with which it ends. The first turn creates the session. */
  async append(
    transaction: Transaction<Schema>,
    session: NewSession,
    turn: Turn,
    { calls = [], fork }: AppendOptions = {},
  ): Promise<void> {
    const first = turn[0]?.position ?? 0;
    const until = first + turn.length;
    const open: OpenCalls | undefined = calls.length === 0 ? undefined : { until, since: session.updated_at, calls };
    const open_calls = open === undefined ? null : JSON.stringify(open);
    const counts = fork
      ? { message_count: until, inherited_count: first }
      : { message_count: turn.length, inherited_count: null };
    await INSERT_SESSION.execute(transaction, { ...session, ...counts, open_calls, metadata: null });
    if (fork) await storeFork(session, fork, transaction, this.database.dialect);
    for (const message of turn) await INSERT_MESSAGE.execute(transaction, message);
  }

  /**
   * Erases the session and all its data in steps, so that other writes wait only briefly. After a crash the next call
   * erases the rest: the session itself goes last, in one commit with its audit entry. The log of an SQLite file may
   * hold the data until `erasures.finish(target)` resolves.
   *
   * @param target the erasure that includes this session.
   */
  async erase(key: ErasedKey, actor: Actor = HOST_PRINCIPAL, target = sessionTarget(key)): Promise<Erased> {
    const { messages, runs } = await eraseInBatches(this.database, key, target);
    return await this.database.write(async (transaction) => {
      const erased = await eraseSession(key, transaction);
      const total = { sessions: erased.sessions, messages: messages + erased.messages, runs: runs + erased.runs };
      if (total.sessions + total.messages + total.runs > 0) {
        const owner = erased.endUser === undefined ? undefined : endUserTarget(key.tenant, erased.endUser);
        await this.erasures.add(transaction, { target, owner });
        appendAudit(transaction, {
          action: 'session.deleted',
          tenant: key.tenant,
          actor,
          endUser: erased.endUser,
          target: `session:${key.session_id}`,
          details: { messages: total.messages, runs: total.runs },
        });
      }
      return total;
    });
  }

  /**
   * Erases a session whose retention time is over, in a transaction that should do little else: it locks the session.
   *
   * @param unusedSince epoch milliseconds; a session with a later turn or an open run stays.
   */
  async expire(key: SessionKey, unusedSince: number, transaction: Transaction<Schema>): Promise<void> {
    if (await isInUse(key, unusedSince, transaction)) return;
    const { sessions } = await eraseSession(key, transaction);
    if (sessions > 0) await this.erasures.add(transaction);
  }
}

async function isInUse(
  { tenant, session_id }: SessionKey,
  since: number,
  transaction: Transaction<Schema>,
): Promise<boolean> {
  const session = await lockSession(transaction, { tenant, session_id });
  const run = await transaction
    .selectFrom('runs')
    .select('run_id')
    .where('tenant', '=', tenant)
    .where('session_id', '=', session_id)
    .where('finished_at', 'is', null)
    .executeTakeFirst();
  return run !== undefined || (session !== undefined && session.updated_at >= since);
}
