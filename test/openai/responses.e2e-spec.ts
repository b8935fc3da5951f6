import OpenAI, { APIUserAbortError, NotFoundError, PermissionDeniedError } from 'openai';
import type { ResponseStreamEvent } from 'openai/resources/responses/responses';
import { openKeys } from '../../src/keys/open.keys.js';
import { SCOPES, type Scope } from '../../src/auth/scopes.js';
import { send } from '../support/clients/client.js';
import { object, objects, string } from '../support/json.js';
import { INPUT_TOKENS } from '../support/servers/upstream.js';
import { removeServices, startPairProcess } from '../support/service/service.js';
import { Gate, until } from '../support/until.js';

const WEATHER = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const CITY = WEATHER;
const TOOL = { type: 'function', name: 'get_weather', parameters: WEATHER, strict: false } as const;
const CALL = { id: 'call_1', name: 'get_weather', arguments: '{"city":"Oslo"}' };
const PIXEL = 'data:image/png;base64,iVBORw0KGgo=';
/** The keys that the specification of Open Responses requires. */
const REQUIRED = [
  'id',
  'object',
  'created_at',
  'completed_at',
  'status',
  'incomplete_details',
  'model',
  'previous_response_id',
  'instructions',
  'output',
  'error',
  'tools',
  'tool_choice',
  'truncation',
  'parallel_tool_calls',
  'text',
  'top_p',
  'presence_penalty',
  'frequency_penalty',
  'top_logprobs',
  'temperature',
  'reasoning',
  'usage',
  'max_output_tokens',
  'max_tool_calls',
  'store',
  'background',
  'service_tier',
  'metadata',
  'safety_identifier',
  'prompt_cache_key',
];

const { service, upstream } = await startPairProcess('chat', { AUTH_MODE: 'api-key', STREAM_GRACE_SECONDS: '0.05' });
const opened = await openKeys(service.databaseUrl);
const key = await keyFor(SCOPES.filter((scope) => scope !== 'admin'));
const client = clientOf(key);

beforeEach(() => upstream.clear());

afterAll(async () => {
  await opened.close();
  await removeServices();
});

async function keyFor(scopes: readonly Scope[]): Promise<string> {
  return (await opened.keys.create({ name: 'k', tenant: 'acme', scopes }, 'test')).key;
}

function clientOf(apiKey: string): OpenAI {
  return new OpenAI({ apiKey, baseURL: `${service.url}/v1`, maxRetries: 0 });
}

