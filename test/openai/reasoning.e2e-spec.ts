import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import OpenAI from 'openai';
import type {
  ResponseInputItem,
  ResponseOutputItem,
  ResponsesServerEvent,
  ResponseStreamEvent,
} from 'openai/resources/responses/responses';
import type { ItemListParams } from 'openai/resources/conversations/items';
import { ResponsesWS } from 'openai/resources/responses/ws';
import { openKeys } from '../../src/keys/open.keys.js';
import { SCOPES } from '../../src/auth/scopes.js';
import { send } from '../support/clients/client.js';
import { object, objects, string } from '../support/json.js';
import type { ReplyPlan } from '../support/servers/upstream.plan.js';
import { removeServices, startPairProcess } from '../support/service/service.js';
import { Gate, until } from '../support/until.js';

const TOOL = {
  type: 'function',
  name: 'get_weather',
  parameters: { type: 'object', properties: {} },
  strict: false,
} as const;
const CALL = { id: 'call_1', name: 'get_weather', arguments: '{}' };
const CLOCK = { id: 'call_c', name: 'get_current_time', arguments: '{"time_zone":"UTC"}' };
const SAID: ResponseInputItem[] = [
  { type: 'message', role: 'assistant', content: 'Hi.' },
  { role: 'user', content: 'Well?' },
];
const THOUGHT = 'They greet me.';
const INCLUDE = ['reasoning.encrypted_content'] as const satisfies OpenAI.Responses.ResponseIncludable[];

const { service, upstream } = await startPairProcess('responses', { AUTH_MODE: 'api-key' });
const opened = await openKeys(service.databaseUrl);
const scopes = SCOPES.filter((scope) => scope !== 'admin');
const { key } = await opened.keys.create({ name: 'k', tenant: 'acme', scopes }, 'test');
const headers = { authorization: `Bearer ${key}` };
const clientOf = (apiKey = key): OpenAI => new OpenAI({ apiKey, baseURL: `${service.url}/v1`, maxRetries: 0 });

const think = (plan: Partial<ReplyPlan> = {}): ReplyPlan => ({
  does: 'reply',
  reasoning: THOUGHT,
  encrypted: 'enc-of-provider',
  text: 'Hello there.',
  ...plan,
});
const plain = (plan: Partial<ReplyPlan> = {}): ReplyPlan => ({ does: 'reply', text: 'Hello there.', ...plan });
const ask = { model: 'assistant', input: 'hello' } as const;

beforeEach(() => upstream.clear());
afterAll(async () => {
  await opened.close();
  await removeServices();
});

async function eventsOf(stream: AsyncIterable<ResponseStreamEvent>): Promise<ResponseStreamEvent[]> {
  return await Array.fromAsync(stream);
}

/** The items of an output, shortly. */
function shown(output: readonly ResponseOutputItem[]): string[] {
  return output.map((item) => {
    if (item.type === 'reasoning') return `(${item.summary.map(({ text }) => text).join()})`;
    return item.type === 'message' ? `${item.phase}: ${string(object(item.content[0]).text)}` : item.type;
  });
}

/** True if a file of the service has the text. */
async function isOnDisk(text: string): Promise<boolean> {
  const names = (await readdir(service.folder)).filter((name) => name.includes('.db'));
  const files = await Promise.all(names.map((name) => readFile(join(service.folder, name))));
  return files.some((file) => file.includes(text));
}

