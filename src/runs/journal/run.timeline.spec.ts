import { stores, type TestDatabase } from '../../../test/support/storage/stores.js';
import { until } from '../../../test/support/until.js';
import { Agent, AgentError, Database, type ModelReply, TasksService, Tool } from '../../index.js';
import { createTestApp, ScriptedModel, type TestApp } from '../../testing/index.js';
import { runRow } from '../../../test/support/storage/databases.js';
import { RunControl } from '../recovery/run.control.js';
import { newId } from '../../storage/new.id.js';
import { readTimeline, RunTimeline } from './run.timeline.js';

@Agent({ role: 'clerk', description: 'Pays.', instructions: 'Pay.' })
class ClerkAgent {
  @Tool({ description: 'Tells the time', idempotent: true })
  time(): string {
    return 'noon';
  }

  @Tool({ description: 'Pays', needsApproval: true })
  pay(): string {
    return 'paid';
  }
}

const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const TIMES = { started_at: ISO, finished_at: ISO };
const TURN = { ...TIMES, model: 'scripted', input_tokens: expect.any(Number), output_tokens: expect.any(Number) };
const CALL = { ...TIMES, call_id: expect.any(String), is_error: false, tries: 1 };

function free(): undefined {}

function replyOf(...tools: string[]): ModelReply {
  const toolCalls = tools.map((name, index) => ({ callId: `call_${index}`, name, arguments: '{}' }));
  return { text: '', model: 'm', usage: { inputTokens: 3, outputTokens: 2 }, isTruncated: false, toolCalls };
}

describe.each(stores)('the timeline of a run on $name', (store) => {
  let created: TestDatabase;
  let app: TestApp;
  const turns: (string | { tool: string }[] | AgentError)[] = [];
  const model = new ScriptedModel(...Array.from({ length: 50 }, () => next));

  beforeAll(async () => {
    created = await store.create();
    app = await createTestApp({ databaseUrl: created.databaseUrl, model, providers: [ClerkAgent] });
  });

  afterAll(async () => {
    await app.close();
    await created.drop();
  });

  function next(): string | { tool: string }[] {
    const turn = turns.shift() ?? new Error('The script is over.');
    if (turn instanceof Error) throw turn;
    return turn;
  }

  const query = () => app.module.get(Database).query;

  async function timelineOf(sessionId: string) {
    const row = await query().selectFrom('runs').selectAll().where('session_id', '=', sessionId).executeTakeFirst();
    return readTimeline(row?.timeline ?? '');
  }

  it('has the times of the turns and calls of a chat', async () => {
    turns.push([{ tool: 'time' }, { tool: 'nothing' }], 'It is noon.');
    const { session_id } = await app.runner.run({ message: 'Hello', agent_role: 'clerk' });

    const { turns: found, calls } = await timelineOf(session_id);
    expect(found).toEqual([
      { ...TURN, step: '1' },
      { ...TURN, step: '2' },
    ]);
    expect(calls).toEqual([
      { ...CALL, step: '1.0', tool: 'time' },
      // It was refused, so it never started.
      { ...CALL, step: '1.1', tool: 'nothing', started_at: undefined, is_error: true, tries: 0 },
    ]);
    expect(Date.parse(found[1]?.started_at ?? '')).toBeGreaterThanOrEqual(Date.parse(calls[0]?.finished_at ?? ''));
  });

  it('has the turn in which a run failed, without an end', async () => {
    const session_id = newId();
    turns.push([{ tool: 'time' }]);
    await expect(app.runner.run({ message: 'Hello', agent_role: 'clerk', session_id })).rejects.toThrow();

    const { turns: found } = await timelineOf(session_id);
    expect(found).toEqual([
      { ...TURN, step: '1' },
      { step: '2', model: expect.any(String), started_at: ISO, input_tokens: 0, output_tokens: 0 },
    ]);
  });

  it('has the turns of earlier attempts at a task, and its steps have the same times', async () => {
    const tasks = app.module.get(TasksService);
    turns.push([{ tool: 'time' }, { tool: 'pay' }], new AgentError('model_error'));
    const { task } = await tasks.submit({ message: 'Pay', agent_role: 'clerk' });
    const { task_id } = task;
    const [approval] = await until('the task waits', async () => (await tasks.get(task_id)).pending_approvals);
    await tasks.decide(task_id, approval?.approval_id ?? '', { decision: 'approve' });
    await until('the task has ended', async () => (await tasks.get(task_id)).finished_at);

    const { turns: found, calls } = await timelineOf(task.session_id);
    expect(found).toEqual([
      { ...TURN, step: '1' },
      { step: '2', model: expect.any(String), started_at: ISO, input_tokens: 0, output_tokens: 0 },
    ]);
    expect(calls).toEqual([
      { ...CALL, step: '1.0', tool: 'time' },
      { ...CALL, step: '1.1', tool: 'pay' },
    ]);
    const steps = await query().selectFrom('steps').selectAll().where('run_id', '=', task_id).orderBy('step').execute();
    const toMs = (time = '') => Date.parse(time);
    expect(steps.map(({ step, tries }) => [step, tries])).toEqual([
      ['1', null],
      ['1.0', 1],
      ['1.1', 1],
    ]);
    expect(steps.map(({ started_at, finished_at }) => [started_at, finished_at])).toEqual(
      [found[0], calls[0], calls[1]].map((each) => [toMs(each?.started_at), toMs(each?.finished_at)]),
    );
  });

  it('counts the tries of a call whose process died, and keeps its first start', async () => {
    const run_id = newId();
    await insertInterrupted(run_id);
    turns.push(new AgentError('model_error'));
    app.module.get(RunControl).announceQueued(run_id);
    const found = query().selectFrom('runs').selectAll().where('run_id', '=', run_id);
    await until('it has ended', async () => (await found.executeTakeFirstOrThrow()).finished_at);

    const steps = await query().selectFrom('steps').selectAll().where('run_id', '=', run_id).orderBy('step').execute();
    const calls = steps.filter(({ step }) => step.startsWith('1.'));
    expect(calls).toMatchObject([
      { state: 'finished', tries: 2, started_at: 5000 },
      // An older replica had begun it.
      { state: 'finished', tries: 1, started_at: expect.any(Number) },
    ]);
    expect((await timelineOf(`session-${run_id}`)).calls).toMatchObject([
      { tool: 'time', tries: 2, started_at: new Date(5000).toISOString() },
      { tool: 'time', tries: 1, finished_at: ISO },
    ]);
  });

  /** Inserts a queued task that died in two calls of its first turn. */
  async function insertInterrupted(run_id: string): Promise<void> {
    const task = { kind: 'task', status: 'queued', finished_at: null, agent_role: 'clerk' } as const;
    const request = JSON.stringify({ message: 'Hello', agent_role: 'clerk' });
    const row = Object.assign(runRow(run_id), task, { request, session_id: `session-${run_id}`, crashes: 1 });
    await query().insertInto('runs').values(row).execute();
    const started = { run_id, state: 'started', body: '', deaths: 0, attempt: 1 } as const;
    const body = JSON.stringify(replyOf('time', 'time'));
    const steps = [
      { ...started, step: '1', state: 'finished' as const, body, attempt: null },
      { ...started, step: '1.0', started_at: 5000, tries: 1 },
      { ...started, step: '1.1' },
    ];
    for (const step of steps) await query().insertInto('steps').values(step).execute();
  }
});

