import OpenAI from 'openai';
import type { FunctionTool, ResponseInputItem } from 'openai/resources/responses/responses';
import { openKeys } from '../../src/keys/open.keys.js';
import { refusalOf, TestSocket } from '../support/clients/socket.js';
import { send } from '../support/clients/client.js';
import { type Json, object, objects, string } from '../support/json.js';
import { removeServices, startPair } from '../support/service/service.js';
import { Gate, until } from '../support/until.js';

const PIXEL = 'data:image/png;base64,iVBORw0KGgo=';
const IMAGE: ResponseInputItem = {
  role: 'user',
  content: [{ type: 'input_image', image_url: PIXEL, detail: 'auto' }],
};
const REASONING: ResponseInputItem = {
  type: 'reasoning',
  id: 'rs_1',
  summary: [{ type: 'summary_text', text: 'A name.' }],
};
const CALL = { id: 'call_1', name: 'get_weather', arguments: '{"city":"Oslo"}' };
const CLOCK = { id: 'call_c', name: 'get_current_time', arguments: '{"time_zone":"UTC"}' };
const TOOL = { type: 'function', name: 'get_weather', parameters: { type: 'object', properties: {} } };
const TERMINAL = /^(?:response\.(?:completed|failed|incomplete)|error)$/;

const { service, upstream } = await startPair('chat', { AUTH_MODE: 'api-key', STREAM_GRACE_SECONDS: '0.05' });
const opened = await openKeys(service.databaseUrl);
const { key, key_id } = await opened.keys.create(
  { name: 'k', tenant: 'acme', scopes: ['chat', 'tasks', 'sessions:read', 'sessions:write'] },
  'test',
);
const operator = await opened.keys.create({ name: 'o', tenant: 'acme', scopes: ['admin'] }, 'test');
const headers = { authorization: `Bearer ${key}` };
const client = new OpenAI({ apiKey: key, baseURL: `${service.url}/v1`, maxRetries: 0 });

beforeEach(() => upstream.clear());

afterAll(async () => {
  await opened.close();
  await removeServices();
});

/** A connection on which each turn is answered before the next one. */
async function connect() {
  const socket = await TestSocket.open(service, { path: '/v1/responses', headers });
  let seen = 0;
  const create = (fields: Json): void => socket.send({ type: 'response.create', model: 'assistant', ...fields });
  /** The events up to the next terminal one. */
  const events = async (): Promise<Json[]> => {
    const end = await until('the response ends', () => {
      const index = socket.frames.findIndex(({ type }, at) => at >= seen && TERMINAL.test(string(type)));
      return index === -1 ? undefined : index + 1;
    });
    const turn = socket.frames.slice(seen, end);
    seen = end;
    return turn;
  };
  const turn = async (fields: Json): Promise<Json> => {
    create(fields);
    return (await events()).at(-1) ?? {};
  };
  return { socket, create, events, turn };
}

const idOf = (event: Json): string => string(object(event.response).id);
const lastMessages = () =>
  upstream.requests
    .at(-1)
    ?.messages.slice(1)
    .map(({ content }) => content);