describe('a response of a model that shows its reasoning', () => {
  it('has it before the message, as JSON, as a stream, when read again, and over a connection', async () => {
    upstream.always(think());
    const whole = await clientOf().responses.create(ask);
    expect(shown(whole.output)).toEqual([`(${THOUGHT})`, 'final_answer: Hello there.']);
    expect(whole.output[0]).toMatchObject({ id: expect.stringMatching(/^rs_/), encrypted_content: expect.any(String) });
    expect(await clientOf().responses.retrieve(whole.id, { include: INCLUDE })).toMatchObject({ output: whole.output });
    const short = await clientOf().responses.retrieve(whole.id);
    expect(shown(short.output)).toEqual(shown(whole.output));
    expect(JSON.stringify(short)).not.toMatch(/encrypted_content|enc-of-provider/);

    const events = await eventsOf(await clientOf().responses.create({ ...ask, stream: true }));
    const types = events.map(({ type }) => type.replace('response.', ''));
    expect(types.slice(2, 9)).toEqual([
      'output_item.added',
      'reasoning_summary_part.added',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.done',
      'reasoning_summary_part.done',
      'output_item.done',
      'output_item.added',
    ]);
    const id = string(object(object(events[0]).response).id);
    const again = await eventsOf(await clientOf().responses.retrieve(id, { stream: true, include: INCLUDE }));
    expect(again).toEqual(events);

    const socket = new ResponsesWS(clientOf());
    const frames: ResponsesServerEvent[] = [];
    socket.on('event', (event) => frames.push(event));
    socket.send({ type: 'response.create', ...ask });
    await until('the response ends', () => frames.some(({ type }) => type === 'response.completed'));
    socket.close();
    expect(frames.map(({ type }) => type.replace('response.', ''))).toEqual(types);
  });

  it('gives the reasoning back to the provider with the outputs of calls', async () => {
    const request = { ...ask, store: false, tools: [TOOL] };
    upstream.next(think({ text: '', toolCalls: [CALL] }));
    const first = await clientOf().responses.create(request);
    expect(first.output.map(({ type }) => type)).toEqual(['reasoning', 'function_call']);
    const result = { type: 'function_call_output', call_id: 'call_1', output: '7' } as const;
    const kept = first.output.filter((item) => item.type === 'reasoning' || item.type === 'function_call');
    const input: ResponseInputItem[] = [{ role: 'user', content: 'hello' }, ...kept, result];
    await clientOf().responses.create({ ...request, input });
    const sent = objects(upstream.requests.at(-1)?.body.input).map(({ type = 'message' }) => type);
    expect(sent).toEqual(['message', 'reasoning', 'function_call', 'function_call_output']);
    expect(objects(upstream.requests.at(-1)?.body.input)[1]).toEqual({
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: THOUGHT }],
      encrypted_content: 'enc-of-provider',
    });
    // That of another tenant is left out.
    const other = await opened.keys.create({ name: 'o', tenant: 'globex', scopes }, 'test');
    await clientOf(other.key).responses.create({ ...request, input });
    expect(JSON.stringify(upstream.requests.at(-1)?.body)).not.toContain('enc-of-provider');
  });

  it('gives it back on its connection, although it is not stored', async () => {
    const socket = new ResponsesWS(clientOf());
    const ends: ResponsesServerEvent[] = [];
    socket.on('event', (event) => void (event.type === 'response.completed' && ends.push(event)));
    upstream.next(think({ text: '', toolCalls: [CALL] }));
    socket.send({ type: 'response.create', ...ask, store: false, tools: [TOOL] });
    await until('the calls are there', () => ends.length === 1);
    const previous_response_id = string(object(object(ends[0]).response).id);
    const input = [{ type: 'function_call_output', call_id: 'call_1', output: '7' } as const];
    socket.send({
      type: 'response.create',
      model: 'assistant',
      store: false,
      tools: [TOOL],
      previous_response_id,
      input,
    });
    await until('the answer is there', () => ends.length === 2);
    socket.close();
    expect(JSON.stringify(upstream.requests.at(-1)?.body.input)).toContain('enc-of-provider');
  });

  it('asks for the summary that the client wants, unless the provider refuses it', async () => {
    const reasoning = { effort: 'low', summary: 'auto' } as const;
    await clientOf().responses.create({ ...ask, reasoning });
    expect(upstream.requests.at(-1)?.body.reasoning).toEqual(reasoning);
    upstream.clear();
    const message = 'Your organization must be verified to generate reasoning summaries.';
    upstream.next({
      does: 'refuse',
      status: 400,
      error: { message, param: 'reasoning.summary', code: 'unsupported_value' },
    });
    expect(await clientOf().responses.create({ ...ask, reasoning })).toMatchObject({ reasoning, status: 'completed' });
    expect(upstream.requests.map(({ body }) => body.reasoning)).toEqual([reasoning, { effort: 'low' }]);
  });

  it('keeps nothing with store: false, and nothing after its deletion', async () => {
    upstream.always(think({ reasoning: 'unkept thought', encrypted: 'unkept data' }));
    await clientOf().responses.create({ ...ask, store: false });
    expect([await isOnDisk('unkept thought'), await isOnDisk('unkept data')]).toEqual([false, false]);
    upstream.always(think({ reasoning: 'kept thought', encrypted: 'kept data' }));
    const { id } = await clientOf().responses.create({ ...ask, conversation: 'conv_kept' });
    expect([await isOnDisk('kept thought'), await isOnDisk('kept data')]).toEqual([true, true]);
    const exported = await send(service, 'GET /api/v1/agent/sessions/kept/export', { headers });
    expect(exported.text).toContain('kept thought');
    await clientOf().responses.delete(id);
    await until(
      'it has left the disk',
      async () => !(await isOnDisk('kept thought')) && !(await isOnDisk('kept data')),
    );
  });
});

