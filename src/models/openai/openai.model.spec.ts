import type { Json } from '../../../test/support/json.js';
import { keepQuiet } from '../../../test/support/quiet.js';
import { Random } from '../../../test/support/random.js';
import { Upstream } from '../../../test/support/servers/upstream.js';
import type { ModelCall, ModelReply, ModelRequest } from '../language.model.js';
import { ChatAnswer } from './chat.answer.js';
import { OpenAIChatModel } from './openai-chat.model.js';
import type { OpenAIModel } from './openai.model.js';
import { OpenAIResponsesModel } from './openai-responses.model.js';
import { OpenAITransport } from './openai.transport.js';

const REQUEST: ModelRequest = {
  model: 'gpt-4o',
  instructions: 'Answer.',
  messages: [{ role: 'user', content: 'hello' }],
  tools: [],
  output: undefined,
  temperature: 0.7,
  maxOutputTokens: undefined,
};

type Ask = (model: OpenAIModel, request?: Partial<ModelRequest>) => Promise<ModelReply>;

const reply: Ask = (model, request) => model.reply({ ...REQUEST, ...request }, call());

/** The reply at the end of a stream; its deltas make up its text. */
const stream: Ask = async (model, request) => {
  let text = '';
  for await (const event of model.stream({ ...REQUEST, ...request }, call())) {
    if (event.type === 'delta') text += event.text;
    else if (event.type === 'reply') {
      expect(text).toBe(event.reply.text);
      return event.reply;
    }
  }
  throw new Error('The stream had no reply');
};

const APIS = [
  { api: 'chat', Model: OpenAIChatModel },
  { api: 'responses', Model: OpenAIResponsesModel },
] as const;
const WAYS = APIS.flatMap((each) => [
  { ...each, way: 'whole', ask: reply },
  { ...each, way: 'streamed', ask: stream },
]);

keepQuiet();
let upstream: Upstream;
let transport: OpenAITransport;

beforeAll(async () => {
  upstream = await Upstream.start();
  transport = new OpenAITransport({ baseUrl: `${upstream.url}/v1`, apiKey: 'k', connections: 20 });
});

afterAll(async () => {
  await transport.close();
  await upstream.close();
});

beforeEach(() => upstream.clear());

function call(): ModelCall {
  return { signal: AbortSignal.timeout(5000), deadlineAt: performance.now() + 5000 };
}

/** Whether each request had the parameter. */
function had(parameter: string): boolean[] {
  return upstream.requests.map(({ body }) => parameter in body);
}

function refusal(param: string | null, code: string | null, message: string): Json {
  return { message, type: 'invalid_request_error', param, code };
}