describe('the WebSocket of responses', () => {
  it('sends the events of a response, as a stream does', async () => {
    const { create, events, socket } = await connect();
    create({ input: 'one two three' });
    const sent = await events();
    expect(sent.map(({ sequence_number }) => sequence_number)).toEqual(sent.map((_, index) => index));
    expect(sent[0]?.type).toBe('response.created');
    const [last] = sent.slice(-1);
    expect(last).toMatchObject({ type: 'response.completed', response: { status: 'completed', store: true } });
    expect(await client.responses.retrieve(idOf(last ?? {}))).toMatchObject({ output_text: 'Echo: one two three' });
    expect(socket.upgrade?.headers).toMatchObject({ 'x-request-id': expect.any(String) });
  });

  it('creates one response at a time, in order', async () => {
    const gate = new Gate();
    upstream.next({ does: 'reply', text: 'first', hold: { afterDeltas: 1, until: gate.opened } });
    const { create, events } = await connect();
    create({ input: 'one', store: false });
    create({ input: 'two', store: false });
    await until('the first one is asked', () => upstream.requests.length > 0);
    gate.open();
    const turns = [await events(), await events()];
    expect(turns.map((turn) => objects(object(turn.at(-1)?.response).output)[0]?.content)).toMatchObject([
      [{ text: 'first' }],
      [{ text: 'Echo: two' }],
    ]);
  });

  it('continues a response that is not stored, on its connection alone', async () => {
    const { turn } = await connect();
    upstream.next({ does: 'reply', text: 'Noted.', toolCalls: [CALL] });
    const first = await turn({ input: 'cobalt', store: false, tools: [TOOL] });
    const [, call] = objects(object(first.response).output);
    const output = { type: 'function_call_output', call_id: call?.call_id, output: '7 degrees' };
    const second = await turn({ previous_response_id: idOf(first), store: false, input: [output] });
    expect(lastMessages()).toEqual(['cobalt', 'Noted.', '7 degrees']);
    const third = await turn({ previous_response_id: idOf(second), input: 'And?' });
    expect(lastMessages()).toEqual(['cobalt', 'Noted.', '7 degrees', 'Echo: cobalt', 'And?']);
    // A stored one has the whole conversation.
    const other = await connect();
    await other.turn({ previous_response_id: idOf(third), input: 'Who?' });
    expect(lastMessages()?.slice(-3)).toEqual(['And?', 'Echo: And?', 'Who?']);
    const lost = await other.turn({ previous_response_id: idOf(second), store: false, input: 'x' });
    expect(lost).toMatchObject({ type: 'error', status: 400, error: { code: 'previous_response_not_found' } });
  });

  it('continues a stored response without a trace', async () => {
    const { turn } = await connect();
    const first = await turn({ input: 'one' });
    const second = await turn({ previous_response_id: idOf(first), store: false, input: 'two' });
    await turn({ previous_response_id: idOf(second), store: false, input: 'three' });
    expect(lastMessages()).toEqual(['one', 'Echo: one', 'two', 'Echo: two', 'three']);
    await turn({ previous_response_id: idOf(first), input: 'four' });
    expect(lastMessages()).toEqual(['one', 'Echo: one', 'four']);
  });

  it('forgets a response whose continuation fails', async () => {
    const { turn } = await connect();
    const stray = [{ type: 'function_call_output', call_id: 'call_missing', output: 'x' }];
    for (const fault of [{ input: stray }, { input: 'x', temperature: 9 }]) {
      const id = idOf(await turn({ input: 'ember', store: false }));
      const failed = await turn({ previous_response_id: id, store: false, ...fault });
      expect(failed).toMatchObject({ type: 'error', status: 400, error: { type: 'invalid_request_error' } });
      const again = await turn({ previous_response_id: id, store: false, input: 'x' });
      expect(again).toMatchObject({ error: { code: 'previous_response_not_found', param: 'previous_response_id' } });
    }
    upstream.next({ does: 'reply' }, { does: 'refuse', status: 400 });
    const id = idOf(await turn({ input: 'ember', store: false }));
    const failed = await turn({ previous_response_id: id, store: false, input: 'x' });
    expect(failed).toMatchObject({ type: 'response.failed', response: { error: { code: 'model_error' } } });
    expect(await turn({ previous_response_id: id, store: false, input: 'x' })).toMatchObject({ type: 'error' });
  });

  it.each([
    ['another type', { type: 'response.steer' }, 'type'],
    ['the background', { background: true }, 'background'],
    ['no input', { input: null }, 'input'],
  ])('refuses %s', async (_, fields, param) => {
    const { turn } = await connect();
    expect(await turn({ input: 'x', ...fields })).toMatchObject({ type: 'error', status: 400, error: { param } });
    // The connection stays usable.
    expect(await turn({ input: 'x' })).toMatchObject({ type: 'response.completed' });
  });

  it('refuses a frame that is not a JSON object, and closes after a frame that is too large', async () => {
    const { socket, events } = await connect();
    socket.ws.send('[]');
    expect((await events()).at(-1)).toMatchObject({ type: 'error', status: 400, error: { code: 'malformed_request' } });
    socket.ws.send('x'.repeat(256 * 1024 + 1));
    expect(await socket.code()).toBe(1009);
  });

  it('cancels a response that is not stored when its client leaves', async () => {
    const gate = new Gate();
    upstream.next({ does: 'reply', hold: { afterDeltas: 1, until: gate.opened } });
    const { socket, create } = await connect();
    create({ input: 'x', store: false });
    await until('it has begun', () => socket.frames.some(({ type }) => type === 'response.output_text.delta'));
    const before = service.logs.length;
    socket.ws.terminate();
    await until('the run is cancelled', () => service.logs.slice(before).some(({ status }) => status === 'cancelled'));
    gate.open();
  });

  it('needs credentials with the scope, an upgrade and a page of its own origin', async () => {
    const path = '/v1/responses';
    expect(await refusalOf(service, { path })).toMatchObject({
      status: 401,
      body: { error: { code: 'invalid_api_key' } },
    });
    const { key: reading } = await opened.keys.create({ name: 'r', tenant: 'acme', scopes: ['sessions:read'] }, 'test');
    expect(await refusalOf(service, { path, headers: { authorization: `Bearer ${reading}` } })).toMatchObject({
      status: 403,
    });
    expect(await refusalOf(service, { path, headers, origin: 'https://evil.example' })).toMatchObject({ status: 403 });
    expect(await send(service, `GET ${path}`, { headers })).toMatchObject({ status: 400 });
  });
});