describe('the conversation of a model that shows its reasoning', () => {
  const { conversations } = clientOf();
  const itemsOf = async (id: string, query: ItemListParams = {}) =>
    await Array.fromAsync(conversations.items.list(id, { order: 'asc', ...query }));

  /** A conversation with a response of two turns, each with reasoning. */
  async function talk() {
    const { id } = await conversations.create();
    upstream.next(think({ encrypted: 'enc-1', text: '', toolCalls: [CLOCK] }));
    upstream.next(think({ reasoning: 'Now I know.', encrypted: 'enc-2', text: 'It is noon.' }));
    const { output } = await clientOf().responses.create({ ...ask, conversation: id });
    return { id, thoughts: output.filter(({ type }) => type === 'reasoning') };
  }

  it('has it before the message or the calls, with the id and the content that it has in the response', async () => {
    const { id, thoughts } = await talk();
    expect(thoughts.map((item) => item.id?.replace(/.*-t/, 't'))).toEqual(['t1_0', 't2_0']);
    const items = await itemsOf(id, { include: INCLUDE });
    const types = ['message', 'reasoning', 'function_call', 'function_call_output', 'reasoning', 'message'];
    expect(items.map(({ type }) => type)).toEqual(types);
    const expected = thoughts.map((item) => ({ ...item, status: 'completed' }));
    expect(items.filter(({ type }) => type === 'reasoning')).toEqual(expected);
    expect(await itemsOf(id, { include: INCLUDE, limit: 1 })).toEqual(items);
    expect(await itemsOf(id, { include: INCLUDE, limit: 1, order: 'desc' })).toEqual(items.toReversed());
    expect(JSON.stringify(await itemsOf(id))).not.toMatch(/encrypted_content|enc-/);
    const [first] = thoughts;
    const name = string(first?.id);
    const whole = await conversations.items.retrieve(name, { conversation_id: id, include: INCLUDE });
    expect(whole).toEqual(expected[0]);
    expect(await conversations.items.retrieve(name, { conversation_id: id })).not.toHaveProperty('encrypted_content');
    // A client can give it back.
    await clientOf().responses.create({ ...ask, store: false, input: [{ type: 'item_reference', id: name }, ...SAID] });
    expect(JSON.stringify(upstream.requests.at(-1)?.body.input)).toContain('enc-1');
  });

  it('loses a part that is deleted, which no model gets again', async () => {
    const { id, thoughts } = await talk();
    const [first = '', second = ''] = thoughts.map((item) => string(item.id));
    await conversations.items.delete(first, { conversation_id: id });
    await expect(conversations.items.delete(first, { conversation_id: id })).rejects.toMatchObject({ status: 404 });
    expect((await itemsOf(id)).map((item) => item.id)).not.toContain(first);
    expect(await conversations.items.retrieve(second, { conversation_id: id })).toMatchObject({ type: 'reasoning' });
    await clientOf().responses.create({ ...ask, conversation: id });
    const sent = JSON.stringify(upstream.requests.at(-1)?.body.input);
    expect([sent.includes('enc-1'), sent.includes('enc-2')]).toEqual([false, true]);
  });

  it('has the reasoning that a client has sent in an input', async () => {
    upstream.next(think({ encrypted: 'enc-of-client', text: '', toolCalls: [CALL] }));
    const made = await clientOf().responses.create({ ...ask, store: false, tools: [TOOL] });
    const kept = made.output.filter((item) => item.type === 'reasoning' || item.type === 'function_call');
    const result = { type: 'function_call_output', call_id: 'call_1', output: '7' } as const;
    const { id } = await conversations.create();
    const input: ResponseInputItem[] = [{ role: 'user', content: 'hello' }, ...kept, result];
    await clientOf().responses.create({ ...ask, conversation: id, input });
    expect((await itemsOf(id)).slice(0, 3).map(({ type }) => type)).toEqual(['message', 'reasoning', 'function_call']);
    await clientOf().responses.create({ ...ask, conversation: id });
    expect(JSON.stringify(upstream.requests.at(-1)?.body.input)).toContain('enc-of-client');
  });
});