describe.each(WAYS)('the $api API, $way', ({ api, Model, ask }) => {
  let model: OpenAIModel;

  beforeEach(() => {
    // This object remembers the parameters that a model refuses.
    model = new Model(transport);
  });

  it('repeats a request without a refused temperature, and never sends it again', async () => {
    upstream.always({ does: 'refuse temperature' });
    expect((await ask(model)).text).toBe('Echo: hello');
    expect((await ask(model)).text).toBe('Echo: hello');
    expect(had('temperature')).toEqual([true, false, false]);
  });

  it('answers all concurrent first calls to a model that refuses the temperature', async () => {
    upstream.always({ does: 'refuse temperature' });
    const replies = await Promise.all(Array.from({ length: 5 }, () => ask(model)));
    expect(replies.map(({ text }) => text)).toEqual(Array.from({ length: 5 }, () => 'Echo: hello'));
    expect(had('temperature').filter((has) => !has)).toHaveLength(5);
  });

  it('sends the schema of an answer in strict mode, unless it does not satisfy it', async () => {
    const output = { type: 'object' };
    await ask(model, { output });
    await ask(model, { output, isOutputStrict: false });
    const formats = upstream.requests.map(({ body }) =>
      Object(api === 'chat' ? body['response_format'] : body['text']),
    );
    const named = formats.map(({ json_schema: ofChat, format: ofResponses }) => ofChat ?? ofResponses);
    expect(named).toMatchObject([
      { name: 'answer', schema: output, strict: true },
      { name: 'answer', schema: output, strict: false },
    ]);
  });

  it('keeps the temperature for other models', async () => {
    upstream.always({ does: 'refuse temperature' });
    await ask(model, { model: 'o9' });
    upstream.clear();
    await ask(model, { model: 'gpt-4o' });
    expect(had('temperature')).toEqual([true]);
  });

  it.each([
    [refusal('temperature', 'unsupported_parameter', "Unsupported parameter: 'temperature'.")],
    [refusal('temperature', 'unsupported_value', "'temperature' does not support 0.7 with this model.")],
    [refusal(null, null, 'Unsupported parameter temperature')],
    [refusal(null, null, 'temperature is not supported by this model')],
  ])('reads %j as a model without a temperature', async (error) => {
    upstream.always({ does: 'refuse parameter', parameter: 'temperature', error });
    expect((await ask(model)).text).toBe('Echo: hello');
    expect(had('temperature')).toEqual([true, false]);
  });

  it.each([
    [refusal('temperature', 'invalid_value', "Invalid 'temperature': must be <= 1.")],
    [refusal('temperature', 'decimal_above_max_value', "Invalid 'temperature': decimal above maximum value.")],
    [refusal('temperature', null, 'temperature: Input should be less than or equal to 1')],
  ])('fails only a call with a temperature out of range: %j', async (error) => {
    upstream.next({ does: 'refuse', status: 400, error });
    await expect(ask(model, { temperature: 1.5 })).rejects.toMatchObject({ code: 'model_error' });
    expect((await ask(model, { temperature: 0.2 })).text).toBe('Echo: hello');
    expect(upstream.requests.map(({ body }) => body.temperature)).toEqual([1.5, 0.2]);
  });

  it('does not try a third time if the model refuses an omitted parameter', async () => {
    upstream.always({
      does: 'refuse',
      status: 400,
      error: refusal('temperature', 'unsupported_parameter', "Unsupported parameter: 'temperature'."),
    });
    await expect(ask(model)).rejects.toMatchObject({ code: 'model_error' });
    expect(had('temperature')).toEqual([true, false]);
  });

  it('never omits a required parameter', async () => {
    const error = refusal('model', 'unsupported_parameter', "Unsupported parameter: 'model'.");
    upstream.always({ does: 'refuse parameter', parameter: 'model', error });
    await expect(ask(model)).rejects.toMatchObject({ code: 'model_error' });
    expect(upstream.requests).toHaveLength(1);
  });

  it('sends the cap on the answer only if one is set', async () => {
    await ask(model);
    await ask(model, { maxOutputTokens: 55 });
    const name = api === 'chat' ? 'max_tokens' : 'max_output_tokens';
    expect(upstream.requests.map(({ body }) => body[name])).toEqual([undefined, 55]);
  });

  it('sends what the caller of the run sets, and fails by its name if the model refuses it', async () => {
    const tools = [{ name: 'look', description: 'Looks.', parameters: { type: 'object' } }];
    const controls = { topP: 0.5, parallelToolCalls: false, reasoningEffort: 'low' } as const;
    await ask(model, { tools, ...controls, toolChoice: { name: 'look' } });
    await ask(model, { tools, toolChoice: 'required' });
    await ask(model, { ...controls, toolChoice: 'none' });
    const named =
      api === 'chat' ? { type: 'function', function: { name: 'look' } } : { type: 'function', name: 'look' };
    const effort = api === 'chat' ? { reasoning_effort: 'low' } : { reasoning: { effort: 'low' } };
    const [all, forced, plain] = upstream.requests.map(({ body }) => body);
    expect(all).toMatchObject({ top_p: 0.5, tool_choice: named, parallel_tool_calls: false, ...effort });
    expect(forced).toMatchObject({ tool_choice: 'required' });
    // Providers refuse a choice without tools.
    expect(plain).not.toHaveProperty('tool_choice');
    expect(plain).not.toHaveProperty('parallel_tool_calls');

    for (const parameter of ['top_p', 'reasoning_effort', 'parallel_tool_calls', 'tool_choice']) {
      const error = refusal(parameter, 'unsupported_parameter', `Unsupported parameter: '${parameter}'.`);
      upstream.next({ does: 'refuse', status: 400, error });
      const message = expect.stringContaining(`does not support ${parameter}`);
      const sent = ask(model, { tools, ...controls, toolChoice: 'required' });
      await expect(sent).rejects.toMatchObject({ code: 'model_error', message });
    }
  });

  it('stores nothing at OpenAI', async () => {
    await ask(model);
    expect(upstream.requests[0]?.body.store).toBe(api === 'responses' ? false : undefined);
  });

  it('sends the schema of the answer', async () => {
    const output = { type: 'object', properties: {} };
    await ask(model);
    await ask(model, { output });
    const format = api === 'chat' ? 'response_format' : 'text';
    expect(had(format)).toEqual([false, true]);
    expect(JSON.stringify(upstream.requests[1]?.body[format])).toContain(JSON.stringify(output));
  });
});

