import { keepQuiet } from '../../test/support/quiet.js';
import { Gate, until } from '../../test/support/until.js';
import { HOST_PRINCIPAL } from '../auth/principal.js';
import { Agent, AgentError, Database } from '../index.js';
import { RunControl } from '../runs/recovery/run.control.js';
import { ReplicaId } from '../runs/recovery/replica.id.js';
import { RunFactory } from '../runs/run.factory.js';
import { newRow, type RunRow } from '../runs/run.row.js';
import { RunsRepository } from '../runs/runs.repository.js';
import { DatabaseUnavailableError } from '../storage/database.unavailable.js';
import { createTestApp, ScriptedModel, type TestApp, type TestAppOptions } from '../testing/index.js';
import { ClaimLoop } from './claims/claim.loop.js';
import { ClaimsRepository } from './claims/claims.repository.js';
import type { Task } from './task.js';
import { TasksRepository } from './tasks.repository.js';
import { TasksService } from './tasks.service.js';

const { jest } = import.meta;

/** Several polls, a second apart, on a machine that may be slow. */
const LIMIT_MS = 30_000;

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

describe('a task whose attempt cannot be opened or ended', () => {
  const captured = keepQuiet();
  let app: TestApp;
  let tasks: TasksService;

  let gate: Gate;

  beforeEach(() => (gate = new Gate()));
  afterEach(async () => {
    gate.open();
    await app.close();
  });

  async function start(options: Partial<TestAppOptions> = {}): Promise<void> {
    app = await createTestApp({ model: new ScriptedModel('Done.', 'Done.'), providers: [AssistantAgent], ...options });
    tasks = app.module.get(TasksService);
  }

  const opening = () => jest.spyOn(app.module.get(RunFactory), 'resume');

  /** Tries a task again at once, as if its delay were over. */
  function skipWaits(): void {
    const repository = app.module.get(TasksRepository);
    const requeue = repository.requeue.bind(repository);
    jest.spyOn(repository, 'requeue').mockImplementation(async (id, attempt, spentMs) => {
      const isQueued = await requeue(id, attempt, spentMs);
      app.module.get(RunControl).announceQueued(id);
      return isQueued;
    });
  }

  const submit = async (): Promise<string> => (await tasks.submit({ message: 'Hello' })).task.task_id;

  const ended = (id: string): Promise<Task> =>
    until(
      'it has ended',
      async () => {
        const task = await tasks.get(id, HOST_PRINCIPAL);
        return task.finished_at !== undefined && task;
      },
      LIMIT_MS,
    );

  const rowOf = (id: string): Promise<RunRow> =>
    app.module.get(Database).query.selectFrom('runs').selectAll().where('run_id', '=', id).executeTakeFirstOrThrow();

  async function insert(run_id: string, given: Partial<RunRow>): Promise<void> {
    const row = newRow({
      run_id,
      tenant: 'default',
      session_id: run_id,
      agent_role: 'assistant',
      kind: 'task',
      status: 'queued',
      attempt: 0,
      owner: null,
      caller: 'host',
      request_id: 'r',
      request: JSON.stringify({ message: 'Hello' }),
      model: 'scripted',
      created_at: 1,
      started_at: 1,
    });
    await app.module
      .get(Database)
      .query.insertInto('runs')
      .values({ ...row, holds_session: 0, ...given })
      .execute();
  }

  it('ends at its deadline, waits included', async () => {
    await start({ taskTimeoutMs: 2500 });
    skipWaits();
    opening().mockRejectedValue(new TypeError('broken for ever'));
    expect(await ended(await submit())).toMatchObject({
      status: 'failed',
      attempt: 3,
      error: { error: 'agent_timeout' },
    });
    expect(captured.warnings.at(-1)).toMatch(/could not start/);
  });

  it('ends after ten failures in a row', async () => {
    await start({ taskTimeoutMs: 3_600_000 });
    skipWaits();
    const open = opening().mockRejectedValue(new TypeError('broken for ever'));
    expect(await ended(await submit())).toMatchObject({
      status: 'failed',
      attempt: 10,
      error: { error: 'internal_error' },
    });
    expect(open).toHaveBeenCalledTimes(10);
    expect(captured.warnings.at(-1)).toMatch(/was given up/);
  });

  it('ends after ten failures in a row to store its answer', async () => {
    await start({ model: new ScriptedModel('Done.'), taskTimeoutMs: 3_600_000 });
    skipWaits();
    const end = jest.spyOn(app.module.get(RunsRepository), 'end').mockRejectedValue(new Error('duplicate key'));
    expect(await ended(await submit())).toMatchObject({
      status: 'failed',
      attempt: 10,
      error: { error: 'internal_error' },
    });
    expect(end).toHaveBeenCalledTimes(10);
    expect(captured.warnings.join()).toMatch(/duplicate key/);
  });

  it('continues after any number of outages of the database', async () => {
    await start({ taskTimeoutMs: 2500 });
    skipWaits();
    const open = opening();
    for (let round = 0; round < 11; round++)
      open.mockRejectedValueOnce(new DatabaseUnavailableError(new Error('the connection broke')));
    const id = await submit();
    expect(await ended(id)).toMatchObject({ status: 'completed', attempt: 12 });
    expect((await rowOf(id)).spent_ms).toBe(0);
  });

  it('leaves its turn to the next task of its caller', async () => {
    await start({ taskConcurrencyPerCaller: 1 });
    // The reconciler would find the task too, but later.
    jest.spyOn(ClaimLoop.prototype, 'wakeThoroughly').mockResolvedValue();
    const claim = jest.spyOn(app.module.get(ClaimsRepository), 'claim');
    opening().mockImplementationOnce(async () => {
      await gate.opened;
      throw new TypeError('broken once');
    });
    await submit();
    await until('the first task opens', () => claim.mock.calls.length === 1);
    const next = await submit();
    await until('the other one has to wait', () => claim.mock.results.length === 2);
    expect(await claim.mock.results[1]?.value).toBeUndefined();
    gate.open();
    expect(await ended(next)).toMatchObject({ status: 'completed', attempt: 1 });
  });

  it('continues after an internal failure', async () => {
    await start();
    skipWaits();
    opening().mockRejectedValueOnce(new AgentError('internal_error'));
    expect(await ended(await submit())).toMatchObject({ status: 'completed', attempt: 2 });
  });

  it('ends with an expected failure', async () => {
    await start();
    opening().mockRejectedValueOnce(new AgentError('model_output_invalid'));
    expect(await ended(await submit())).toMatchObject({
      status: 'failed',
      attempt: 1,
      error: { error: 'model_output_invalid' },
    });
  });

  it('does not block other tasks while it is delayed, even as a suspect', async () => {
    await start();
    const factory = app.module.get(RunFactory);
    const open = factory.resume.bind(factory);
    opening().mockImplementation(async (row, ...rest) => {
      if (row.run_id === 'suspect') throw new TypeError('broken for ever');
      return await open(row, ...rest);
    });
    await insert('suspect', { crashes: 2 });
    await until('it is requeued', async () => (await rowOf('suspect')).attempt > 0, LIMIT_MS);
    expect(await ended(await submit())).toMatchObject({ status: 'completed', attempt: 1 });
    expect((await rowOf('suspect')).attempt).toBeLessThan(5);
  });

  it(
    'stays with its process even if the opening takes long',
    async () => {
      await start();
      const factory = app.module.get(RunFactory);
      const open = factory.resume.bind(factory);
      opening().mockImplementationOnce(async (row, ...rest) => {
        await gate.opened;
        return await open(row, ...rest);
      });
      const id = await submit();
      await until('it is being opened', async () => (await rowOf(id)).status === 'running');
      const owner = app.module.get(ReplicaId).id;
      await insert('lost', { kind: 'stream', status: 'running', attempt: 1, owner });
      await until('the lost task is recovered', async () => (await rowOf('lost')).status === 'failed', LIMIT_MS);
      expect(await rowOf(id)).toMatchObject({ status: 'running', attempt: 1, owner });
      gate.open();
      expect(await ended(id)).toMatchObject({ status: 'completed', attempt: 1 });
    },
    LIMIT_MS,
  );
});
