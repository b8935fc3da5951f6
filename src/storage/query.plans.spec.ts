import { CompiledQuery } from 'kysely';
import { insertManyRows } from '../../test/support/storage/many.rows.js';
import { type IsSent, QueryPlans, statementsOf } from '../../test/support/storage/query.plans.js';
import { hasPostgres, postgres, sqlite, type Store, type TestDatabase } from '../../test/support/storage/stores.js';
import { until } from '../../test/support/until.js';
import { ApiKeyCache } from '../auth/api-key.cache.js';
import { HOST_PRINCIPAL } from '../auth/principal.js';
import { Agent, AuditService, Database, KeysService, type ModelRequest, Tool } from '../index.js';
import { KeysRepository } from '../keys/keys.repository.js';
import { DataErasure } from '../privacy/data.erasure.js';
import { EventLog } from '../runs/events/event.log.js';
import { ReplicaHeartbeat } from '../runs/recovery/replica.heartbeat.js';
import { OrphanedRuns } from '../runs/recovery/orphaned.runs.js';
import { ReplicaId } from '../runs/recovery/replica.id.js';
import { Retention } from '../runs/retention.js';
import { RunControl } from '../runs/recovery/run.control.js';
import { RunLimits } from '../runs/run.limits.js';
import type { RunRow } from '../runs/run.row.js';
import { newRow } from '../runs/run.starter.js';
import { RunsRepository } from '../runs/runs.repository.js';
import { SessionQueue } from '../runs/recovery/session.queue.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { SummariesRepository } from '../sessions/summaries.repository.js';
import { SuspectsRepository } from '../tasks/suspects.repository.js';
import { TasksRepository } from '../tasks/tasks.repository.js';
import { TasksService } from '../tasks/tasks.service.js';
import { WebhooksRepository } from '../tasks/webhooks/webhooks.repository.js';
import { createTestApp, ScriptedModel, type TestApp } from '../testing/index.js';
import { UsageRepository } from '../usage/usage.repository.js';
import { PubSub } from './pubsub.js';
import { newId } from './new.id.js';
import { completeOptions } from '../options/options.defaults.js';

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

const BEAT_MS = 1000;

/** The statistics of the planner: none, those of empty tables, or current ones. */
type Statistics = 'no' | 'old' | 'fresh';

const cases: { readonly store: Store; readonly statistics: Statistics }[] = [
  { store: sqlite, statistics: 'no' },
  { store: sqlite, statistics: 'old' },
  { store: sqlite, statistics: 'fresh' },
];
if (hasPostgres) cases.push({ store: postgres, statistics: 'fresh' });

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

type Token<T> = Function & { readonly prototype: T };

interface Parts {
  readonly app: TestApp;
  readonly get: <T>(token: Token<T>) => T;
  readonly isSent: IsSent;
}

interface Case {
  readonly name: string;
  readonly work: (parts: Parts) => Promise<unknown>;
  /** The plan steps that its statements may have. */
  readonly plan: readonly string[];
  /** Additional steps for PostgreSQL. */
  readonly postgresPlan?: readonly string[];
}

