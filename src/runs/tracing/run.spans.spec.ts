import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { IsString } from 'class-validator';
import { SpanRecorder } from '../../../test/support/span.recorder.js';
import { until } from '../../../test/support/until.js';
import { Agent, AgentMetrics, type ModelCall, type ModelRequest, TasksService, Tool } from '../../index.js';
import {
  createTestApp,
  ScriptedModel,
  type ScriptedTurn,
  type TestApp,
  type TestAppOptions,
} from '../../testing/index.js';

const MESSAGE = 'a secret of mine';
const ARGUMENT = 'what it is given';
const RESULT = 'what it gives';
const INSTRUCTIONS = 'Answer in secret.';
const ANSWER = 'the secret answer';

class NoteInput {
  @IsString()
  text: string = '';
}

@Agent({ role: 'assistant', description: 'Notes.', instructions: INSTRUCTIONS, agents: ['poet'] })
class NotingAgent {
  readonly notes: string[] = [];

  @Tool({ description: 'Notes' })
  note({ text }: NoteInput): string {
    this.notes.push(text);
    return RESULT;
  }

  @Tool({ description: 'Fails' })
  fail(): never {
    throw new TypeError(RESULT);
  }

  @Tool({ description: 'Never ends' })
  wait(): Promise<string> {
    return new Promise(() => undefined);
  }

  @Tool({ description: 'Pays', needsApproval: true })
  pay(): string {
    return 'paid';
  }
}

@Agent({ role: 'poet', description: 'Writes poems.', instructions: 'Rhyme.' })
class PoetAgent {}

/** Never answers and ignores the signal. */
class DeafModel extends ScriptedModel {
  override reply(): Promise<never> {
    return new Promise(() => undefined);
  }

  override async *stream() {
    yield { type: 'delta' as const, text: 'a' };
    await new Promise(() => undefined);
  }
}

/** Records the active span of its calls. */
class NosyModel extends ScriptedModel {
  readonly seen: unknown[] = [];

  override async *stream(request: ModelRequest, call: ModelCall) {
    this.seen.push(trace.getActiveSpan());
    yield* super.stream(request, call);
  }
}

const recorder = SpanRecorder.install();
let app: TestApp;

afterEach(async () => {
  await app.close();
  recorder.clear();
});

async function start(model: ScriptedModel, options: Partial<TestAppOptions> = {}): Promise<void> {
  app = await createTestApp({ model, providers: [NotingAgent, PoetAgent], ...options });
}

const script = (...turns: ScriptedTurn[]) => start(new ScriptedModel(...turns));

const failed = (error: string) => ({
  status: { code: SpanStatusCode.ERROR },
  attributes: { 'error.type': error },
});

async function textOfStream(message: string, signal?: AbortSignal): Promise<string> {
  let text = '';
  for await (const event of app.runner.stream({ message }, { signal })) {
    if (event.type === 'message.delta') text += event.delta;
  }
  return text;
}

