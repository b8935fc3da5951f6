import { FailingModel } from '../../test/support/failing.model.js';
import { stores, type TestDatabase } from '../../test/support/storage/stores.js';
import { Gate, until } from '../../test/support/until.js';
import { Agent, AgentError, Database, type Principal, Tool, ToolContext } from '../index.js';
import { DataErasure } from '../privacy/data.erasure.js';
import { ERASED_SESSION } from '../runs/recovery/cancel.reasons.js';
import { RunsService } from '../runs/reading/runs.service.js';
import { createTestApp, type ScriptedTurn, type TestApp } from '../testing/index.js';
import type { Task } from './task.js';
import { TasksService } from './tasks.service.js';

const ADA: Principal = { tenant: 'default', id: 'key:ada', scopes: ['tasks'] };
const BOB: Principal = { tenant: 'default', id: 'key:bob', scopes: ['chat', 'tasks'] };

@Agent({ role: 'assistant', description: 'Pays.', instructions: 'Pay.' })
class PayingAgent {
  readonly paid: string[] = [];
  readonly read: Pick<ToolContext, 'idempotencyKey' | 'principal'>[] = [];
  onRead = (): void | Promise<void> => undefined;

  @Tool({ description: 'Pays' })
  pay({ idempotencyKey }: ToolContext): string {
    this.paid.push(idempotencyKey);
    return 'paid';
  }

  @Tool({ description: 'Reads', name: 'read', idempotent: true })
  async readIt({ idempotencyKey, principal }: ToolContext): Promise<string> {
    this.read.push({ idempotencyKey, principal });
    await this.onRead();
    return 'read';
  }
}

const refused = new AgentError('model_error');
const pay = [{ tool: 'pay' }];
const read = [{ tool: 'read' }];

