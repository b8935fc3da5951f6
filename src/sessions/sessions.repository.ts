import { Injectable } from '@nestjs/common';
import type { Selectable, Transaction } from 'kysely';
import { type Actor, record } from '../audit/audit.record.js';
import { HOST_PRINCIPAL } from '../auth/principal.js';
import { Database } from '../storage/database.js';
import type { Erasures } from '../storage/erasures.js';
import { InsertStatement } from '../storage/insert.statement.js';
import type { MessageTable, Schema, SessionTable } from '../storage/schema.js';
import { eraseOldMessages, eraseOldRuns } from './erase.steps.js';
import { eraseSession } from './erased.rows.js';
import { endUserTarget, sessionTarget } from './erasure.targets.js';
import { idsIn } from './session.ids.js';

/** Beyond every position: PostgreSQL refuses to compare one with a number that is none of its column's. */
const BEYOND_POSITIONS = 2 ** 31 - 1;

/** What was erased. */
export interface Erased {
  readonly sessions: number;
  readonly messages: number;
  readonly runs: number;
}

/** Rows of history read at once. */
const WINDOW_STEP = 100;

export interface SessionKey {
  readonly tenant: string;
  readonly session_id: string;
}

/** A session, asked for by its tenant or by one of its end users. */
export interface SessionReach extends SessionKey {
  /** Finds it only where it is this end user's. */
  readonly endUser?: string | undefined;
}

export type SessionRow = Selectable<SessionTable>;
export type MessageRow = Selectable<MessageTable>;
export type Turn = readonly MessageRow[];

const INSERT_SESSION = new InsertStatement<SessionRow>((transaction, row) =>
  transaction
    .insertInto('sessions')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['tenant', 'session_id']).doUpdateSet((column) => ({
        agent_role: column.ref('excluded.agent_role'),
        message_count: column('sessions.message_count', '+', column.ref('excluded.message_count')),
        updated_at: column.ref('excluded.updated_at'),
      })),
    ),
);
const INSERT_MESSAGE = new InsertStatement<MessageRow>((transaction, row) =>
  transaction.insertInto('messages').values(row),
);

/** The rows of sessions and their messages; every look-up is by tenant. */
@Injectable()
export class SessionsRepository {
  constructor(private readonly database: Database) {}

  /** Who erases sessions waits here until the log of the database file holds nothing of them. */
  get erasures(): Erasures {
    return this.database.erasures;
  }

  async find({ tenant, session_id, endUser }: SessionReach): Promise<SessionRow | undefined> {
    const row = await this.database.query
      .selectFrom('sessions')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('session_id', '=', session_id)
      .executeTakeFirst();
    return endUser === undefined || row?.end_user === endUser ? row : undefined;
  }

  /** Newest first, from the one after `after` on; all of the tenant's, or those of one end user. */
  list(tenant: string, limit: number, after?: { at: number; id: string }, endUser?: string): Promise<SessionRow[]> {
    let query = this.database.query.selectFrom('sessions').selectAll().where('tenant', '=', tenant);
    if (endUser !== undefined) query = query.where('end_user', '=', endUser);
    if (after) {
      query = query.where((row) => row(row.refTuple('updated_at', 'session_id'), '<', row.tuple(after.at, after.id)));
    }
    return query.orderBy('updated_at', 'desc').orderBy('session_id', 'desc').limit(limit).execute();
  }

  /** The ids of sessions of a tenant, and of those that a run of its was to begin. */
  async someOf(tenant: string, limit: number): Promise<string[]> {
    const { query } = this.database;
    const begun = query.selectFrom('sessions').select('session_id').where('tenant', '=', tenant);
    const beginning = query.selectFrom('runs').select('session_id').distinct().where('tenant', '=', tenant);
    return await idsIn([begun, beginning], limit);
  }

  /**
   * The ids of sessions of the end user, those too in which a run of his has not completed a first turn yet.
   *
   * @param limit how many at most; left out: all.
   */
  async idsOf(tenant: string, endUser: string, limit?: number): Promise<string[]> {
    const { query } = this.database;
    const begun = query
      .selectFrom('sessions')
      .select('session_id')
      .where('tenant', '=', tenant)
      .where('end_user', '=', endUser);
    const beginning = query
      .selectFrom('runs')
      .select('session_id')
      .where('tenant', '=', tenant)
      .where('end_user', '=', endUser)
      // A run of his that was refused may name the session of somebody else.
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
    return await idsIn([begun, beginning], limit);
  }

