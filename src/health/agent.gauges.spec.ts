import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { keepQuiet } from '../../test/support/quiet.js';
import { stores, type TestDatabase } from '../../test/support/storage/stores.js';
import { Gate, until } from '../../test/support/until.js';
import { Agent, AgentError, AgentMetrics, type ModelCall, type ModelRequest, TasksService, Tool } from '../index.js';
import { createTestApp, ScriptedModel, type TestApp, type TestAppOptions } from '../testing/index.js';

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {
  @Tool({ description: 'Fails' })
  fail(): never {
    throw new Error('no');
  }
}

/** Streams once the gate is open, and fails while `isDown` is set. */
class GatedModel extends ScriptedModel {
  gate = new Gate();
  isDown = false;
  firstDeltaMs = 0;

  override async reply(request: ModelRequest, call: ModelCall) {
    if (this.isDown) throw new AgentError('model_unavailable');
    return await super.reply(request, call);
  }

  override async *stream(request: ModelRequest, call: ModelCall) {
    await this.gate.opened;
    await sleep(this.firstDeltaMs);
    yield* super.stream(request, call);
  }
}

let app: TestApp;

afterEach(() => app.close());

async function start(model: ScriptedModel, options: Partial<TestAppOptions> = {}): Promise<void> {
  app = await createTestApp({ model, providers: [AssistantAgent], ...options });
}

async function valueOf(series: string): Promise<number | undefined> {
  const text = await app.module.get(AgentMetrics).text();
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length));
}

describe.each(stores)('the queue, on $name', (store) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await store.create();
  });
  afterAll(() => database.drop());

  it('reports its length and the age of its oldest task', async () => {
    const model = new GatedModel('one', 'two', 'three');
    await start(model, { taskConcurrency: 1, databaseUrl: database.databaseUrl });
    const tasks = app.module.get(TasksService);
    expect(await valueOf('rookery_tasks_queued')).toBe(0);
    expect(await valueOf('rookery_tasks_oldest_queued_age_seconds')).toBe(0);

    await tasks.submit({ message: 'one' });
    await until('it runs', async () => (await valueOf('rookery_runs_active{kind="task"}')) === 1);
    const second = await tasks.submit({ message: 'two', session_id: randomUUID() });
    await tasks.submit({ message: 'three', session_id: randomUUID() });
    expect(await valueOf('rookery_tasks_queued')).toBe(2);
    await sleep(30);
    const leastMs = Date.now() - Date.parse(second.task.created_at);
    const age = (await valueOf('rookery_tasks_oldest_queued_age_seconds')) ?? NaN;
    expect(age).toBeGreaterThanOrEqual(leastMs / 1000);
    expect(age).toBeLessThanOrEqual((Date.now() - Date.parse(second.task.created_at)) / 1000);

    model.gate.open();
    const completed = 'rookery_runs_total{role="assistant",status="completed",error=""}';
    await until('all have ended', async () => (await valueOf(completed)) === 3);
    expect(await valueOf('rookery_tasks_queued')).toBe(0);
    expect(await valueOf('rookery_tasks_oldest_queued_age_seconds')).toBe(0);
    expect(await valueOf('rookery_runs_active{kind="task"}')).toBe(0);
    expect(await valueOf('rookery_webhooks_pending')).toBe(0);
    expect(await valueOf('rookery_replicas')).toBe(1);
  });
});

describe('the metrics of an application', () => {
  keepQuiet();

  it('count the tokens and the cost of runs', async () => {
    await start(new ScriptedModel([{ tool: 'fail' }], 'Done.'), { prices: { scripted: { input: 100, output: 1000 } } });
    await app.runner.run({ message: 'hello' });
    expect(await valueOf('rookery_model_tokens_total{role="assistant",model="scripted",direction="input"}')).toBe(20);
    expect(await valueOf('rookery_model_tokens_total{role="assistant",model="scripted",direction="output"}')).toBe(10);
    const cost = await valueOf('rookery_model_cost_dollars_total{model="scripted"}');
    expect(cost).toBeCloseTo((2 * (10 * 100 + 5 * 1000)) / 1e6, 9);
    expect(await valueOf('rookery_tool_call_duration_seconds_count{tool="fail",error="error"}')).toBe(1);
    expect(await valueOf('rookery_model_call_duration_seconds_count{role="assistant",model="gpt-4o",error=""}')).toBe(
      2,
    );
  });

  it('count failed attempts and their model calls by error code', async () => {
    const model = new GatedModel('never');
    model.isDown = true;
    await start(model);
    for (let run = 0; run < 2; run++) await app.runner.run({ message: 'hello' }).catch(() => undefined);
    const failed = 'rookery_runs_total{role="assistant",status="failed",error="model_unavailable"}';
    expect(await valueOf(failed)).toBe(2);
    expect(await valueOf('rookery_run_duration_seconds_count{role="assistant"}')).toBe(2);
    const calls =
      'rookery_model_call_duration_seconds_count{role="assistant",model="gpt-4o",error="model_unavailable"}';
    expect(await valueOf(calls)).toBe(2);
    expect(await valueOf('rookery_runs_active{kind="chat"}')).toBe(0);
  });

  it('measure the time to the first text of streams only', async () => {
    const model = new GatedModel('one two three', 'whole');
    model.gate.open();
    model.firstDeltaMs = 40;
    await start(model);
    const begunAt = performance.now();
    for await (const event of app.runner.stream({ message: 'hello' })) if (event.type === 'run.completed') break;
    const mostSeconds = (performance.now() - begunAt) / 1000;
    await app.runner.run({ message: 'hello' });
    const series = (part: string) => `rookery_model_time_to_first_delta_seconds_${part}{model="gpt-4o"}`;
    expect(await valueOf(series('count'))).toBe(1);
    const seconds = await valueOf(series('sum'));
    // A timer may fire a millisecond early.
    expect(seconds).toBeGreaterThanOrEqual(0.039);
    expect(seconds).toBeLessThanOrEqual(mostSeconds);
  });

  it('report the breaker state of a model and of its fallback', async () => {
    const own = new GatedModel();
    own.isDown = true;
    const fallback = new ScriptedModel(...Array<string>(100).fill('instead'));
    await start(own, { fallbacks: [{ model: 'other', provider: fallback }] });
    const stateOf = (upstream: string, model: string) =>
      valueOf(`rookery_model_breaker_state{upstream="${upstream}",model="${model}"}`);
    await app.runner.run({ message: 'hello' });
    expect(await stateOf('GatedModel', 'gpt-4o')).toBe(0);
    await until('the breaker is open', async () => {
      await app.runner.run({ message: 'hello' });
      return (await stateOf('GatedModel', 'gpt-4o')) === 2;
    });
    expect(await stateOf('ScriptedModel', 'other')).toBe(0);
  });
});