describe('a compaction', () => {
  const input = [
    { role: 'user', content: 'We launch on Tuesday.' },
    { role: 'assistant', content: 'Understood.' },
  ];

  it('replaces a conversation', async () => {
    upstream.next({ does: 'reply', text: 'Launch: Tuesday.' });
    const compacted = await send(service, 'POST /v1/responses/compact', {
      headers,
      body: { model: 'assistant', input },
    });
    expect(compacted.body).toMatchObject({
      id: expect.stringMatching(/^resp_/),
      object: 'response.compaction',
      created_at: expect.any(Number),
      output: [{ type: 'compaction', id: expect.stringMatching(/^cmp_/), encrypted_content: expect.any(String) }],
      usage: { input_tokens: expect.any(Number), output_tokens_details: { reasoning_tokens: 0 } },
    });
    expect(upstream.requests[0]?.messages.at(-1)?.content).toBe(input.map((each) => JSON.stringify(each)).join('\n'));
    const { turn } = await connect();
    await turn({ store: false, input: [...objects(compacted.body.output), { role: 'user', content: 'When?' }] });
    expect(lastMessages()).toMatchObject([expect.stringContaining('Launch: Tuesday.'), expect.any(String), 'When?']);
  });

  it('has the stored conversation before a response', async () => {
    const { id } = await client.responses.create({ model: 'assistant', input: 'We launch on Monday.' });
    const body = { model: 'assistant', previous_response_id: id, input: 'No, on Tuesday.' };
    expect(await send(service, 'POST /v1/responses/compact', { headers, body })).toMatchObject({ status: 200 });
    const lines = upstream.requests
      .at(-1)
      ?.messages.at(-1)
      ?.content.split('\n')
      .map((line) => object(JSON.parse(line)));
    expect(lines).toMatchObject([
      { content: 'We launch on Monday.' },
      { content: 'Echo: We launch on Monday.' },
      { content: 'No, on Tuesday.' },
    ]);
  });

  it('ends with an old response, after which many messages follow', async () => {
    const { id } = await client.responses.create({ model: 'assistant', input: 'We launch on Friday.' });
    const many = Array.from({ length: 500 }, () => ({ role: 'user', content: 'x' }) as const);
    await client.responses.create({ model: 'assistant', previous_response_id: id, input: many });
    const body = { model: 'assistant', previous_response_id: id };
    expect(await send(service, 'POST /v1/responses/compact', { headers, body })).toMatchObject({ status: 200 });
    const asked = upstream.requests.at(-1)?.messages.at(-1)?.content.split('\n');
    expect(asked?.map((line) => object(JSON.parse(line)).content)).toEqual([
      'We launch on Friday.',
      'Echo: We launch on Friday.',
    ]);
  });

  it.each([
    ['no model', { input }, 'model'],
    ['no input', { model: 'assistant' }, 'input'],
    [
      'a summary of others',
      { model: 'assistant', input: [{ type: 'compaction', encrypted_content: 'x' }] },
      'input[0].encrypted_content',
    ],
  ])('is refused with %s', async (_, body, param) => {
    const refused = await send(service, 'POST /v1/responses/compact', { headers, body });
    expect(refused).toMatchObject({ status: 400, body: { error: { param } } });
  });
});

