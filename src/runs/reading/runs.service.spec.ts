import { CompiledQuery } from 'kysely';
import { runRow } from '../../../test/support/storage/databases.js';
import { stores, type TestDatabase } from '../../../test/support/storage/stores.js';
import { Gate, until } from '../../../test/support/until.js';
import { Agent, Database, type RunAccess, type RunFilter, RunsService, TasksService, Tool } from '../../index.js';
import type { RunTable } from '../../storage/schema.js';
import { createTestApp, ScriptedModel, type TestApp } from '../../testing/index.js';

const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

let gate = new Gate();

@Agent({ role: 'clerk', description: 'Works.', instructions: 'Work.' })
class ClerkAgent {
  @Tool({ description: 'Waits', idempotent: true })
  async wait(): Promise<string> {
    await gate.opened;
    return 'done';
  }

  @Tool({ description: 'Pays', needsApproval: true })
  pay(): string {
    return 'paid';
  }
}

describe.each(stores)('RunsService on $name', (store) => {
  const script: (string | { tool: string }[])[] = [];
  let created: TestDatabase;
  let app: TestApp;
  let runs: RunsService;
  let tasks: TasksService;

  beforeAll(async () => {
    created = await store.create();
    const model = new ScriptedModel(...Array.from({ length: 100 }, () => () => script.shift() ?? fail()));
    app = await createTestApp({ databaseUrl: created.databaseUrl, model, providers: [ClerkAgent] });
    [runs, tasks] = [app.module.get(RunsService), app.module.get(TasksService)];
  });

  afterAll(async () => {
    gate.open();
    await app.close();
    await created.drop();
  });

  beforeEach(() => {
    gate = new Gate();
  });

  function fail(): never {
    throw new Error('The script is over.');
  }

  async function insert(...rows: (Partial<RunTable> & { run_id: string })[]): Promise<void> {
    const values = rows.map((row) => Object.assign(runRow(row.run_id), row));
    await app.module.get(Database).query.insertInto('runs').values(values).execute();
  }

  async function idsOf(filter: RunFilter, access: RunAccess): Promise<string[]> {
    return (await runs.list(filter, access)).items.map(({ run_id }) => run_id);
  }

  it('shows a running task with a tool that has started and not finished', async () => {
    script.push([{ tool: 'wait' }], 'Done.');
    const { task } = await tasks.submit({ message: 'Wait', agent_role: 'clerk' });
    const calls = () => runs.get(task.task_id).then(({ tool_calls }) => tool_calls);
    await until('the tool runs', async () => (await calls())[0]?.started_at);

    const running = await runs.get(task.task_id);
    expect(running).toMatchObject({
      status: 'running',
      kind: 'task',
      attempt: 1,
      started_at: ISO,
      session_id: task.session_id,
    });
    expect(running.turns).toMatchObject([{ step: '1', started_at: ISO, finished_at: ISO }]);
    expect(running.tool_calls).toMatchObject([
      { step: '1.0', tool: 'wait', started_at: ISO, is_error: false, tries: 1 },
    ]);
    expect(running.tool_calls[0]?.finished_at).toBeUndefined();
    for (const field of ['finished_at', 'result', 'error']) expect(running).not.toHaveProperty(field);

    gate.open();
    await until('the task has ended', async () => (await runs.get(task.task_id)).finished_at);
    const ended = await runs.get(task.task_id);
    expect(ended).toMatchObject({ status: 'completed', finished_at: ISO, result: { reply: 'Done.' } });
    expect(ended.tool_calls).toMatchObject([
      { tool: 'wait', started_at: running.tool_calls[0]?.started_at, finished_at: ISO },
    ]);
    expect(ended.turns.map(({ step }) => step)).toEqual(['1', '2']);
    expect(ended.usage.total_tokens).toBe(ended.result?.tokens_used);
  });

  it('shows the pending approvals of a task, and the steps of one that was cancelled while it waited', async () => {
    script.push([{ tool: 'pay' }]);
    const { task } = await tasks.submit({ message: 'Pay', agent_role: 'clerk' });
    await until('the task waits', async () => (await runs.get(task.task_id)).status === 'waiting_approval');

    const waiting = await runs.get(task.task_id);
    expect(waiting.pending_approvals).toEqual([{ approval_id: expect.any(String), tool: 'pay', arguments: {} }]);
    await tasks.cancel(task.task_id);
    const cancelled = await runs.get(task.task_id);
    expect(cancelled).toMatchObject({
      status: 'cancelled',
      error_code: 'run_cancelled',
      error: { error: 'run_cancelled' },
    });
    expect(cancelled).not.toHaveProperty('pending_approvals');
    expect(cancelled.turns).toEqual(waiting.turns);
  });

  it('shows a chat without a key with its usage, but without its answer', async () => {
    script.push('Hello.');
    const { run_id } = await app.runner.run({ message: 'Hello', agent_role: 'clerk' });
    const run = await runs.get(run_id);
    expect(run).toMatchObject({
      kind: 'chat',
      status: 'completed',
      model: 'scripted',
      release: 'code',
    });
    expect(run).not.toHaveProperty('result');
    expect(run.usage.output_tokens).toBeGreaterThan(0);
    expect(run.turns).toHaveLength(1);
  });

  it('shows a stream that failed with its error, and the turn that failed', async () => {
    script.push([{ tool: 'nothing' }]);
    let runId = '';
    for await (const event of app.runner.stream({ message: 'Hello', agent_role: 'clerk' })) runId = event.run_id;
    const run = await until('its end is stored', async () => {
      const found = await runs.get(runId);
      return found.finished_at !== undefined && found;
    });
    expect(run).toMatchObject({ kind: 'stream', status: 'failed', error: { error: run.error_code } });
    expect(run.turns).toMatchObject([
      { step: '1', finished_at: ISO },
      { step: '2', started_at: ISO },
    ]);
    expect(run.turns[1]?.finished_at).toBeUndefined();
    expect(run.tool_calls).toMatchObject([{ tool: 'nothing', is_error: true, tries: 0 }]);
  });

  it('finds only the runs that may be read', async () => {
    const tenant = 'access';
    await insert(
      { run_id: 'a-chat', tenant, caller: 'key:1', end_user: 'ada', created_at: 3 },
      { run_id: 'a-task', tenant, caller: 'key:1', end_user: 'ada', created_at: 2, kind: 'task' },
      { run_id: 'b-chat', tenant, caller: 'key:2', end_user: 'bob', created_at: 1 },
    );
    const accesses: [RunAccess, string[]][] = [
      [{ tenant }, ['a-chat', 'a-task', 'b-chat']],
      [{ tenant, caller: 'key:2' }, ['b-chat']],
      [{ tenant, endUser: 'ada', excludesTasks: true }, ['a-chat']],
      [{ tenant, endUser: 'ada', caller: 'key:2' }, []],
      [{ tenant: 'access-2' }, []],
    ];
    for (const [access, ids] of accesses) {
      expect(await idsOf({}, access)).toEqual(ids);
      for (const id of ['a-chat', 'a-task', 'b-chat', 'none']) {
        const found = runs.get(id, access).then(({ run_id }) => run_id);
        if (ids.includes(id)) expect(await found).toBe(id);
        else await expect(found).rejects.toMatchObject({ code: 'run_not_found' });
      }
    }
  });

  it('filters by status, kind, agent, session and time', async () => {
    const tenant = 'filters';
    const at = (time: string): number => Date.parse(time);
    await insert(
      { run_id: '3', tenant, kind: 'task', status: 'failed', created_at: at('2026-01-03T00:00:00Z') },
      { run_id: '2', tenant, agent_role: 'coder', session_id: 'x', created_at: at('2026-01-02T00:00:00Z') },
      { run_id: '1', tenant, kind: 'stream', created_at: at('2026-01-01T00:00:00Z') },
    );
    const filters: [RunFilter, string[]][] = [
      [{}, ['3', '2', '1']],
      [{ status: 'failed' }, ['3']],
      [{ kind: 'stream' }, ['1']],
      [{ agent_role: 'coder' }, ['2']],
      [{ session_id: 'x' }, ['2']],
      [{ session_id: 's', kind: 'chat' }, []],
      [{ from: '2026-01-02T00:00:00Z' }, ['3', '2']],
      [{ to: '2026-01-02T01:00:00+01:00' }, ['1']],
      [{ from: '2026-01-02T00:00:00Z', to: '2026-01-03T00:00:00Z', kind: 'chat' }, ['2']],
    ];
    for (const [filter, ids] of filters) expect(await idsOf(filter, { tenant })).toEqual(ids);
    await expect(runs.list({ from: 'yesterday' })).rejects.toMatchObject({ errors: [{ field: 'from' }] });
  });

  it('pages through runs of the same millisecond, within a range of time', async () => {
    const tenant = 'pages';
    const ids = Array.from({ length: 7 }, (_, index) => `page-${index}`);
    await insert(...ids.map((run_id, index) => ({ run_id, tenant, created_at: 1000 + Math.floor(index / 4) })));
    const found: string[] = [];
    const range = { from: new Date(1000).toISOString(), to: new Date(1002).toISOString() };
    let cursor: string | undefined;
    do {
      const page = await runs.list({ ...range, limit: 2, cursor }, { tenant });
      found.push(...page.items.map(({ run_id }) => run_id));
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(found).toEqual(ids.toReversed());
  });

  it('reads a limited number of runs for a page, and continues with the next one', async () => {
    const tenant = 'many';
    await insert({ run_id: 'rare', tenant, status: 'failed', created_at: 1 });
    const row = `${store.name === 'postgres' ? "'m' || i::text" : "'m' || i"}, 'many', 's', 'assistant', 'chat', 'completed', 1, 0, 0,
      'host', 'r', 'm', 1, 1, 1000 + i, 0`;
    await app.module.get(Database).query.executeQuery(
      CompiledQuery.raw(`
        insert into runs (run_id, tenant, session_id, agent_role, kind, status, attempt, crashes, holds_session, caller,
          request_id, model, input_tokens, output_tokens, created_at, spent_ms)
        with recursive numbers (i) as (select 0 union all select i + 1 from numbers where i < 5999)
        select ${row} from numbers`),
    );
    const first = await runs.list({ status: 'failed' }, { tenant });
    expect(first).toEqual({ items: [], next_cursor: expect.any(String) });
    const second = await runs.list({ status: 'failed', cursor: first.next_cursor ?? '' }, { tenant });
    expect(second).toMatchObject({ items: [{ run_id: 'rare' }], next_cursor: null });
  });
});
