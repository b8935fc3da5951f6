import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chat, historyOf, send } from '../support/clients/client.js';
import { expectError } from '../support/clients/expect-error.js';
import { object, objects, parseObject, string, type Json } from '../support/json.js';
import type { ToolCall } from '../support/servers/openai.wire.js';
import { removeServices, startPairs, startService, startToFail } from '../support/service/service.js';
import { deltasOf, streamAll } from '../support/clients/sse.js';
import { until } from '../support/until.js';
import { INPUT_TOKENS, type ModelApi, type Received } from '../support/servers/upstream.js';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/;
const MAX_TURNS = 10;

/** Three calls of one turn. */
const CALLS: readonly ToolCall[] = [
  callOf('call_sum', 'calculate', { expression: '0.1 + 0.2' }),
  callOf('call_power', 'calculate', { expression: '2^100' }),
  callOf('call_time', 'current_time', { timezone: 'Europe/Oslo' }),
];
const POWER = '1267650600228229401496703205376';

const documents = await mkdtemp(join(tmpdir(), 'rookery-documents-'));
await mkdir(join(documents, 'birds'));
await writeFile(
  join(documents, 'birds/rooks.md'),
  '# Rooks\n\nA rook is a bird.\n\n## Nesting\n\nRooks nest together, high in elms.\n',
);

const [pairs, offline] = await Promise.all([startPairs(), startService({ DOCS_DIR: documents })]);

afterAll(async () => {
  await removeServices();
  await rm(documents, { recursive: true });
});

