import { chunk, completion, response, streamOf } from '../../../test/support/servers/provider.behaviours.js';
import { streamed, whole } from '../../../test/support/servers/provider.outcome.js';
import { Upstream } from '../../../test/support/servers/upstream.js';
import type { ReplyPlan } from '../../../test/support/servers/upstream.plan.js';
import { type Json, objects } from '../../../test/support/json.js';
import { Gate } from '../../../test/support/until.js';
import type { ModelEvent, ModelMessage, ModelRequest } from '../language.model.js';
import { OpenAIChatModel } from './openai-chat.model.js';
import { OpenAIResponsesModel } from './openai-responses.model.js';
import { OpenAITransport } from './openai.transport.js';

const MODELS = { chat: OpenAIChatModel, responses: OpenAIResponsesModel };
const PATHS = { chat: 'chat/completions', responses: 'responses' };
const APIS = ['chat', 'responses'] as const;
const WAYS = [
  { way: 'streamed', ask: streamed },
  { way: 'whole', ask: whole },
];
const CALL = { id: 'call_a', type: 'function', function: { name: 'calculate', arguments: '{}' } };
const USER: ModelMessage = { role: 'user', content: 'hello' };
const REQUEST: ModelRequest = {
  model: 'm',
  instructions: '',
  messages: [USER],
  tools: [],
  output: undefined,
  temperature: 1,
  maxOutputTokens: undefined,
};

let upstream: Upstream;
let transport: OpenAITransport;

beforeAll(async () => {
  upstream = await Upstream.start();
  transport = new OpenAITransport({ baseUrl: `${upstream.url}/v1`, apiKey: 'k', connections: 20 });
});
beforeEach(() => upstream.clear());
afterAll(async () => {
  await transport.close();
  await upstream.close();
});

const send = (...events: Json[]): void => upstream.next({ does: 'send', texts: [streamOf(events)] });

/** The events of a streamed answer, shortly. */
async function orderOf(api: keyof typeof MODELS): Promise<string[]> {
  const model = new MODELS[api](transport);
  const call = { signal: AbortSignal.timeout(10_000), deadlineAt: performance.now() + 10_000 };
  const events: string[] = [];
  // Pieces of the reasoning depend on how the network cuts the answer.
  const textOf = (event: Exclude<ModelEvent, { type: 'reasoning.delta' }>): string => {
    if (event.type === 'delta') return event.text;
    return event.type === 'reasoning' ? `(${event.reasoning.text})` : 'reply';
  };
  for await (const event of model.stream(REQUEST, call)) {
    if (event.type !== 'reasoning.delta') events.push(textOf(event));
  }
  return events;
}