describe('the spans of a run', () => {
  it('follow the semantic conventions for generative AI', async () => {
    await script([{ tool: 'note', arguments: { text: ARGUMENT } }], ANSWER);
    const { session_id, run_id } = await app.runner.run({ message: MESSAGE });

    expect(recorder.open).toEqual([]);
    expect(recorder.ended.map(({ name, kind }) => [name, kind])).toEqual([
      ['chat gpt-4o', SpanKind.CLIENT],
      ['execute_tool note', SpanKind.INTERNAL],
      ['chat gpt-4o', SpanKind.CLIENT],
      ['invoke_agent assistant', SpanKind.INTERNAL],
    ]);
    const [asked, tool, , agent] = recorder.ended;
    const run = agent?.spanContext();
    expect(recorder.ended.slice(0, 3).map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual(
      [run, run, run].map((each) => each?.spanId),
    );
    expect(asked?.attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'ScriptedModel',
      'gen_ai.agent.name': 'assistant',
      'gen_ai.conversation.id': session_id,
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.request.temperature': expect.any(Number),
      'gen_ai.response.model': 'scripted',
      'gen_ai.response.finish_reasons': ['tool_call'],
      'gen_ai.usage.input_tokens': 10,
      'gen_ai.usage.output_tokens': 5,
    });
    expect(tool?.attributes).toEqual({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'note',
      'gen_ai.tool.type': 'function',
      'gen_ai.tool.call.id': 'call-1-0',
    });
    expect(agent?.attributes).toEqual({
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.provider.name': 'ScriptedModel',
      'gen_ai.agent.name': 'assistant',
      'gen_ai.agent.description': 'Notes.',
      'gen_ai.agent.version': 'code',
      'gen_ai.conversation.id': session_id,
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.usage.input_tokens': 20,
      'gen_ai.usage.output_tokens': 10,
      'rookery.run.id': run_id,
      'rookery.run.attempt': 1,
      'rookery.run.status': 'completed',
    });
  });

  it('mark a stream and its first text, and are active while the model streams', async () => {
    const model = new NosyModel('one two');
    await start(model);
    expect(await textOfStream('hello')).toBe('one two');
    const [chat] = recorder.named('chat gpt-4o');
    expect(chat?.attributes).toMatchObject({
      'gen_ai.request.stream': true,
      'gen_ai.response.time_to_first_chunk': expect.any(Number),
    });
    expect(model.seen).toEqual([expect.objectContaining({ name: 'chat gpt-4o' })]);
  });

  it('contain no messages, arguments, results or errors', async () => {
    await script(
      [
        { tool: 'note', arguments: { text: ARGUMENT } },
        { tool: 'fail' },
        { tool: 'ask_poet', arguments: { message: ARGUMENT } },
      ],
      ANSWER,
      ANSWER,
    );
    await app.runner.run({ message: MESSAGE });
    expect(recorder.ended).toHaveLength(7);
    const recorded = JSON.stringify(
      recorder.ended.map(({ name, attributes, events, status }) => [name, attributes, events, status]),
    );
    for (const secret of [MESSAGE, ARGUMENT, RESULT, INSTRUCTIONS, ANSWER]) expect(recorded).not.toContain(secret);
  });

  it('contain messages, instructions, arguments and results if configured', async () => {
    await start(new ScriptedModel([{ tool: 'note', arguments: { text: ARGUMENT } }], ANSWER), {
      telemetry: { captureContent: true },
    });
    await app.runner.run({ message: MESSAGE });
    const [, second] = recorder.named('chat gpt-4o');
    const parsed = (name: string): unknown => JSON.parse(String(second?.attributes[name]));
    expect(parsed('gen_ai.system_instructions')).toEqual([
      { type: 'text', content: expect.stringContaining(INSTRUCTIONS) },
    ]);
    expect(parsed('gen_ai.input.messages')).toEqual([
      { role: 'user', parts: [{ type: 'text', content: MESSAGE }] },
      {
        role: 'assistant',
        parts: [{ type: 'tool_call', id: 'call-1-0', name: 'note', arguments: { text: ARGUMENT } }],
      },
      { role: 'tool', parts: [{ type: 'tool_call_response', id: 'call-1-0', response: RESULT }] },
    ]);
    expect(parsed('gen_ai.output.messages')).toEqual([
      { role: 'assistant', parts: [{ type: 'text', content: ANSWER }], finish_reason: 'stop' },
    ]);
    expect(recorder.named('execute_tool note')[0]?.attributes).toMatchObject({
      'gen_ai.tool.call.arguments': JSON.stringify({ text: ARGUMENT }),
      'gen_ai.tool.call.result': RESULT,
    });
  });

  it('are within those of the calling agent for a called agent', async () => {
    await script([{ tool: 'ask_poet', arguments: { message: 'Rhyme' } }], 'a poem', 'Done.');
    await app.runner.run({ message: 'A poem' });
    const [poet] = recorder.named('invoke_agent poet');
    const [assistant] = recorder.named('invoke_agent assistant');
    expect(poet?.parentSpanContext?.spanId).toBe(assistant?.spanContext().spanId);
    expect(recorder.named('chat gpt-4o')[1]?.parentSpanContext?.spanId).toBe(poet?.spanContext().spanId);
  });

  it('end as failed with the type of the failure', async () => {
    await script([{ tool: 'fail' }], () => {
      throw new RangeError(MESSAGE);
    });
    await expect(app.runner.run({ message: 'hello' })).rejects.toThrow();
    expect(recorder.open).toEqual([]);
    expect(recorder.named('execute_tool fail')).toMatchObject([failed('TypeError')]);
    expect(recorder.named('chat gpt-4o')[1]).toMatchObject(failed('RangeError'));
    expect(recorder.named('invoke_agent assistant')).toMatchObject([failed('internal_error')]);
  });

  it.each([
    ['an answer', () => app.runner.run({ message: 'hello' })],
    ['a stream', () => textOfStream('hello')],
  ])('end at the deadline of the run for %s that never arrives', async (_, ask) => {
    await start(new DeafModel(), { timeoutMs: 100 });
    await ask().catch(() => undefined);
    expect(recorder.open).toEqual([]);
    expect(recorder.named('chat gpt-4o')).toMatchObject([failed('agent_timeout')]);
    expect(recorder.named('invoke_agent assistant')).toMatchObject([failed('agent_timeout')]);
    expect(await app.module.get(AgentMetrics).text()).toMatch(
      /rookery_model_call_duration_seconds_count\{role="assistant",model="gpt-4o",error="agent_timeout"\} 1/,
    );
  });

  it('end if the caller leaves, even during a tool call', async () => {
    await script([{ tool: 'wait' }]);
    const leaving = new AbortController();
    const running = app.runner.run({ message: 'hello' }, { signal: leaving.signal });
    await until('the tool is called', () => recorder.open.includes('execute_tool wait'));
    leaving.abort();
    await expect(running).rejects.toThrow();
    await until('all have ended', () => recorder.open.length === 0);
    expect(recorder.named('invoke_agent assistant')).toMatchObject([
      { ...failed('client_closed_request'), attributes: { 'rookery.run.status': 'cancelled' } },
    ]);
  });

  it('continue the trace of the host', async () => {
    await script('Hello.');
    const request = trace.getTracer('host').startSpan('GET /ask');
    await context.with(trace.setSpan(context.active(), request), () => app.runner.run({ message: 'hello' }));
    const [agent] = recorder.named('invoke_agent assistant');
    expect(agent?.parentSpanContext?.spanId).toBe(request.spanContext().spanId);
    request.end();
  });

  it('fail no run, even if the SDK of the host is broken', async () => {
    const model = new ScriptedModel([{ tool: 'note', arguments: { text: ARGUMENT } }], ANSWER);
    await start(model);
    recorder.isBroken = true;
    expect((await app.runner.run({ message: MESSAGE })).reply).toBe(ANSWER);
    expect(model.requests[1]?.messages.at(-1)?.content).toBe(RESULT);
  });
});

