import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '../storage/database.js';
import type { MessageRow, Turn } from './message.row.js';
import type { ReadableSession, SessionKey, SessionSource } from './session.key.js';

/** Largest int4; larger values make PostgreSQL reject the comparison. */
const MAX_POSITION = 2 ** 31 - 1;

/** Rows of history per query. */
const WINDOW_BATCH = 100;

/** All columns but the reasoning. */
const COLUMNS = [
  'message_id',
  'tenant',
  'session_id',
  'position',
  'run_id',
  'role',
  'content',
  'parts',
  'tool',
  'call_id',
  'tool_calls',
  'provider_data',
  'tokens',
  'created_at',
] as const satisfies readonly (keyof MessageRow)[];
/** The data of the provider have the reasoning too. */
const REASONING = sql<string | null>`case when provider_data is null then reasoning end`.as('reasoning');

/** How messages are read. */
interface ReadOptions {
  /** With all reasoning. Default: with that of messages without data of their provider, for models. */
  readonly hasReasoning?: boolean;
}

/** Which messages a page has. */
interface PageOptions extends ReadOptions {
  /** Messages before this position. */
  readonly before?: number | undefined;
  readonly role?: MessageRow['role'];
}

/** Messages of one session that another one shows: all of its own, or those that it has inherited. */
type Part = Pick<SessionSource, 'source_id' | 'from'> & { readonly until: number | undefined };

/** The messages of sessions. A session that was forked begins with messages of others. Every query filters by tenant. */
@Injectable()
export class MessagesRepository {
  constructor(private readonly database: Database) {}

  /** Messages before a position, newest first. */
  async page(
    session: ReadableSession,
    limit: number,
    { before, role, ...how }: PageOptions = {},
  ): Promise<MessageRow[]> {
    const rows: MessageRow[] = [];
    for (const part of partsOf(session).toReversed()) {
      if (rows.length === limit) return rows;
      if (before !== undefined && before <= part.from && part.from > 0) continue;
      let query = this.#read(session.tenant, part, how);
      const end = Math.min(before ?? Infinity, part.until ?? Infinity);
      if (end !== Infinity) query = query.where('position', '<', Math.max(0, Math.min(end, MAX_POSITION)));
      if (role !== undefined) query = query.where('role', '=', role);
      rows.push(
        ...(await query
          .orderBy('position', 'desc')
          .limit(limit - rows.length)
          .execute()),
      );
    }
    return rows;
  }

  /** The position after the last message of a run in its session; undefined without any. */
  async endOf({ tenant, session_id }: SessionKey, runId: string): Promise<number | undefined> {
    const last = await this.#read(tenant, { source_id: session_id, from: 0 })
      .clearSelect()
      .select('position')
      .where('run_id', '=', runId)
      .orderBy('position', 'desc')
      .limit(1)
      .executeTakeFirst();
    return last && last.position + 1;
  }

  /**
   * The newest whole turns before position `end` that fit into `tokens`, oldest first. A run that brings the results of
   * calls continues the turn of these calls.
   */
  async window(session: ReadableSession, tokens: number, end?: number): Promise<Turn[]> {
    const turns: MessageRow[][] = [];
    let left = tokens;
    let before = end;
    for (;;) {
      const rows = await this.page(session, WINDOW_BATCH, { before });
      for (const row of rows) {
        left -= row.tokens;
        const [turn] = turns;
        if (turn?.[0] && isSameTurn(row, turn[0])) turn.unshift(row);
        else turns.unshift([row]);
        // A turn that does not fit is omitted as a whole.
        if (left < 0) return withoutOrphans(turns.slice(1));
      }
      if (rows.length < WINDOW_BATCH) return withoutOrphans(turns);
      before = rows.at(-1)?.position;
    }
  }

  /** The messages of the newest turn, newest first. */
  async *newestTurn(session: ReadableSession): AsyncGenerator<MessageRow> {
    let next: MessageRow | undefined;
    for (;;) {
      const rows = await this.page(session, WINDOW_BATCH, { before: next?.position });
      for (const row of rows) {
        if (next && !isSameTurn(row, next)) return;
        yield row;
        next = row;
      }
      if (rows.length < WINDOW_BATCH) return;
    }
  }

  /** The question and the answer of the newest turn; empty if the session has none. */
  async newestEnds(session: ReadableSession): Promise<Turn> {
    const [answer] = await this.page(session, 1);
    if (!answer) return [];
    // A run may have asked the model to repair its answer.
    const asked = await this.page(session, 2, { role: 'user' });
    const question = asked.findLast(({ run_id }) => run_id === answer.run_id) ?? asked[0];
    return question ? [question, answer] : [];
  }

  /** The whole turns from position `from` up to `end`, oldest first. A turn must begin at both positions. */
  async *turns(session: ReadableSession, from: number, end: number, how: ReadOptions = {}): AsyncGenerator<Turn> {
    let turn: MessageRow[] = [];
    for await (const row of this.#rows(session, { from, end, ...how })) {
      const previous = turn.at(-1);
      if (previous && !isSameTurn(previous, row)) {
        yield turn;
        turn = [];
      }
      turn.push(row);
    }
    if (turn.length > 0) yield turn;
  }

  async *#rows(
    session: ReadableSession,
    { from, end, ...how }: ReadOptions & { readonly from: number; readonly end: number },
  ): AsyncGenerator<MessageRow> {
    for (const part of partsOf(session)) {
      const until = Math.min(end, part.until ?? end);
      for (let next = Math.max(from, part.from); next < until;) {
        const rows = await this.#read(session.tenant, { ...part, from: next }, how)
          .where('position', '<', until)
          .orderBy('position')
          .limit(WINDOW_BATCH)
          .execute();
        yield* rows;
        next = (rows.at(-1)?.position ?? until) + 1;
      }
    }
  }

  #read(tenant: string, { source_id, from }: Pick<Part, 'source_id' | 'from'>, { hasReasoning }: ReadOptions = {}) {
    return this.database.query
      .selectFrom('messages')
      .select(COLUMNS)
      .select(hasReasoning === true ? 'reasoning' : REASONING)
      .where('tenant', '=', tenant)
      .where('session_id', '=', source_id)
      .$if(from > 0, (query) => query.where('position', '>=', from));
  }
}

/** The parts of a session, oldest first. */
function partsOf({ session_id, sources = [] }: ReadableSession): readonly Part[] {
  return [...sources, { source_id: session_id, from: sources.at(-1)?.until ?? 0, until: undefined }];
}

/** Whether both messages, which follow each other, are of one turn. Results of the caller continue the turn of their calls. */
function isSameTurn({ run_id, position }: MessageRow, next: MessageRow): boolean {
  return run_id === next.run_id || (next.role === 'tool' && next.position === position + 1);
}

/** Leaves out results whose calls were erased with the session from which a fork had inherited them. */
function withoutOrphans(turns: readonly Turn[]): Turn[] {
  if (!turns.some(([first]) => first?.role === 'tool')) return [...turns];
  const whole = turns.map((turn) => turn.slice(turn.findIndex((row) => !isResult(row))));
  return whole.filter((turn) => !turn.every(isResult));
}

function isResult({ role }: MessageRow): boolean {
  return role === 'tool';
}
