import { jest } from '@jest/globals';
import { stores, type TestDatabase } from '../../../test/support/storage/stores.js';
import { countTransactions } from '../../../test/support/storage/transactions.js';
import { Gate, until } from '../../../test/support/until.js';
import { Agent, Database, Tool, ToolContext } from '../../index.js';
import type { ModelCall, ModelRequest } from '../../models/language.model.js';
import type { RunTable, StepTable } from '../../storage/schema.js';
import { createTestApp, ScriptedModel, type ScriptedTurn, type TestApp } from '../../testing/index.js';
import { SuspectsRepository } from '../../tasks/suspects.repository.js';
import { TaskQueue } from '../../tasks/queue/task.queue.js';
import { TasksService } from '../../tasks/tasks.service.js';
import { OrphanedRuns } from './orphaned.runs.js';
import { HOLD_BACK_MS } from './process.death.js';
import { RunControl } from './run.control.js';
import { newRow } from '../run.row.js';

@Agent({ role: 'assistant', description: 'Works.', instructions: 'Work.' })
class WorkingAgent {
  readonly called: string[] = [];
  gate = new Gate();
  concurrent = 0;
  mostConcurrent = 0;

  @Tool({ description: 'Takes its time', idempotent: true })
  async wait({ idempotencyKey }: ToolContext): Promise<string> {
    this.called.push(idempotencyKey);
    this.mostConcurrent = Math.max(this.mostConcurrent, ++this.concurrent);
    await this.gate.opened;
    this.concurrent--;
    return 'waited';
  }

  @Tool({ description: 'Pays' })
  pay({ idempotencyKey }: ToolContext): string {
    this.called.push(idempotencyKey);
    return 'paid';
  }
}

/** Answers when the gate is open. */
class GatedModel extends ScriptedModel {
  gate = new Gate();

  override async *stream(request: ModelRequest, call: ModelCall) {
    await this.gate.opened;
    yield* super.stream(request, call);
  }
}

const LIMIT_MS = 20_000;