/** The look-ups for the budgets of a caller and its tenant. */
const BUDGETED = [
  'api_keys primary key (key_id)',
  'budgets primary key (tenant, payer, month)',
  'reservations primary key (reservation_id)',
  'reservations_by_payer (tenant, payer, month)',
  'usage primary key (tenant, day)',
  'usage primary key (tenant, day, caller)',
];
/** The claim of a task, and its checks. */
const CLAIMED = [
  'runs primary key (run_id)',
  'runs_running_tasks (tenant, caller)',
  'runs_holding (tenant, session_id)',
  'runs_queue_by_session (tenant, session_id, created_at, run_id)',
];
/** The next task of a caller, if nothing holds it back. */
const NEXT_OF_CALLER = [
  'runs_queue_by_caller (tenant, caller)',
  'runs_holding (tenant, session_id)',
  'runs_queue_by_session (tenant, session_id, created_at)',
  'runs_queue_by_session (tenant, session_id, created_at, run_id)',
  'runs_suspects (status, crashes)',
  // PostgreSQL does not search for what the index requires.
  'runs_suspects (status)',
];
/** The tasks that wait for the end of a run. */
const NEXT = [...NEXT_OF_CALLER, 'runs_queue_by_session (tenant, session_id)'];
/** The steps of tasks that workers run meanwhile: some cases wait. */
const MEANWHILE = [...BUDGETED, ...CLAIMED, ...NEXT];
/** Runs, with all rows that belong to them. */
const ON_RUNS = [
  'approvals primary key (run_id)',
  'events primary key (run_id)',
  'idempotency_keys_by_run (run_id)',
  'runs primary key (run_id)',
  'steps primary key (run_id)',
  'webhooks primary key (run_id)',
];
/** A session, with all rows that belong to it. */
const IN_SESSION = [
  'messages primary key (tenant, session_id)',
  'runs_by_session (tenant, session_id)',
  'sessions primary key (tenant, session_id)',
  'summaries primary key (tenant, session_id)',
  'webhooks_by_session (tenant, session_id)',
];
/** Only the newest row is read. */
const LAST_ENTRY = 'all of audit_entries primary key';

const TENANT = 'default';
const SESSION = { tenant: TENANT, session_id: 'session-1' };
const KEYED = { tenant: TENANT, id: 'key:many-1', limits: { tokensPerMonth: 1_000_000 } };
const ADA = { ...KEYED, endUser: 'user-2' };
const BEHIND = { at: 4e12, id: 'x' };

async function submitted({ get }: Parts, message: string, session_id?: string): Promise<string> {
  const { task } = await get(TasksService).submit({ message, session_id }, { principal: KEYED });
  return task.task_id;
}

async function ended({ get }: Parts, taskId: string): Promise<void> {
  await until('the task has ended', async () => (await get(TasksService).get(taskId)).finished_at !== undefined);
}

async function approvalOf({ get }: Parts, taskId: string): Promise<string> {
  const [approval] = await until('the task waits', async () => {
    const { status, pending_approvals } = await get(TasksService).get(taskId);
    return status === 'waiting_approval' && pending_approvals;
  });
  return approval?.approval_id ?? '';
}

/** A run that this process owns. */
function runHere({ id }: ReplicaId, given: Pick<RunRow, 'run_id' | 'session_id' | 'kind'>): RunRow {
  return newRow({
    ...given,
    tenant: TENANT,
    agent_role: 'assistant',
    status: 'running',
    attempt: 1,
    owner: id,
    caller: 'host',
    request_id: 'r',
    model: 'scripted',
    created_at: 1,
    started_at: 1,
  });
}