describe.each(APIS)('the reasoning of an answer over %s', (api) => {
  const source = (): string => `${upstream.url}/v1 ${PATHS[api]}`;

  it.each(WAYS)('is separate from its text, $way', async ({ ask }) => {
    upstream.always({ does: 'reply', reasoning: 'They greet me.', text: 'Hello.' });
    const { text, reasoning } = await ask(new MODELS[api](transport));
    expect(text).toBe('Hello.');
    expect(reasoning).toMatchObject([{ text: 'They greet me.' }]);
  });

  it('comes before the text that follows from it', async () => {
    upstream.always({ does: 'reply', reasoning: 'They greet me.', text: 'Hello.' });
    expect((await orderOf(api)).join(' ')).toBe('(They greet me.) Hello. reply');
  });

  it('arrives in pieces while the model thinks, and again if the model is asked again', async () => {
    const gates = [new Gate(), new Gate()];
    const thinking = (gate = new Gate()): ReplyPlan => ({
      does: 'reply',
      reasoning: 'They greet me.',
      text: 'Hello.',
      hold: { afterThoughts: 2, until: gate.opened },
    });
    upstream.next({ ...thinking(gates[0]), breaksOff: true }, thinking(gates[1]));
    const call = { signal: AbortSignal.timeout(10_000), deadlineAt: performance.now() + 10_000 };
    const events: ModelEvent[] = [];
    let text = '';
    for await (const event of new MODELS[api](transport).stream(REQUEST, call)) {
      events.push(event);
      if (event.type !== 'reasoning.delta') continue;
      text = event.isFirst ? event.text : text + event.text;
      if (text === 'They greet ') gates.shift()?.open();
    }
    expect(gates).toEqual([]);
    expect('They greet me.').toMatch(new RegExp(`^${text}`));
    expect(events.filter((event) => event.type === 'reasoning.delta' && event.isFirst)).toHaveLength(2);
    expect(events.filter(({ type }) => type === 'reasoning')).toMatchObject([
      { reasoning: { text: 'They greet me.' } },
    ]);
    expect(upstream.requests).toHaveLength(2);
  });

  it('is part of the estimated usage', async () => {
    upstream.always({
      does: 'reply',
      reasoning: 'They greet me, and I greet them.',
      text: 'Hello.',
      withoutUsage: true,
    });
    const { usage } = await whole(new MODELS[api](transport));
    upstream.always({ does: 'reply', text: 'Hello.', withoutUsage: true });
    const plain = await whole(new MODELS[api](transport));
    expect(usage.outputTokens).toBeGreaterThan(plain.usage.outputTokens);
  });

  it('has no half characters', async () => {
    upstream.always({ does: 'reply', reasoning: 'a \ud83d b', text: 'Hello.' });
    expect((await whole(new MODELS[api](transport))).reasoning).toMatchObject([{ text: 'a \ufffd b' }]);
  });

  it('is cut at the length that a provider may want back', async () => {
    upstream.always({ does: 'reply', reasoning: 'word '.repeat(2 ** 18), text: 'Hello.' });
    const { reasoning = [], text } = await whole(new MODELS[api](transport));
    expect(reasoning.map((part) => part.text.length)).toEqual([2 ** 20]);
    expect(text).toBe('Hello.');
  });

  it('is sent back only to its provider, if a client has kept it', async () => {
    upstream.always({ does: 'reply', reasoning: 'Hm.', encrypted: 'sig', toolCalls: [{ ...CALL.function, id: 'a' }] });
    const model = new MODELS[api](transport);
    const { toolCalls = [], reasoning = [] } = await streamed(model);
    expect(reasoning).toMatchObject([{ text: 'Hm.', providerData: { source: source() } }]);
    const conversation = (parts: typeof reasoning): ModelMessage[] => [
      USER,
      { role: 'assistant', content: '', toolCalls, reasoning: parts },
      { role: 'tool', callId: 'a', tool: 'calculate', content: '2' },
    ];
    await whole(model, { messages: conversation(reasoning) });
    const { body } = upstream.requests.at(-1) ?? {};
    const sent = objects(api === 'chat' ? body?.messages : body?.input);
    const turn = { chat: { reasoning_content: 'Hm.', tool_calls: [{ id: 'a' }] }, responses: { type: 'reasoning' } };
    expect(sent.at(-3 + (api === 'chat' ? 1 : 0))).toMatchObject(turn[api]);
    if (api === 'responses') expect(sent.at(-3)).toMatchObject({ encrypted_content: 'sig' });
    const others = reasoning.map(({ text }) => ({ text, providerData: { source: 'another', data: { texts: ['x'] } } }));
    await whole(model, { messages: conversation(others) });
    expect(JSON.stringify(upstream.requests.at(-1)?.body)).not.toMatch(/Hm\.|sig/);
  });
});