describe.each(stores)('the runs of a dead process, on $name', (store) => {
  let database: TestDatabase;
  let app: TestApp;
  let model: GatedModel;

  beforeEach(async () => (database = await store.create()));
  afterEach(async () => {
    model.gate.open();
    app.module.get(WorkingAgent).gate.open();
    await app.close();
    await database.drop();
  });

  async function start(...turns: ScriptedTurn[]): Promise<WorkingAgent> {
    model = new GatedModel(...turns);
    app = await createTestApp({ model, providers: [WorkingAgent], databaseUrl: database.databaseUrl });
    return app.module.get(WorkingAgent);
  }

  const query = () => app.module.get(Database).query;

  async function insert(run_id: string, given: Partial<RunTable>, ...steps: Partial<StepTable>[]): Promise<void> {
    const row = newRow({
      run_id,
      tenant: 'default',
      session_id: run_id,
      agent_role: 'assistant',
      kind: 'task',
      status: 'running',
      attempt: 1,
      owner: null,
      caller: 'host',
      request_id: 'r',
      request: JSON.stringify({ message: run_id }),
      model: 'scripted',
      created_at: 1,
      started_at: 1,
      ...given,
    });
    await query()
      .insertInto('runs')
      .values({ ...row, ...given })
      .execute();
    for (const step of steps) {
      const values = { run_id, step: '', state: 'started' as const, body: '', attempt: 1, deaths: 0, ...step };
      await query().insertInto('steps').values(values).execute();
    }
  }

  const orphaned = (run_id: string, owner: string, crashes: number, ...steps: Partial<StepTable>[]) =>
    insert(run_id, { owner, crashes, claimed_at: 5 }, ...steps);

  const rowOf = (run_id: string) =>
    query().selectFrom('runs').selectAll().where('run_id', '=', run_id).executeTakeFirstOrThrow();

  const ended = (run_id: string) =>
    until(
      'it has ended',
      async () => {
        const row = await rowOf(run_id);
        return row.finished_at !== null && row;
      },
      LIMIT_MS,
    );

  async function deathsOf(run_id: string): Promise<Record<string, number>> {
    const rows = await query().selectFrom('steps').selectAll().where('run_id', '=', run_id).execute();
    return Object.fromEntries(rows.map(({ step, deaths }) => [step, deaths]));
  }

  const recover = (owner: string, heartbeatAt?: number): Promise<void> =>
    app.module.get(OrphanedRuns).recoverAll(owner, heartbeatAt);

  /** The tool results in the last request to the model. */
  const toolResults = () => model.requests.slice(-1).flatMap(toolResultsOf);
  const toolResultsOf = ({ messages }: ModelRequest) =>
    messages.flatMap(({ role, content }) => (role === 'tool' ? [content] : []));

  it('end together, in a few commits, if they are streams', async () => {
    await start('Done.');
    const ids = Array.from({ length: 100 }, (_, index) => `stream-${index}`);
    for (const id of ids) await insert(id, { owner: 'dead', kind: 'stream' });
    const transactions = countTransactions(app.module.get(Database));
    await recover('dead');
    const rows = await query().selectFrom('runs').select(['status', 'error']).execute();
    expect(rows).toEqual(ids.map(() => ({ status: 'failed', error: 'run_interrupted' })));
    expect(transactions.begun).toBeLessThan(10);
  });

  it('count one death each, as do their calls in progress, but no others', async () => {
    await start('Done.', 'Done.');
    await orphaned(
      'calling',
      'dead',
      0,
      turn('1', 'wait', 'wait', 'wait'),
      { step: '1.0' },
      { step: '1.1', attempt: 0, deaths: 1 },
      { step: '1.2', attempt: null },
    );
    await orphaned('thinking', 'dead', 1);
    await recover('dead');
    expect(await rowOf('calling')).toMatchObject({ crashes: 1 });
    expect(await rowOf('thinking')).toMatchObject({ crashes: 2 });
    expect(await deathsOf('calling')).toEqual({ '1': 0, '1.0': 1, '1.1': 1, '1.2': 0 });
  });

  it('have used the time from their claim to the last heartbeat of their process', async () => {
    await start('Done.', 'Done.', 'Done.', 'Done.');
    const last = Date.now();
    await insert('used', { owner: 'dead', claimed_at: last - 30_000, spent_ms: 1000 });
    await insert('ahead', { owner: 'dead', claimed_at: last + 5000, spent_ms: 7 });
    await insert('unknown', { owner: 'dead too', claimed_at: last - 30_000, spent_ms: 7 });
    await recover('dead', last);
    await recover('dead too');
    expect(await rowOf('used')).toMatchObject({ spent_ms: 31_000 });
    expect(await rowOf('ahead')).toMatchObject({ spent_ms: 7 });
    expect(await rowOf('unknown')).toMatchObject({ spent_ms: 7 });
  });

  /** Ends the time for which a blamed task is held back. */
  const endTrial = (run_id: string) =>
    query()
      .updateTable('runs')
      .set({ blamed_at: Date.now() - HOLD_BACK_MS })
      .where('run_id', '=', run_id)
      .execute();

  it('are blamed at the third death if nothing else can be its cause, and then held back', async () => {
    await start('Done.');
    await orphaned('calling', 'dead', 2, turn('1', 'wait'), { step: '1.0', deaths: 2 });
    await orphaned('beside', 'dead too', 2);
    await insert('stream', { owner: 'dead too', kind: 'stream', claimed_at: 6, created_at: 6 });
    await recover('dead too');
    expect(await rowOf('beside')).toMatchObject({ crashes: 3, blamed_at: null });
    expect(await rowOf('stream')).toMatchObject({ status: 'failed', error: 'run_interrupted' });
    // While another task is blamed, it could not start.
    await until('it runs', async () => (await rowOf('beside')).status === 'running', LIMIT_MS);
    await recover('dead');
    expect(await rowOf('calling')).toMatchObject({ status: 'queued', crashes: 3, blamed_at: expect.any(Number) });
    expect(await deathsOf('calling')).toEqual({ '1': 0, '1.0': 3 });
    model.gate.open();
    expect(await ended('beside')).toMatchObject({ status: 'completed', crashes: 0 });
    expect(await app.module.get(SuspectsRepository).next(undefined)).toBeUndefined();
    expect(await rowOf('calling')).toMatchObject({ status: 'queued', attempt: 1 });
  });

  it('continue if a call is the cause, which the model is informed of', async () => {
    const agent = await start('Done.');
    model.gate.open();
    await orphaned('calling', 'dead', 2, turn('1', 'wait'), { step: '1.0', deaths: 2 });
    await recover('dead');
    await endTrial('calling');
    expect(await ended('calling')).toMatchObject({ status: 'completed', crashes: 0, blamed_at: null });
    expect(agent.called).toEqual([]);
    expect(toolResults()).toEqual(['Error: This call stopped the service 3 times. It is not made again.']);
  });

  it('fail if they are the cause and made no call', async () => {
    await start('Done.');
    await orphaned('alone', 'dead', 2);
    await recover('dead');
    await endTrial('alone');
    const row = await ended('alone');
    expect(row).toMatchObject({ status: 'failed', error: 'run_interrupted', owner: null, crashes: 3 });
    expect(JSON.parse(row.outcome ?? '')).toMatchObject({
      detail: 'The service stopped 3 times in a row while it ran this task, before a step was finished.',
    });
  });

  it('are no longer blamed if a process dies without them', async () => {
    const agent = await start('Done.', 'Done.');
    await orphaned('calling', 'dead', 2, turn('1', 'wait'), { step: '1.0', deaths: 2 });
    await recover('dead');
    await orphaned('other', 'dead too', 0);
    await recover('dead too');
    expect(await rowOf('calling')).toMatchObject({ crashes: 2, blamed_at: null });
    expect(await deathsOf('calling')).toEqual({ '1': 0, '1.0': 2 });
    model.gate.open();
    agent.gate.open();
    expect(await ended('calling')).toMatchObject({ status: 'completed' });
    expect(model.requests.map(toolResultsOf)).toContainEqual(['waited']);
  });

  it.each([
    ['no run', true, () => Promise.resolve()],
    ['a stream', true, () => insert('stream', { owner: 'idle', kind: 'stream' })],
    ['a task that can be the cause', false, () => orphaned('other', 'idle', 0)],
  ])('are no longer blamed if a process with %s dies', async (_, isAcquitted, hold) => {
    await start('Done.');
    await orphaned('calling', 'dead', 2, turn('1', 'wait'), { step: '1.0', deaths: 2 });
    await recover('dead');
    await hold();
    await app.module
      .get(Database)
      .write((transaction) => app.module.get(OrphanedRuns).recordDeath('idle', transaction));
    expect((await rowOf('calling')).blamed_at === null).toBe(isAcquitted);
  });

  it('are no longer suspects once the cause is found, except those with calls in progress', async () => {
    await start('Done.', 'Done.', 'Done.', 'Done.');
    await insert('first', { status: 'queued', crashes: 2 });
    app.module.get(RunControl).announceQueued('first');
    await until('the others wait for it', async () => (await rowOf('first')).status === 'running');
    await insert('cause', { crashes: 3, blamed_at: 1 });
    await insert('thinking', { status: 'queued', crashes: 2 });
    await insert('calling', { status: 'queued', crashes: 2 }, turn('1', 'wait'), { step: '1.0', deaths: 1 });
    expect(await app.module.get(SuspectsRepository).recordCause({ run_id: 'cause' })).toBe(false);
    expect(await rowOf('cause')).toMatchObject({ blamed_at: 1 });
    expect(await rowOf('thinking')).toMatchObject({ crashes: 1 });
    expect(await rowOf('calling')).toMatchObject({ crashes: 2 });
  });

  it('repeat their calls one at a time, those with fewer deaths first', async () => {
    const agent = await start('Done.');
    model.gate.open();
    await insert(
      'calling',
      { status: 'queued', crashes: 1 },
      turn('1', 'wait', 'wait', 'wait'),
      { step: '1.0', deaths: 1 },
      { step: '1.1', attempt: null },
      { step: '1.2', deaths: 1 },
    );
    app.module.get(RunControl).announceQueued('calling');
    await until('one call is made', () => agent.called.length === 1);
    agent.gate.open();
    await ended('calling');
    expect(agent.called).toEqual(['calling:1.1', 'calling:1.0', 'calling:1.2']);
    expect(agent.mostConcurrent).toBe(1);
  });

  it('lose a death when a step finishes, not when a call begins', async () => {
    const agent = await start('Done.');
    await insert('calling', { status: 'queued', crashes: 1 }, turn('1', 'wait'));
    app.module.get(RunControl).announceQueued('calling');
    await until('the call is made', () => agent.called.length === 1);
    expect(await rowOf('calling')).toMatchObject({ status: 'running', crashes: 1 });
    agent.gate.open();
    await until('it is finished', async () => (await rowOf('calling')).crashes === 0);
    expect(await deathsOf('calling')).toEqual({ '1': 0, '1.0': 0 });
  });

  it('keep the death of a call that must be repeated, even if other steps finish', async () => {
    const agent = await start('Done.');
    await insert('calling', { status: 'queued', crashes: 1 }, turn('1', 'pay', 'wait'), { step: '1.1', deaths: 1 });
    app.module.get(RunControl).announceQueued('calling');
    await until('both calls are made', () => agent.called.length === 2);
    expect(agent.called).toEqual(['calling:1.0', 'calling:1.1']);
    expect(await rowOf('calling')).toMatchObject({ crashes: 1 });
  });

  it('run alone if they are suspects, after current runs and before later ones', async () => {
    await start('One.', 'Two.', 'Three.');
    const tasks = app.module.get(TasksService);
    const submit = async (message: string) => (await tasks.submit({ message })).task.task_id;
    const first = await submit('first');
    await until('it runs', async () => (await rowOf(first)).status === 'running');
    const hold = jest.spyOn(app.module.get(TaskQueue), 'hold');
    await insert('suspect', { status: 'queued', crashes: 2 });
    app.module.get(RunControl).announceQueued('suspect');
    await until('it waits', () => hold.mock.calls.length > 0);
    expect(await rowOf('suspect')).toMatchObject({ status: 'queued', attempt: 1 });
    const last = await submit('last');
    model.gate.open();
    for (const id of [first, 'suspect', last]) expect(await ended(id)).toMatchObject({ status: 'completed' });
    expect(model.requests.map(({ messages }) => messages.at(-1)?.content)).toEqual(['first', 'suspect', 'last']);
  });
});

/** A finished turn that calls those tools. */
function turn(step: string, ...tools: string[]): Partial<StepTable> {
  const toolCalls = tools.map((name, index) => ({ callId: `call-${index}`, name, arguments: '{}' }));
  const usage = { inputTokens: 1, outputTokens: 1 };
  const reply = { text: '', toolCalls, model: 'scripted', usage, isTruncated: false };
  return { step, state: 'finished', body: JSON.stringify(reply), attempt: null };
}