describe.each(WAYS.filter(({ api }) => api === 'chat'))('Chat Completions, $way', ({ Model, ask, way }) => {
  it.each([
    [refusal('max_tokens', 'unsupported_parameter', "Use 'max_completion_tokens' instead.")],
    [refusal(null, null, "Unsupported parameter: 'max_tokens' is not supported with this model.")],
  ])('sends max_completion_tokens to a model that refuses max_tokens: %j', async (error) => {
    upstream.always({ does: 'refuse parameter', parameter: 'max_tokens', error });
    const model = new Model(transport);
    expect((await ask(model, { maxOutputTokens: 55 })).text).toBe('Echo: hello');
    expect((await ask(model, { maxOutputTokens: 66 })).text).toBe('Echo: hello');

    const caps = upstream.requests.map(({ body }) => [body.max_tokens, body.max_completion_tokens]);
    expect(caps).toEqual([
      [55, undefined],
      [undefined, 55],
      [undefined, 66],
    ]);
    expect(had('temperature')).toEqual([true, true, true]);
  });

  it('omits refused stream_options, and then estimates the usage', async () => {
    const error = refusal('stream_options', 'unsupported_parameter', 'stream_options is not supported.');
    upstream.always({ does: 'refuse parameter', parameter: 'stream_options', error });
    const { text, usage } = await ask(new Model(transport));
    expect(text).toBe('Echo: hello');
    expect(usage.outputTokens).toBeGreaterThan(0);
    expect(had('stream_options')).toEqual(way === 'streamed' ? [true, false] : [false]);
  });

  it('omits all refused parameters, one after the other', async () => {
    for (const parameter of ['temperature', 'max_tokens']) {
      upstream.next({
        does: 'refuse parameter',
        parameter,
        error: refusal(parameter, 'unsupported_parameter', 'Unsupported parameter.'),
      });
    }
    expect((await ask(new Model(transport), { maxOutputTokens: 55 })).text).toBe('Echo: hello');
    expect(upstream.requests.at(-1)?.body).toMatchObject({ max_completion_tokens: 55 });
    expect(upstream.requests.at(-1)?.body).not.toHaveProperty('temperature');
  });
});

