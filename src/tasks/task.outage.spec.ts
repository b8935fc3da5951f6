import { DatabaseSync } from 'node:sqlite';
import { keepQuiet } from '../../test/support/quiet.js';
import { hasPostgres, postgres, sqlite, type TestDatabase } from '../../test/support/storage/stores.js';
import { TcpProxy } from '../../test/support/servers/tcp.proxy.js';
import { until } from '../../test/support/until.js';
import { ApiKeyCache } from '../auth/api-key.cache.js';
import { HOST_PRINCIPAL, type Principal } from '../auth/principal.js';
import { Agent, Database, Guardrail, KeysService, type ModelCall, type ModelRequest, Tool } from '../index.js';
import { RunHistory } from '../runs/loop/history/run.history.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { DatabaseUnavailableError } from '../storage/database.unavailable.js';
import { createTestApp, ScriptedModel, type TestApp } from '../testing/index.js';
import { Budgets } from '../usage/budgets.js';
import type { Task } from './task.js';
import { TaskQueue } from './queue/task.queue.js';
import { TasksService } from './tasks.service.js';

const { jest } = import.meta;

/** How often host code fails because the database is away. */
let hostFailures = 0;
let onLook = (): void => undefined;

function failSometimes(): void {
  if (hostFailures-- > 0) throw new Error('The host could not look it up.', { cause: away() });
}

class CheckedInput extends Guardrail {
  override checkInput(): Promise<undefined> {
    failSometimes();
    return Promise.resolve(undefined);
  }
}

@Agent({ role: 'assistant', description: 'Looks.', instructions: 'Look.' })
class LookupAgent {
  @Tool({ description: 'Looks', idempotent: true })
  lookUp(): string {
    failSometimes();
    onLook();
    return 'seen';
  }
}

@Agent({ role: 'guarded', description: 'Is guarded.', instructions: 'Answer.', guardrails: [CheckedInput] })
class GuardedAgent {}

/** Calls the tool as often as the message says, then answers. */
class BusyModel extends ScriptedModel {
  override reply({ messages }: ModelRequest, { signal }: ModelCall) {
    signal.throwIfAborted();
    const turns = Number(messages.find(({ role }) => role === 'user')?.content);
    const isDone = messages.filter(({ role }) => role === 'tool').length >= turns;
    return Promise.resolve({
      text: isDone ? 'Done.' : '',
      toolCalls: isDone ? [] : [{ callId: `c-${messages.length}`, name: 'look_up', arguments: '{}' }],
      model: 'scripted',
      usage: { inputTokens: 10, outputTokens: 5 },
      isTruncated: false,
    });
  }
}

function away(): DatabaseUnavailableError {
  return new DatabaseUnavailableError(new Error('the connection broke'));
}

const captured = keepQuiet();
let app: TestApp;
let tasks: TasksService;

async function start(databaseUrl?: string): Promise<void> {
  const providers = [LookupAgent, GuardedAgent, CheckedInput];
  app = await createTestApp({ model: new BusyModel(), providers, ...(databaseUrl && { databaseUrl }) });
  tasks = app.module.get(TasksService);
}

const stateOf = (task: Task): Promise<Task> => tasks.get(task.task_id, HOST_PRINCIPAL);

const ended = (task: Task, limitMs?: number): Promise<Task> =>
  until(
    'the task has ended',
    async () => {
      const found = await stateOf(task).catch(() => undefined);
      return found?.finished_at !== undefined && found;
    },
    limitMs,
  );

async function submit(principal: Principal = HOST_PRINCIPAL, turns = 1, role = 'assistant'): Promise<Task> {
  return (await tasks.submit({ message: String(turns), agent_role: role }, { principal })).task;
}

/** The first look-up is that of the submission. */
function failSecondKey(): void {
  const keys = app.module.get(ApiKeyCache);
  const find = keys.find.bind(keys);
  jest.spyOn(keys, 'find').mockImplementationOnce(find).mockRejectedValueOnce(away());
}