describe('a response that asks for a summary', () => {
  const SUMMARY = { summary: 'auto' } as const;
  const types = (events: readonly ResponseStreamEvent[]): string[] => events.map(({ type }) => type);

  it('shows the reasoning while the model thinks', async () => {
    const gate = new Gate();
    upstream.next(think({ reasoning: 'Odd thought indeed.', hold: { afterThoughts: 1, until: gate.opened } }));
    const stream = await clientOf().responses.create({ ...ask, stream: true, reasoning: SUMMARY });
    const seen: ResponseStreamEvent[] = [];
    for await (const event of stream) {
      seen.push(event);
      if (event.type !== 'response.reasoning_summary_text.delta') continue;
      if (seen.filter(({ type }) => type === event.type).length > 1) continue;
      expect(event.delta).toBe('Odd ');
      gate.open();
    }
    const texts = seen.flatMap((event) =>
      event.type === 'response.reasoning_summary_text.delta' ? [event.delta] : [],
    );
    expect(texts.join('')).toBe('Odd thought indeed.');
    expect(types(seen).at(-1)).toBe('response.completed');
    const id = string(object(object(seen[0]).response).id);
    expect(await eventsOf(await clientOf().responses.retrieve(id, { stream: true, include: INCLUDE }))).toEqual(seen);
    expect(shown((await clientOf().responses.retrieve(id)).output)).toEqual([
      '(Odd thought indeed.)',
      'final_answer: Hello there.',
    ]);
    // The other APIs have neither the pieces nor a gap in place of them.
    const rest = await send(service, `GET /api/v1/agent/runs/${id.slice('resp_'.length)}/events`, { headers });
    expect(rest.text).not.toMatch(/Odd|facts|early/);
    const numbers = [...rest.text.matchAll(/^id: (\d+)$/gm)].map(([, number]) => Number(number));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    expect(await isOnDisk('Odd ')).toBe(true);
    await clientOf().responses.delete(id);
    await until('it has left the disk', async () => !(await isOnDisk('Odd ')));
  });

  it('shows the reasoning of a run of which nothing is stored', async () => {
    const gate = new Gate();
    upstream.next(think({ reasoning: 'unkept thought', hold: { afterThoughts: 1, until: gate.opened } }));
    const stream = await clientOf().responses.create({ ...ask, stream: true, store: false, reasoning: SUMMARY });
    const texts: string[] = [];
    for await (const event of stream) {
      if (event.type !== 'response.reasoning_summary_text.delta') continue;
      texts.push(event.delta);
      gate.open();
    }
    expect(texts[0]).toBe('unkept ');
    expect(texts.join('')).toBe('unkept thought');
    expect(await isOnDisk('unkept')).toBe(false);
  });
});

