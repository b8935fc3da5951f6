import {
  type PlanContext,
  type PlanCase,
  BUDGETED,
  CLAIMED,
  IN_TURN,
  NEXT,
  ADA,
  LAST_ENTRY,
  TENANT,
  SESSION,
  KEYED,
  CURSOR,
  describePlans,
} from '../../../test/support/storage/plan.cases.js';
import { until } from '../../../test/support/until.js';
import { HOST_PRINCIPAL } from '../../auth/principal.js';
import { encodeCursor } from '../../http/page.cursor.js';
import { ApprovalsService, Database } from '../../index.js';
import { ClaimsRepository } from '../../tasks/claims/claims.repository.js';
import { HiddenTasks } from '../../tasks/claims/hidden.tasks.js';
import { SuspectsRepository } from '../../tasks/suspects.repository.js';
import { TasksRepository } from '../../tasks/tasks.repository.js';
import { TasksService } from '../../tasks/tasks.service.js';

async function submit({ get }: PlanContext, message: string, session_id?: string): Promise<string> {
  const { task } = await get(TasksService).submit({ message, session_id }, { principal: KEYED });
  return task.task_id;
}

async function untilEnded({ get }: PlanContext, taskId: string): Promise<void> {
  await until('the task has ended', async () => (await get(TasksService).get(taskId)).finished_at !== undefined);
}

async function approvalOf({ get }: PlanContext, taskId: string): Promise<string> {
  const [approval] = await until('the task waits', async () => {
    const { status, pending_approvals } = await get(TasksService).get(taskId);
    return status === 'waiting_approval' && pending_approvals;
  });
  return approval?.approval_id ?? '';
}