describe('the reasoning of chat messages', () => {
  const model = () => new OpenAIChatModel(transport);

  it.each<{ what: string; pieces: Json[]; texts: string[] }>([
    { what: 'reasoning', pieces: [{ reasoning: 'Hm ' }, { reasoning: 'so.' }], texts: ['Hm so.'] },
    {
      what: 'both fields',
      pieces: [{ reasoning: 'Hm.', reasoning_content: 'Hm.' }],
      texts: ['Hm.'],
    },
    {
      what: 'details alone',
      pieces: [
        { reasoning_details: [{ type: 'reasoning.text', index: 0, text: 'Hm ' }] },
        { reasoning_details: [{ type: 'reasoning.text', index: 0, text: 'so.' }] },
      ],
      texts: ['Hm so.'],
    },
    {
      what: 'parts of the content',
      pieces: [{ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] }] }],
      texts: ['Hm.'],
    },
    { what: 'null', pieces: [{ reasoning_content: null, reasoning: null }], texts: [] },
    {
      what: 'texts between',
      pieces: [{ reasoning: 'A.' }, { content: 'x' }, { reasoning: 'B.' }],
      texts: ['A.', 'B.'],
    },
  ])('is read from $what', async ({ pieces, texts }) => {
    send(...pieces.map((piece) => chunk(piece)), chunk({ content: 'Hello.' }), chunk({}, 'stop'));
    const { reasoning = [] } = await streamed(model());
    expect(reasoning.map(({ text }) => text)).toEqual(texts);
  });

  it('is not repeated by a last chunk with the whole message', async () => {
    const said = { role: 'assistant', content: 'Hello.', reasoning_content: 'Hm.', tool_calls: [CALL] };
    const last = { ...chunk({}), choices: [{ index: 0, message: said, finish_reason: 'tool_calls' }] };
    send(chunk({ reasoning_content: 'Hm.' }), chunk({ content: 'Hello.' }), last);
    const { reasoning, providerData } = await streamed(model());
    expect(reasoning).toMatchObject([{ text: 'Hm.' }]);
    expect(providerData?.data).toMatchObject({ message: { reasoning_content: 'Hm.' } });
  });

  it.each(WAYS)('is an error if it is not a text, $way', async ({ way, ask }) => {
    for (const wrong of [7, { text: 'x' }, ['x']]) {
      const said = { content: 'Hello.', reasoning_content: wrong };
      if (way === 'streamed') send(chunk(said), chunk({}, 'stop'));
      else upstream.next({ does: 'send', texts: [JSON.stringify(completion(said))] });
      await expect(ask(model(), {}, 0)).rejects.toMatchObject({ code: 'model_error' });
    }
  });
});

describe('the reasoning of responses', () => {
  const model = () => new OpenAIResponsesModel(transport);
  const summary = (...texts: unknown[]): Json[] => texts.map((text) => ({ type: 'summary_text', text }));
  const message = { id: 'm', type: 'message', content: [{ type: 'output_text', text: 'Hello.' }] };
  const end = (output: Json[]): Json => ({ type: 'response.completed', response: response(output) });

  it('has a paragraph for each part of its summary', async () => {
    send(end([{ id: 'rs', type: 'reasoning', summary: summary('One.', 'Two.') }, message]));
    expect((await streamed(model())).reasoning).toEqual([{ text: 'One.\n\nTwo.' }]);
  });

  it('is read from its deltas if its item lacks the text', async () => {
    const at = { item_id: 'rs', output_index: 0 };
    const delta = (summary_index: number, text: string): Json => ({
      type: 'response.reasoning_summary_text.delta',
      ...at,
      summary_index,
      delta: text,
    });
    const item = { id: 'rs', type: 'reasoning', summary: [], encrypted_content: 'sig' };
    send(
      delta(0, 'One'),
      delta(0, '.'),
      delta(1, 'Two.'),
      { type: 'response.output_item.done', output_index: 0, item },
      end([item, message]),
    );
    const { reasoning } = await streamed(model());
    expect(reasoning).toMatchObject([
      { text: 'One.\n\nTwo.', providerData: { data: { item: { encrypted_content: 'sig' } } } },
    ]);
  });

  it('is read from its content if it has no summary', async () => {
    const item = { id: 'rs', type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'Hm.' }] };
    send({ type: 'response.reasoning_text.delta', item_id: 'rs', delta: 'Hm.' }, end([item, message]));
    expect((await streamed(model())).reasoning).toMatchObject([{ text: 'Hm.' }]);
  });

  it.each(WAYS)('is an error if its summary is not a text, $way', async ({ way, ask }) => {
    for (const wrong of [summary(7), ['x'], 'x']) {
      const output = [{ id: 'rs', type: 'reasoning', summary: wrong }, message];
      if (way === 'streamed') send(end(output));
      else upstream.next({ does: 'send', texts: [JSON.stringify(response(output))] });
      await expect(ask(model(), {}, 0)).rejects.toMatchObject({ code: 'model_error' });
    }
  });
});
