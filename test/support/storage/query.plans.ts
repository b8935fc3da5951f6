import { CompiledQuery, DefaultQueryExecutor } from 'kysely';
import type { Database } from '../../../src/storage/database.js';
import { Pipeline } from '../../../src/storage/postgres/pipeline.js';

const { jest } = import.meta;

/** Statements that have a plan; the others set or lock something. */
const PLANNED = /^\s*(with|select|insert|update|delete)\b(?!.*pg_advisory)/is;
/** Statements that may run once more: PostgreSQL plans some parts of a recursion only when it runs. */
const READS = /^\s*(with|select)\b/i;
/** Tables of a few rows. */
const TINY = new Set(['pending_erasures', 'replicas', 'session_waiters', 'switches', 'tenant_sizes']);
/** A step of SQLite: how, the table or its alias, the index, and the terms that the index answers. */
const SQLITE_STEP = /^(SEARCH|SCAN) (\S+)(?: USING (?:COVERING )?INDEX (\S+))?(?: (\(.*\)))?/;

const SQLITE_INDEXES = `
  select name, tbl_name as "table", name like 'sqlite_autoindex%' as is_primary from sqlite_master where type = 'index'`;
const POSTGRES_INDEXES = `
  select index_class.relname as name, table_class.relname as "table", cast(indisprimary as integer) as is_primary,
    (select string_agg(attname, ',' order by attnum) from pg_attribute where attrelid = indexrelid) as columns
  from pg_index
  join pg_class as index_class on index_class.oid = indexrelid
  join pg_class as table_class on table_class.oid = indrelid
  where table_class.relnamespace = 'public'::regnamespace`;
/** With a few thousand rows PostgreSQL may prefer to scan and sort, which would hide a usable index. */
const WITHOUT_SCANS = ['enable_seqscan', 'enable_bitmapscan'];
const WITHOUT_SORTS = 'enable_sort';

interface IndexRow {
  readonly name: string;
  readonly table: string;
  readonly is_primary: number;
  /** Only on PostgreSQL; in the order of the index. */
  readonly columns?: string;
}

interface KnownIndex {
  readonly table: string;
  /** Its name in a plan. */
  readonly shownAs: string;
  readonly columns: readonly string[];
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** Whether a statement with that part was sent. */
export type IsSent = (part: string) => boolean;

/** Returns the distinct statements that the code sends to the database while `work` runs. */
export async function statementsOf(work: (isSent: IsSent) => Promise<unknown>): Promise<CompiledQuery[]> {
  const spies = [
    jest.spyOn(DefaultQueryExecutor.prototype, 'executeQuery'),
    jest.spyOn(Pipeline.prototype, 'send'),
    jest.spyOn(Pipeline.prototype, 'ask'),
    jest.spyOn(Pipeline.prototype, 'expect'),
  ];
  const sent = (): CompiledQuery[] => spies.flatMap(({ mock }) => mock.calls.map(([query]) => query));
  try {
    await work((part) => sent().some(({ sql }) => sql.includes(part)));
    const queries = sent().filter(({ sql }) => PLANNED.test(sql));
    return [...new Map(queries.map((query) => [query.sql, query])).values()];
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** Explains how a database finds the rows of a statement, for the values that it is sent with. */
export class QueryPlans {
  readonly #indexes = new Map<string, KnownIndex>();
  readonly #tables = new Set<string>();

  private constructor(private readonly database: Database) {}

  static async of(database: Database): Promise<QueryPlans> {
    const plans = new QueryPlans(database);
    const indexes = CompiledQuery.raw(database.dialect === 'postgres' ? POSTGRES_INDEXES : SQLITE_INDEXES);
    const { rows } = await database.query.executeQuery<IndexRow>(indexes);
    for (const { name, table, is_primary, columns = '' } of rows) {
      const shownAs = is_primary === 1 ? `${table} primary key` : name;
      plans.#indexes.set(name, { table, shownAs, columns: columns.split(',') });
      plans.#tables.add(table);
    }
    return plans;
  }

  /**
   * Returns the steps of a plan: `<index> (<columns of the search>)`, or `all of <index or table>`. The step `sort`
   * orders or groups rows in memory; `sort of equal keys` only those with the same first columns.
   *
   * @param maySort few rows: sorting them in memory is best.
   */
  async stepsOf(query: CompiledQuery, maySort: boolean): Promise<string[]> {
    return this.database.dialect === 'postgres' ? await this.#onPostgres(query, maySort) : await this.#onSqlite(query);
  }

  async #onSqlite({ sql, parameters }: CompiledQuery): Promise<string[]> {
    const explain = CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]);
    const { rows } = await this.database.query.executeQuery<{ readonly detail: string }>(explain);
    const aliases = new Map(
      [...sql.matchAll(/"(\w+)" as "(\w+)"/g)].map(([, table = '', alias = '']) => [alias, table]),
    );
    return rows.flatMap(({ detail }) => {
      if (detail.startsWith('USE TEMP B-TREE FOR LAST')) return 'sort of equal keys';
      if (detail.startsWith('USE TEMP B-TREE')) return 'sort';
      const [, how, name = '', index, terms = ''] = SQLITE_STEP.exec(detail) ?? [];
      const table = aliases.get(name) ?? name;
      if (how === undefined || !this.#tables.has(table) || TINY.has(table)) return [];
      const columns = new Set(terms.match(/[a-z_]+(?=[=<>,)])/g));
      const shownAs = this.#nameOf(table, index);
      return how === 'SCAN' ? `all of ${shownAs}` : `${shownAs} (${[...columns].join(', ')})`;
    });
  }

  async #onPostgres({ sql, parameters }: CompiledQuery, maySort: boolean): Promise<string[]> {
    return await this.database.query.transaction().execute(async (transaction) => {
      for (const setting of maySort ? WITHOUT_SCANS : [...WITHOUT_SCANS, WITHOUT_SORTS]) {
        await transaction.executeQuery(CompiledQuery.raw(`set local ${setting} = off`));
      }
      const explain = CompiledQuery.raw(`explain (format json, analyze ${READS.test(sql)}) ${sql}`, [...parameters]);
      const { rows } = await transaction.executeQuery<{ 'QUERY PLAN': readonly { Plan: PlanNode }[] }>(explain);
      return rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => this.#stepsOfNode(Plan)));
    });
  }

  #stepsOfNode(node: PlanNode): string[] {
    const { 'Node Type': type, 'Relation Name': relation, 'Index Name': index, 'Index Cond': condition } = node;
    const table = relation ?? this.#indexes.get(index ?? '')?.table ?? '';
    const below = (node.Plans ?? []).flatMap((child) => this.#stepsOfNode(child));
    if (type.endsWith('Sort')) return [type === 'Incremental Sort' ? 'sort of equal keys' : 'sort', ...below];
    if ((index === undefined && type !== 'Seq Scan') || TINY.has(table)) return below;
    const shownAs = this.#nameOf(table, index);
    if (condition === undefined) return [`all of ${shownAs}`, ...below];
    const { columns = [] } = this.#indexes.get(index ?? '') ?? {};
    return [`${shownAs} (${columns.filter((column) => isOwnColumn(column, condition)).join(', ')})`, ...below];
  }

  #nameOf(table: string, index: string | undefined): string {
    return this.#indexes.get(index ?? '')?.shownAs ?? table;
  }
}

/** Whether PostgreSQL searches by the column: columns of other tables have a table before them. */
function isOwnColumn(column: string, condition: string): boolean {
  return new RegExp(`(?<![\\w.])${column}\\b`).test(condition.replaceAll(/'[^']*'/g, ''));
}