describe('an unusual answer', () => {
  const models = { chat: () => new OpenAIChatModel(transport), responses: () => new OpenAIResponsesModel(transport) };
  const message = { role: 'assistant', content: 'fine', refusal: null };
  const choice = { index: 0, message, finish_reason: 'stop' };
  const completion = { id: 'x', object: 'chat.completion', model: 'm-1', choices: [choice] };
  const withMessage = (more: Json): Json => ({
    ...completion,
    choices: [{ ...choice, message: { ...message, ...more } }],
  });
  const text = { type: 'output_text', text: 'fine', annotations: [] };
  const item = { type: 'message', role: 'assistant', content: [text] };
  const response = { id: 'x', object: 'response', status: 'completed', model: 'm-1', output: [item], usage: null };
  const withContent = (content: unknown): Json => ({ ...response, output: [{ ...item, content }] });

  const TEXTS = { callId: expect.any(String), name: expect.any(String), arguments: expect.any(String) };

  interface Odd {
    api: 'chat' | 'responses';
    what: string;
    body: Json;
  }

  const ODD_BUT_GOOD: Odd[] = [
    { api: 'chat', what: 'no usage', body: completion },
    { api: 'chat', what: 'usage null', body: { ...completion, usage: null } },
    { api: 'chat', what: 'usage {}', body: { ...completion, usage: {} } },
    {
      api: 'chat',
      what: 'usage in texts',
      body: { ...completion, usage: { prompt_tokens: '1', completion_tokens: '2' } },
    },
    { api: 'chat', what: 'half a usage', body: { ...completion, usage: { prompt_tokens: 7 } } },
    {
      api: 'chat',
      what: 'negative usage',
      body: { ...completion, usage: { prompt_tokens: -1, completion_tokens: 1 } },
    },
    {
      api: 'chat',
      what: 'fractions as usage',
      body: { ...completion, usage: { prompt_tokens: 1.5, completion_tokens: 1 } },
    },
    { api: 'chat', what: 'no model', body: { ...completion, model: undefined } },
    { api: 'chat', what: 'a number as model', body: { ...completion, model: 5 } },
    { api: 'chat', what: 'tool_calls null', body: withMessage({ tool_calls: null }) },
    { api: 'chat', what: 'tool_calls []', body: withMessage({ tool_calls: [] }) },
    { api: 'chat', what: 'no refusal', body: withMessage({ refusal: undefined }) },
    { api: 'chat', what: 'error null', body: { ...completion, error: null } },
    { api: 'chat', what: 'an empty model', body: { ...completion, model: '' } },
    { api: 'chat', what: 'parts as content', body: withMessage({ content: [{ type: 'text', text: 'fine' }] }) },
    {
      api: 'chat',
      what: 'thoughts among its parts',
      body: withMessage({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] }, 'fine'] }),
    },
    { api: 'responses', what: 'a text as content', body: withContent('fine') },
    { api: 'responses', what: 'usage {}', body: { ...response, usage: {} } },
    { api: 'responses', what: 'no usage', body: { ...response, usage: undefined } },
    { api: 'responses', what: 'half a usage', body: { ...response, usage: { input_tokens: 7 } } },
    { api: 'responses', what: 'no model', body: { ...response, model: undefined } },
    { api: 'responses', what: 'a number as model', body: { ...response, model: 5 } },
    { api: 'responses', what: 'incomplete_details null', body: { ...response, incomplete_details: null } },
    { api: 'responses', what: 'items it does not know', body: { ...response, output: [{ type: 'novelty' }, item] } },
  ];

  const BAD: Odd[] = [
    { api: 'chat', what: 'a number as content', body: withMessage({ content: 5 }) },
    { api: 'chat', what: 'an object as content', body: withMessage({ content: {} }) },
    {
      api: 'chat',
      what: 'a number as content, though counted',
      body: { ...withMessage({ content: 5 }), usage: { prompt_tokens: 1, completion_tokens: 1 } },
    },
    { api: 'chat', what: 'no message', body: { ...completion, choices: [{ index: 0, finish_reason: 'stop' }] } },
    { api: 'chat', what: 'no choices', body: { ...completion, choices: undefined } },
    { api: 'chat', what: 'choices []', body: { ...completion, choices: [] } },
    { api: 'chat', what: 'choices null', body: { ...completion, choices: null } },
    { api: 'chat', what: 'finish_reason null', body: { ...completion, choices: [{ ...choice, finish_reason: null }] } },
    {
      api: 'chat',
      what: 'finish_reason tool_calls without calls',
      body: { ...completion, choices: [{ ...choice, finish_reason: 'tool_calls' }] },
    },
    {
      api: 'chat',
      what: 'a call without a function',
      body: withMessage({ tool_calls: [{ id: 'c', type: 'function' }] }),
    },
    { api: 'responses', what: 'no content', body: withContent(undefined) },
    { api: 'responses', what: 'output null', body: { ...response, output: null } },
    { api: 'responses', what: 'output {}', body: { ...response, output: {} } },
    { api: 'responses', what: 'no status', body: { ...response, status: undefined } },
  ];

  const ODD_CALLS: { what: string; call: { id?: unknown; name?: unknown; arguments?: unknown } }[] = [
    { what: 'no id', call: { name: 'f', arguments: '{}' } },
    { what: 'no name', call: { id: 'c', arguments: '{}' } },
    { what: 'no arguments', call: { id: 'c', name: 'f' } },
    { what: 'an object as arguments', call: { id: 'c', name: 'f', arguments: {} } },
    { what: 'null in all places', call: { id: null, name: null, arguments: null } },
    { what: 'numbers in all places', call: { id: 1, name: 2, arguments: 3 } },
  ];

  it.each(ODD_BUT_GOOD)('is accepted with $what, over $api', async ({ api, body }) => {
    upstream.next({ does: 'answer with body', body });
    const { text: answered, model, usage } = await reply(models[api]());
    expect(answered).toBe('fine');
    expect(model).toBe(body.model === 'm-1' ? 'm-1' : 'gpt-4o');
    for (const tokens of [usage.inputTokens, usage.outputTokens]) {
      expect(Number.isSafeInteger(tokens)).toBe(true);
      expect(tokens).toBeGreaterThan(0);
    }
  });

  it.each(BAD)("is the provider's failure with $what, over $api", async ({ api, body }) => {
    upstream.next({ does: 'answer with body', body });
    await expect(reply(models[api]())).rejects.toMatchObject({ name: 'AgentError', code: 'model_error' });
  });

  /** Stored calls contain texts: anything else would fail the whole run with internal_error. */
  describe.each(ODD_CALLS)('with a tool call with $what', ({ call: { id, name, arguments: input } }) => {
    it.each([
      ['chat' as const, withMessage({ tool_calls: [{ id, type: 'function', function: { name, arguments: input } }] })],
      ['responses' as const, { ...response, output: [{ type: 'function_call', call_id: id, name, arguments: input }] }],
    ])("is repaired or the provider's failure, over %s", async (api, body) => {
      upstream.next({ does: 'answer with body', body });
      const answer = await reply(models[api]()).catch((failure: unknown) => failure);
      if (answer instanceof Error) expect(answer).toMatchObject({ name: 'AgentError', code: 'model_error' });
      else expect(answer).toMatchObject({ toolCalls: [TEXTS] });
    });
  });

  it.each([[5], [['fine']], [{}], [null]])('is read as text or fails with %j instead of a text', async (odd) => {
    upstream.next({ does: 'answer with body', body: withContent([{ type: 'output_text', text: odd }]) });
    const answer = await reply(models.responses()).catch((failure: unknown) => failure);
    if (answer instanceof Error) expect(answer).toMatchObject({ name: 'AgentError', code: 'model_error' });
    else expect(answer).toMatchObject({ text: expect.any(String) });
  });

  describe('in a stream', () => {
    const chunk = (delta: Json, finish: string | null = null): Json => ({
      id: 'x',
      model: 'm-1',
      choices: [{ index: 0, delta, finish_reason: finish }],
    });
    const FINE = [chunk({ role: 'assistant', content: '' }), chunk({ content: 'fine' }), chunk({}, 'stop')];
    const delta = { type: 'response.output_text.delta', delta: 'fine' };

    const GOOD: { api: 'chat' | 'responses'; what: string; events: Json[] }[] = [
      { api: 'chat', what: 'error null in every chunk', events: FINE.map((each) => ({ ...each, error: null })) },
      { api: 'chat', what: 'usage {}', events: [...FINE, { id: 'x', choices: [], usage: {} }] },
      { api: 'chat', what: 'a choice without a delta', events: [{ choices: [{ index: 0 }] }, ...FINE] },
      { api: 'chat', what: 'a list as content', events: [chunk({ content: ['fine'] }), chunk({}, 'stop')] },
      { api: 'responses', what: 'no response at its end', events: [delta, { type: 'response.completed' }] },
      { api: 'chat', what: 'usage null in every chunk', events: FINE.map((each) => ({ ...each, usage: null })) },
      { api: 'chat', what: 'no model', events: FINE.map((each) => ({ ...each, model: undefined })) },
      { api: 'chat', what: 'a first chunk without choices', events: [{ id: '', choices: [] }, ...FINE] },
      {
        api: 'chat',
        what: 'tool_calls null',
        events: [chunk({ content: 'fine', tool_calls: null }), chunk({}, 'stop')],
      },
      {
        api: 'chat',
        what: 'arguments null in the first piece of a tool call',
        events: [
          chunk({ content: 'fine', tool_calls: [{ index: 0, id: 'c', function: { name: 'f', arguments: null } }] }),
          chunk({ tool_calls: [{ index: 0, function: { arguments: '{}' } }] }),
          chunk({}, 'tool_calls'),
        ],
      },
      {
        api: 'chat',
        what: 'content null at its end',
        events: [chunk({ content: 'fine' }), chunk({ content: null }, 'stop')],
      },
      { api: 'responses', what: 'no usage', events: [delta, { type: 'response.completed', response }] },
      {
        api: 'responses',
        what: 'usage {} and no model',
        events: [delta, { type: 'response.completed', response: { ...response, usage: {}, model: undefined } }],
      },
      {
        api: 'responses',
        what: 'events it does not know',
        events: [{ type: 'response.novelty' }, delta, { type: 'response.completed', response }],
      },
    ];

    const FAULTY: { api: 'chat' | 'responses'; what: string; events: Json[] }[] = [
      { api: 'chat', what: 'a number as content', events: [chunk({ content: 5 }), chunk({}, 'stop')] },
      { api: 'chat', what: 'an error', events: [...FINE, { error: { message: 'no' } }] },
      { api: 'chat', what: 'a list in the place of a chunk', events: [{ choices: {} }, { choices: null }] },
      {
        api: 'chat',
        what: 'finish_reason tool_calls without calls',
        events: [chunk({ content: 'fine' }), chunk({}, 'tool_calls')],
      },
      { api: 'responses', what: 'a number as delta', events: [{ ...delta, delta: 5 }] },
      { api: 'responses', what: 'an error', events: [delta, { type: 'error', message: 'no' }] },
    ];

    it.each(GOOD)('is accepted with $what, over $api', async ({ api, events }) => {
      upstream.next({ does: 'answer with body', body: {}, events });
      const { text: answered, model, usage } = await stream(models[api]());
      expect(answered).toBe('fine');
      expect(['m-1', 'gpt-4o']).toContain(model);
      expect(usage.inputTokens + usage.outputTokens).toBeGreaterThan(0);
      expect(Number.isSafeInteger(usage.inputTokens + usage.outputTokens)).toBe(true);
    });

    it.each(FAULTY)("is the provider's failure with $what, over $api", async ({ api, events }) => {
      upstream.next({ does: 'answer with body', body: {}, events });
      await expect(stream(models[api]())).rejects.toMatchObject({ name: 'AgentError', code: 'model_error' });
    });

    it('sorts tool calls by their index, even a large one', async () => {
      const piece = (index: number, input: string): Json =>
        chunk({ tool_calls: [{ index, id: `c${index}`, function: { name: 'f', arguments: input } }] });
      const last = 1_000_000_000;
      const events = [piece(last, '{"a"'), piece(0, '{}'), piece(last, ':1}'), chunk({}, 'tool_calls')];
      upstream.next({ does: 'answer with body', body: {}, events });
      const startedMs = performance.now();

      const { toolCalls } = await stream(models.chat());

      expect(toolCalls).toEqual([
        { callId: 'c0', name: 'f', arguments: '{}' },
        { callId: `c${last}`, name: 'f', arguments: '{"a":1}' },
      ]);
      // An array of that length takes more than half a minute.
      expect(performance.now() - startedMs).toBeLessThan(5000);
    });
  });
});

