import { Gate, until } from '../../test/support/until.js';
import { keepQuiet } from '../../test/support/quiet.js';
import { CallerSchemas } from '../agents/schemas/caller.schemas.js';
import { SchemaThread, SchemaThreadFailed } from '../agents/schemas/schema.thread.js';
import { HOST_PRINCIPAL } from '../auth/principal.js';
import { Agent, AgentError } from '../index.js';
import { createTestApp, ScriptedModel, type TestApp } from '../testing/index.js';
import { QuotaService } from '../usage/quota.service.js';
import type { Task } from './task.js';
import { TaskWorker } from './task.worker.js';
import { TasksRepository } from './tasks.repository.js';
import { TasksService } from './tasks.service.js';

const { jest } = import.meta;

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

const REQUEST = {
  message: 'Where?',
  output_schema: { type: 'object', properties: { city: { type: 'string' } } },
};

keepQuiet();
let app: TestApp;
let tasks: TasksService;
let schemas: CallerSchemas;
let model: ScriptedModel;

beforeEach(async () => {
  model = new ScriptedModel('{"city":"Oslo"}');
  app = await createTestApp({ model, providers: [AssistantAgent], shutdownTimeoutMs: 50 });
  [tasks, schemas] = [app.module.get(TasksService), app.module.get(CallerSchemas)];
});

afterEach(() => app.close());

const ended = ({ task_id }: Task): Promise<Task> =>
  until('the task has ended', async () => {
    const task = await tasks.get(task_id);
    return task.finished_at !== undefined && task;
  });

/** The schema thread fails this many times after the model was called. */
function failAfterReply(times: number): void {
  const reply = model.reply.bind(model);
  jest.spyOn(model, 'reply').mockImplementationOnce((...args) => {
    const run = jest.spyOn(SchemaThread.prototype, 'run');
    for (let time = 0; time < times; time++) run.mockRejectedValueOnce(new SchemaThreadFailed(new Error('it died')));
    return reply(...args);
  });
}

/** A task whose schema waits in line until the gate opens. */
async function waiting(gate: Gate): Promise<Task> {
  const inLine = new Gate();
  const compile = schemas.compile.bind(schemas);
  jest.spyOn(schemas, 'compile').mockImplementationOnce((...args) => {
    // Another job occupies the thread.
    jest.spyOn(SchemaThread.prototype, 'run').mockImplementationOnce(async () => {
      await gate.opened;
      return { type: 'too costly' };
    });
    void compile(REQUEST.output_schema, HOST_PRINCIPAL).catch(() => undefined);
    inLine.open();
    return compile(...args);
  });
  const { task } = await tasks.submit(REQUEST);
  await inLine.opened;
  return task;
}

describe('a task with a schema', () => {
  it('continues in another attempt if the thread that checks its answer failed twice', async () => {
    failAfterReply(2);
    const { task } = await tasks.submit(REQUEST);

    expect(await ended(task)).toMatchObject({ status: 'completed', attempt: 2 });
    expect(model.requests).toHaveLength(1);
  });

  it('leaves the queue of schemas if it is cancelled', async () => {
    const gate = new Gate();
    const task = await waiting(gate);
    await tasks.cancel(task.task_id);
    const { status } = await ended(task).finally(() => gate.open());

    expect(status).toBe('cancelled');
  });

  it('leaves the queue of schemas, and is requeued, at the end of a shutdown', async () => {
    const gate = new Gate();
    const { task_id } = await waiting(gate);
    const requeue = jest.spyOn(app.module.get(TasksRepository), 'requeue');
    const drained = app.module.get(TaskWorker).drain();
    await until('the task is requeued', () => requeue.mock.calls.length > 0, 2000).finally(() => gate.open());

    expect(requeue).toHaveBeenCalledWith(task_id, 1, 0, 0);
    await drained;
  });
});

describe('a caller without a budget', () => {
  it.each([
    ['a run', () => app.runner.run(REQUEST)],
    ['a task', () => tasks.submit(REQUEST)],
  ])('cannot start a compilation with %s', async (_, ask) => {
    jest
      .spyOn(app.module.get(QuotaService), 'assertAvailable')
      .mockRejectedValue(new AgentError('token_budget_exhausted'));
    const admit = jest.spyOn(schemas, 'admit');

    await expect(ask()).rejects.toMatchObject({ code: 'token_budget_exhausted' });
    expect(admit).not.toHaveBeenCalled();
  });
});