  /** Newest first, from the one before `before` on. */
  messages(key: SessionKey, limit: number, before?: number): Promise<MessageRow[]> {
    let query = this.database.query
      .selectFrom('messages')
      .selectAll()
      .where('tenant', '=', key.tenant)
      .where('session_id', '=', key.session_id);
    if (before !== undefined) query = query.where('position', '<', Math.max(0, Math.min(before, BEYOND_POSITIONS)));
    return query.orderBy('position', 'desc').limit(limit).execute();
  }

  /** The newest whole turns that fit into so many tokens, oldest first. */
  async window(key: SessionKey, tokens: number): Promise<Turn[]> {
    const turns: MessageRow[][] = [];
    let left = tokens;
    let before: number | undefined;
    for (;;) {
      const rows = await this.messages(key, WINDOW_STEP, before);
      for (const row of rows) {
        left -= row.tokens;
        if (turns[0]?.[0]?.run_id === row.run_id) turns[0].unshift(row);
        else turns.unshift([row]);
        // The turn that does not fit whole is left out whole.
        if (left < 0) return turns.slice(1);
      }
      if (rows.length < WINDOW_STEP) return turns;
      before = rows.at(-1)?.position;
    }
  }

  /** The whole turns from one place to another, oldest first; at both of them a turn begins. */
  async *turns(key: SessionKey, from: number, end: number): AsyncGenerator<Turn> {
    let turn: MessageRow[] = [];
    for (let next = from; next < end;) {
      const rows = await this.database.query
        .selectFrom('messages')
        .selectAll()
        .where('tenant', '=', key.tenant)
        .where('session_id', '=', key.session_id)
        .where('position', '>=', next)
        .where('position', '<', end)
        .orderBy('position')
        .limit(WINDOW_STEP)
        .execute();
      for (const row of rows) {
        if (turn[0] && turn[0].run_id !== row.run_id) {
          yield turn;
          turn = [];
        }
        turn.push(row);
      }
      next = (rows.at(-1)?.position ?? end) + 1;
    }
    if (turn.length > 0) yield turn;
  }

  /** Writes one turn at the end of the session, and begins the session with its first. */
  async append(
    transaction: Transaction<Schema>,
    session: Omit<SessionRow, 'message_count'>,
    turn: Turn,
  ): Promise<void> {
    await INSERT_SESSION.run(transaction, { ...session, message_count: turn.length });
    for (const message of turn) await INSERT_MESSAGE.run(transaction, message);
  }

  /**
   * Erases the session and all that hangs on it, in steps that do not hold up others for long. What a crash has left is
   * erased by the next call: the session itself goes last, in one commit with its entry in the audit. The log of an
   * SQLite file may hold the data until `erasures.finish(target)` resolves.
   *
   * @param target of the erasure that the session is a part of.
   */
  async erase(key: SessionKey, by: Actor = HOST_PRINCIPAL, target = sessionTarget(key)): Promise<Erased> {
    const messages = await eraseOldMessages(this.database, key, target);
    const runs = await eraseOldRuns(this.database, key, target);
    return await this.database.write(async (transaction) => {
      const erased = await eraseSession(key, transaction);
      const total = { sessions: erased.sessions, messages: messages + erased.messages, runs: runs + erased.runs };
      if (total.sessions + total.messages + total.runs > 0) {
        const owner = erased.endUser === undefined ? undefined : endUserTarget(key.tenant, erased.endUser);
        await this.erasures.add(transaction, { target, owner });
        record(transaction, {
          action: 'session.deleted',
          tenant: key.tenant,
          actor: by,
          endUser: erased.endUser,
          target: `session:${key.session_id}`,
          details: { messages: total.messages, runs: total.runs },
        });
      }
      return total;
    });
  }

  /**
   * Erases a session that has been kept for long enough.
   *
   * @param unusedSince epoch milliseconds; one that was added to since, or that a run is under way in, stays.
   */
  async expire(key: SessionKey, unusedSince: number): Promise<void> {
    await this.database.write(async (transaction) => {
      if (await isInUse(key, unusedSince, transaction)) return;
      const { sessions } = await eraseSession(key, transaction);
      if (sessions > 0) await this.erasures.add(transaction);
    });
  }
}

async function isInUse(
  { tenant, session_id }: SessionKey,
  since: number,
  transaction: Transaction<Schema>,
): Promise<boolean> {
  const session = await transaction
    .selectFrom('sessions')
    .select('updated_at')
    .where('tenant', '=', tenant)
    .where('session_id', '=', session_id)
    .executeTakeFirst();
  const run = await transaction
    .selectFrom('runs')
    .select('run_id')
    .where('tenant', '=', tenant)
    .where('session_id', '=', session_id)
    .where('finished_at', 'is', null)
    .executeTakeFirst();
  return run !== undefined || (session !== undefined && session.updated_at >= since);
}