describe('a response in the background that shows its reasoning', () => {
  /** Reads the events of a new response up to the wanted one. */
  async function seenUntil(
    request: OpenAI.Responses.ResponseCreateParamsNonStreaming,
    isWanted: (event: ResponseStreamEvent) => boolean,
  ): Promise<{ id: string; seen: ResponseStreamEvent[] }> {
    const seen: ResponseStreamEvent[] = [];
    for await (const event of await clientOf().responses.create({ ...request, background: true, stream: true })) {
      seen.push(event);
      if (isWanted(event)) break;
    }
    return { id: string(object(object(seen[0]).response).id), seen };
  }

  it('has each part once, in order and without a gap after its process dies, even while the model thinks', async () => {
    const gate = new Gate();
    upstream.next(think({ hold: { afterThoughts: 2, until: gate.opened } }));
    let thought = '';
    const thinking = await seenUntil({ ...ask, reasoning: { summary: 'auto' } }, (event) => {
      if (event.type === 'response.reasoning_summary_text.delta') thought += event.delta;
      return thought === 'They greet ';
    });
    upstream.next(think({ reasoning: 'I need the time.', text: '', toolCalls: [CLOCK] }));
    upstream.next(think({ reasoning: 'lost', text: 'late answer', hold: { afterDeltas: 1, until: gate.opened } }));
    const answering = await seenUntil(ask, ({ type }) => type === 'response.output_text.delta');
    await service.kill9();
    // The last message of the other one is the time.
    upstream.when(ask.input, think({ reasoning: 'They greet us.' }));
    upstream.always(think({ reasoning: 'Now I know.', text: 'late answer' }));
    await service.startHosted();
    for (const [{ id, seen }, parts] of [
      [thinking, ['(They greet us.)', 'final_answer: Hello there.']],
      [answering, ['(I need the time.)', '(Now I know.)', 'final_answer: late answer']],
    ] as const) {
      const last = seen.at(-1)?.sequence_number ?? -1;
      const rest = await eventsOf(
        await clientOf().responses.retrieve(id, { stream: true, include: INCLUDE, starting_after: last }),
      );
      const all = [...seen, ...rest];
      expect(all.map(({ sequence_number }) => sequence_number)).toEqual(all.map((_, index) => index));
      const { output } = await clientOf().responses.retrieve(id);
      expect(shown(output)).toEqual(parts);
      expect(await eventsOf(await clientOf().responses.retrieve(id, { stream: true, include: INCLUDE }))).toEqual(all);
    }
    gate.open();
  });
});

describe('the REST API', () => {
  const PATHS = ['v1/agent/chat/stream', 'v2/agent/chat'] as const;
  const accept = { 'content-type': 'application/json', accept: 'text/event-stream' };

  /** The bytes of a stream, and those of its replay, without what differs between runs. */
  async function bytesOf(path: (typeof PATHS)[number]): Promise<string> {
    const message = path.startsWith('v1') ? { message: 'hello' } : { input: 'hello' };
    const body = JSON.stringify({ ...message, session_id: 'same' });
    const url = `${service.url}/api/${path}`;
    const live = await (await fetch(url, { method: 'POST', headers: { ...headers, ...accept }, body })).text();
    const runId = string(/"run_id":"([^"]+)"/.exec(live)?.[1]);
    const replayed = await fetch(`${service.url}/api/${path.slice(0, 2)}/agent/runs/${runId}/events`, {
      headers: { ...headers, ...accept },
    });
    const both = `${live}\n${await replayed.text()}`;
    return both.replaceAll(runId, 'run').replace(/"(processing_time_ms|duration_ms)":[\d.]+/g, '"$1":0');
  }

  it.each(PATHS)('has the same bytes with reasoning as without, at %s', async (path) => {
    const streams: string[] = [];
    for (const plan of [plain, think]) {
      await send(service, 'DELETE /api/v1/agent/sessions/same', { headers });
      upstream.clear();
      upstream.next(plan({ text: '', toolCalls: [CLOCK] }), plan());
      streams.push(await bytesOf(path));
    }
    expect(streams[0]).toContain('event: run.completed');
    expect(withoutTime(streams[1])).toBe(withoutTime(streams[0]));
  });
});

/** The tool of the runs tells the time. */
function withoutTime(stream = ''): string {
  return stream.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z?/g, 'time').replace(/\d\d:\d\d:\d\d/g, 'time');
}