const TASKS: readonly Case[] = [
  {
    name: 'the tasks that could be claimed, with a cap for each caller',
    work: ({ get }) => get(TasksRepository).claimable(1000, 2),
    plan: [
      'all of runs_queue',
      'runs_queue (crashes)',
      'all of runs_running_tasks',
      'runs_holding (tenant, session_id)',
    ],
    postgresPlan: ['all of runs_holding'],
  },
  {
    name: 'the tasks that could be claimed',
    work: ({ get }) => get(TasksRepository).claimable(1000, Infinity),
    plan: ['all of runs_queue', 'runs_queue (crashes)', 'runs_holding (tenant, session_id)'],
    postgresPlan: ['all of runs_holding'],
  },
  {
    name: 'the task that runs alone next',
    work: ({ get }) => get(SuspectsRepository).next(2),
    plan: [
      'all of runs_running_tasks',
      'runs_holding (tenant, session_id)',
      'runs_suspects (status, crashes)',
      // These tasks are few.
      'sort',
      'steps primary key (run_id)',
    ],
    postgresPlan: ['runs_suspects (status)'],
  },
  {
    name: 'a claim of a caller that is at its cap',
    work: ({ get }) => get(TasksRepository).claim('run-18001', 2),
    plan: ['runs primary key (run_id)', 'runs_running_tasks (tenant, caller)'],
  },
  {
    name: 'a claim',
    work: ({ get }) => get(TasksRepository).claim('run-18001', 1e6),
    plan: [...CLAIMED],
  },
  {
    name: 'a claim of a task that a process died with',
    work: async ({ get }) => {
      const dead = get(Database).query.updateTable('runs').set({ crashes: 1 }).where('run_id', '=', 'run-18004');
      await dead.execute();
      await get(TasksRepository).claim('run-18004', Infinity);
    },
    plan: [...CLAIMED, 'runs_suspects (status, crashes)'],
    postgresPlan: ['runs_suspects (status)'],
  },
  {
    name: 'the settlement of a cause',
    work: async ({ get }) => {
      const run_id = 'run-18005';
      const call = { run_id, step: '1.0', state: 'started', body: '', attempt: 1, deaths: 3 } as const;
      const insert = get(Database).query.insertInto('steps').values(call);
      await insert.onConflict((conflict) => conflict.doNothing()).execute();
      expect(await get(SuspectsRepository).convict({ run_id })).toBe(true);
    },
    plan: ['runs primary key (run_id)', 'runs_suspects (status, crashes)', 'steps primary key (run_id)'],
  },
  {
    name: 'the next task of a session',
    work: ({ get }) => get(TasksRepository).nextOf(SESSION),
    plan: ['runs_queue_by_session (tenant, session_id)'],
  },
  {
    name: 'the next task of a caller',
    work: ({ get }) => get(TasksRepository).nextOfCaller({ tenant: TENANT, caller: 'key:1' }),
    plan: [...NEXT_OF_CALLER],
  },
  {
    name: 'the backlog',
    work: ({ get }) => get(TasksRepository).backlog(),
    plan: ['all of runs_queue_by_session'],
    postgresPlan: ['all of runs_queue'],
  },
  {
    name: 'a page of tasks',
    work: ({ get }) => get(TasksRepository).list({ tenant: TENANT, limit: 20, after: BEHIND }),
    plan: ['runs_tasks (tenant, created_at, run_id)'],
  },
  {
    name: 'a page of tasks by status',
    work: ({ get }) => get(TasksRepository).list({ tenant: TENANT, limit: 20, status: 'failed', after: BEHIND }),
    plan: ['runs_tasks_by_status (tenant, status, created_at, run_id)'],
  },
  {
    name: 'the first page of tasks that wait, with their approvals',
    work: ({ get }) => get(TasksService).list({ tenant: TENANT }, { status: 'waiting_approval' }),
    plan: ['approvals primary key (run_id)', 'runs_tasks_by_status (tenant, status)', 'sort'],
  },
  {
    name: 'a page of the tasks of an end user',
    work: ({ get }) => get(TasksRepository).list({ tenant: TENANT, limit: 20, endUser: 'user-2', after: BEHIND }),
    plan: ['runs_tasks_by_end_user (tenant, end_user, created_at, run_id)'],
  },
  {
    name: 'a page of the tasks of an end user by status',
    work: ({ get }) => get(TasksRepository).list({ tenant: TENANT, limit: 20, endUser: 'user-2', status: 'failed' }),
    plan: ['runs_tasks_by_end_user (tenant, end_user)'],
  },
  {
    name: 'a task from its submission to its end',
    work: async (parts) => await ended(parts, await submitted(parts, 'Hello', 'session-3')),
    plan: [
      ...BUDGETED,
      ...CLAIMED,
      ...NEXT,
      'approvals primary key (run_id)',
      'events primary key (run_id)',
      'messages primary key (tenant, session_id)',
      'sessions primary key (tenant, session_id)',
      'steps primary key (run_id)',
      'sort',
    ],
  },
  {
    name: 'a task that waits for a decision',
    work: async (parts) => {
      const taskId = await submitted(parts, 'Pay');
      const approvalId = await approvalOf(parts, taskId);
      await parts.get(TasksService).decide(taskId, approvalId, { decision: 'approve' });
      await ended(parts, taskId);
    },
    plan: [
      ...BUDGETED,
      ...CLAIMED,
      ...NEXT,
      LAST_ENTRY,
      'approvals primary key (run_id)',
      'approvals primary key (run_id, approval_id)',
      'events primary key (run_id)',
      'sessions primary key (tenant, session_id)',
      'steps primary key (run_id)',
      'sort',
    ],
  },
  {
    name: 'the end of a queued task',
    work: ({ get }) => get(TasksService).cancel('run-18002'),
    plan: [
      'events primary key (run_id)',
      'runs primary key (run_id)',
      'runs_queue_by_session (tenant, session_id)',
      'steps primary key (run_id)',
    ],
  },
];