describe.each(stores)('a new try of a failed task, on $name', (store) => {
  let database: TestDatabase;
  let app: TestApp;
  let model: FailingModel;
  let agent: PayingAgent;
  let tasks: TasksService;

  beforeEach(async () => (database = await store.create()));
  afterEach(async () => {
    await app.close();
    await database.drop();
  });

  async function start(...script: (ScriptedTurn | AgentError)[]): Promise<void> {
    const { databaseUrl } = database;
    model = new FailingModel(script);
    app = await createTestApp({ model, providers: [PayingAgent], databaseUrl });
    agent = app.module.get(PayingAgent);
    tasks = app.module.get(TasksService);
  }

  const query = () => app.module.get(Database).query;
  const rowOf = (id: string) =>
    query().selectFrom('runs').selectAll().where('run_id', '=', id).executeTakeFirstOrThrow();

  const ended = (id: string): Promise<Task> =>
    until('it has ended', async () => {
      const task = await tasks.get(id);
      return task.finished_at !== undefined && task;
    });

  async function failed(): Promise<string> {
    const request = { message: 'Pay', session_id: 's', metadata: { order: '7' } };
    const { task } = await tasks.submit(request, { principal: ADA });
    expect(await ended(task.task_id)).toMatchObject({ status: 'failed' });
    return task.task_id;
  }

  it('continues after the finished steps of the first, for the principal that asks for it', async () => {
    await start(pay, read, refused, 'Done.');
    const first = await failed();
    const { task, isReplayed } = await tasks.retry(first, { principal: BOB, requestId: 'again' });
    expect(isReplayed).toBe(false);
    expect(task).toMatchObject({ status: 'queued', session_id: 's', retry_of: first });
    expect(task.task_id).not.toBe(first);
    expect(await ended(task.task_id)).toMatchObject({ status: 'completed', result: { reply: 'Done.' } });
    expect(agent.paid).toHaveLength(1);
    expect(agent.read).toHaveLength(1);
    expect(model.requests.at(-1)?.messages.map(({ content }) => content)).toEqual(['Pay', '', 'paid', '', 'read']);
    const row = await rowOf(task.task_id);
    expect(row).toMatchObject({ caller: 'key:bob', scopes: 'chat tasks', request_id: 'again', retry_of: first });
    expect(JSON.parse(row.metadata ?? '')).toEqual({ order: '7' });
    expect(await tasks.get(first)).toMatchObject({ status: 'failed' });
  });

  it('keeps the steps of a failed task, and those of no completed one', async () => {
    await start(pay, refused, read, 'Done.');
    const first = await failed();
    const { task } = await tasks.retry(first, { principal: BOB });
    const details = await until('it has completed', async () => {
      const run = await app.module.get(RunsService).get(task.task_id);
      return run.status === 'completed' && run;
    });
    expect(details.turns.map(({ step }) => step)).toEqual(['1', '2', '3']);
    expect(details.tool_calls).toMatchObject([
      { step: '1.0', tool: 'pay', is_error: false },
      { step: '2.0', tool: 'read', is_error: false },
    ]);
    const steps = await query().selectFrom('steps').select(['run_id', 'step']).orderBy('step').execute();
    expect(steps).toEqual([
      { run_id: first, step: '1' },
      { run_id: first, step: '1.0' },
    ]);
    expect((await tasks.retry(first, { principal: BOB })).task.retry_of).toBe(first);
  });

  it('keeps the webhook only for the principal that submitted the first', async () => {
    await start(pay, refused, 'Done.', 'Done.');
    const first = await failed();
    const webhook_url = 'https://ada.example/done';
    await query().updateTable('runs').set({ webhook_url }).where('run_id', '=', first).execute();
    const { task } = await tasks.retry(first, { principal: BOB });
    await ended(task.task_id);
    expect(await rowOf(task.task_id)).toMatchObject({ webhook_url: null });
    const own = await tasks.retry(first, { principal: ADA });
    await ended(own.task.task_id);
    expect(await rowOf(own.task.task_id)).toMatchObject({ webhook_url });
  });

  it('is a single task while it is open', async () => {
    const gate = new Gate();
    await start(pay, refused, read, 'Done.', 'Done.');
    agent.onRead = () => gate.opened;
    const first = await failed();
    const both = await Promise.all([1, 2].map(() => tasks.retry(first, { principal: BOB })));
    expect(new Set(both.map(({ isReplayed }) => isReplayed))).toEqual(new Set([false, true]));
    const [id, ...others] = both.map(({ task }) => task.task_id);
    expect(others).toEqual([id]);

    const refusal = { code: 'task_not_retryable', message: `Task "${id}" already retries it, and is not over.` };
    await expect(tasks.retry(first, { principal: ADA })).rejects.toMatchObject(refusal);
    const keyed = { principal: BOB, idempotencyKey: 'second' };
    await expect(tasks.retry(first, keyed)).rejects.toMatchObject(refusal);
    gate.open();
    await ended(id ?? '');
    expect((await tasks.retry(first, keyed)).isReplayed).toBe(false);
  });

  it('counts only its own model calls', async () => {
    await start(pay, refused, 'Done.');
    const first = await failed();
    const { task } = await tasks.retry(first, { principal: BOB });
    await ended(task.task_id);
    expect(await rowOf(first)).toMatchObject({ input_tokens: 10, output_tokens: 5 });
    expect(await rowOf(task.task_id)).toMatchObject({ input_tokens: 10, output_tokens: 5 });
    const usage = await query().selectFrom('usage').select(['caller', 'input_tokens']).orderBy('caller').execute();
    expect(usage).toEqual([
      { caller: 'key:ada', input_tokens: 10 },
      { caller: 'key:bob', input_tokens: 10 },
    ]);
  });

  it('repeats an unfinished call that may be repeated under its first idempotency key, and no other', async () => {
    await start([...pay, ...read], 'Done.', 'Done.');
    const { task: first } = await tasks.submit({ message: 'Pay' }, { principal: ADA });
    agent.onRead = async () => void (await tasks.cancel(first.task_id));
    expect(await ended(first.task_id)).toMatchObject({ status: 'cancelled' });
    await query()
      .updateTable('steps')
      .set({ state: 'started', body: '', attempt: 1 })
      .where('step', '=', '1.0')
      .execute();
    let openId = '';
    agent.onRead = async () => void (await tasks.cancel(openId));
    openId = (await tasks.retry(first.task_id, { principal: BOB })).task.task_id;
    expect(await ended(openId)).toMatchObject({ status: 'cancelled' });
    agent.onRead = () => undefined;
    const { task } = await tasks.retry(openId, { principal: BOB });
    expect(await ended(task.task_id)).toMatchObject({ status: 'completed' });
    const [one, ...others] = agent.read.map(({ idempotencyKey }) => idempotencyKey);
    expect(others).toEqual([one, one]);
    expect(agent.read[1]?.principal).toMatchObject({ id: 'key:bob' });
    expect(agent.paid).toHaveLength(1);
    expect(model.requests.at(-1)?.messages.find(({ role }) => role === 'tool')?.content).toMatch('unknown');
  });

  it('stays with the end user of the first if its principal acts for none', async () => {
    await start(refused, 'Done.');
    const ada = { ...ADA, endUser: 'ada' };
    const { task: first } = await tasks.submit({ message: 'Pay', session_id: 's' }, { principal: ada });
    expect(await ended(first.task_id)).toMatchObject({ status: 'failed' });
    const { task } = await tasks.retry(first.task_id, { principal: BOB });
    expect(await ended(task.task_id)).toMatchObject({ status: 'completed' });
    expect(await rowOf(task.task_id)).toMatchObject({ caller: 'key:bob', end_user: 'ada' });
    await app.module.get(DataErasure, { strict: false }).eraseEndUser(BOB, 'ada');
    expect(await query().selectFrom('runs').select('run_id').execute()).toEqual([]);
  });

  it('is one task for one key, and several without', async () => {
    await start(refused, 'One.', 'Two.');
    const first = await failed();
    const keyed = { principal: BOB, idempotencyKey: 'k' };
    const { task } = await tasks.retry(first, keyed);
    await ended(task.task_id);
    expect(await tasks.retry(first, keyed)).toMatchObject({ isReplayed: true, task: { task_id: task.task_id } });
    expect(await ended((await tasks.retry(first, { principal: BOB })).task.task_id)).toMatchObject({
      result: { reply: 'Two.' },
    });
  });

  it('waits for its session as any task', async () => {
    await start(refused, read, 'Busy.');
    const first = await failed();
    let release = (): void => undefined;
    agent.onRead = () => new Promise((resolve) => (release = resolve));
    const busy = app.runner.run({ message: 'Busy', session_id: 's' });
    await until('it is busy', () => agent.read.length > 0);
    await expect(tasks.retry(first, { principal: BOB })).rejects.toMatchObject({ code: 'session_busy' });
    release();
    await busy;
  });

  it('is refused for tasks that are open, completed, erased, or of others', async () => {
    await start(refused, 'Done.');
    const first = await failed();
    const { task } = await tasks.submit({ message: 'Hi' }, { principal: ADA });
    await ended(task.task_id);
    await expect(tasks.retry(task.task_id)).rejects.toMatchObject({ code: 'task_not_retryable' });
    await expect(tasks.retry('unknown')).rejects.toMatchObject({ code: 'task_not_found' });
    await expect(tasks.retry(first, { principal: { ...BOB, tenant: 'other' } })).rejects.toMatchObject({
      code: 'task_not_found',
    });
    await expect(tasks.retry(first, { principal: { ...BOB, endUser: 'eve' } })).rejects.toMatchObject({
      code: 'task_not_found',
    });
    const set = (change: object) => query().updateTable('runs').set(change).where('run_id', '=', first).execute();
    await set({ status: 'cancelled', cancel_reason: ERASED_SESSION });
    await expect(tasks.retry(first)).rejects.toMatchObject({ code: 'task_not_retryable' });
    await set({ status: 'waiting_approval', cancel_reason: null, finished_at: null });
    await expect(tasks.retry(first)).rejects.toMatchObject({ code: 'task_not_retryable' });
    expect(await query().selectFrom('runs').select('run_id').execute()).toHaveLength(2);
  });
});
