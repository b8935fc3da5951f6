import type { TestDatabase } from '../../test/support/storage/stores.ts';
import { InstantModel } from '../chaos/task.bench.ts';
import { FEW, seed, type Size } from './seed.ts';

const dist = (path: string): string => new URL(`../../dist/${path}`, import.meta.url).href;
const { AuditService, Database, RunsService, TasksService }: typeof import('../../src/index.ts') = await import(
  dist('index.js')
);
const { createTestApp }: typeof import('../../src/testing/index.ts') = await import(dist('testing/index.js'));
const { AssistantAgent }: typeof import('../../src/service/agents/assistant.agent.ts') = await import(
  dist('service/agents/assistant.agent.js')
);
const { TasksRepository }: typeof import('../../src/tasks/tasks.repository.ts') = await import(
  dist('tasks/tasks.repository.js')
);
const { ClaimsRepository }: typeof import('../../src/tasks/claims/claims.repository.ts') = await import(
  dist('tasks/claims/claims.repository.js')
);
const { TaskWorker }: typeof import('../../src/tasks/task.worker.ts') = await import(dist('tasks/task.worker.js'));
const { SessionsService }: typeof import('../../src/sessions/sessions.service.ts') = await import(
  dist('sessions/sessions.service.js')
);
const { DataErasure }: typeof import('../../src/privacy/data.erasure.ts') = await import(
  dist('privacy/data.erasure.js')
);
const { DataExport }: typeof import('../../src/privacy/data.export.ts') = await import(dist('privacy/data.export.js'));

type Token<T> = abstract new (...args: never[]) => T;

const HOST = { tenant: 'default', id: 'host' };
const CAP = 2;
const PAGE = { limit: 20 };

/** An operation of round number `round`, which no other operation of the bench repeats. */
export interface Operation {
  readonly name: string;
  readonly run: (round: number) => Promise<unknown>;
  /** Whether it reads a limited number of rows, which the small database does not have. Then its ratio has no target. */
  readonly isCapped?: boolean;
  /** Undoes it; not measured. */
  readonly undo?: (round: number) => Promise<unknown>;
}

/** An application on a seeded database, without workers: these would run the queued tasks. */
export class SizedApp {
  readonly operations: readonly Operation[];
  readonly close: () => Promise<void>;

  private constructor(operations: readonly Operation[], close: () => Promise<void>) {
    this.operations = operations;
    this.close = close;
  }

  /** @param rounds the number of rounds that are measured. */
  static async open({ databaseUrl }: TestDatabase, size: Size, rounds: number): Promise<SizedApp> {
    const database = await Database.open(databaseUrl);
    await database.onApplicationShutdown();
    await seed(databaseUrl, size);
    TaskWorker.prototype.start = () => Promise.resolve();
    const app = await createTestApp({ databaseUrl, model: new InstantModel(), providers: [AssistantAgent] });
    return new SizedApp(operationsOf(app, size, rounds), () => app.close());
  }
}

type App = Awaited<ReturnType<typeof createTestApp>>;

function operationsOf(app: App, { rows }: Size, rounds: number): Operation[] {
  const get = <T>(token: Token<T>): T => app.module.get<T>(token, { strict: false });
  const claimed = new Map<number, string>();
  const [tasks, claims, rowsOfTasks, sessions, runs] = [
    get(TasksService),
    get(ClaimsRepository),
    get(TasksRepository),
    get(SessionsService),
    get(RunsService),
  ];
  const [erasure, exports, audit] = [get(DataErasure), get(DataExport), get(AuditService)];
  // Each round has a group of eight sessions: those of two tenants, and of the end users with odd numbers.
  const groups = Math.floor(rows / 8);
  const first = (round: number): number => 8 * Math.floor((round * groups) / rounds);
  return [
    {
      name: 'chat in a session',
      run: (round) => app.runner.run({ message: 'And now?', session_id: `session-${first(round) + 1}` }),
    },
    {
      name: 'claim of the next task',
      run: async (round) => claimed.set(round, (await claims.claimNext(CAP))?.run_id ?? ''),
      undo: (round) => rowsOfTasks.requeue(claimed.get(round) ?? '', 1, 0),
    },
    ...(['queued', 'waiting_approval', 'failed', 'completed'] as const).map((status) => ({
      name: `GET /tasks?status=${status}`,
      run: () => tasks.list(HOST, { ...PAGE, status }),
    })),
    { name: 'GET /runs', run: () => runs.list(PAGE, HOST) },
    {
      name: 'GET /runs?status=failed',
      run: () => runs.list({ ...PAGE, status: 'failed' }, HOST),
      isCapped: true,
    },
    {
      name: 'GET /admin/audit?end_user=',
      run: (round) => audit.list({ ...PAGE, tenant: HOST.tenant, endUser: endUserOf(first(round) + 2) }),
    },
    { name: 'GET /sessions', run: () => sessions.list(HOST, PAGE) },
    {
      name: 'approval of a call',
      run: (round) => tasks.decide(`few-${3 * (round % (FEW / 3))}`, 'approval', { decision: 'approve' }),
    },
    {
      name: 'export of an end user',
      run: (round) =>
        Array.fromAsync(exports.lines({ tenant: HOST.tenant, endUser: endUserOf(first(round) + 2) }, HOST)),
    },
    {
      name: 'erasure of an end user',
      run: (round) => erasure.eraseEndUser(HOST, endUserOf(first(round) + 6)),
    },
    { name: 'erasure of a session', run: (round) => sessions.erase(HOST, `session-${first(round) + 5}`) },
  ];
}

/** The end user of a session. */
function endUserOf(session: number): string {
  return `user-${session / 2}`;
}