const RUNS: readonly Case[] = [
  {
    name: 'a chat within budgets, the first of a month',
    work: ({ app }) =>
      app.runner.run({ message: 'Hello', session_id: 'session-1' }, { principal: KEYED, idempotencyKey: 'once' }),
    plan: [
      ...BUDGETED,
      'messages primary key (tenant, session_id)',
      'runs primary key (run_id)',
      'runs_queue_by_session (tenant, session_id)',
      'sessions primary key (tenant, session_id)',
    ],
  },
  {
    name: 'a repeat of a chat',
    work: ({ app }) =>
      app.runner.run({ message: 'Hello', session_id: 'session-1' }, { principal: KEYED, idempotencyKey: 'once' }),
    plan: [
      ...BUDGETED,
      'idempotency_keys primary key (tenant, caller, route, idempotency_key)',
      'runs primary key (run_id)',
    ],
  },
  {
    name: 'a stream of an end user',
    work: ({ app }) =>
      Array.fromAsync(app.runner.stream({ message: 'Hello', session_id: 'session-2' }, { principal: ADA })),
    plan: [
      ...BUDGETED,
      'events primary key (run_id, sequence)',
      'messages primary key (tenant, session_id)',
      'runs primary key (run_id)',
      'runs_queue_by_session (tenant, session_id)',
      'sessions primary key (tenant, session_id)',
    ],
  },
  {
    name: 'a look for what this process was not told of its runs',
    work: async ({ app, get }) => {
      for await (const event of app.runner.stream({ message: 'Pay' })) {
        if (event.type !== 'approval.required') continue;
        await until('it waits', () => get(RunControl).running.some(({ approvals }) => approvals.open.length > 0));
        await get(RunControl).reconcile();
        await app.runner.decide({ runId: event.run_id, approvalId: event.approval_id }, { decision: 'approve' });
      }
    },
    plan: [
      ...BUDGETED,
      LAST_ENTRY,
      'approvals primary key (run_id)',
      'approvals primary key (run_id, approval_id)',
      'events primary key (run_id, sequence)',
      'runs primary key (run_id)',
      'runs_open (status)',
      'runs_queue_by_session (tenant, session_id)',
    ],
  },
  {
    name: 'a run that takes the place of another',
    work: async ({ get }) => {
      const [sessions, runs, control] = [get(SessionsService), get(RunsRepository), get(RunControl)];
      const { runs: options } = completeOptions({ sessionPolicy: 'interrupt' });
      const queue = new SessionQueue(get(Database), sessions, runs, control, options, get(RunLimits));
      const row = runHere(get(ReplicaId), { run_id: 'new', session_id: 'open-19001', kind: 'chat' });
      await expect(queue.begin(row, undefined, { signal: undefined, timeoutMs: 0 })).rejects.toThrow('session');
    },
    plan: ['runs primary key (run_id)', 'runs_holding (tenant, session_id)'],
  },
  {
    name: 'the events of a run from a number on',
    work: async ({ get }) => {
      const enough = new AbortController();
      for await (const _ of get(EventLog).follow('run-1', 60, enough.signal)) enough.abort();
    },
    plan: ['events primary key (run_id, sequence)'],
  },
  {
    name: 'the number of the last event',
    work: ({ get }) => get(EventLog).last('run-1'),
    plan: ['events primary key (run_id)'],
  },
  {
    name: 'the hourly sweep',
    work: ({ get }) => get(Retention).sweep(),
    plan: [
      ...MEANWHILE,
      ...ON_RUNS,
      ...IN_SESSION,
      'all of reservations',
      'idempotency_keys_by_age (created_at)',
      'runs_by_end (finished_at)',
      'sessions primary key (tenant)',
      'sessions_by_update (tenant, updated_at)',
      'usage_of_replicas (day)',
      'webhooks_by_age (created_at)',
    ],
    postgresPlan: ['sessions_by_update (tenant)'],
  },
];