describe.each(pairs)('with MODEL_API=$api', ({ api, upstream, service }) => {
  beforeEach(() => upstream.clear());

  it('sends the tools of the role to the model, with strict schemas', async () => {
    await chat(service, { message: 'hello' });

    expect(toolsOf(upstream.requests[0])).toEqual([
      {
        name: 'current_time',
        description: expect.stringMatching(/\S/),
        parameters: strictly({ timezone: { type: ['string', 'null'] } }),
        strict: true,
      },
      {
        name: 'calculate',
        description: expect.stringMatching(/\S/),
        parameters: strictly({ expression: { type: 'string' } }),
        strict: true,
      },
    ]);
  });

  it('answers after the tool calls, with the tokens of all model calls', async () => {
    upstream.next({ does: 'reply', toolCalls: CALLS }, { does: 'reply', text: 'It is all known.' });

    const answer = await chat(service, { message: 'what do you know?' });

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      session_id: expect.any(String),
      run_id: expect.any(String),
      reply: 'It is all known.',
      tokens_used: INPUT_TOKENS + (INPUT_TOKENS + 4),
      model: 'gpt-4o',
      processing_time_ms: expect.any(Number),
    });
    expect(upstream.requests).toHaveLength(2);
  });

  it('sends the model its calls and their results, in the order of the calls', async () => {
    upstream.next({ does: 'reply', toolCalls: CALLS });

    await chat(service, { message: 'go' });

    expectCallsIn(api, upstream.requests[1], CALLS);
    expect(resultsOf(upstream.requests[1])).toEqual([
      { callId: 'call_sum', content: '0.3' },
      { callId: 'call_power', content: POWER },
      { callId: 'call_time', content: expect.any(String) },
    ]);
    expect(parseObject(resultsOf(upstream.requests[1])[2]?.content ?? '')).toMatchObject({
      time: expect.stringMatching(TIME),
      timezone: 'Europe/Oslo',
    });
    expect(toolsOf(upstream.requests[1])).toEqual(toolsOf(upstream.requests[0]));
  });

  it('streams the start and end of each call before the reply, without gaps in the sequence', async () => {
    upstream.next({ does: 'reply', toolCalls: CALLS }, { does: 'reply', text: 'It is all known.' });

    const events = await streamAll(service, { message: 'go' });

    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => String(index + 1)));
    expect(events.map(({ data }) => data.sequence)).toEqual(events.map((_, index) => index + 1));
    expect(events.map(({ data }) => data.type)).toEqual(events.map(({ event }) => event));
    const types = events.map(({ event }) => event);
    expect(types[0]).toBe('run.started');
    expect(types.slice(1, 7).toSorted()).toEqual([
      ...Array<string>(3).fill('tool.completed'),
      ...Array<string>(3).fill('tool.started'),
    ]);
    expect(types.slice(7)).toEqual([...Array<string>(4).fill('message.delta'), 'run.completed']);

    const started = events.filter(({ event }) => event === 'tool.started').map(({ data }) => data);
    expect(started.map(({ call_id, tool, arguments: input }) => ({ call_id, tool, input }))).toEqual(
      CALLS.map(({ id, name, arguments: text }) => ({ call_id: id, tool: name, input: parseObject(text) })),
    );
    const completed = events.filter(({ event }) => event === 'tool.completed').map(({ data }) => data);
    const outputs = Object.fromEntries(completed.map(({ call_id, output }) => [string(call_id), output]));
    expect(outputs).toEqual({ call_sum: '0.3', call_power: POWER, call_time: expect.any(String) });
    for (const { id } of CALLS) {
      const [begun = Infinity, ended = 0] = events.flatMap(({ data }, index) => (data.call_id === id ? [index] : []));
      expect(begun).toBeLessThan(ended);
      expect([types[begun], types[ended]]).toEqual(['tool.started', 'tool.completed']);
    }
    expect(deltasOf(events)).toBe('It is all known.');
    expect(object(events.at(-1)?.data.response)).toMatchObject({
      reply: 'It is all known.',
      tokens_used: INPUT_TOKENS + (INPUT_TOKENS + 4),
    });
  });

  it.each([
    ['wrong arguments', callOf('c1', 'calculate', { expression: 7 }), /^Error: .*expression must be a string/],
    ['missing arguments', callOf('c1', 'calculate', {}), /^Error: .*expression/],
    ['unknown arguments', callOf('c1', 'calculate', { expression: '1', precision: 2 }), /precision should not exist/],
    ['a list', { id: 'c1', name: 'calculate', arguments: '["1"]' }, /^Error: It must be an object/],
    ['half of a JSON text', { id: 'c1', name: 'calculate', arguments: '{"expression": "1' }, /^Error: .*not JSON/],
    ['a megabyte', callOf('c1', 'calculate', { expression: '1'.repeat(2 ** 20) }), /^Error: .*longer than/],
    ['a failure', callOf('c1', 'calculate', { expression: '1/0' }), /^Error: .*zero/],
    ['an unknown tool', callOf('c1', 'fly', {}), /^Error: No tool "fly"\. Offered: current_time, calculate/],
    ["another role's tool", callOf('c1', 'run_javascript', { code: '1' }), /^Error: No tool "run_javascript"/],
    ['a name of every object', callOf('c1', 'constructor', {}), /^Error: No tool "constructor"/],
  ])('reports %s to the model, and the run continues', async (_, call, result) => {
    upstream.next({ does: 'reply', toolCalls: [call] }, { does: 'reply', text: 'I see.' });
    const events = await streamAll(service, { message: 'go' });
    upstream.next({ does: 'reply', toolCalls: [call] }, { does: 'reply', text: 'I see.' });
    const answer = await chat(service, { message: 'go' });

    expect(answer.body).toMatchObject({ reply: 'I see.' });
    for (const request of [upstream.requests[1], upstream.requests[3]]) {
      expect(resultsOf(request)).toEqual([{ callId: 'c1', content: expect.stringMatching(result) }]);
    }
    const refused = events.find(({ event }) => event === 'tool.completed')?.data;
    expect(refused).toMatchObject({ call_id: 'c1', tool: call.name });
    expect(`Error: ${string(refused?.error)}`).toBe(resultsOf(upstream.requests[1])[0]?.content);
    expect(refused).not.toHaveProperty('output');
    expect(events.at(-1)).toMatchObject({ event: 'run.completed', data: { response: { reply: 'I see.' } } });
  });

  it('ends a run whose model never stops calling tools, and keeps its session as it was', async () => {
    await chat(service, { message: 'before', session_id: 'endless' });
    const before = await historyOf(service, 'endless');
    upstream.clear();
    upstream.always({ does: 'reply', toolCalls: CALLS });

    const answer = await chat(service, { message: 'go', session_id: 'endless' });
    const turns = upstream.requests.length;
    const events = await streamAll(service, { message: 'go', session_id: 'endless' });

    expectError(answer, 502, 'model_error');
    expect(answer.body.detail).toBe(`The agent did not finish within ${MAX_TURNS} turns.`);
    expect(turns).toBe(MAX_TURNS);
    expect(events.at(-1)).toMatchObject({ event: 'run.failed', data: { error: { error: 'model_error' } } });
    expect(await historyOf(service, 'endless')).toEqual(before);
  });

  it('keeps the session as it was if the model fails after tool calls', async () => {
    upstream.next({ does: 'reply', toolCalls: CALLS }, { does: 'refuse', status: 400 });

    const answer = await chat(service, { message: 'go', session_id: 'half' });

    expectError(answer, 502, 'model_error');
    expect(await historyOf(service, 'half')).toEqual([]);
  });

  it('shows the results of tools among the messages of the session', async () => {
    upstream.next({ does: 'reply', toolCalls: CALLS }, { does: 'reply', text: 'Known.' });
    const { body } = await chat(service, { message: 'go', session_id: 'shown' });

    const page = await send(service, 'GET /api/v1/agent/sessions/shown/messages');

    const messages = objects(page.body.items).toReversed();
    expect(messages.map(({ role, tool, call_id }) => ({ role, tool, call_id }))).toEqual([
      { role: 'user' },
      { role: 'assistant' },
      ...CALLS.map(({ id, name }) => ({ role: 'tool', tool: name, call_id: id })),
      { role: 'assistant' },
    ]);
    expect(messages[2]?.content).toBe('0.3');
    expect(new Set(messages.map(({ run_id }) => run_id))).toEqual(new Set([body.run_id]));
    const session = await send(service, 'GET /api/v1/agent/sessions/shown');
    expect(session.body.message_count).toBe(messages.length);
  });

  it('sends the tool calls to the model again with the next message of the session', async () => {
    upstream.next({ does: 'reply', toolCalls: CALLS }, { does: 'reply', text: 'Known.' });
    await chat(service, { message: 'go', session_id: 'again' });
    const [, first] = upstream.requests;

    await chat(service, { message: 'and now?', session_id: 'again' });

    expectCallsIn(api, upstream.requests[2], CALLS);
    expect(resultsOf(upstream.requests[2])).toEqual(resultsOf(first));
    expect(conversationOf(upstream.requests[2]).slice(0, conversationOf(first).length)).toEqual(conversationOf(first));
    expect(upstream.requests[2]?.messages.slice(-2)).toEqual([
      { role: 'assistant', content: 'Known.' },
      { role: 'user', content: 'and now?' },
    ]);
  });
});

