import { stores, type TestDatabase } from '../../test/support/storage/stores.js';
import { Gate, until } from '../../test/support/until.js';
import { Agent, type ModelCall, type ModelRequest, type Principal } from '../index.js';
import { createTestApp, ScriptedModel, type TestApp } from '../testing/index.js';
import { TasksService } from './tasks.service.js';

const ADA: Principal = { tenant: 'default', id: 'key:ada', scopes: ['tasks'] };
const BOB: Principal = { tenant: 'default', id: 'key:bob', scopes: ['tasks'] };

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

/** Answers once the gate is open. */
class GatedModel extends ScriptedModel {
  readonly gate = new Gate();

  override async *stream(request: ModelRequest, call: ModelCall) {
    await this.gate.opened;
    yield* super.stream(request, call);
  }
}

describe.each(stores)('the limit of queued tasks, on $name', (store) => {
  let database: TestDatabase;
  let app: TestApp;
  let model: GatedModel;
  let tasks: TasksService;

  beforeEach(async () => {
    database = await store.create();
    model = new GatedModel(...Array.from({ length: 9 }, () => 'Done.'));
    const { databaseUrl } = database;
    app = await createTestApp({
      model,
      databaseUrl,
      maxQueuedTasks: 2,
      taskConcurrency: 1,
      providers: [AssistantAgent],
    });
    tasks = app.module.get(TasksService);
  });

  afterEach(async () => {
    model.gate.open();
    await app.close();
    await database.drop();
  });

  const submit = (principal: Principal, idempotencyKey?: string) =>
    tasks.submit({ message: 'Hi' }, { principal, idempotencyKey });

  const statusOf = async (id: string): Promise<string> => (await tasks.get(id, ADA)).status;

  it('refuses more tasks of that caller, also new tries, until one has begun', async () => {
    const first = (await submit(ADA)).task.task_id;
    await until('it runs', async () => (await statusOf(first)) === 'running');
    const second = (await submit(ADA, 'second')).task.task_id;
    await tasks.cancel(second, ADA);
    await submit(ADA);
    await submit(ADA, 'third');

    const refusal = { code: 'rate_limited', retryAfterSeconds: expect.any(Number) };
    await expect(submit(ADA, 'fourth')).rejects.toMatchObject(refusal);
    await expect(tasks.retry(second, { principal: ADA })).rejects.toMatchObject(refusal);
    expect(await submit(ADA, 'third')).toMatchObject({ isReplayed: true });
    expect(await submit(BOB)).toMatchObject({ isReplayed: false });

    model.gate.open();
    await until('the first has ended', async () => (await statusOf(first)) === 'completed');
    await until('another may wait', async () => (await submit(ADA, 'fourth').catch(() => undefined)) !== undefined);
  });
});
