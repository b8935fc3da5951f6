import { keepQuiet } from '../../test/support/quiet.js';
import { until } from '../../test/support/until.js';
import { HOST_PRINCIPAL } from '../auth/principal.js';
import { Agent, AgentError, Database, type ModelReply, Tool } from '../index.js';
import { brokenAnswerError } from '../models/openai/provider.failure.js';
import { createTestApp, ScriptedModel, type TestApp } from '../testing/index.js';
import type { Task } from './task.js';
import { TasksService } from './tasks.service.js';

@Agent({ role: 'assistant', description: 'Counts.', instructions: 'Count.' })
class CountingAgent {
  calls = 0;
  onCount = (): void | Promise<void> => undefined;

  @Tool({ description: 'Counts' })
  async count(): Promise<string> {
    await this.onCount();
    return String(++this.calls);
  }
}

/** Throws its failures first, then answers with the turns of its script. */
class BusyModel extends ScriptedModel {
  readonly failures: (() => unknown)[] = [];
  calls = 0;

  override reply(...given: Parameters<ScriptedModel['reply']>): Promise<ModelReply> {
    this.calls++;
    const failure = this.failures.shift()?.();
    return failure === undefined ? super.reply(...given) : Promise.reject(failure);
  }
}

const away = () => new AgentError('model_unavailable');
const captured = keepQuiet();
let app: TestApp;
let tasks: TasksService;
let model: BusyModel;

async function start(scripted: BusyModel, taskTimeoutMs?: number): Promise<void> {
  model = scripted;
  app = await createTestApp({ model, providers: [CountingAgent], ...(taskTimeoutMs && { taskTimeoutMs }) });
  tasks = app.module.get(TasksService);
}

const submit = async (): Promise<string> => (await tasks.submit({ message: 'Count', session_id: 's' })).task.task_id;

const ended = (id: string): Promise<Task> =>
  until(
    'the task has ended',
    async () => {
      const task = await tasks.get(id, HOST_PRINCIPAL);
      return task.finished_at !== undefined && task;
    },
    15_000,
  );

async function eventsOf(id: string): Promise<Record<string, unknown>[]> {
  const events: Record<string, unknown>[] = [];
  for await (const batch of (await tasks.follow(id)) ?? []) events.push(...batch.map(({ data }) => JSON.parse(data)));
  return events;
}

describe('a task whose provider fails', () => {
  afterEach(() => app.close());

  it.each([
    ['away', away],
    ['busy', () => new AgentError('model_rate_limited')],
    ['cut off', () => brokenAnswerError()],
  ])('waits and continues after its finished steps: %s', async (_, failure) => {
    await start(new BusyModel([{ tool: 'count' }], 'Done.'));
    model.failures.push(() => undefined, failure, failure);
    const id = await submit();
    const waiting = await until('it waits', async () => {
      const task = await tasks.get(id);
      return task.attempt === 1 && task.status === 'queued' && task;
    });
    expect(waiting.error).toBeUndefined();
    expect(await ended(id)).toMatchObject({ status: 'completed', attempt: 3, result: { reply: 'Done.' } });
    expect(app.module.get(CountingAgent).calls).toBe(1);
    const events = await eventsOf(id);
    expect(events.map(({ type }) => type)).toEqual([
      'run.started',
      'tool.started',
      'tool.completed',
      'run.waiting',
      'run.restarted',
      'run.waiting',
      'run.restarted',
      'message.delta',
      'run.completed',
    ]);
    const [first, second] = events.filter(({ type }) => type === 'run.waiting');
    expect(first).toMatchObject({ reason: 'retry', until: expect.stringMatching(/^\d{4}-.*Z$/) });
    // The second failure in a row waits longer.
    const waits = [first, second].map((event) => Date.parse(String(event?.until)));
    expect(waits[1]).toBeGreaterThan(waits[0] ?? Infinity);
    expect(captured).toBeDefined();
  });

  it('forgets the failures before a finished step even if its process dies', async () => {
    await start(new BusyModel([{ tool: 'count' }], 'Done.'));
    model.failures.push(away);
    const stored: unknown[] = [];
    app.module.get(CountingAgent).onCount = async () => {
      const { query } = app.module.get(Database);
      stored.push(await query.selectFrom('runs').select(['attempt', 'failures']).executeTakeFirst());
    };
    expect(await ended(await submit())).toMatchObject({ status: 'completed', attempt: 2 });
    expect(stored).toEqual([{ attempt: 2, failures: null }]);
  });

  it('fails with that failure once its time is over', async () => {
    await start(new BusyModel(), 2500);
    model.failures.push(...Array.from({ length: 50 }, () => away));
    const task = await ended(await submit());
    expect(task).toMatchObject({ status: 'failed', error: { error: 'model_unavailable' } });
    expect(task.attempt).toBeGreaterThan(1);
    expect(task.attempt).toBeLessThan(8);
  });

  it('waits as long as the provider asks for', async () => {
    await start(new BusyModel('Done.'));
    model.failures.push(() => new AgentError('model_rate_limited', { retryAfterSeconds: 600 }));
    const id = await submit();
    const row = await until('it waits', async () => {
      const { query } = app.module.get(Database);
      const found = await query.selectFrom('runs').selectAll().where('run_id', '=', id).executeTakeFirst();
      return found !== undefined && found.not_before !== null && found;
    });
    expect(Number(row.not_before) - Date.now()).toBeGreaterThan(590_000);
    expect(model.calls).toBe(1);
    expect(await tasks.cancel(id)).toMatchObject({ status: 'cancelled' });
  });

  it.each([
    ['a refusal', () => new AgentError('model_error')],
    ['a filter', () => new AgentError('content_filtered')],
    ['a budget', () => new AgentError('token_budget_exhausted')],
  ])('fails at once if another attempt would fail again: %s', async (_, failure) => {
    await start(new BusyModel('Done.'));
    model.failures.push(failure);
    expect(await ended(await submit())).toMatchObject({ status: 'failed', attempt: 1 });
  });

  it('stays a failure for callers that wait', async () => {
    await start(new BusyModel('Done.'));
    model.failures.push(away);
    await expect(app.runner.run({ message: 'Hi' })).rejects.toMatchObject({ code: 'model_unavailable' });
  });
});