describe('a task whose database fails a read', () => {
  beforeEach(async () => {
    hostFailures = 0;
    await start();
  });

  afterEach(() => app.close());

  const faults: [string, () => void][] = [
    ['the history', () => void jest.spyOn(app.module.get(RunHistory), 'load').mockRejectedValueOnce(away())],
    ['a budget', () => void jest.spyOn(app.module.get(Budgets), 'reserve').mockRejectedValueOnce(away())],
    ['a key', failSecondKey],
    ['a session', () => void jest.spyOn(app.module.get(SessionsService), 'open').mockRejectedValueOnce(away())],
    ['the data of a tool of the host', () => (hostFailures = 1)],
  ];

  it.each(faults)('continues afterwards: %s', async (_, fail) => {
    fail();
    const task = await submit({ tenant: 'default', id: 'key:0f1e2d3c4b5a6978' });
    expect(await ended(task)).toMatchObject({ status: 'completed', attempt: 2, result: { reply: 'Done.' } });
    expect(captured.warnings.join('\n')).toMatch(/the connection broke.*requeued/s);
  });

  it('continues afterwards: the data of a guardrail of the host', async () => {
    hostFailures = 1;
    expect(await ended(await submit(HOST_PRINCIPAL, 0, 'guarded'))).toMatchObject({ status: 'completed', attempt: 2 });
  });

  it('is not claimed again at once, even if it is enqueued repeatedly', async () => {
    const triedMs: number[] = [];
    jest.spyOn(app.module.get(RunHistory), 'load').mockImplementation(() => {
      triedMs.push(performance.now());
      return triedMs.length > 2 ? Promise.resolve() : Promise.reject(away());
    });
    const task = await submit();
    const queue = app.module.get(TaskQueue);
    await until('it has been tried again', async () => {
      await queue.enqueue(task.task_id);
      return triedMs.length > 2;
    });
    expect(await ended(task)).toMatchObject({ status: 'completed', attempt: 3 });
    const [first = 0, second = 0, third = 0] = triedMs;
    expect(second - first).toBeGreaterThanOrEqual(1000);
    expect(third - second).toBeGreaterThanOrEqual(2000);
  });

  it('fails a chat and a stream, which cannot continue, with storage_unavailable', async () => {
    const load = jest.spyOn(app.module.get(RunHistory), 'load').mockRejectedValue(away());
    const failure = app.runner.run({ message: '1' });
    await expect(failure).rejects.toMatchObject({ code: 'storage_unavailable', retryAfterSeconds: 1 });
    await expect(failure).rejects.not.toThrow('the connection broke');
    const events = await Array.fromAsync(app.runner.stream({ message: '1' }));
    expect(events.at(-1)).toMatchObject({ type: 'run.failed', error: { error: 'storage_unavailable' } });
    load.mockRestore();
    hostFailures = 1;
    await expect(app.runner.run({ message: '1' })).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(await app.runner.run({ message: '1' })).toMatchObject({ reply: 'Done.' });
  });
});

(hasPostgres ? describe : describe.skip)('tasks of a key with a budget, during outages of PostgreSQL', () => {
  let created: TestDatabase;
  let proxy: TcpProxy;
  /** Bypasses the proxy. */
  let watching: Database;

  beforeEach(async () => {
    created = await postgres.create();
    const url = new URL(created.databaseUrl);
    proxy = await TcpProxy.to(Number(url.port));
    url.port = String(proxy.port);
    await start(url.href);
    watching = await Database.open(created.databaseUrl);
  });

  afterEach(async () => {
    await app.close();
    await proxy.close();
    await watching.onApplicationShutdown();
    await created.drop();
  });

  const isAway = (): Promise<boolean> =>
    app.module
      .get(Database)
      .ping()
      .then(
        () => false,
        () => true,
      );

  const stepCount = async (): Promise<number> =>
    (
      await watching.query
        .selectFrom('steps')
        .select((of) => of.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
    ).count;

  it('all complete', async () => {
    const wanted = { name: 'k', tenant: 'acme', scopes: ['tasks'] as const, tokensPerMonth: 1_000_000_000 };
    const { key_id } = await app.module.get(KeysService).create(wanted, 'test');
    const principal = { tenant: 'acme', id: `key:${key_id}` };
    await Promise.all(Array.from({ length: 10 }, () => submit(principal, 9)));
    for (let outage = 0; outage < 2; outage++) {
      const before = await stepCount();
      await until('they work', async () => (await stepCount()) > before + 20, 60_000);
      proxy.cut();
      await until('it is detected', isAway);
      proxy.mend();
    }
    const rows = await until(
      'all have ended',
      async () => {
        const found = await watching.query
          .selectFrom('runs')
          .select(['status', 'attempt', 'error', 'finished_at'])
          .execute();
        return found.every(({ finished_at }) => finished_at !== null) && found;
      },
      90_000,
    );
    expect(rows.filter(({ status }) => status !== 'completed')).toEqual([]);
    expect(rows).toHaveLength(10);
    expect(rows.some(({ attempt }) => attempt > 1)).toBe(true);
  }, 150_000);
});

describe('a task whose SQLite file is locked by another process', () => {
  it('continues afterwards, while callers get a retry hint', async () => {
    const created = await sqlite.create();
    await start(created.databaseUrl);
    const shell = new DatabaseSync(created.databaseUrl.slice('file:'.length));
    try {
      const locked = Promise.withResolvers<void>();
      onLook = () => {
        onLook = () => undefined;
        shell.exec('begin immediate');
        locked.resolve();
      };
      const task = await submit();
      await locked.promise;
      await expect(app.runner.run({ message: '1' })).rejects.toMatchObject({ code: 'storage_unavailable' });
      shell.exec('commit');
      expect(await ended(task)).toMatchObject({ status: 'completed', attempt: 2 });
    } finally {
      shell.close();
      await app.close();
      await created.drop();
    }
  });
});