describe('the chunks of Chat Completions', () => {
  const SAME = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'gpt-4o' };
  const DELTAS: readonly Json[] = [
    ...['Once', ' upon', '\n', ' "a" ', 'é', '', 'content', 'stop'].map((content) => ({ content })),
    { role: 'assistant', content: 'Hi', refusal: null, tool_calls: [] },
    { content: null, reasoning_content: 'Hm' },
    { content: 'so', reasoning_content: 'Hm' },
    { content: '', refusal: 'No' },
    { content: [{ type: 'text', text: 'part' }] },
    { content: 'call', tool_calls: [{ index: 0, id: 'c', function: { name: 'calculate', arguments: '{}' } }] },
  ];

  function chunkOf(random: Random): Json {
    const delta = DELTAS[random.below(random.below(3) === 0 ? DELTAS.length : 8)];
    const finish_reason = random.below(30) === 0 ? 'stop' : null;
    const choice = { index: 0, delta, finish_reason };
    const other = { index: 1, delta: { content: 'other' } };
    return {
      ...SAME,
      ...(random.below(20) === 0 && { model: 'gpt-4o-mini' }),
      choices: random.below(20) === 0 ? [other, choice] : [choice],
      ...(random.below(40) === 0 && { usage: { prompt_tokens: 1, completion_tokens: random.below(9) } }),
      ...(random.below(60) === 0 && { error: { code: 500, message: 'broken' } }),
    };
  }

  function outcomeOf(chunks: readonly Json[]): unknown {
    const answer = new ChatAnswer({});
    const texts: string[] = [];
    try {
      for (const chunk of chunks) texts.push(answer.read({ name: undefined, data: JSON.stringify(chunk) }));
      return { texts, answer: answer.finish() };
    } catch (failure) {
      return { texts, failure: String(failure) };
    }
  }

  it('have the same meaning if they are alike and if none is like another', () => {
    const random = new Random(7);
    for (let round = 0; round < 500; round++) {
      const chunks = Array.from({ length: 1 + random.below(40) }, () => chunkOf(random));
      expect(outcomeOf(chunks)).toEqual(outcomeOf(chunks.map((chunk, number) => Object.assign({ number }, chunk))));
    }
  });
});