describe('a conversation', () => {
  const { conversations } = client;
  const items = [
    { type: 'message', role: 'user', content: 'My name is Ada.' },
    { type: 'function_call', call_id: 'c1', name: 'look', arguments: '{}' },
    { type: 'function_call_output', call_id: 'c1', output: 'found' },
    { type: 'message', role: 'assistant', content: 'Hello, Ada.' },
  ] as const;
  const idsOf = (page: { readonly data: readonly { readonly id?: string | null }[] }) => page.data.map(({ id }) => id);

  it('has metadata, and is continued by responses', async () => {
    const made = await conversations.create({ metadata: { topic: 'birds' } });
    expect(made).toEqual({
      id: expect.stringMatching(/^conv_/),
      object: 'conversation',
      created_at: expect.any(Number),
      metadata: { topic: 'birds' },
    });
    expect(await conversations.retrieve(made.id)).toEqual(made);
    await client.responses.create({ model: 'assistant', conversation: made.id, input: 'one' });
    expect(await conversations.update(made.id, { metadata: { topic: 'fish' } })).toMatchObject({ id: made.id });
    expect(await conversations.retrieve(made.id)).toMatchObject({ metadata: { topic: 'fish' } });
    expect((await conversations.items.list(made.id)).data).toMatchObject([
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Echo: one' }] },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'one' }] },
    ]);
    expect(await conversations.delete(made.id)).toEqual({ id: made.id, object: 'conversation.deleted', deleted: true });
    await expect(conversations.retrieve(made.id)).rejects.toMatchObject({
      status: 404,
      code: 'conversation_not_found',
    });
  });

  it('has the items of the client, which responses see', async () => {
    const { id } = await conversations.create({ items: [...items] });
    await client.responses.create({ model: 'assistant', conversation: id, input: 'Who am I?' });
    expect(lastMessages()).toEqual(['My name is Ada.', '', 'found', 'Hello, Ada.', 'Who am I?']);
    const added = await conversations.items.create(id, { items: [{ role: 'user', content: 'And then?' }] });
    expect(added.data).toMatchObject([{ type: 'message', role: 'user', content: [{ text: 'And then?' }] }]);
    const all = await conversations.items.list(id, { order: 'asc' });
    expect(all.data.map(({ type }) => type)).toEqual([
      'message',
      'function_call',
      'function_call_output',
      'message',
      'message',
      'message',
      'message',
    ]);
    const pages: (string | null | undefined)[] = [];
    for await (const item of conversations.items.list(id, { order: 'asc', limit: 2 })) pages.push(item.id);
    expect(pages).toEqual(idsOf(all));
    const [call = ''] = idsOf(all).slice(1);
    expect(await conversations.items.retrieve(call ?? '', { conversation_id: id })).toMatchObject({ name: 'look' });
  });

  it('has the items of its responses with the same ids, which later inputs may name', async () => {
    const { id } = await conversations.create();
    const tools: FunctionTool[] = [{ ...TOOL, type: 'function', strict: false }];
    const asked = { model: 'assistant', conversation: id, tools };
    upstream.next({ does: 'reply', text: 'Let me see.', toolCalls: [CLOCK] });
    upstream.next({ does: 'reply', text: 'And there?', toolCalls: [CALL] });
    const first = await client.responses.create({ ...asked, input: 'Is it cold?' });
    expect(first.output.map(({ type }) => type)).toEqual(['message', 'message', 'function_call']);
    const call_id = string(object(first.output[2]).call_id);
    const result = { type: 'function_call_output', call_id, output: '7 degrees' } as const;
    const second = await client.responses.create({ ...asked, input: [result] });
    const ids = [...first.output, ...second.output].map((item) => string(item.id));
    expect(new Set(ids).size).toBe(4);
    const own = (await conversations.items.list(id, { order: 'asc' })).data.filter((item) =>
      item.type === 'message' ? item.role === 'assistant' : item.type === 'function_call' && item.call_id === call_id,
    );
    expect(own.map((item) => item.id)).toEqual(ids);
    expect(await client.responses.retrieve(first.id)).toMatchObject({ output: first.output });

    const [said = '', again = ''] = ids;
    const before = `msg_${first.id.slice('resp_'.length)}_1`;
    const references = [said, again, before].map((name) => ({ type: 'item_reference', id: name }) as const);
    await client.responses.create({ model: 'assistant', input: [...references, { role: 'user', content: 'Well?' }] });
    expect(lastMessages()).toEqual(['Let me see.', 'And there?', 'And there?', 'Well?']);
    await conversations.items.delete(again, { conversation_id: id });
    await client.responses.create({ model: 'assistant', conversation: id, input: 'So?' });
    expect(lastMessages()?.filter((text) => text !== '')).not.toContain('And there?');
  });

  it('loses an item, a call with its result', async () => {
    const { id } = await conversations.create({ items: [...items] });
    const [first = '', call = '', result = '', answer = ''] = idsOf(
      await conversations.items.list(id, { order: 'asc' }),
    );
    await conversations.items.delete(result ?? '', { conversation_id: id });
    expect(await conversations.items.retrieve(result ?? '', { conversation_id: id })).toMatchObject({
      output: 'The result was erased.',
    });
    await conversations.items.delete(call ?? '', { conversation_id: id });
    await conversations.items.delete(answer ?? '', { conversation_id: id });
    expect(idsOf(await conversations.items.list(id))).toEqual([first]);
    await client.responses.create({ model: 'assistant', conversation: id, input: 'Who am I?' });
    expect(lastMessages()).toEqual(['My name is Ada.', 'Who am I?']);
  });

  it('loses calls one by one, also those that wait for a result', async () => {
    const { id } = await conversations.create();
    const calls = ['c1', 'c2', 'c3'].map((call) => ({ id: call, name: CALL.name, arguments: '{}' }));
    upstream.next({ does: 'reply', text: 'Let me look.', toolCalls: calls });
    const asked = { model: 'assistant', conversation: id };
    await client.responses.create({ ...asked, input: 'Go', tools: [{ ...TOOL, type: 'function', strict: false }] });
    const [, , first = '', second = '', third = ''] = idsOf(await conversations.items.list(id, { order: 'asc' }));
    await conversations.items.delete(first ?? '', { conversation_id: id });
    // The others keep their ids.
    expect(await conversations.items.retrieve(third ?? '', { conversation_id: id })).toMatchObject({ call_id: 'c3' });
    await conversations.items.delete(second ?? '', { conversation_id: id });
    const gone = conversations.items.delete(second ?? '', { conversation_id: id });
    await expect(gone).rejects.toMatchObject({ status: 404 });
    await expect(client.responses.create({ ...asked, input: 'Well?' })).rejects.toMatchObject({ status: 400 });
    await conversations.items.delete(third ?? '', { conversation_id: id });
    await client.responses.create({ ...asked, input: 'Well?' });
    expect(lastMessages()).toEqual(['Go', 'Let me look.', 'Well?']);
    const audit = await send(service, `GET /api/v1/admin/audit?tenant=acme&action=data.erased`, {
      headers: { authorization: `Bearer ${operator.key}` },
    });
    const mine = objects(object(audit.body).items).filter(({ target }) => target === `session:${id.slice(5)}`);
    expect(mine).toHaveLength(3);
  });

  it('takes no items while a response uses it', async () => {
    const { id } = await conversations.create();
    const gate = new Gate();
    upstream.next({ does: 'reply', hold: { afterDeltas: 1, until: gate.opened } });
    const running = client.responses.create({ model: 'assistant', conversation: id, input: 'one' });
    await until('it has begun', () => upstream.requests.length > 0);
    await expect(conversations.items.create(id, { items: [{ role: 'user', content: 'x' }] })).rejects.toMatchObject({
      status: 409,
      code: 'session_busy',
    });
    gate.open();
    await running;
  });

  it.each([
    ['a call without its result', [items[1]], 'items'],
    ['a result without its call', [items[0], items[2]], 'items'],
    ['an image', [IMAGE], 'items'],
    ['reasoning', [items[0], REASONING, items[3]], 'items[1].type'],
    ['an item of an unknown type', [{ type: 'local_shell_call_output', id: 's1', output: '' }], 'items[0].type'],
    ['nothing', [], 'items'],
  ] satisfies [string, ResponseInputItem[], string][])('refuses %s', async (_, given, param) => {
    const { id } = await conversations.create();
    await expect(conversations.items.create(id, { items: [...given] })).rejects.toMatchObject({ status: 400, param });
    expect((await conversations.items.list(id)).data).toEqual([]);
  });

  it('needs the scopes of sessions', async () => {
    const { key: chatting } = await opened.keys.create({ name: 'c', tenant: 'acme', scopes: ['chat'] }, 'test');
    const own = new OpenAI({ apiKey: chatting, baseURL: `${service.url}/v1`, maxRetries: 0 }).conversations;
    const { id } = await own.create();
    for (const refused of [own.retrieve(id), own.delete(id), own.create({ items: [...items] }), own.items.list(id)]) {
      await expect(refused).rejects.toMatchObject({ status: 403 });
    }
    const foreign = await opened.keys.create({ name: 'f', tenant: 'other', scopes: ['sessions:read'] }, 'test');
    const other = new OpenAI({ apiKey: foreign.key, baseURL: `${service.url}/v1`, maxRetries: 0 }).conversations;
    await expect(other.retrieve(id)).rejects.toMatchObject({ status: 404 });
  });
});

// Last, because it ends the key of all others.
it('closes its connections when the key is revoked', async () => {
  const { socket } = await connect();
  const authorization = `Bearer ${operator.key}`;
  await send(service, `DELETE /api/v1/admin/keys/${key_id}`, { headers: { authorization } });
  expect(await socket.code()).toBe(1008);
});
