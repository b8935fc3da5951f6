import { sql } from 'kysely';
import { stores, type TestDatabase } from '../../../test/support/storage/stores.js';
import { Agent, AgentError, Database, HOST_PRINCIPAL, RunsService, TasksService, Tool } from '../../index.js';
import { DatabaseUnavailableError } from '../../storage/database.unavailable.js';
import { createTestApp, ScriptedModel, type TestApp } from '../../testing/index.js';
import { RunsRepository } from '../runs.repository.js';

const { jest } = import.meta;

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {
  @Tool({ description: 'Looks' })
  look(): string {
    return 'heron-result';
  }

  @Tool({ description: 'Pays', needsApproval: true })
  pay(): string {
    return 'paid';
  }
}

const REQUEST = { message: 'heron-question', store: false, metadata: { bird: 'heron-tag' } };

describe.each(stores)('a run that is not stored, on $name', (store) => {
  let database: TestDatabase;
  let app: TestApp;
  let model: ScriptedModel;

  beforeEach(async () => {
    database = await store.create();
  });

  afterEach(async () => {
    await app.close();
    await database.drop();
  });

  async function start(...turns: ConstructorParameters<typeof ScriptedModel>): Promise<void> {
    model = new ScriptedModel(...turns);
    app = await createTestApp({ model, databaseUrl: database.databaseUrl, providers: [AssistantAgent] });
  }

  const query = () => app.module.get(Database).query;

  /** All rows that hold data of runs and sessions, as text. */
  async function stored(): Promise<string> {
    const tables = ['runs', 'sessions', 'messages', 'events', 'steps', 'approvals', 'idempotency_keys', 'usage'];
    const rows = await Promise.all(tables.map((table) => sql`select * from ${sql.table(table)}`.execute(query())));
    return JSON.stringify(rows.map((result) => result.rows));
  }

  it('leaves its usage behind, and nothing that was said', async () => {
    await start([{ tool: 'look' }], 'heron-answer');
    const outcome = await app.runner.complete(REQUEST, { idempotencyKey: 'once' });
    expect(outcome).toMatchObject({ output: 'heron-answer', metadata: REQUEST.metadata });
    expect(await stored()).not.toContain('heron');
    const runs = app.module.get(RunsService);
    expect(await runs.get(outcome.run_id, HOST_PRINCIPAL)).toMatchObject({
      status: 'completed',
      usage: { input_tokens: 20, output_tokens: 10 },
    });
    const again = app.runner.complete(REQUEST, { idempotencyKey: 'once' });
    await expect(again).rejects.toMatchObject({ code: 'answer_not_stored' });
  });

  it('streams its events to the request alone', async () => {
    await start([{ tool: 'look' }], 'heron-answer goes on', () => {
      throw new AgentError('model_error', { detail: 'heron-failure' });
    });
    const seen: unknown[] = [];
    let runId = '';
    for await (const event of app.runner.stream(REQUEST)) {
      seen.push([event.sequence, event.type]);
      runId = event.run_id;
      expect(await stored()).not.toContain('heron');
    }
    expect(seen).toEqual([
      [1, 'run.started'],
      [2, 'tool.started'],
      [3, 'tool.completed'],
      [4, 'message.delta'],
      [5, 'message.delta'],
      [6, 'message.delta'],
      [7, 'run.completed'],
    ]);
    await expect(app.runner.follow(runId)).rejects.toMatchObject({ code: 'answer_not_stored' });
    const failed = await Array.fromAsync(app.runner.stream(REQUEST));
    expect(failed.at(-1)).toMatchObject({ type: 'run.failed', error: { detail: 'heron-failure' } });
    expect(await stored()).not.toContain('heron');
  });

  it.each([
    [
      'the outcome of its commit was unknown',
      'run.completed',
      async (end: () => Promise<unknown>) => void (await end()),
    ],
    ['its session was erased', 'run.cancelled', () => query().deleteFrom('runs').execute()],
  ])('streams its last event although %s', async (_, type, before) => {
    await start('heron-answer goes on');
    const runs = app.module.get(RunsRepository);
    const end = runs.end.bind(runs);
    jest.spyOn(runs, 'end').mockImplementationOnce(async (...args) => {
      await before(() => end(...args));
      throw new DatabaseUnavailableError(new Error('the connection broke'));
    });
    const leaving = AbortSignal.timeout(3000);
    const events = await Array.fromAsync(app.runner.stream(REQUEST, { signal: leaving }));
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
    expect(events.at(-1)).toMatchObject({ type });
  });

  it('continues a session and leaves it as it is', async () => {
    await start('First.', 'heron-answer', 'Third.');
    const { session_id } = await app.runner.complete({ message: 'One.' });
    await app.runner.complete({ ...REQUEST, session_id });
    await app.runner.complete({ message: 'Three.', session_id });
    expect(model.requests.map(({ messages }) => messages.length)).toEqual([1, 3, 3]);
  });

  it('requests no approval, and cannot be a task', async () => {
    await start([{ tool: 'pay' }]);
    const events = await Array.fromAsync(app.runner.stream(REQUEST));
    expect(events.at(-1)).toMatchObject({ error: { error: 'approval_required' } });
    const submitted = app.module.get(TasksService).submit(REQUEST);
    await expect(submitted).rejects.toMatchObject({ errors: [expect.objectContaining({ field: 'store' })] });
  });
});