async function eventsOf(stream: AsyncIterable<ResponseStreamEvent>): Promise<ResponseStreamEvent[]> {
  const events: ResponseStreamEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

const ask = { model: 'assistant', input: 'one two three' } as const;
const USAGE = { input_tokens: INPUT_TOKENS, output_tokens: 4, total_tokens: INPUT_TOKENS + 4 };

describe('a response', () => {
  it('has all keys that clients and the specification require', async () => {
    const response = await client.responses.create({ ...ask, metadata: { ticket: '4711' }, temperature: 0.5 });
    expect(Object.keys(response)).toEqual(expect.arrayContaining(REQUIRED));
    expect(response).toMatchObject({
      id: expect.stringMatching(/^resp_/),
      object: 'response',
      status: 'completed',
      model: 'assistant',
      output_text: 'Echo: one two three',
      output: [
        {
          type: 'message',
          id: expect.stringMatching(/^msg_/),
          role: 'assistant',
          status: 'completed',
          phase: 'final_answer',
          content: [{ type: 'output_text', text: 'Echo: one two three', annotations: [] }],
        },
      ],
      usage: USAGE,
      metadata: { ticket: '4711' },
      temperature: 0.5,
    });
    expect(await client.responses.retrieve(response.id)).toEqual(response);
    const { data } = await client.responses.inputItems.list(response.id);
    expect(data).toMatchObject([{ type: 'message', role: 'user', content: [{ text: 'one two three' }] }]);
  });

  it('streams the events of the same response, numbered, without ids and with an end', async () => {
    const { text } = await send(service, 'POST /v1/responses', {
      headers: { authorization: `Bearer ${key}` },
      body: { ...ask, stream: true },
    });
    expect(text).not.toMatch(/^id:/m);
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    const events = await eventsOf(await client.responses.create({ ...ask, stream: true }));
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, index) => index));
    expect(events.map(({ type }) => type).filter((type) => type !== 'response.output_text.delta')).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    const last = object(events.at(-1));
    const id = string(object(last.response).id);
    expect(await client.responses.retrieve(id)).toMatchObject(object(last.response));
    const rest = await eventsOf(await client.responses.retrieve(id, { stream: true, starting_after: 4 }));
    expect(rest).toEqual(events.slice(5));
  });

  it('continues a response or a conversation, and sends images', async () => {
    const first = await client.responses.create({ ...ask });
    await client.responses.create({
      model: 'assistant',
      previous_response_id: first.id,
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'Whose?' },
            { type: 'input_image', image_url: PIXEL, detail: 'auto' },
          ],
        },
      ],
    });
    expect(objects(object(upstream.requests[1]?.body).messages).slice(1)).toMatchObject([
      { role: 'user', content: 'one two three' },
      { role: 'assistant', content: 'Echo: one two three' },
      { role: 'user', content: [{ text: 'Whose?' }, { image_url: { url: PIXEL } }] },
    ]);
    // Another turn follows it, so the conversation branches.
    const branch = await client.responses.create({ ...ask, previous_response_id: first.id });
    expect(upstream.requests.at(-1)?.messages).toHaveLength(4);
    await client.responses.create({ ...ask, previous_response_id: branch.id });
    expect(upstream.requests.at(-1)?.messages).toHaveLength(6);
    const held = await client.responses.create({ ...ask, conversation: 'conv_desk' });
    expect(object(held).conversation).toEqual({ id: 'conv_desk' });
    await client.responses.create({ ...ask, conversation: { id: 'conv_desk' } });
    expect(upstream.requests.at(-1)?.messages).toHaveLength(4);
  });

  it('ends with calls of functions, and continues with their outputs', async () => {
    upstream.next({ does: 'reply', text: 'Wait.', toolCalls: [CALL] });
    const events = await eventsOf(await client.responses.create({ ...ask, tools: [TOOL], stream: true }));
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['response.function_call_arguments.delta', 'response.function_call_arguments.done']),
    );
    const response = object(object(events.at(-1)).response);
    const [text, call] = objects(response.output);
    expect(text).toMatchObject({ type: 'message', phase: 'commentary' });
    expect(call).toMatchObject({ type: 'function_call', name: 'get_weather', arguments: '{"city":"Oslo"}' });
    const call_id = string(call?.call_id);
    const previous_response_id = string(response.id);
    await expect(client.responses.create({ ...ask, previous_response_id })).rejects.toMatchObject({
      status: 400,
      code: 'tool_results_required',
    });
    const input = [{ type: 'function_call_output', call_id, output: '7 degrees' } as const];
    await client.responses.create({ model: 'assistant', previous_response_id, tools: [TOOL], input });
    const sent = objects(object(upstream.requests.at(-1)?.body).messages);
    expect(sent.slice(1).map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
    expect(sent.at(-1)).toMatchObject({ tool_call_id: call_id, content: '7 degrees' });
    const reference = { type: 'item_reference', id: string(call?.id) } as const;
    await client.responses.create({ model: 'assistant', input: [{ role: 'user', content: 'x' }, reference, ...input] });
    const [, , turn, result] = objects(object(upstream.requests.at(-1)?.body).messages);
    expect([turn?.tool_calls, result]).toEqual([sent[2]?.tool_calls, sent[3]]);
  });

  it('continues a conversation that the client keeps', async () => {
    const input = [
      { role: 'user', content: 'My name is Ada.' },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hello.' }] },
      { role: 'user', content: 'Who am I?' },
    ];
    await send(service, 'POST /v1/responses', {
      headers: { authorization: `Bearer ${key}` },
      body: { model: 'assistant', input },
    });
    expect(upstream.requests[0]?.messages.slice(1)).toMatchObject([
      { role: 'user', content: 'My name is Ada.' },
      { role: 'assistant', content: 'Hello.' },
      { role: 'user', content: 'Who am I?' },
    ]);
  });

  it('has the requested format', async () => {
    upstream.next({ does: 'reply', text: '{"city":"Oslo"}' });
    const format = { type: 'json_schema', name: 'city', schema: CITY } as const;
    const { output_text, text } = await client.responses.create({ ...ask, text: { format } });
    expect(JSON.parse(output_text)).toEqual({ city: 'Oslo' });
    expect(text).toEqual({ format });
  });

  it('follows instructions and settings of the request', async () => {
    await client.responses.create({
      model: 'assistant',
      instructions: 'Be brief.',
      input: [
        { role: 'developer', content: 'Speak like a pirate.' },
        { role: 'user', content: 'hello' },
      ],
      top_p: 0.5,
      max_output_tokens: 9,
      reasoning: { effort: 'low' },
    });
    const body = object(upstream.requests[0]?.body);
    expect(body).toMatchObject({ top_p: 0.5, max_tokens: 9, reasoning_effort: 'low' });
    const [system, developer, user] = objects(body.messages);
    expect(system?.content).toMatch(/\n\nBe brief\.$/);
    expect(developer).toMatchObject({ content: 'Speak like a pirate.' });
    expect(user).toEqual({ role: 'user', content: 'hello' });
  });

  it('has the format although the model had to write it again', async () => {
    const turns = [{ does: 'reply', text: 'no json' } as const, { does: 'reply', text: '{"city":"Oslo"}' } as const];
    const format = { type: 'json_schema', name: 'city', schema: CITY } as const;
    upstream.next(...turns, ...turns);
    const { id, output_text } = await client.responses.create({ ...ask, text: { format } });
    expect(JSON.parse(output_text)).toEqual({ city: 'Oslo' });
    expect(await client.responses.retrieve(id)).toMatchObject({ output_text });
    const events = await eventsOf(await client.responses.create({ ...ask, text: { format }, stream: true }));
    expect(objects(object(object(events.at(-1)).response).output)).toMatchObject([
      { content: [{ text: output_text }] },
    ]);
    expect(events.filter(({ type }) => type === 'response.output_item.done')).toMatchObject([
      { item: { status: 'incomplete' } },
      { item: { status: 'completed', content: [{ text: output_text }] } },
    ]);
  });

  it('is repeated by its key, also if it continues another', async () => {
    const first = await client.responses.create({ ...ask });
    const headers = { authorization: `Bearer ${key}`, 'idempotency-key': first.id };
    const body = { ...ask, previous_response_id: first.id };
    const one = await send(service, 'POST /v1/responses', { headers, body });
    const two = await send(service, 'POST /v1/responses', { headers, body: { ...body, truncation: 'auto' } });
    expect(two.body).toEqual(one.body);
    expect(two.headers['idempotent-replayed']).toBe('true');
    const other = await send(service, 'POST /v1/responses', { headers, body: { ...body, input: 'other' } });
    expect(other).toMatchObject({ status: 400, body: { error: { code: 'idempotency_key_reused' } } });
  });

  it('leaves nothing behind with store: false', async () => {
    const stored = await client.responses.create({ ...ask, conversation: 'conv_quiet' });
    const asked = { ...ask, previous_response_id: stored.id, store: false };
    const response = await client.responses.create(asked);
    expect(response).toMatchObject({ store: false, output_text: 'Echo: one two three', usage: USAGE });
    upstream.next({ does: 'reply', text: 'Wait.', toolCalls: [CALL] });
    const events = await eventsOf(await client.responses.create({ ...asked, tools: [TOOL], stream: true }));
    const output = objects(object(object(events.at(-1)).response).output);
    expect(output.map(({ type }) => type)).toEqual(['message', 'function_call']);
    await expect(client.responses.retrieve(response.id)).rejects.toThrow(NotFoundError);
    await expect(client.responses.create({ ...ask, previous_response_id: response.id })).rejects.toMatchObject({
      code: 'previous_response_not_found',
    });
    await client.responses.create({ ...ask, previous_response_id: stored.id });
    await expect(client.responses.create({ ...ask, background: true, store: false })).rejects.toMatchObject({
      param: 'store',
    });
  });

  it('refers to items of the input of another', async () => {
    const { id } = await client.responses.create({ ...ask, input: 'My name is Ada.' });
    const { data } = await client.responses.inputItems.list(id);
    const reference = { type: 'item_reference', id: string(object(data[0]).id) } as const;
    await client.responses.create({ model: 'assistant', input: [reference] });
    expect(upstream.requests.at(-1)?.messages.at(-1)).toMatchObject({ content: 'My name is Ada.' });
  });

  it('is deleted with its calls and their results', async () => {
    const conversation = 'conv_calls';
    upstream.next({ does: 'reply', toolCalls: [CALL] });
    const first = await client.responses.create({ ...ask, conversation, tools: [TOOL] });
    await client.responses.delete(first.id);
    upstream.next({ does: 'reply', toolCalls: [CALL] });
    const second = await client.responses.create({ ...ask, conversation, tools: [TOOL] });
    const call_id = string(objects(second.output)[0]?.call_id);
    const input = [{ type: 'function_call_output', call_id, output: '7 degrees' } as const];
    const third = await client.responses.create({ model: 'assistant', conversation, tools: [TOOL], input });
    await client.responses.delete(third.id);
    await client.responses.create({ ...ask, conversation });
    const sent = objects(object(upstream.requests.at(-1)?.body).messages).slice(1);
    expect(sent.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'user']);
    expect(sent[2]).toMatchObject({ content: 'The result was erased.' });
    await client.responses.delete(second.id);
    await client.responses.create({ ...ask, conversation });
    const left = objects(object(upstream.requests.at(-1)?.body).messages).slice(1);
    expect(left.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  });

  it('is that of its caller, unless others may read sessions', async () => {
    const [own, other] = await Promise.all([keyFor(['chat']), keyFor(['chat'])]);
    const { id } = await clientOf(own).responses.create({ ...ask });
    await expect(clientOf(other).responses.retrieve(id)).rejects.toThrow(NotFoundError);
    await expect(clientOf(other).responses.inputItems.list(id)).rejects.toThrow(NotFoundError);
    await expect(clientOf(own).responses.delete(id)).rejects.toThrow(PermissionDeniedError);
    expect(await clientOf(own).responses.retrieve(id)).toMatchObject({ id });
    expect(await client.responses.retrieve(id)).toMatchObject({ id });
  });

  it('is deleted with its run and its messages', async () => {
    const { id } = await client.responses.create({ ...ask, conversation: 'conv_gone' });
    // Some clients send the type of a body that they do not have.
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const deleted = await send(service, `DELETE /v1/responses/${id}`, { headers });
    expect(deleted).toMatchObject({ status: 200, body: { id, object: 'response', deleted: true } });
    await expect(client.responses.retrieve(id)).rejects.toThrow(NotFoundError);
    await expect(client.responses.create({ ...ask, previous_response_id: id })).rejects.toMatchObject({
      status: 400,
      code: 'previous_response_not_found',
    });
    const session = await send(service, 'GET /api/v1/agent/sessions/gone/messages', { headers });
    expect(objects(session.body.items)).toEqual([]);
  });
});