const TASKS: readonly PlanCase[] = [
  {
    name: 'the next task in turn with a cap for each caller',
    work: ({ get }) => get(ClaimsRepository).findNext(2),
    plan: [...IN_TURN],
  },
  {
    name: 'the next task in turn',
    work: ({ get }) => get(ClaimsRepository).findNext(undefined),
    plan: [...IN_TURN],
  },
  {
    name: 'a claim in turn',
    work: ({ get }) => get(ClaimsRepository).claimNext(2),
    plan: [...CLAIMED, ...IN_TURN],
  },
  {
    name: 'the tasks behind the first ones of their tenant',
    work: async ({ get }) => {
      const rules = { perCaller: 2, replicaId: 'here', now: Date.now(), stopped: undefined, versions: ['v1'] };
      const hidden = new HiddenTasks();
      while ((await hidden.find([TENANT], rules, get(Database).query, true)) !== undefined);
    },
    plan: [...IN_TURN, 'runs_queue_by_caller (tenant, caller)', 'runs_queue_by_session (tenant, session_id)'],
  },
  {
    name: 'the next suspect',
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
    name: 'a claim for a caller at its cap',
    work: ({ get }) => get(ClaimsRepository).claim('run-18001', 2),
    plan: ['runs primary key (run_id)', 'runs_running_tasks (tenant, caller)'],
  },
  {
    name: 'a claim',
    work: ({ get }) => get(ClaimsRepository).claim('run-18001', 1e6),
    plan: [...CLAIMED],
  },
  {
    name: 'a claim of a task whose process died',
    work: async ({ get }) => {
      const dead = get(Database).query.updateTable('runs').set({ crashes: 1 }).where('run_id', '=', 'run-18004');
      await dead.execute();
      await get(ClaimsRepository).claim('run-18004', undefined);
    },
    plan: [...CLAIMED, 'runs_suspects (status, crashes)'],
    postgresPlan: ['runs_suspects (status)'],
  },
  {
    name: 'a suspect found to kill processes',
    work: async ({ get }) => {
      const run_id = 'run-18005';
      const call = { run_id, step: '1.0', state: 'started', body: '', attempt: 1, deaths: 3 } as const;
      const insert = get(Database).query.insertInto('steps').values(call);
      await insert.onConflict((conflict) => conflict.doNothing()).execute();
      expect(await get(SuspectsRepository).recordCause({ run_id })).toBe(true);
    },
    plan: ['runs primary key (run_id)', 'runs_suspects (status, crashes)', 'steps primary key (run_id)'],
  },
  {
    name: 'the next task of a session',
    work: ({ get }) => get(TasksRepository).nextOfSession(SESSION),
    plan: ['runs_queue_by_session (tenant, session_id)'],
  },
  {
    name: 'the backlog',
    work: ({ get }) => get(TasksRepository).backlog(),
    plan: ['all of runs_queue_by_session'],
    postgresPlan: ['all of runs_queue_by_tenant', 'all of runs_queue_by_caller'],
  },
  {
    name: 'a page of tasks',
    work: ({ get }) => get(TasksRepository).list({ tenant: TENANT, limit: 20, after: CURSOR }),
    plan: ['runs_tasks (tenant, created_at, run_id)'],
  },
  {
    name: 'a page of tasks by status',
    work: ({ get }) => get(TasksRepository).list({ tenant: TENANT, limit: 20, status: 'failed', after: CURSOR }),
    plan: ['runs_tasks_by_status (tenant, status, created_at, run_id)'],
  },
  {
    name: 'a page of completed tasks, which are older than the queue',
    work: async ({ get }) => {
      const filter = { tenant: TENANT, limit: 20, status: 'completed' } as const;
      const [first] = await get(TasksRepository).list(filter);
      await get(TasksRepository).list({ ...filter, after: { at: first?.created_at ?? 0, id: first?.run_id ?? '' } });
    },
    plan: ['runs_tasks_by_status (tenant, status)', 'runs_tasks_by_status (tenant, status, created_at, run_id)'],
  },
  {
    name: 'the first page of waiting tasks with their approvals',
    work: ({ get }) => get(TasksService).list({ tenant: TENANT }, { status: 'waiting_approval' }),
    plan: ['approvals primary key (run_id)', 'runs_tasks_by_status (tenant, status)', 'sort'],
  },
  {
    name: 'a page of the tasks of an end user',
    work: ({ get }) => get(TasksRepository).list({ tenant: TENANT, limit: 20, endUser: 'user-2', after: CURSOR }),
    plan: ['runs_tasks_by_end_user (tenant, end_user, created_at, run_id)'],
  },
  {
    name: 'a page of the tasks of an end user by status',
    work: ({ get }) => get(TasksRepository).list({ tenant: TENANT, limit: 20, endUser: 'user-2', status: 'failed' }),
    plan: ['runs_tasks_by_end_user (tenant, end_user)'],
  },
  {
    name: 'a task from its submission to its end',
    work: async (context) => await untilEnded(context, await submit(context, 'Hello', 'session-3')),
    plan: [
      ...BUDGETED,
      ...CLAIMED,
      ...NEXT,
      'approvals primary key (run_id)',
      'early_facts primary key (run_id, sequence)',
      'events primary key (run_id)',
      'messages primary key (tenant, session_id)',
      'sessions primary key (tenant, session_id)',
      'steps primary key (run_id)',
      'sort',
    ],
  },
  {
    name: 'a task that waits for a decision',
    work: async (context) => {
      const taskId = await submit(context, 'Pay');
      const approvalId = await approvalOf(context, taskId);
      await context.get(TasksService).decide(taskId, approvalId, { decision: 'approve' });
      await untilEnded(context, taskId);
    },
    plan: [
      ...BUDGETED,
      ...CLAIMED,
      ...NEXT,
      LAST_ENTRY,
      'approvals primary key (run_id)',
      'approvals primary key (run_id, approval_id)',
      'early_facts primary key (run_id, sequence)',
      'events primary key (run_id)',
      'sessions primary key (tenant, session_id)',
      'steps primary key (run_id)',
      'sort',
    ],
  },
  {
    name: 'a page of the approvals of a tenant',
    work: ({ get }) =>
      get(ApprovalsService).list(HOST_PRINCIPAL, { limit: 20, cursor: encodeCursor(Date.now() - 9e9, 'x') }),
    plan: ['approvals_waiting (tenant, created_at, approval_id)', 'runs primary key (run_id)'],
    postgresPlan: ['approvals_waiting (tenant, created_at)'],
  },
  {
    name: 'the first page of the own approvals of an end user',
    work: ({ get }) => get(ApprovalsService).list(ADA),
    plan: ['approvals_waiting (tenant)', 'runs primary key (run_id)'],
    postgresPlan: ['runs_of_end_user (end_user)'],
  },
  {
    name: 'the cancellation of a queued task',
    work: ({ get }) => get(TasksService).cancel('run-18002'),
    plan: [
      'approvals primary key (run_id)',
      // The worker looks for tasks after the end of the last one.
      ...IN_TURN,
      'early_facts primary key (run_id, sequence)',
      'events primary key (run_id)',
      'runs primary key (run_id)',
      'runs_queue_by_session (tenant, session_id)',
      'steps primary key (run_id)',
    ],
  },
];

describePlans(TASKS);