const SESSIONS: readonly Case[] = [
  {
    name: 'a page of sessions',
    work: ({ get }) => get(SessionsRepository).list(TENANT, 20, BEHIND),
    plan: ['sessions_by_update (tenant, updated_at, session_id)'],
  },
  {
    name: 'a page of the sessions of an end user',
    work: ({ get }) => get(SessionsRepository).list(TENANT, 20, BEHIND, 'user-2'),
    plan: ['sessions_by_end_user (tenant, end_user, updated_at, session_id)'],
  },
  {
    name: 'a page of messages',
    work: ({ get }) => get(SessionsRepository).messages(SESSION, 5, 10),
    plan: ['messages primary key (tenant, session_id, position)'],
  },
  {
    name: 'the turns that are summed up',
    work: ({ get }) => Array.fromAsync(get(SessionsRepository).turns(SESSION, 0, 10)),
    plan: ['messages primary key (tenant, session_id, position)'],
  },
  {
    name: 'a summary',
    work: async ({ get }) => {
      await get(SummariesRepository).find(SESSION);
      await get(SummariesRepository).save({ ...SESSION, nextPosition: 1, createdAt: 1 }, { content: 'x', until: 1 });
    },
    plan: ['sessions primary key (tenant, session_id)', 'summaries primary key (tenant, session_id)'],
  },
];

const ACCOUNTS: readonly Case[] = [
  {
    name: 'a key',
    work: ({ get }) => get(ApiKeyCache).find('many-2'),
    plan: ['api_keys primary key (key_id)'],
  },
  {
    name: 'a page of keys',
    work: ({ get }) => get(KeysRepository).list({ limit: 20, after: BEHIND }),
    plan: ['api_keys_by_age (created_at, key_id)'],
  },
  {
    name: 'a page of the keys of a tenant',
    work: ({ get }) => get(KeysRepository).list({ tenant: 'tenant-1', limit: 20, after: BEHIND }),
    plan: ['api_keys_by_tenant (tenant, created_at, key_id)'],
  },
  {
    name: 'the keys of a tenant, revoked',
    work: ({ get }) => get(KeysService).revokeAll('tenant-2'),
    plan: [LAST_ENTRY, 'api_keys primary key (key_id)', 'api_keys_by_tenant (tenant)'],
  },
  {
    name: 'a report of usage',
    work: ({ get }) =>
      get(UsageRepository).report({ tenant: TENANT, from: '2025-01-01', to: '2025-01-12', groupBy: 'key' }),
    plan: ['usage primary key (tenant, day)', 'sort'],
  },
  {
    name: 'a page of the audit',
    work: ({ get }) => get(AuditService).list({ limit: 20, tenant: 'tenant-5' }),
    plan: ['audit_entries_by_tenant (tenant)'],
  },
  {
    name: 'the webhooks that are due',
    work: ({ get }) => get(WebhooksRepository).due(8, ['busy:80']),
    plan: ['webhooks_by_time (next_at)'],
  },
  {
    name: 'the count of webhooks',
    work: ({ get }) => get(WebhooksRepository).count(),
    plan: ['all of webhooks_by_age'],
  },
  {
    name: 'a try of a webhook',
    work: async ({ get }) => {
      const [webhooks, { query }] = [get(WebhooksRepository), get(Database)];
      const found = query.selectFrom('webhooks').selectAll().where('run_id', '=', 'run-30');
      const row = { ...(await found.executeTakeFirstOrThrow()), first_tried_at: 1 };
      await webhooks.claim(row);
      await webhooks.traceOf(row);
      await webhooks.postpone(row, row.next_at);
      await webhooks.remove(row);
    },
    plan: ['runs primary key (run_id)', 'webhooks primary key (run_id)', 'webhooks_by_time (next_at)'],
  },
];

