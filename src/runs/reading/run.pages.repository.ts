import { Injectable } from '@nestjs/common';
import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import { Database } from '../../storage/database.js';
import type { Schema } from '../../storage/schema.js';
import type { RunRow } from '../run.row.js';
import type { RunAccess } from './run.access.js';

/** A filter reads at most so many runs for one page: SQLite blocks the process meanwhile. */
const MAX_READ = 5000;

/** The columns of a run in a list. None of them is long. */
const LISTED = [
  'run_id',
  'session_id',
  'agent_role',
  'kind',
  'status',
  'attempt',
  'end_user',
  'model',
  'release',
  'input_tokens',
  'output_tokens',
  'cached_tokens',
  'reasoning_tokens',
  'cost',
  'error',
  'created_at',
  'started_at',
  'finished_at',
] as const satisfies readonly (keyof RunRow)[];

/** A run in a list. */
export type ListedRun = Pick<RunRow, (typeof LISTED)[number]>;

/** Selects runs. Times are epoch milliseconds. */
export interface RunSelection {
  readonly status?: RunRow['status'] | undefined;
  readonly kind?: RunRow['kind'] | undefined;
  readonly agentRole?: string | undefined;
  readonly sessionId?: string | undefined;
  /** Runs created then or later. */
  readonly from?: number | undefined;
  /** Runs created earlier. */
  readonly to?: number | undefined;
}

/** The position of a run in a list. */
export interface RunPosition {
  readonly at: number;
  readonly id: string;
}

/** A page of runs, newest first. */
export interface RunPage {
  readonly rows: readonly ListedRun[];
  /** The next page begins after this position; undefined: this is the last page. */
  readonly next: RunPosition | undefined;
}

type RunQuery = SelectQueryBuilder<Schema, 'runs', object>;

/** Reads pages of runs. Each query walks one index from the newest run on. */
@Injectable()
export class RunPagesRepository {
  constructor(private readonly database: Database) {}

  /**
   * Returns a page of at most `limit` runs. If no index serves a filter, it may have fewer runs and still have a next
   * page.
   */
  async list(access: RunAccess, selection: RunSelection, limit: number, after?: RunPosition): Promise<RunPage> {
    const { from, to } = selection;
    const [owner, ...others] = ownersOf(access, selection);
    const filters = [...others.map(toExpression), ...filtersOf(access, selection)];
    const end = to !== undefined && (after === undefined || to <= after.at) ? { at: to, id: '' } : after;
    const walk = this.#walk(access.tenant, owner, end);
    const oldestAt = filters.length > 0 ? await oldestRead(walk, from) : undefined;
    let query = since(oldestAt ?? from, walk.select(LISTED));
    for (const filter of filters) query = query.where(filter);
    const found = await query
      .orderBy('created_at', 'desc')
      .orderBy('run_id', 'desc')
      .limit(limit + 1)
      .execute();
    const rows = found.slice(0, limit);
    const last = rows.at(-1);
    if (found.length > limit && last) return { rows, next: { at: last.created_at, id: last.run_id } };
    return { rows, next: oldestAt === undefined ? undefined : { at: oldestAt, id: '' } };
  }

  /** The runs of an owner before a position. Literal terms let SQLite use the partial indexes. */
  #walk(tenant: string, owner: RunOwner | undefined, before: RunPosition | undefined): RunQuery {
    let walk: RunQuery = this.database.query.selectFrom('runs').where('tenant', '=', tenant);
    walk = owner ? walk.where(owner.column, '=', owner.value) : walk.where(sql<boolean>`kind <> ''`);
    if (owner?.column === 'end_user') walk = walk.where('end_user', '<>', sql.lit(''));
    if (before === undefined) return walk;
    const { at, id } = before;
    return walk.where('created_at', '<=', at).where(sql<boolean>`(created_at < ${at} or run_id < ${id})`);
  }
}

interface RunOwner {
  readonly column: 'session_id' | 'end_user';
  readonly value: string;
}

/** The owners that have an index, the one with the fewest runs first. */
function ownersOf({ endUser }: RunAccess, { sessionId }: RunSelection): RunOwner[] {
  return [
    ...(sessionId === undefined ? [] : [{ column: 'session_id', value: sessionId } as const]),
    ...(endUser === undefined ? [] : [{ column: 'end_user', value: endUser } as const]),
  ];
}

/** A condition that no index of the column answers, so that the database walks the other one. */
function toExpression({ column, value }: RunOwner): RawBuilder<boolean> {
  return sql`${sql.ref(column)} is not distinct from ${value}`;
}

/** A caller is a filter: an index by caller costs each chat about a tenth of its CPU time. */
function filtersOf(
  { caller, excludesTasks }: RunAccess,
  { status, kind, agentRole }: RunSelection,
): RawBuilder<boolean>[] {
  return [
    ...(caller === undefined ? [] : [sql<boolean>`caller = ${caller}`]),
    ...(status === undefined ? [] : [sql<boolean>`status = ${status}`]),
    ...(kind === undefined ? [] : [sql<boolean>`kind = ${kind}`]),
    ...(agentRole === undefined ? [] : [sql<boolean>`agent_role = ${agentRole}`]),
    ...(excludesTasks === true ? [sql<boolean>`kind <> 'task'`] : []),
  ];
}

/** The time of the oldest run that a page may read; undefined if the walk ends before. Reads the index only. */
async function oldestRead(walk: RunQuery, from: number | undefined): Promise<number | undefined> {
  const row = await since(from, walk.select('created_at'))
    .orderBy('created_at', 'desc')
    .offset(MAX_READ - 1)
    .limit(1)
    .executeTakeFirst();
  return row?.created_at;
}

function since<T>(from: number | undefined, walk: SelectQueryBuilder<Schema, 'runs', T>) {
  return from === undefined ? walk : walk.where('created_at', '>=', from);
}