it('is exported and erased with its session', async () => {
  const { id } = await client.responses.create({ ...ask, conversation: 'conv_private' });
  const headers = { authorization: `Bearer ${key}` };
  const exported = await send(service, 'GET /api/v1/agent/sessions/private/export', { headers });
  const lines = exported.text.split('\n').filter((line) => line.includes('"openai_response"'));
  expect(lines).toEqual([expect.stringContaining('one two three'), expect.stringContaining('"type":"end"')]);
  await send(service, 'DELETE /api/v1/agent/sessions/private', { headers });
  await expect(client.responses.retrieve(id)).rejects.toThrow(NotFoundError);
  expect((await send(service, 'GET /api/v1/agent/sessions/private/export', { headers })).status).toBe(404);
});

describe('a response in the background', () => {
  it('is queued, streamed from any event, and kept when its process dies', async () => {
    const gate = new Gate();
    upstream.next({ does: 'reply', text: 'late answer', hold: { afterDeltas: 1, until: gate.opened } });
    const stream = await client.responses.create({ ...ask, background: true, stream: true });
    const seen: ResponseStreamEvent[] = [];
    for await (const event of stream) {
      seen.push(event);
      if (event.type === 'response.in_progress') break;
    }
    expect(seen.map(({ type }) => type)).toEqual(['response.created', 'response.queued', 'response.in_progress']);
    const id = string(object(object(seen[0]).response).id);
    expect(await client.responses.retrieve(id)).toMatchObject({ status: 'in_progress', output: [] });
    await service.kill9();
    upstream.next({ does: 'reply', text: 'late answer' });
    await service.startHosted();
    const after = await clientOf(key).responses.retrieve(id, { stream: true, starting_after: 2 });
    const rest = await eventsOf(after);
    gate.open();
    expect(rest.map(({ sequence_number }) => sequence_number)).toEqual(rest.map((_, index) => index + 3));
    expect(rest.at(-1)).toMatchObject({ type: 'response.completed', response: { status: 'completed' } });
    expect(await clientOf(key).responses.retrieve(id)).toMatchObject({ output_text: 'late answer' });
  });

  it('is cancelled, again without a fault', async () => {
    const own = clientOf(key);
    const gate = new Gate();
    upstream.next({ does: 'reply', text: 'never', hold: { afterDeltas: 1, until: gate.opened } });
    const { id } = await own.responses.create({ ...ask, background: true });
    await until('it has begun', async () => (await own.responses.retrieve(id)).status === 'in_progress');
    expect(await own.responses.cancel(id)).toMatchObject({ status: 'cancelled', error: { code: 'run_cancelled' } });
    expect(await own.responses.cancel(id)).toMatchObject({ status: 'cancelled', error: { code: 'run_cancelled' } });
    gate.open();
  });

  it('needs the scope tasks', async () => {
    const chatting = clientOf(await keyFor(['chat']));
    await expect(chatting.responses.create({ ...ask, background: true })).rejects.toThrow(PermissionDeniedError);
    const { id } = await clientOf(key).responses.create({ ...ask, background: true });
    await expect(chatting.responses.retrieve(id)).rejects.toThrow(NotFoundError);
  });
});

