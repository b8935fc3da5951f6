import { type RawBuilder, sql } from 'kysely';
import { HOLD_BACK_MS, SUSPECT_CRASHES } from '../../runs/recovery/process.death.js';
import type { StoppedNames } from '../../switches/switches.js';

/** Tenants that one statement looks at. With more of them that can run nothing, others follow in another statement. */
const MAX_TENANTS = 50;
/** Tasks of a tenant that are read to find one that can be claimed. */
export const MAX_READ = 50;
/** Callers of a tenant that one statement looks at. */
const MAX_CALLERS = 50;
/** Tasks of a tenant that one statement reads to find one behind its first ones. */
const MAX_WALKED = 500;

/** Clocks of machines differ by less. New tasks that are due later are parked. */
const MAX_SKEW_MS = 3_600_000;

/** Decides which tasks can be claimed. */
export interface ClaimRules {
  /** Running tasks of a caller in all processes; undefined: no limit. */
  readonly perCaller: number | undefined;
  /** This process. Waiting runs of dead ones do not count. */
  readonly replicaId: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Stopped by the operator; undefined: none. */
  readonly stopped: StoppedNames | undefined;
  /** The versions of agents that this process has. Tasks with others are left to other processes. */
  readonly versions: readonly string[];
}

/** The tenants that a statement looks at, in the order of their names. */
export interface TenantRange {
  /** Tenants up to this one are left out. */
  readonly after: string;
  /** The last tenant; undefined: all that follow. */
  readonly upTo?: string | undefined;
}

/** A tenant of the range. The last row of a statement tells how it ended. */
export interface TurnRow {
  /** Null: the range has no further tenant. */
  readonly tenant: string | null;
  /** Its next task. Null: it has none that can be claimed. */
  readonly run_id: string | null;
  /** 1: its first tasks must wait, and it has others behind them. */
  readonly hides: number;
}

// An index has the same expressions.
const IS_NEW = sql`case when "queued"."attempt" = 0 then 1 else 0 end`;
const DUE_AT = sql`coalesce("queued"."not_before", "queued"."created_at")`;

/**
 * Reads the tenants of the range one by one, until one has a task that can be claimed. Each tenant is looked up in an
 * index, and a limited number of its tasks is read: it may have thousands.
 */
export function nextTurn({ after, upTo }: TenantRange, rules: ClaimRules): RawBuilder<TurnRow> {
  const end = upTo === undefined ? sql`` : sql`and "next"."tenant" <= ${upTo}`;
  const tenant = sql`(
    select "next"."tenant" from "runs" as "next"
    where "next"."status" = 'queued' and "next"."tenant" > "turn"."tenant" ${end}
    order by "next"."tenant" limit 1)`;
  return sql<TurnRow>`
    with recursive "turn" ("n", "tenant", "run_id") as (
      select 0, cast(${after} as text), cast(null as text)
      union all
      select "turn"."n" + 1, ${tenant}, coalesce((${resumedOf(tenant, rules, 1)}), (${newOf(tenant, rules, 1)}))
      from "turn"
      where "turn"."run_id" is null and "turn"."tenant" is not null and "turn"."n" < ${sql.lit(MAX_TENANTS)}
    )
    select "tenant", "run_id", case when "run_id" is null and ${hasOthers(rules)} then 1 else 0 end as "hides"
    from "turn" where "n" > 0`;
}

