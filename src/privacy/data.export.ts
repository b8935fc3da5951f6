import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import { type Actor, appendAudit } from '../audit/audit.record.js';
import { AgentError } from '../errors/agent.error.js';
import { readSession } from '../sessions/session.query.js';
import { Database } from '../storage/database.js';
import { isStored } from './known.end-user.js';
import { type ExportRow, rowsOf } from './export.rows.js';
import { EXPORT_TABLES, type ExportTable, type DataSubject, type PageKey, PARENT_KEYS } from './export.tables.js';

/** Rows per query, which are all that is in memory. */
const BATCH = 100;

type Row = Readonly<Record<string, unknown>>;

interface KeyedTable {
  readonly table: ExportTable['table'];
  readonly key: PageKey;
}

/** Exports all data of a session, an end user or a tenant, row by row. */
@Injectable()
export class DataExport {
  constructor(private readonly database: Database) {}

  /**
   * All rows of a session, an end user or a tenant. The first line has the subject and the time, the last one the
   * number of lines of each type. The audit records the export before the first row is read.
   *
   * @param actor the actor that requests the export.
   */
  async *lines(subject: DataSubject, actor: Actor): AsyncGenerator<ExportRow> {
    const { tenant, sessionId, endUser } = subject;
    const owner = await this.database.write(async (transaction) => {
      const session =
        sessionId === undefined ? undefined : await readSession(transaction, { tenant, session_id: sessionId });
      const ofSubject = endUser ?? session?.end_user ?? undefined;
      appendAudit(transaction, {
        action: 'data.exported',
        tenant,
        actor,
        endUser: ofSubject,
        target: targetOf(subject),
      });
      return ofSubject;
    });
    const isTenant = sessionId === undefined && endUser === undefined;
    const person = isTenant ? undefined : { endUser: owner };
    yield { type: 'export', tenant, session_id: sessionId, end_user: endUser, at: new Date().toISOString() };
    const counts: Record<string, number> = {};
    for (const part of EXPORT_TABLES) {
      for await (const row of this.#rows(part, subject)) {
        for (const line of rowsOf(part.type, row, person)) {
          yield line;
          counts[part.type] = (counts[part.type] ?? 0) + 1;
        }
      }
    }
    yield { type: 'end', counts };
  }

  /** @throws AgentError `session_not_found`, also for a session of another end user. */
  async requireSession({ tenant, sessionId = '' }: DataSubject, endUser: string | undefined): Promise<void> {
    const row = await readSession(this.database.query, { tenant, session_id: sessionId });
    if (row && (endUser === undefined || row.end_user === endUser)) return;
    throw new AgentError('session_not_found', { detail: `Session "${sessionId}" does not exist.` });
  }

  /** @throws AgentError `not_found` if no data of the end user is stored. */
  async requireEndUser(tenant: string, endUser: string): Promise<void> {
    if (await isStored(tenant, endUser, this.database.query)) return;
    throw new AgentError('not_found', { detail: `No data of an end user "${endUser}" is stored.` });
  }

  async *#rows({ table, key: keyOf, where }: ExportTable, subject: DataSubject): AsyncGenerator<Row> {
    const key = keyOf(subject);
    const conditions = where(subject, (parent, condition) =>
      this.#ids(parent, PARENT_KEYS[parent](subject), condition),
    );
    for await (const condition of conditions) {
      for await (const page of this.#pages({ table, key }, sql`*`, condition)) yield* page;
    }
  }

  /** The ids in batches as large as a page. */
  async *#ids(
    table: keyof typeof PARENT_KEYS,
    key: PageKey,
    condition: RawBuilder<unknown>,
  ): AsyncGenerator<unknown[]> {
    const id = key.at(-1) ?? key[0];
    for await (const page of this.#pages({ table, key }, columnsOf(key), condition)) {
      yield page.map((row) => row[id]);
    }
  }

  /** Pages of at least one row, in the order of the key. */
  async *#pages(
    { table, key }: KeyedTable,
    columns: RawBuilder<unknown>,
    condition: RawBuilder<unknown>,
  ): AsyncGenerator<Row[]> {
    const order = columnsOf(key);
    let last: Row | undefined;
    do {
      const from = last;
      const after = from === undefined ? sql`` : sql`and (${order}) > (${sql.join(key.map((each) => from[each]))})`;
      const { rows } = await sql<Row>`
        select ${columns} from ${sql.table(table)} where ${condition} ${after} order by ${order} limit ${BATCH}`.execute(
        this.database.query,
      );
      if (rows.length > 0) yield rows;
      last = rows.length < BATCH ? undefined : rows.at(-1);
    } while (last !== undefined);
  }
}

function columnsOf(key: readonly string[]): RawBuilder<unknown> {
  return sql.join(key.map((column) => sql.ref(column)));
}

function targetOf({ tenant, sessionId, endUser }: DataSubject): string | undefined {
  if (sessionId !== undefined) return `session:${sessionId}`;
  return endUser === undefined ? `tenant:${tenant}` : undefined;
}