describe('without a key', () => {
  it('calculates with the assistant', async () => {
    const answer = await chat(offline, { message: 'What is 6*7?' });

    expect(answer.body.reply).toBe('[offline model] I called the tool calculate. It says: 42');
    await expectOneCall({ message: 'What is 6*7?' }, 'calculate', '42');
  });

  it('reports the time with the assistant', async () => {
    const output = await expectOneCall({ message: 'What time is it in Europe/Oslo?' }, 'current_time');

    expect(parseObject(output)).toMatchObject({ time: expect.stringMatching(TIME), timezone: 'Europe/Oslo' });
  });

  it('finds a passage of the documents with the researcher', async () => {
    const output = await expectOneCall({ message: 'Search for nesting', agent_role: 'researcher' }, 'search_documents');

    const [hit] = objects(parseObject(output).hits);
    expect(JSON.stringify(hit)).toContain('birds/rooks.md');
    expect(JSON.stringify(hit)).toContain('Nesting');
    expect(JSON.stringify(hit)).toContain('high in elms');
  });

  it('finds documents that were written after the start with the researcher', async () => {
    await writeFile(join(documents, 'owls.md'), '# Owls\n\nOwls hunt by night.\n');

    const reply = await until('the search finds it', async () => {
      const answer = await chat(offline, { message: 'Search for owls', agent_role: 'researcher' });
      return string(answer.body.reply).includes('owls.md') && string(answer.body.reply);
    });

    expect(reply).toContain('Owls hunt by night.');
  });

  it('runs JavaScript with the coder', async () => {
    const output = await expectOneCall(
      { message: 'Run: [1, 2, 3].map((n) => n * 2)', agent_role: 'coder' },
      'run_javascript',
    );

    expect(parseObject(output)).toEqual({ value: '[2,4,6]', logs: '' });
  });

  it('lists the tools of the roles', async () => {
    const { body } = await send(offline, 'GET /api/v1/agent/roles');

    expect(Object.fromEntries(objects(body.items).map(({ role, tools }) => [string(role), tools]))).toEqual({
      assistant: ['current_time', 'calculate'],
      researcher: ['search_documents'],
      coder: ['run_javascript'],
    });
  });
});

