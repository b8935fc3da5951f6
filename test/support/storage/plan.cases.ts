import { CompiledQuery } from 'kysely';
import { Agent, Database, type ModelRequest, Tool } from '../../../src/index.js';
import { Retention } from '../../../src/runs/retention/retention.js';
import { createTestApp, ScriptedModel, type TestApp } from '../../../src/testing/index.js';
import { insertManyRows } from './many.rows.js';
import { type IsSent, QueryPlans, statementsOf } from './query.plans.js';
import { hasPostgres, postgres, sqlite, type Store, type TestDatabase } from './stores.js';

const { jest } = import.meta;

/** All timers but intervals: periodic work runs only if a test asks for it. */
const REAL_TIMERS = [
  'Date',
  'hrtime',
  'queueMicrotask',
  'nextTick',
  'performance',
  'setImmediate',
  'clearImmediate',
  'setTimeout',
  'clearTimeout',
] as const;

/** The statistics of the planner: none, those of empty tables, or current ones. */
type Statistics = 'no' | 'old' | 'fresh';

interface PlanDatabase {
  readonly store: Store;
  readonly statistics: Statistics;
}

const databases: PlanDatabase[] = [
  { store: sqlite, statistics: 'no' },
  { store: sqlite, statistics: 'old' },
  { store: sqlite, statistics: 'fresh' },
];
if (hasPostgres) databases.push({ store: postgres, statistics: 'fresh' });

type Token<T> = Function & { readonly prototype: T };

/** The application whose statements are explained. */
export interface PlanContext {
  readonly app: TestApp;
  readonly get: <T>(token: Token<T>) => T;
  readonly isSent: IsSent;
}

export interface PlanCase {
  readonly name: string;
  readonly work: (context: PlanContext) => Promise<unknown>;
  /** The plan steps that its statements may have. */
  readonly plan: readonly string[];
  /** Additional steps for PostgreSQL. */
  readonly postgresPlan?: readonly string[];
}

/** The look-ups for the budgets of a caller and its tenant. */
export const BUDGETED = [
  'api_keys primary key (key_id)',
  'budgets primary key (tenant, payer, month)',
  'reservations primary key (reservation_id)',
  'reservations_by_payer (tenant, payer, month)',
  'usage primary key (tenant, day)',
  'usage primary key (tenant, day, caller)',
];
/** The claim of a task, and its checks. */
export const CLAIMED = [
  'api_keys primary key (key_id)',
  'runs primary key (run_id)',
  'runs_running_tasks (tenant, caller)',
  'runs_holding (tenant, session_id)',
  'runs_queue_by_session (tenant, session_id, created_at)',
  'runs_queue_by_session (tenant, session_id, created_at, run_id)',
];
/** The next task in turn, if nothing holds it back. */
export const IN_TURN = [
  // Only for the first turn, which belongs to the tenant of one of the first tasks.
  'all of runs_queue_by_tenant',
  // SQLite does not name the expressions of an index.
  'runs_queue_by_tenant (tenant)',
  'runs_queue_by_tenant (tenant, expr)',
  'runs_queue_by_tenant (tenant, case)',
  'runs_queue_by_tenant (tenant, case, coalesce)',
  'runs_holding (tenant, session_id)',
  'runs_queue_by_session (tenant, session_id, created_at)',
  'runs_queue_by_session (tenant, session_id, created_at, run_id)',
  'runs_running_tasks (tenant, caller)',
  'runs_suspects (status, crashes)',
  // PostgreSQL does not search for what the index requires.
  'runs_suspects (status)',
];
/** A new chat or stream, which begins after earlier runs of its session. */
export const ADMITTED = [
  'runs_queue_by_session (tenant, session_id, created_at, run_id)',
  'runs_queue_by_session (tenant, session_id)',
];
/** The tasks that wait for the end of a run. A submission counts those of its caller. */
export const NEXT = [...IN_TURN, 'runs_queue_by_caller (tenant, caller)', 'runs_queue_by_session (tenant, session_id)'];
/** The steps of tasks that workers run meanwhile. */
export const OF_WORKERS = [...BUDGETED, ...CLAIMED, ...NEXT];
/** Runs, with all rows that belong to them. */
export const ON_RUNS = [
  'approvals primary key (run_id)',
  'early_facts primary key (run_id)',
  'early_facts primary key (run_id, sequence)',
  'events primary key (run_id)',
  'idempotency_keys_by_run (run_id)',
  'openai_responses primary key (run_id)',
  'runs primary key (run_id)',
  'steps primary key (run_id)',
  'webhooks primary key (run_id)',
  'webhook_deliveries primary key (run_id)',
];
/** A session, with all rows that belong to it. */
export const IN_SESSION = [
  'messages primary key (tenant, session_id)',
  'runs_of_session (tenant, session_id)',
  'session_sources primary key (tenant, session_id)',
  'session_sources_by_source (tenant, source_id)',
  'sessions primary key (tenant, session_id)',
  'summaries primary key (tenant, session_id)',
  'webhooks_by_session (tenant, session_id)',
  'webhook_deliveries_by_session (tenant, session_id)',
];
/** Only the newest row is read. */
export const LAST_ENTRY = 'all of audit_entries primary key';

