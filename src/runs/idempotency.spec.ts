import { FailingModel } from '../../test/support/failing.model.js';
import { stores, type TestDatabase } from '../../test/support/storage/stores.js';
import { until } from '../../test/support/until.js';
import { Agent, AgentError, Database, TasksService, Tool, ToolContext } from '../index.js';
import { createTestApp, type ScriptedTurn, type TestApp } from '../testing/index.js';
import { ImageResolver } from './admission/image.resolver.js';
import { OrphanedRuns } from './recovery/orphaned.runs.js';
import { Retention } from './retention/retention.js';

const { jest } = import.meta;

const DAY_MS = 86_400_000;
const KEYED = { idempotencyKey: 'k' };

@Agent({ role: 'assistant', description: 'Pays.', instructions: 'Pay.' })
class PayingAgent {
  readonly paid: string[] = [];
  readonly read: string[] = [];

  @Tool({ description: 'Pays' })
  pay({ idempotencyKey }: ToolContext): string {
    this.paid.push(idempotencyKey);
    return 'paid';
  }

  @Tool({ description: 'Reads', name: 'read', idempotent: true })
  readIt({ idempotencyKey }: ToolContext): string {
    this.read.push(idempotencyKey);
    return 'read';
  }
}

const away = new AgentError('model_unavailable');
const pay = [{ tool: 'pay' }];
const read = [{ tool: 'read' }];

describe.each(stores)('an idempotency key on $name', (store) => {
  let database: TestDatabase;
  let app: TestApp;
  let agent: PayingAgent;

  beforeEach(async () => (database = await store.create()));
  afterEach(async () => {
    await app.close();
    await database.drop();
  });

  async function start(...script: (ScriptedTurn | AgentError)[]): Promise<void> {
    const { databaseUrl } = database;
    app = await createTestApp({ model: new FailingModel(script), providers: [PayingAgent], databaseUrl });
    agent = app.module.get(PayingAgent);
  }

  const run = (message = 'Pay') => app.runner.run({ message, session_id: 's' }, KEYED);
  const query = () => app.module.get(Database).query;
  const lastEvent = async () => (await Array.fromAsync(app.runner.stream({ message: 'Pay' }, KEYED))).at(-1);

  it('is kept with the failure once a tool that must not be repeated has begun', async () => {
    await start(pay, away, pay, 'Done.');
    await expect(run()).rejects.toMatchObject({ code: 'model_unavailable' });
    await expect(run()).rejects.toMatchObject({ code: 'model_unavailable' });
    expect(agent.paid).toHaveLength(1);
  });

  it('is kept for a stream, too', async () => {
    await start(pay, away, pay, 'Done.');
    const failed = { type: 'run.failed', error: { error: 'model_unavailable' } };
    expect(await lastEvent()).toMatchObject(failed);
    expect(await lastEvent()).toMatchObject(failed);
    expect(agent.paid).toHaveLength(1);
  });

  it('lets a repeat with images ask no name servers', async () => {
    await start('A cat.', 'A cat.');
    const resolve = jest.spyOn(app.module.get(ImageResolver), 'addresses').mockResolvedValue(['93.184.216.34']);
    const request = {
      message: 'What is it?',
      parts: [{ type: 'image_url', url: 'https://cdn.example/a.png' }],
    } as const;
    const first = await app.runner.run(request, KEYED);
    const { task } = await app.module.get(TasksService).submit(request, KEYED);
    expect(resolve).toHaveBeenCalledTimes(2);

    resolve.mockResolvedValue([]);
    await expect(app.runner.run(request, KEYED)).resolves.toEqual(first);
    const repeat = await app.module.get(TasksService).submit(request, KEYED);
    expect(repeat).toMatchObject({ isReplayed: true, task: { task_id: task.task_id } });
    expect(resolve).toHaveBeenCalledTimes(2);
    const other = { ...request, message: 'What else?' };
    await expect(app.runner.run(other, { idempotencyKey: 'l' })).rejects.toMatchObject({ code: 'validation_failed' });
  });

  it('is kept if the process dies while the tool works', async () => {
    await start(pay, 'Done.', pay, 'Done.');
    await run();
    // The row as a death after the call leaves it.
    const open = { status: 'running', finished_at: null, outcome: null, owner: 'dead', holds_session: 1 } as const;
    await query().updateTable('runs').set(open).execute();
    await app.module.get(OrphanedRuns).recoverAll('dead');
    await expect(run()).rejects.toMatchObject({ code: 'run_interrupted' });
    expect(agent.paid).toHaveLength(1);
  });

  it('is free after a failure if all tools may be repeated, which get the same keys again', async () => {
    await start(read, away, read, 'Done.');
    await expect(run()).rejects.toMatchObject({ code: 'model_unavailable' });
    expect(await run()).toMatchObject({ reply: 'Done.' });
    expect(agent.read).toHaveLength(2);
    expect(new Set(agent.read).size).toBe(1);
  });

  it('keeps the keys of other tool calls apart', async () => {
    await start([...pay, ...pay], 'Done.', pay, 'Done.');
    await run();
    await app.runner.run({ message: 'Pay', session_id: 't' }, { idempotencyKey: 'other' });
    expect(agent.paid).toHaveLength(3);
    expect(new Set(agent.paid).size).toBe(3);
  });

  it('outlives a day while its task is open, and then by a day', async () => {
    await start('Done.', 'Done again.');
    const tasks = app.module.get(TasksService);
    const submit = () => tasks.submit({ message: 'Wait' }, KEYED);
    const { task } = await submit();
    await until('it has ended', async () => (await tasks.get(task.task_id)).finished_at);
    const age = (table: 'idempotency_keys' | 'runs', change: object) =>
      query().updateTable(table).set(change).execute();
    await age('idempotency_keys', { created_at: Date.now() - 2 * DAY_MS });
    // As if it were still open.
    await age('runs', { finished_at: null, status: 'waiting_approval' });
    await app.module.get(Retention).sweep();
    expect(await submit()).toMatchObject({ isReplayed: true, task: { task_id: task.task_id } });

    await age('runs', { finished_at: Date.now() - DAY_MS + 60_000, status: 'completed' });
    await app.module.get(Retention).sweep();
    expect(await submit()).toMatchObject({ isReplayed: true });

    await age('runs', { finished_at: Date.now() - DAY_MS - 60_000 });
    expect(await submit()).toMatchObject({ isReplayed: false });
    await app.module.get(Retention).sweep();
    expect(await query().selectFrom('idempotency_keys').selectAll().execute()).toHaveLength(1);
  });
});