/** Whether the tenant has more tasks of a kind than are read. */
function hasOthers({ now }: ClaimRules): RawBuilder<boolean> {
  const next = (terms: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
    select 1 from "runs" as "queued"
    where "queued"."status" = 'queued' and "queued"."tenant" = "turn"."tenant" and ${terms}
    order by ${DUE_AT}, "queued"."run_id" limit 1 offset ${sql.lit(MAX_READ)})`;
  return sql<boolean>`coalesce(${next(isNew(now))}, ${next(sql`${IS_NEW} = 0 and ${DUE_AT} <= ${now}`)}) is not null`;
}

/** The first resumed tasks of the tenant that can be claimed. */
export function resumedOf(tenant: unknown, rules: ClaimRules, limit: number): RawBuilder<{ readonly run_id: string }> {
  return tasksOf(sql`"queued"."tenant" = ${tenant} and ${IS_NEW} = 0 and ${DUE_AT} <= ${rules.now}`, rules, limit);
}

/** The first tasks of the tenant that have not begun yet and can be claimed. */
export function newOf(tenant: unknown, rules: ClaimRules, limit: number): RawBuilder<{ readonly run_id: string }> {
  return tasksOf(sql`"queued"."tenant" = ${tenant} and ${isNew(rules.now)}`, rules, limit);
}

/** The task has not begun, and is not parked: an older replica would misread it. */
function isNew(now: number): RawBuilder<boolean> {
  return sql<boolean>`${IS_NEW} = 1 and ${DUE_AT} <= ${now + MAX_SKEW_MS}`;
}

/** The callers of a tenant that a statement looks at, in the order of their names. */
interface CallerRange {
  readonly tenant: string;
  /** Callers up to this one are left out. */
  readonly after: string;
}

/** A caller of the range. The last row of a statement tells how it ended. */
interface CallerTurnRow {
  /** Null: the tenant has no further caller. */
  readonly caller: string | null;
  /** The oldest of its first tasks that can be claimed. Null: none. */
  readonly run_id: string | null;
}

/**
 * Looks at the callers of the tenant one by one, until one has a task that can be claimed. No task is read of a caller at
 * its cap: it may have thousands.
 */
export function nextOfCallers({ tenant, after }: CallerRange, rules: ClaimRules): RawBuilder<CallerTurnRow> {
  const caller = sql`(
    select "next"."caller" from "runs" as "next"
    where "next"."status" = 'queued' and "next"."tenant" = ${tenant} and "next"."caller" > "turn"."caller"
    order by "next"."caller" limit 1)`;
  const first = sql`
    select "task"."run_id" from (
      select ${COLUMNS}, ${DUE_AT} as "due_at" from "runs" as "queued"
      where "queued"."status" = 'queued' and "queued"."tenant" = ${tenant} and "queued"."caller" = ${caller}
      order by "queued"."created_at", "queued"."run_id" limit ${sql.lit(MAX_READ)}
    ) as "task"
    where ${isClaimable({ ...rules, perCaller: undefined })} and "task"."due_at" <= ${rules.now}
    limit 1`;
  const { perCaller } = rules;
  const isBelow = perCaller === undefined ? sql`0 = 0` : isBelowCap(perCaller, sql`${tenant}`, caller);
  return sql<CallerTurnRow>`
    with recursive "turn" ("n", "caller", "run_id") as (
      select 0, cast(${after} as text), cast(null as text)
      union all
      select "turn"."n" + 1, ${caller}, case when ${isBelow} then (${first}) end
      from "turn"
      where "turn"."run_id" is null and "turn"."caller" is not null and "turn"."n" < ${sql.lit(MAX_CALLERS)}
    )
    select "caller", "run_id" from "turn"`;
}

/** A session with queued tasks. */
export interface QueuedSession {
  readonly tenant: string;
  readonly session_id: string;
}

/** The first task of the tenant after that session, in the order of sessions, that can be claimed. */
export function nextBySession(
  { tenant, session_id }: QueuedSession,
  rules: ClaimRules,
): RawBuilder<QueuedSession & { readonly run_id: string }> {
  return sql`
    select "task"."run_id", "task"."tenant", "task"."session_id" from (
      select ${COLUMNS}, ${DUE_AT} as "due_at" from "runs" as "queued"
      where "queued"."status" = 'queued' and "queued"."tenant" = ${tenant} and "queued"."session_id" > ${session_id}
      order by "queued"."session_id", "queued"."created_at", "queued"."run_id"
      limit ${sql.lit(MAX_WALKED)}
    ) as "task"
    where ${isClaimable(rules)} and "task"."due_at" <= ${rules.now}
    limit 1`;
}

/** The last session that `nextBySession` reads if it finds no task. None: it reads to the end. */
export function lastWalked({ tenant, session_id }: QueuedSession): RawBuilder<QueuedSession> {
  return sql`
    select "queued"."tenant", "queued"."session_id" from "runs" as "queued"
    where "queued"."status" = 'queued' and "queued"."tenant" = ${tenant} and "queued"."session_id" > ${session_id}
    order by "queued"."session_id", "queued"."created_at", "queued"."run_id"
    limit 1 offset ${sql.lit(MAX_WALKED - 1)}`;
}

const COLUMNS = sql`"queued"."run_id", "queued"."tenant", "queued"."session_id", "queued"."caller",
  "queued"."agent_role", "queued"."agent_version", "queued"."holds_session", "queued"."crashes", "queued"."created_at"`;

/** Tasks in the order of the index. A sort outside would first check all that are read. */
function tasksOf(
  terms: RawBuilder<unknown>,
  rules: ClaimRules,
  limit: number,
): RawBuilder<{ readonly run_id: string }> {
  return sql`
    select "task"."run_id" from (
      select ${COLUMNS} from "runs" as "queued"
      where "queued"."status" = 'queued' and ${terms}
      order by ${DUE_AT}, "queued"."run_id" limit ${sql.lit(MAX_READ)}
    ) as "task"
    where ${isClaimable(rules)}
    limit ${sql.lit(limit)}`;
}

/** The session is free, and the task is its first. The caller is below its cap. The task is neither a suspect nor held back. */
function isClaimable({ perCaller, replicaId, now, stopped, versions }: ClaimRules): RawBuilder<boolean> {
  return sql<boolean>`
    ${perCaller === undefined ? sql`` : sql`${isBelowCap(perCaller, sql`"task"."tenant"`, sql`"task"."caller"`)} and`}
    "task"."crashes" < ${sql.lit(SUSPECT_CRASHES)}
    and ("task"."holds_session" = 1 or (
      not exists (
        select 1 from "runs" as "holder" where "holder"."tenant" = "task"."tenant"
          and "holder"."session_id" = "task"."session_id" and "holder"."holds_session" = 1)
      and not exists (
        select 1 from "runs" as "earlier" where "earlier"."tenant" = "task"."tenant"
          and "earlier"."session_id" = "task"."session_id" and "earlier"."status" = 'queued'
          and ("earlier"."created_at", "earlier"."run_id") < ("task"."created_at", "task"."run_id"))
      and not exists (
        select 1 from "session_waiters" as "waiter" where "waiter"."tenant" = "task"."tenant"
          and "waiter"."session_id" = "task"."session_id"
          and ("waiter"."created_at", "waiter"."run_id") < ("task"."created_at", "task"."run_id")
          and ("waiter"."owner" = ${replicaId} or "waiter"."owner" in (select "replica_id" from "replicas")))))
    and ("task"."crashes" = 0 or not exists (
      select 1 from "runs" as "blamed" where "blamed"."status" = 'queued' and "blamed"."finished_at" is null
        and "blamed"."crashes" >= ${sql.lit(SUSPECT_CRASHES)} and "blamed"."blamed_at" > ${now - HOLD_BACK_MS}))
    and ${hasAgent(versions)}
    ${isNoneOf(sql`"task"."agent_role"`, stopped?.roles)} ${isNoneOf(sql`"task"."tenant"`, stopped?.tenants)}`;
}

/** This process has the agent of the task in its version. */
function hasAgent(versions: readonly string[]): RawBuilder<boolean> {
  const isAny = sql<boolean>`"task"."agent_version" is null`;
  return versions.length === 0 ? isAny : sql`(${isAny} or "task"."agent_version" in (${sql.join(versions)}))`;
}

function isNoneOf(column: RawBuilder<unknown>, names: readonly string[] = []): RawBuilder<unknown> {
  return names.length === 0 ? sql`` : sql`and ${column} not in (${sql.join(names)})`;
}

function isBelowCap(perCaller: number, tenant: RawBuilder<unknown>, caller: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`
    not exists (
      select 1 from "runs" as "running" where "running"."status" = 'running' and "running"."kind" = 'task'
        and "running"."tenant" = ${tenant} and "running"."caller" = ${caller}
      limit 1 offset ${perCaller - 1})`;
}
