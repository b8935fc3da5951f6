import {
  ADMITTED,
  type PlanCase,
  BUDGETED,
  OF_WORKERS,
  ON_RUNS,
  IN_SESSION,
  LAST_ENTRY,
  TENANT,
  KEYED,
  ADA,
  CURSOR,
  describePlans,
} from '../../../test/support/storage/plan.cases.js';
import { until } from '../../../test/support/until.js';
import { Database } from '../../index.js';
import { EventLog } from '../../runs/events/event.log.js';
import { ApprovalExpiry } from '../../runs/recovery/approval.expiry.js';
import { OrphanedRuns } from '../../runs/recovery/orphaned.runs.js';
import { ReplicaHeartbeat } from '../../runs/recovery/replica.heartbeat.js';
import { ReplicaLevels } from '../../runs/recovery/replica.levels.js';
import { ReplicaId } from '../../runs/recovery/replica.id.js';
import { RunControl } from '../../runs/recovery/run.control.js';
import { RunPagesRepository } from '../../runs/reading/run.pages.repository.js';
import { RunsService } from '../../runs/reading/runs.service.js';
import { Retention } from '../../runs/retention/retention.js';
import { newRow, type RunRow } from '../../runs/run.row.js';
import { RunsRepository } from '../../runs/runs.repository.js';
import { SuspectsRepository } from '../../tasks/suspects.repository.js';
import { ClaimLoop } from '../../tasks/claims/claim.loop.js';
import { newId } from '../new.id.js';
import { PubSub } from '../pubsub/pubsub.js';

const { jest } = import.meta;

const HEARTBEAT_MS = 1000;