const ERASURE: readonly Case[] = [
  {
    name: 'a session, erased',
    work: ({ get }) => get(SessionsService).erase(HOST_PRINCIPAL, 'session-17'),
    plan: [...MEANWHILE, ...ON_RUNS, ...IN_SESSION, LAST_ENTRY],
  },
  {
    name: 'an end user, erased',
    work: ({ get }) => get(DataErasure).eraseEndUser(HOST_PRINCIPAL, 'user-6'),
    plan: [
      ...MEANWHILE,
      ...ON_RUNS,
      ...IN_SESSION,
      LAST_ENTRY,
      'audit_subjects primary key (tenant, end_user)',
      'runs_by_end_user (tenant, end_user)',
      'runs_queue_by_session (tenant, session_id)',
      'sessions_by_end_user (tenant, end_user)',
      'usage primary key (tenant)',
      'usage primary key (tenant, day)',
      'usage primary key (tenant, day, caller)',
    ],
  },
  {
    name: 'a tenant, erased',
    work: ({ get }) => get(DataErasure).eraseTenant({ ...HOST_PRINCIPAL, tenant: 'tenant-5' }),
    plan: [
      ...MEANWHILE,
      ...ON_RUNS,
      ...IN_SESSION,
      LAST_ENTRY,
      'api_keys primary key (key_id)',
      'api_keys_by_tenant (tenant)',
      'audit_subjects primary key (tenant)',
      'idempotency_keys primary key (tenant)',
      'runs_by_session (tenant)',
      'runs_queue_by_session (tenant, session_id)',
      'sessions_by_update (tenant)',
      'webhooks_by_session (tenant)',
    ],
  },
];

/** Last, because it takes over the runs of the other replicas. */
const LEASES: readonly Case[] = [
  {
    name: 'a beat, and the runs of the dead',
    work: async ({ get, isSent }) => {
      const [database, orphans, control] = [get(Database), get(OrphanedRuns), get(RunControl)];
      await database.query.deleteFrom('replicas').execute();
      const lost = runHere(get(ReplicaId), { run_id: newId(), session_id: newId(), kind: 'stream' });
      await database.query.insertInto('runs').values(lost).execute();
      const leases = new ReplicaHeartbeat(database, orphans, control, get(PubSub), get(ReplicaId));
      await leases.onModuleInit();
      // Otherwise workers would poll for tasks meanwhile.
      const looks = [
        jest.spyOn(get(TasksRepository), 'claimable').mockResolvedValue([]),
        jest.spyOn(get(SuspectsRepository), 'next').mockResolvedValue(undefined),
      ];
      await until('it has taken runs that nobody holds', () => {
        jest.advanceTimersByTime(BEAT_MS);
        return isSent('"owner" = $2 and "run_id" in (') || isSent('"owner" = ? and "run_id" in (');
      });
      await leases.onApplicationShutdown();
      for (const look of looks) look.mockRestore();
    },
    plan: [
      ...MEANWHILE,
      'runs_queue (crashes)',
      'runs_suspects (status, crashes)',
      // The runs of one process are sorted.
      'sort',
      'approvals primary key (run_id)',
      'events primary key (run_id)',
      'idempotency_keys_by_run (run_id)',
      'runs_open (status)',
      'sessions primary key (tenant, session_id)',
      'steps primary key (run_id)',
    ],
    postgresPlan: ['runs_suspects (status)'],
  },
];

describe.each(cases)('with $statistics statistics, $store.name finds', ({ store, statistics }) => {
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

  it.each([...RUNS, ...TASKS, ...SESSIONS, ...ACCOUNTS, ...ERASURE, ...LEASES])(
    '$name',
    async ({ work, plan, postgresPlan = [] }) => {
      const found: { readonly step: string; readonly sql: string }[] = [];
      for (const query of await statementsOf((isSent) => work({ app, get, isSent }))) {
        for (const step of await plans.stepsOf(query, plan.includes('sort'))) found.push({ step, sql: query.sql });
      }
      const allowed = store.name === 'postgres' ? [...plan, ...postgresPlan] : plan;
      expect(found.filter(({ step }) => !allowed.includes(step))).toEqual([]);
      expect(found).not.toEqual([]);
    },
  );
});