describe('RunTimeline', () => {
  it('counts each start of a call, and keeps its first time', () => {
    const timeline = new RunTimeline();
    timeline.startTurn('1', 'm', 10);
    timeline.finishTurn('1', replyOf('pay'), 20);
    timeline.startCall('1.0', 30);
    timeline.startCall('1.0', 40);
    expect(timeline.toTimeline(free).calls).toMatchObject([{ tries: 2, started_at: new Date(30).toISOString() }]);
    expect(timeline.toTimeline(free).calls[0]?.finished_at).toBeUndefined();
  });

  it('sorts by step, so that the calls of a turn follow it', () => {
    const timeline = new RunTimeline();
    for (const step of ['10.0', '2.1', '2.0/1.0', '2.0', '1.0']) timeline.startCall(step, 1);
    expect(timeline.toTimeline(free).calls.map(({ step }) => step)).toEqual(['1.0', '2.0', '2.0/1.0', '2.1', '10.0']);
  });

  it('keeps a limited number of calls, with names of a limited length', () => {
    const timeline = new RunTimeline();
    timeline.finishTurn('1', replyOf(...Array.from({ length: 5000 }, () => '😀'.repeat(500))), 1);
    for (let index = 0; index < 5000; index++) timeline.finishCall(`1.${index}`, false, 1);
    expect(timeline.toTimeline(free).calls).toHaveLength(1600);
    expect(timeline.toTimeline(free).calls[0]?.tool).toHaveLength(64);
  });

  it('is read as it was stored', () => {
    const timeline = new RunTimeline();
    timeline.startTurn('1', 'm', 10);
    timeline.startCall('1.0', 30);
    timeline.finishTurn('2', replyOf(), 40);
    const text = JSON.stringify(timeline.toTimeline((model, { inputTokens }) => (model === 'm' ? inputTokens : 0)));
    expect(readTimeline(text).turns.map(({ step, cost }) => [step, cost])).toEqual([
      ['1', undefined],
      ['2', 3],
    ]);
    expect(readTimeline(JSON.stringify(timeline.toTimeline(free)))).toEqual(
      JSON.parse(JSON.stringify(timeline.toTimeline(free))),
    );
    expect(() => readTimeline('{"turns":[{}],"calls":[]}')).toThrow('runs.timeline');
  });
});