describe('a request', () => {
  it.each([
    ['no model', { input: 'x' }, { code: 'missing_required_parameter', param: 'model' }],
    [
      'an empty input',
      { ...ask, input: [] },
      { code: 'invalid_value', param: 'input', message: 'input must not be empty' },
    ],
    ['no input', { model: 'assistant' }, { code: 'missing_required_parameter', param: 'input' }],
    ['an unknown model', { ...ask, model: 'gpt-9' }, { code: 'model_not_found', param: 'model' }],
    ['a prompt template', { ...ask, prompt: { id: 'p' } }, { code: 'unsupported_parameter', param: 'prompt' }],
    [
      'a hosted tool',
      { ...ask, tools: [{ type: 'web_search' }] },
      { code: 'unsupported_parameter', param: 'tools[0].type' },
    ],
    ['a wrong type', { ...ask, temperature: 'hot' }, { code: 'invalid_value', param: 'temperature' }],
    [
      'an unknown response',
      { ...ask, previous_response_id: 'resp_x' },
      { code: 'previous_response_not_found', param: 'previous_response_id' },
    ],
    [
      'an unknown item',
      { ...ask, input: [{ type: 'computer_call' }] },
      { code: 'unsupported_parameter', param: 'input[0].type' },
    ],
    [
      'a private image',
      { ...ask, input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'https://127.0.0.1/x' }] }] },
      { code: 'invalid_value', param: 'input[0].content[0].image_url' },
    ],
  ])('is refused with %s', async (_, body, error) => {
    const answer = await send(clientTarget(), 'POST /v1/responses', {
      headers: { authorization: `Bearer ${key}` },
      body,
    });
    expect(answer).toMatchObject({ status: error.code === 'model_not_found' ? 404 : 400, body: { error } });
  });

  it('may have a large image, up to a limit', async () => {
    const image_url = `data:image/png;base64,${'A'.repeat(1024 * 1024)}`;
    const body = { model: 'assistant', input: [{ role: 'user', content: [{ type: 'input_image', image_url }] }] };
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    expect((await send(clientTarget(), 'POST /v1/responses', { headers, body })).status).toBe(200);
    const tooLarge = { ...headers, 'content-length': String(4 * 1024 * 1024 + 1) };
    const refused = await send(clientTarget(), 'POST /v1/responses', { headers: tooLarge });
    expect(refused).toMatchObject({ status: 413, body: { error: { code: 'payload_too_large' } } });
  });

  it('may have tools of other types beside functions, which it does not need', async () => {
    const hosted = [{ type: 'namespace', name: 'agents', tools: [TOOL] }, { type: 'local_shell' }];
    const custom = {
      type: 'custom',
      name: 'apply_patch',
      format: { type: 'grammar', syntax: 'lark', definition: 'x' },
    };
    // The fields that the command line of Codex sends.
    const body = {
      model: 'assistant',
      instructions: 'You are a coding agent.',
      input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hello' }] }],
      tools: [...hosted, TOOL, custom, { type: 'web_search', external_web_access: false }],
      tool_choice: 'auto',
      parallel_tool_calls: true,
      reasoning: { summary: 'auto' },
      store: false,
      stream: true,
      include: ['reasoning.encrypted_content'],
      prompt_cache_key: 'key',
      client_metadata: { turn_id: 'x' },
    };
    const headers = { authorization: `Bearer ${key}` };
    const { text } = await send(service, 'POST /v1/responses', { headers, body });
    expect(text).toContain('event: response.completed');
    // The response has those that the model got.
    expect(text).not.toContain('web_search');
    const tools = objects(object(upstream.requests[0]?.body).tools).map((tool) => object(tool.function).name);
    expect(tools).toContain('get_weather');
    expect(tools).not.toContain('apply_patch');
    const needed = { ...body, tool_choice: { type: 'web_search' } };
    expect(await send(service, 'POST /v1/responses', { headers, body: needed })).toMatchObject({
      status: 400,
      body: { error: { code: 'unsupported_parameter', param: 'tool_choice.type' } },
    });
  });

  it('may have unknown fields and nulls', async () => {
    const body = { ...ask, client_metadata: { x: 1 }, tools: [], instructions: null, store: true, include: [] };
    const answer = await send(clientTarget(), 'POST /v1/responses', {
      headers: { authorization: `Bearer ${key}` },
      body,
    });
    expect(answer.status).toBe(200);
  });
});