/** A run that this process owns. */
function ownRun({ id }: ReplicaId, given: Pick<RunRow, 'run_id' | 'session_id' | 'kind'>): RunRow {
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

/** The walk to the oldest run of a page, and the page itself. */
const pages = (index: string): Pick<PlanCase, 'plan'> => ({
  // Only runs of the same millisecond are sorted.
  plan: [`${index}, created_at)`, `${index})`, 'sort of equal keys'],
});

const PAGES: readonly PlanCase[] = [
  {
    name: 'a page of the runs of a tenant',
    work: ({ get }) => get(RunPagesRepository).list({ tenant: TENANT }, {}, 20, CURSOR),
    ...pages('runs_of_tenant (tenant'),
  },
  {
    name: 'a filtered page of the runs of a tenant',
    work: async ({ get }) => {
      const access = { tenant: TENANT, excludesTasks: true };
      const filters = [
        { status: 'failed' },
        { status: 'running', kind: 'chat' },
        { kind: 'task', from: 1 },
        { agentRole: 'nobody', to: 4e12 },
      ] as const;
      for (const filter of filters) {
        for (const after of [undefined, CURSOR]) await get(RunPagesRepository).list(access, filter, 20, after);
      }
    },
    plan: [
      'runs_of_tenant (tenant)',
      'runs_of_tenant (tenant, created_at)',
      'runs_tasks (tenant, created_at)',
      'sort of equal keys',
    ],
  },
  {
    name: 'a page of the runs of a caller',
    work: async ({ get }) => {
      const access = { tenant: TENANT, caller: 'key:1' };
      await get(RunPagesRepository).list(access, {}, 20);
      await get(RunPagesRepository).list({ ...access, excludesTasks: true }, { status: 'failed', from: 1 }, 20, CURSOR);
    },
    ...pages('runs_of_tenant (tenant'),
  },
  {
    name: 'a page of the runs of an end user',
    work: async ({ get }) => {
      const access = { tenant: TENANT, endUser: 'user-2' };
      await get(RunPagesRepository).list(access, {}, 20, CURSOR);
      await get(RunPagesRepository).list({ ...access, caller: 'key:2' }, { kind: 'chat', to: 4e12 }, 20);
    },
    ...pages('runs_of_end_user (tenant, end_user'),
  },
  {
    name: 'a page of the runs of a session',
    work: async ({ get }) => {
      await get(RunPagesRepository).list({ tenant: TENANT }, { sessionId: 'session-1' }, 20);
      const access = { tenant: TENANT, endUser: 'user-2', caller: 'key:2', excludesTasks: true };
      await get(RunPagesRepository).list(access, { sessionId: 'session-1', kind: 'chat' }, 20, CURSOR);
    },
    ...pages('runs_of_session (tenant, session_id'),
  },
  {
    name: 'a run with its steps and approvals',
    work: async ({ get }) => {
      await get(RunsService).get('run-19101', { tenant: TENANT });
    },
    plan: ['approvals primary key (run_id)', 'runs primary key (run_id)', 'steps primary key (run_id)', 'sort'],
  },
];

const RUNS: readonly PlanCase[] = [
  {
    name: 'the first chat of a month within budgets',
    work: ({ app }) =>
      app.runner.run({ message: 'Hello', session_id: 'session-1' }, { principal: KEYED, idempotencyKey: 'once' }),
    plan: [
      ...ADMITTED,
      ...BUDGETED,
      'messages primary key (tenant, session_id)',
      'runs primary key (run_id)',
      'runs_queue_by_session (tenant, session_id)',
      'sessions primary key (tenant, session_id)',
    ],
  },
  {
    name: 'a repeated chat',
    work: ({ app }) =>
      app.runner.run({ message: 'Hello', session_id: 'session-1' }, { principal: KEYED, idempotencyKey: 'once' }),
    plan: [
      ...ADMITTED,
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
      ...ADMITTED,
      ...BUDGETED,
      'events primary key (run_id, sequence)',
      'messages primary key (tenant, session_id)',
      'runs primary key (run_id)',
      'runs_queue_by_session (tenant, session_id)',
      'sessions primary key (tenant, session_id)',
    ],
  },
  {
    name: 'a poll for missed messages about runs',
    work: async ({ app, get }) => {
      for await (const event of app.runner.stream({ message: 'Pay' })) {
        if (event.type !== 'approval.required') continue;
        await until('the run waits', () =>
          get(RunControl).running.some(({ approvals }) => approvals.waitingIds.length > 0),
        );
        await get(RunControl).reconcile();
        await app.runner.decide({ runId: event.run_id, approvalId: event.approval_id }, { decision: 'approve' });
      }
    },
    plan: [
      ...ADMITTED,
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
    name: 'a run whose session another run holds',
    work: async ({ get }) => {
      const row = ownRun(get(ReplicaId), { run_id: 'new', session_id: 'open-19001', kind: 'chat' });
      expect(await get(RunsRepository).begin(row)).toBe('busy');
      expect(await get(RunsRepository).findHolder(row)).toBeDefined();
    },
    plan: ['runs primary key (run_id)', 'runs_holding (tenant, session_id)'],
  },
  {
    name: 'the events of a run after a sequence number',
    work: async ({ get }) => {
      const enough = new AbortController();
      for await (const _ of get(EventLog).follow('run-1', 60, { signal: enough.signal })) enough.abort();
    },
    plan: ['events primary key (run_id, sequence)'],
  },
  {
    name: 'the early facts of a run after a place',
    work: async ({ get }) => {
      const enough = new AbortController();
      const following = { signal: enough.signal, withEarly: true };
      for await (const _ of get(EventLog).follow('run-1', 60, following)) enough.abort();
    },
    plan: ['events primary key (run_id, sequence)', 'early_facts primary key (run_id, sequence)'],
  },
  {
    name: 'the sequence number of the last event',
    work: ({ get }) => get(EventLog).lastSequence('run-1'),
    plan: ['events primary key (run_id)'],
  },
  {
    name: 'the end of a task whose approval expired',
    work: async ({ get }) => {
      const { query } = get(Database);
      // The oldest approval that waits.
      const oldest = query.selectFrom('approvals').select('created_at').where('run_id', '=', 'run-19060');
      const { created_at } = await oldest.executeTakeFirstOrThrow();
      await get(ApprovalExpiry).sweep(created_at + 168 * 3_600_000);
      const run = query.selectFrom('runs').select('error').where('run_id', '=', 'run-19060');
      expect(await run.executeTakeFirst()).toEqual({ error: 'approval_expired' });
    },
    plan: [
      // It has only approvals that wait.
      'all of approvals_waiting',
      'approvals_waiting (tenant)',
      'sort',
      'approvals primary key (run_id)',
      'early_facts primary key (run_id, sequence)',
      'events primary key (run_id)',
      'runs primary key (run_id)',
      'runs_queue_by_session (tenant, session_id)',
      'steps primary key (run_id)',
    ],
    postgresPlan: ['approvals_waiting (created_at)'],
  },
  {
    name: 'the hourly sweep',
    work: ({ get }) => get(Retention).sweep(),
    plan: [
      ...OF_WORKERS,
      ...ON_RUNS,
      ...IN_SESSION,
      'all of reservations',
      'idempotency_keys_by_age (created_at)',
      'runs_by_end (finished_at)',
      'sessions primary key (tenant)',
      'sessions_by_update (tenant, updated_at)',
      'usage primary key (tenant)',
      'usage primary key (tenant, day)',
      'usage primary key (tenant, day, caller)',
      'usage primary key (tenant, day, caller, role, model, replica_id)',
      'usage_of_replicas (day)',
      'webhook_deliveries_by_age (created_at)',
      'webhooks_by_age (created_at)',
    ],
    postgresPlan: ['sessions_by_update (tenant)'],
  },
];

/** Last, because it takes over the runs of the other replicas. */
const REPLICAS: readonly PlanCase[] = [
  {
    name: 'a heartbeat that recovers the runs of dead replicas',
    work: async ({ get, isSent }) => {
      const [database, orphans, control] = [get(Database), get(OrphanedRuns), get(RunControl)];
      await database.query.deleteFrom('replicas').execute();
      const lost = ownRun(get(ReplicaId), { run_id: newId(), session_id: newId(), kind: 'stream' });
      await database.query.insertInto('runs').values(lost).execute();
      const heartbeat = new ReplicaHeartbeat(
        database,
        orphans,
        control,
        get(PubSub),
        get(ReplicaId),
        new ReplicaLevels(database),
      );
      await heartbeat.onModuleInit();
      // Otherwise workers would poll for tasks meanwhile.
      const polls = [
        jest.spyOn(ClaimLoop.prototype, 'wakeThoroughly').mockResolvedValue(),
        jest.spyOn(get(SuspectsRepository), 'next').mockResolvedValue(undefined),
      ];
      await until('it has recovered runs without an owner', () => {
        jest.advanceTimersByTime(HEARTBEAT_MS);
        return isSent('"owner" = $2 and "run_id" in (') || isSent('"owner" = ? and "run_id" in (');
      });
      await heartbeat.onApplicationShutdown();
      for (const poll of polls) poll.mockRestore();
    },
    plan: [
      ...OF_WORKERS,
      // The runs of revoked keys are ended at the same interval.
      'api_keys_ending (key_id)',
      'runs_suspects (status, crashes)',
      // The runs of one process are sorted.
      'sort',
      // It has only what is looked for.
      'all of runs_parked',
      'approvals primary key (run_id)',
      'early_facts primary key (run_id, sequence)',
      'events primary key (run_id)',
      'idempotency_keys_by_run (run_id)',
      'runs_open (status)',
      'sessions primary key (tenant, session_id)',
      'steps primary key (run_id)',
    ],
    postgresPlan: ['runs_suspects (status)'],
  },
];

describePlans([...PAGES, ...RUNS, ...REPLICAS]);