describe('the spans of a task', () => {
  it('continue the trace of the submission in each attempt', async () => {
    await script([{ tool: 'pay' }], 'Done.', 'Hello.');
    const tasks = app.module.get(TasksService);
    const submit = trace.getTracer('host').startSpan('POST /tasks');
    const { task } = await context.with(trace.setSpan(context.active(), submit), () =>
      tasks.submit({ message: 'Pay' }),
    );
    submit.end();
    const waiting = await until('it waits', async () => {
      const { status, pending_approvals } = await tasks.get(task.task_id);
      return status === 'waiting_approval' && pending_approvals?.[0];
    });
    const decide = trace.getTracer('host').startSpan('POST /decide');
    await context.with(trace.setSpan(context.active(), decide), () =>
      tasks.decide(task.task_id, waiting.approval_id, { decision: 'approve' }),
    );
    await until('it has ended', async () => (await tasks.get(task.task_id)).status === 'completed');
    const attempts = await until('both have ended', () => {
      const spans = recorder.named('invoke_agent assistant');
      return spans.length === 2 && spans;
    });
    expect(
      attempts.map(({ attributes }) => [attributes['rookery.run.attempt'], attributes['rookery.run.status']]),
    ).toEqual([
      [1, 'at_rest'],
      [2, 'completed'],
    ]);
    for (const { parentSpanContext } of attempts) {
      expect(parentSpanContext).toMatchObject({
        traceId: submit.spanContext().traceId,
        spanId: submit.spanContext().spanId,
      });
    }
    expect(attempts.map(({ status }) => status.code)).toEqual([SpanStatusCode.UNSET, SpanStatusCode.UNSET]);
  });

  it('ignore the trace that is active in the worker', async () => {
    await script('Hello.');
    const tasks = app.module.get(TasksService);
    const { task } = await tasks.submit({ message: 'hello' });
    await until('it has ended', async () => (await tasks.get(task.task_id)).status === 'completed');
    const [agent] = await until('its span', () => recorder.named('invoke_agent assistant'));
    expect(agent?.parentSpanContext).toBeUndefined();
  });
});