describe('a failure', () => {
  it('is an error, or the last event of a stream', async () => {
    const own = clientOf(key);
    upstream.next({ does: 'refuse', status: 400 }, { does: 'refuse', status: 400 });
    const eager = new OpenAI({ apiKey: key, baseURL: `${service.url}/v1`, maxRetries: 2 });
    await expect(eager.responses.create({ ...ask })).rejects.toMatchObject({ status: 502, code: 'model_error' });
    // The client would repeat other failures of the server.
    expect(upstream.requests).toHaveLength(1);
    const events = await eventsOf(await own.responses.create({ ...ask, stream: true }));
    expect(events.at(-1)).toMatchObject({
      type: 'response.failed',
      response: { status: 'failed', error: { code: 'model_error', message: expect.stringMatching(/\S/) } },
    });
  });

  it('to wait cancels the run', async () => {
    const gate = new Gate();
    upstream.next({ does: 'reply', text: 'never', hold: { afterDeltas: 1, until: gate.opened } });
    const leaving = new AbortController();
    const waiting = clientOf(key).responses.create({ ...ask }, { signal: leaving.signal });
    await until('the provider is asked', () => upstream.requests.length > 0);
    const logged = service.logs.length;
    leaving.abort();
    await expect(waiting).rejects.toThrow(APIUserAbortError);
    await until('the run is cancelled', () => service.logs.slice(logged).some(({ status }) => status === 'cancelled'));
    gate.open();
  });
});

function clientTarget(): { readonly url: string } {
  return service;
}