describe('DOCS_DIR', () => {
  it('is optional: without it the researcher has no documents', async () => {
    const bare = await startService();

    const { body } = await chat(bare, { message: 'Search for nesting', agent_role: 'researcher' });

    expect(body.reply).toEqual(expect.stringMatching(/Error: No documents are configured/));
  });

  it('prevents the start if it is not a folder, and is named', async () => {
    const name = join(documents, 'missing');
    const { exitCode, output } = await startToFail({ DOCS_DIR: name });

    expect(exitCode).toBe(1);
    expect(output).toMatch(/DOCS_DIR: .* Create it, or correct DOCS_DIR\./);
  });
});

function callOf(id: string, name: string, input: Json): ToolCall {
  return { id, name, arguments: JSON.stringify(input) };
}

/** Returns the schema of an object with only these fields, all of them required. */
function strictly(properties: Json): Json {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

/** Returns the tools in a model request, without the wrapper of one format. */
function toolsOf(request: Received | undefined): Json[] {
  return objects(request?.body.tools).map(({ type, ...tool }) => {
    expect(type).toBe('function');
    return request?.api === 'chat' ? object(tool.function) : tool;
  });
}

/** Returns the messages to the model in the provider's own format, without the instructions. */
function conversationOf(request: Received | undefined): Json[] {
  return request?.api === 'chat' ? objects(request.body.messages).slice(1) : objects(request?.body.input);
}

interface Result {
  callId: string;
  content: string;
}

/** Returns the results of the model's calls. */
function resultsOf(request: Received | undefined): Result[] {
  return conversationOf(request).flatMap(({ role, tool_call_id, content, type, call_id, output }) => {
    if (role === 'tool') return [{ callId: string(tool_call_id), content: string(content) }];
    return type === 'function_call_output' ? [{ callId: string(call_id), content: string(output) }] : [];
  });
}

/** Expects the model's calls right before their results, as the provider requires. */
function expectCallsIn(api: ModelApi, request: Received | undefined, calls: readonly ToolCall[]): void {
  const conversation = conversationOf(request);
  if (api === 'chat') {
    expect(conversation[1]).toEqual({
      role: 'assistant',
      content: null,
      tool_calls: calls.map(({ id, name, arguments: text }) => ({
        id,
        type: 'function',
        function: { name, arguments: text },
      })),
    });
    expect(conversation.slice(2, 2 + calls.length)).toEqual(
      calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: expect.any(String) })),
    );
  } else {
    expect(conversation.slice(1, 1 + calls.length)).toEqual(
      calls.map(({ id, name, arguments: text }) => ({ type: 'function_call', call_id: id, name, arguments: text })),
    );
    expect(conversation.slice(1 + calls.length, 1 + 2 * calls.length)).toEqual(
      calls.map(({ id }) => ({ type: 'function_call_output', call_id: id, output: expect.any(String) })),
    );
  }
}

/** Expects the offline model to call that tool once, and to answer with its result. */
async function expectOneCall(request: Json, tool: string, expected?: string): Promise<string> {
  const events = await streamAll(offline, request);
  const calls = events.filter(({ event }) => event.startsWith('tool.'));
  expect(calls.map(({ event, data }) => [event, data.tool])).toEqual([
    ['tool.started', tool],
    ['tool.completed', tool],
  ]);
  expect(calls[0]?.data.call_id).toBe(calls[1]?.data.call_id);
  const output = string(calls[1]?.data.output);
  if (expected !== undefined) expect(output).toBe(expected);
  expect(deltasOf(events)).toBe(`[offline model] I called the tool ${tool}. It says: ${output}`);
  return output;
}