export const TENANT = 'default';
export const SESSION = { tenant: TENANT, session_id: 'session-1' };
export const KEYED = { tenant: TENANT, id: 'key:many-1', limits: { tokensPerMonth: 1_000_000 } };
export const ADA = { ...KEYED, endUser: 'user-2' };
export const CURSOR = { at: 4e12, id: 'x' };

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {
  @Tool({ description: 'Pays', needsApproval: true })
  pay(): string {
    return 'paid';
  }
}

function answer({ messages }: ModelRequest) {
  return messages.at(-1)?.content === 'Pay' ? [{ tool: 'pay' }] : 'Yes.';
}

/** Checks on each database that the statements of each case use only the indexes of its plan. */
export function describePlans(planCases: readonly PlanCase[]): void {
  describe.each(databases)('on $store.name with $statistics statistics, an index serves', (database) => {
    checkPlans(database, planCases);
  });
}

function checkPlans({ store, statistics }: PlanDatabase, planCases: readonly PlanCase[]): void {
  let created: TestDatabase;
  let app: TestApp;
  let plans: QueryPlans;
  const get = <T>(token: Token<T>): T => app.module.get<T>(token, { strict: false });

  beforeAll(async () => {
    jest.useFakeTimers({ doNotFake: [...REAL_TIMERS] });
    created = await store.create();
    app = await createTestApp({
      databaseUrl: created.databaseUrl,
      model: new ScriptedModel(...Array.from({ length: 100 }, () => answer)),
      providers: [AssistantAgent],
      sessionPolicy: 'queue',
      taskConcurrencyPerCaller: 2,
      sessionTtlDays: 60,
      budgets: { tenantTokensPerMonth: 1_000_000_000 },
    });
    const database = get(Database);
    const analyze = () => database.query.executeQuery(CompiledQuery.raw('analyze'));
    await get(Retention).sweep();
    if (statistics === 'old') await analyze();
    await insertManyRows(database);
    if (statistics === 'fresh') await analyze();
    plans = await QueryPlans.of(database);
  });

  afterAll(async () => {
    await app.close();
    await created.drop();
    jest.useRealTimers();
  });

  it.each(planCases)('$name', async ({ work, plan, postgresPlan = [] }) => {
    const found: { readonly step: string; readonly sql: string }[] = [];
    for (const query of await statementsOf((isSent) => work({ app, get, isSent }))) {
      for (const step of await plans.stepsOf(query, plan.includes('sort'))) found.push({ step, sql: query.sql });
    }
    const allowed = store.name === 'postgres' ? [...plan, ...postgresPlan] : plan;
    expect(found.filter(({ step }) => !allowed.includes(step))).toEqual([]);
    expect(found).not.toEqual([]);
  });
}
