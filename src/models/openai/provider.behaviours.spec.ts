import {
  BEHAVIOURS,
  chunk,
  completion,
  response,
  streamOf,
} from '../../../test/support/servers/provider.behaviours.js';
import { outcomeOf, streamed, whole } from '../../../test/support/servers/provider.outcome.js';
import { Upstream } from '../../../test/support/servers/upstream.js';
import { keepQuiet } from '../../../test/support/quiet.js';
import { type Json, objects } from '../../../test/support/json.js';
import type { ModelMessage } from '../language.model.js';
import { ChatAnswer } from './chat.answer.js';
import { OpenAIChatModel } from './openai-chat.model.js';
import { OpenAIResponsesModel } from './openai-responses.model.js';
import { OpenAITransport } from './openai.transport.js';

const MODELS = { chat: OpenAIChatModel, responses: OpenAIResponsesModel };
const APIS = ['chat', 'responses'] as const;
const PICTURE: ModelMessage = {
  role: 'user',
  content: 'Look. [image]',
  parts: [
    { type: 'text', text: 'Look.' },
    { type: 'image_url', url: 'https://pictures.example/a.png' },
  ],
};
const USER: ModelMessage = { role: 'user', content: 'hello' };

const captured = keepQuiet();
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

const WAYS = [
  { way: 'streamed', ask: streamed },
  { way: 'whole', ask: whole },
];

describe.each(APIS)('an answer over %s', (api) => {
  const own = BEHAVIOURS.filter((each) => each.api === api);

  it.each(own.flatMap(({ events, ...each }) => (events ? [{ ...each, events }] : [])))(
    'is understood with $what, streamed',
    async ({ events, tail, means }) => {
      upstream.always({ does: 'send', texts: [streamOf(events, tail)] });
      expect(await outcomeOf(streamed(new MODELS[api](transport)))).toEqual(means);
    },
  );

  it.each(own.flatMap(({ body, ...each }) => (body ? [{ ...each, body }] : [])))(
    'is understood with $what, whole',
    async ({ body, means }) => {
      upstream.always({ does: 'send', texts: [JSON.stringify(body)] });
      expect(await outcomeOf(whole(new MODELS[api](transport)))).toEqual(means);
    },
  );

  const [plain] = own;

  it('is understood if it is whole although a stream was requested', async () => {
    upstream.always({ does: 'send', texts: [JSON.stringify(plain?.body)], contentType: 'application/json' });
    expect(await outcomeOf(streamed(new MODELS[api](transport)))).toEqual(plain?.means);
  });

  it('is understood if it is a stream although a whole one was requested', async () => {
    upstream.always({ does: 'send', texts: [streamOf(plain?.events ?? [])], contentType: 'text/event-stream' });
    expect(await outcomeOf(whole(new MODELS[api](transport)))).toEqual(plain?.means);
  });

  it('ends at once at its end mark, although the connection stays open', async () => {
    const texts = [streamOf(plain?.events ?? [])];
    upstream.always({ does: 'send', texts, ending: 'stay open' });
    expect(await outcomeOf(streamed(new MODELS[api](transport)))).toEqual(plain?.means);
  });

  it('is complete although the connection breaks after its end', async () => {
    const texts = [streamOf(plain?.events ?? [], '')];
    upstream.always({ does: 'send', texts, ending: 'destroy' });
    expect(await outcomeOf(streamed(new MODELS[api](transport)))).toEqual(plain?.means);
  });

  it.each(WAYS)('is requested again if the connection breaks before anything of it, $way', async ({ way, ask }) => {
    upstream.next({ does: 'send', texts: way === 'whole' ? ['{"id"'] : [': hi\n\n'], ending: 'destroy' });
    expect(await ask(new MODELS[api](transport))).toMatchObject({ text: 'Echo: hello' });
    expect(upstream.requests).toHaveLength(2);
  });

  it.each(['text/plain', 'application/octet-stream', 'application/json', 'text/event-stream'])(
    'is understood with the type %s',
    async (contentType) => {
      upstream.next({ does: 'send', texts: ['\uFEFF\n', ' \n', JSON.stringify(plain?.body)], contentType });
      upstream.next({ does: 'send', texts: [streamOf(plain?.events ?? [])], contentType });
      expect(await outcomeOf(whole(new MODELS[api](transport)))).toEqual(plain?.means);
      expect(await outcomeOf(streamed(new MODELS[api](transport)))).toEqual(plain?.means);
    },
  );

  it('is an error in place of a stream', async () => {
    const texts = [JSON.stringify({ error: { code: 'context_length_exceeded', message: 'too long' } })];
    upstream.always({ does: 'send', texts, contentType: 'text/event-stream' });
    await expect(streamed(new MODELS[api](transport))).rejects.toMatchObject({ code: 'context_length_exceeded' });
  });

  it('is not requested again once a part of it is out', async () => {
    upstream.next({ does: 'cut', afterDeltas: 1 });
    await expect(streamed(new MODELS[api](transport))).rejects.toMatchObject({ code: 'model_error' });
    expect(upstream.requests).toHaveLength(1);
  });

  it('is requested again if its first event reports a rate limit', async () => {
    const error = { code: 'rate_limit_exceeded', message: 'slow down' };
    const event = api === 'chat' ? { error } : { type: 'error', ...error };
    upstream.next({ does: 'send', texts: [streamOf([event], '')] });
    expect(await streamed(new MODELS[api](transport))).toMatchObject({ text: 'Echo: hello' });
    expect(upstream.requests).toHaveLength(2);
  });

  it('fails with the error that its only event reports, and logs its code without its words', async () => {
    const error = { code: 'rate_limit_exceeded', type: 'requests', message: 'Secret words.' };
    const event = api === 'chat' ? { error } : { type: 'response.failed', response: response([], { error }) };
    upstream.always({ does: 'send', texts: [streamOf([event], '')], headers: { 'x-request-id': 'req_1' } });
    const failure = await streamed(new MODELS[api](transport)).catch((each: unknown) => each);
    expect(failure).toMatchObject({
      code: 'model_rate_limited',
      cause: { status: 429, code: 'rate_limit_exceeded', type: 'requests', provider_request_id: 'req_1' },
    });
    expect(JSON.stringify([failure, Object(failure).cause])).not.toContain('Secret');
  });
});

it('marks arguments that an event has as an object with a number that may be rounded', async () => {
  const call = { type: 'function_call', id: 'fc_1', call_id: 'call_a', name: 'calculate', arguments: '' };
  const ends = { type: 'response.function_call_arguments.done', output_index: 0, arguments: { id: 2 ** 53 } };
  const events = [
    { type: 'response.output_item.added', output_index: 0, item: call },
    ends,
    { type: 'response.completed', response: response([]) },
  ];
  upstream.next({ does: 'send', texts: [streamOf(events)] });
  const { toolCalls } = await streamed(new OpenAIResponsesModel(transport));
  expect(toolCalls).toMatchObject([{ arguments: '{"id":9007199254740992}', isInexact: true }]);
});

it('reads on after the usage of a chunk with a finish reason: a call may follow', () => {
  const usage = { prompt_tokens: 7, completion_tokens: 2 };
  const answer = new ChatAnswer({});
  answer.add({ ...chunk({ content: 'One' }, 'stop'), usage }, 'delta');
  expect(answer.progress).toBe('finished');
  answer.add({ choices: [], usage }, 'delta');
  expect(answer.progress).toBe('complete');
});

it('reads an empty object before the arguments as no call of its own', () => {
  const answer = new ChatAnswer({});
  for (const text of ['{}', '{"expression":"1+1"}']) {
    const call = { index: 0, id: 'call_a', function: { name: 'calculate', arguments: text } };
    answer.add(chunk({ tool_calls: [call] }, 'tool_calls'), 'delta');
  }
  expect(answer.finish().toolCalls.map(({ arguments: text }) => text)).toEqual(['{"expression":"1+1"}']);
});

it('waits at most a second for the usage after the finish reason', async () => {
  const events = [chunk({ content: 'An answer.' }), chunk({}, 'stop')];
  upstream.always({ does: 'send', texts: [streamOf(events, '')], ending: 'stay open' });
  const reply = await streamed(new OpenAIChatModel(transport));
  expect(reply.text).toBe('An answer.');
  expect(reply.usage.outputTokens).toBeGreaterThan(0);
});

it('uses connections again after streams', async () => {
  const model = new OpenAIChatModel(transport);
  for (const _ of [1, 2, 3, 4, 5]) await streamed(model);
  const ports = new Set(upstream.requests.map(({ port }) => port));
  // The end of one stream may arrive while the next one begins.
  expect(ports.size).toBeLessThan(4);
});

/** Refuses requests with that field, in the words of a provider. */
function refusing(field: string, status: number, body: Json): void {
  upstream.always({
    does: 'decide',
    by: (sent) =>
      JSON.stringify(sent).includes(`"${field}":`)
        ? { does: 'refuse', status, body }
        : { does: 'reply', text: '{"a":1}' },
  });
}

describe.each(WAYS)('a refused parameter, $way', ({ way, ask }) => {
  const forbidden = (field: string): Json => ({
    detail: [{ type: 'extra_forbidden', loc: ['body', field], msg: 'Extra inputs are not permitted', input: {} }],
  });
  const output = { type: 'object', properties: { a: { type: 'number' } } };

  it.each<{ api: 'chat' | 'responses'; field: string; status: number; body: Json }>([
    { api: 'chat', field: 'temperature', status: 422, body: forbidden('temperature') },
    ...(way === 'streamed'
      ? [{ api: 'chat' as const, field: 'stream_options', status: 422, body: forbidden('stream_options') }]
      : []),
    {
      api: 'chat',
      field: 'strict',
      status: 400,
      body: {
        error: { type: 'invalid_request_error', message: 'tools.0.custom.strict: Extra inputs are not permitted' },
      },
    },
    { api: 'responses', field: 'strict', status: 422, body: forbidden('strict') },
    {
      api: 'chat',
      field: 'response_format',
      status: 400,
      body: { error: { message: 'This response_format type is unavailable now', code: 'invalid_request_error' } },
    },
    {
      api: 'chat',
      field: 'response_format',
      status: 400,
      body: { error: { message: "Function calling with a response mime type: 'application/json' is unsupported" } },
    },
    {
      api: 'responses',
      field: 'format',
      status: 400,
      body: { error: { message: "Unsupported parameter: 'text.format'" } },
    },
    {
      api: 'responses',
      field: 'include',
      status: 400,
      body: { error: { message: 'Encrypted content is not supported with this model.', param: 'include' } },
    },
    {
      api: 'responses',
      field: 'store',
      status: 400,
      body: { object: 'error', message: { detail: forbidden('store').detail } },
    },
    {
      api: 'responses',
      field: 'detail',
      status: 422,
      body: { detail: [{ type: 'extra_forbidden', loc: ['body', 'input', 0, 'content', 1, 'detail'], msg: 'Extra' }] },
    },
    {
      api: 'responses',
      field: 'detail',
      status: 400,
      body: { error: { message: "Unknown parameter: 'input[0].content[1].detail'.", code: 'unknown_parameter' } },
    },
    {
      api: 'responses',
      field: 'max_output_tokens',
      status: 400,
      body: { detail: 'Unsupported parameter: max_output_tokens' },
    },
    {
      api: 'chat',
      field: 'max_tokens',
      status: 400,
      body: { error: { message: 'Unknown argument', param: 'max_tokens' } },
    },
  ])('$field is left out over $api, and not sent again', async ({ api, field, status, body }) => {
    refusing(field, status, body);
    const model = new MODELS[api](transport);
    const request = { output, messages: [PICTURE], maxOutputTokens: 50 };
    expect(await ask(model, request)).toMatchObject({ text: '{"a":1}' });
    expect(await ask(model, request)).toMatchObject({ text: '{"a":1}' });
    const had = upstream.requests.map(({ body: sent }) => JSON.stringify(sent).includes(`"${field}":`));
    expect(had).toEqual([true, false, false]);
    expect(captured.warnings).toEqual([expect.stringContaining('left out from now on')]);
  });

  it('is not repeated for ever if the refusal means something else', async () => {
    upstream.always({ does: 'refuse', status: 400, error: { message: "'strict' is not supported" } });
    const model = new OpenAIChatModel(transport);
    await expect(ask(model)).rejects.toMatchObject({ code: 'model_error' });
    expect(upstream.requests).toHaveLength(2);
    upstream.clear();
    await ask(model);
    expect(upstream.requests.map(({ body }) => JSON.stringify(body).includes('"strict":'))).toEqual([true]);
  });

  it.each<{ what: string; body: Json }>([
    {
      what: 'the text that it repeats',
      body: {
        detail: [{ type: 'extra_forbidden', loc: ['body', 'x'], input: "temperature, 'strict', response_format" }],
      },
    },
    {
      what: 'another parameter',
      body: { error: { param: 'input', message: 'Unsupported image. It must include a PNG.' } },
    },
    {
      what: 'a value that is too large',
      body: { error: { message: 'max_tokens: 9 is not allowed, the maximum is 8' } },
    },
    {
      what: 'a value that is above the limit',
      body: { error: { message: 'max_tokens: only values up to 8 are allowed' } },
    },
  ])('is not inferred from $what', async ({ body }) => {
    upstream.next({ does: 'refuse', status: 422, body });
    const model = new OpenAIChatModel(transport);
    await expect(ask(model, { maxOutputTokens: 9 })).rejects.toMatchObject({ code: 'model_error' });
    expect(upstream.requests).toHaveLength(1);
  });

  it.each<{ api: 'chat' | 'responses'; fields: readonly [string, ...string[]] }>([
    { api: 'chat', fields: ['max_completion_tokens', 'max_tokens'] },
    { api: 'responses', fields: ['max_output_tokens'] },
  ])('is not left out over $api if a budget needs it', async ({ api, fields }) => {
    upstream.always({
      does: 'decide',
      by: (sent) => {
        const field = fields.find((each) => each in sent);
        const error = { message: `Unsupported parameter: '${field}'.`, param: field };
        return field === undefined ? { does: 'reply' } : { does: 'refuse', status: 400, error };
      },
    });
    const model = new MODELS[api](transport);
    const bounded = { maxOutputTokens: 50, isOutputLimitRequired: true };
    const error = {
      code: 'model_error',
      message: expect.stringContaining(`refuses ${fields[0]}, which the run needs`),
    };
    await expect(ask(model, bounded)).rejects.toMatchObject(error);
    expect(await ask(model, { maxOutputTokens: 50 })).toMatchObject({ text: 'Echo: hello' });
    // It is remembered, but not for requests that need it.
    await expect(ask(model, bounded)).rejects.toMatchObject(error);
    expect(upstream.requests.filter(({ body }) => !fields.some((field) => field in body))).toHaveLength(1);
  });

  it('is asked for in words if it is the schema of the answer', async () => {
    refusing('response_format', 400, { error: { message: 'response_format json_schema is not supported' } });
    await ask(new OpenAIChatModel(transport), { output });
    expect(upstream.requests[1]?.messages[0]?.content).toContain(JSON.stringify(output));
  });
});

describe.each(APIS)('the conversation over %s', (api) => {
  function wireOf(): Json[] {
    const body: Json = upstream.requests.at(-1)?.body ?? {};
    return objects(api === 'chat' ? body.messages : body.input).filter(({ role }) => role !== 'system');
  }

  function ids(): unknown[][] {
    const calls = wireOf().flatMap((item) =>
      api === 'chat' ? objects(item.tool_calls ?? []) : item.type === 'function_call' ? [item] : [],
    );
    const results = wireOf().filter((item) => item.role === 'tool' || item.type === 'function_call_output');
    return [
      calls.map((item) => item[api === 'chat' ? 'id' : 'call_id']),
      results.map((item) => item.tool_call_id ?? item.call_id),
    ];
  }

  const turn = (callId: string, text = '{}'): ModelMessage[] => [
    { role: 'assistant', content: '', toolCalls: [{ callId, name: 'calculate', arguments: text }] },
    { role: 'tool', callId, tool: 'calculate', content: '2' },
  ];

  it('has an id of its own for each call, and each result has that of its call', async () => {
    const twice: ModelMessage[] = [
      {
        role: 'assistant',
        content: '',
        toolCalls: ['call_0', 'call_0'].map((callId) => ({ callId, name: 'calculate', arguments: '{}' })),
      },
      { role: 'tool', callId: 'call_0', tool: 'calculate', content: '2' },
      { role: 'tool', callId: 'call_0', tool: 'calculate', content: '4' },
    ];
    await whole(new MODELS[api](transport), {
      messages: [USER, ...turn('call_0'), ...turn('call_0'), ...turn(''), ...twice],
    });
    const [calls = [], results] = ids();
    expect(new Set(calls).size).toBe(5);
    expect(calls).not.toContain('');
    expect(results).toEqual(calls);
  });

  it.each([
    'Tool call id was functions.calculate:0 but must be a-z, A-Z, 0-9, with a length of 9.',
    "Invalid 'input[1].call_id': string too long. Expected a string with maximum length 40.",
    "Invalid 'messages[2].tool_calls[0].id': string too long. Expected a string with maximum length 40.",
  ])('has ids that the provider accepts: %s', async (message) => {
    const model = new MODELS[api](transport);
    const error = { message, type: 'invalid_request_error' };
    const isShort = (id: unknown): boolean => /^[A-Za-z0-9]{9}$/.test(String(id));
    upstream.always({
      does: 'decide',
      by: () => (ids().flat().every(isShort) ? { does: 'reply' } : { does: 'refuse', status: 400, error }),
    });
    const messages = [USER, ...turn('functions.calculate:0'), ...turn('functions.calculate:1')];
    for (const _ of [1, 2]) await whole(model, { messages });
    const [calls = [], results] = ids();
    expect(new Set(calls).size).toBe(2);
    expect(results).toEqual(calls);
    expect(upstream.requests).toHaveLength(3);
  });

  it('gives new calls ids that earlier calls do not have', async () => {
    const toolCalls = [{ id: 'call_0', name: 'calculate', arguments: '{}' }];
    upstream.always({ does: 'reply', toolCalls });
    const { toolCalls: made = [] } = await whole(new MODELS[api](transport), {
      messages: [USER, ...turn('call_0'), USER],
    });
    expect(made).toHaveLength(1);
    expect(made[0]?.callId).not.toBe('call_0');
  });

  it.each(['{"expression": ', '[1]', 'nonsense', ''])('has valid JSON in place of the arguments %j', async (text) => {
    await whole(new MODELS[api](transport), { messages: [USER, ...turn('call_a', text)] });
    const sent = JSON.stringify(wireOf()).match(/"arguments":"((?:[^"\\]|\\.)*)"/)?.[1];
    expect(sent).toBe('{}');
  });

  it.each([' ', '\n\n'])('has no message with only blanks: %j', async (content) => {
    await whole(new MODELS[api](transport), {
      messages: [
        USER,
        { role: 'assistant', content },
        USER,
        { ...turn('call_a')[0], role: 'assistant', content },
        { role: 'tool', callId: 'call_a', tool: 'calculate', content },
      ],
    });
    const texts = wireOf().flatMap((item) => [item.content, item.output]);
    expect(texts.filter((text) => typeof text === 'string' && text.trim() === '')).toEqual([]);
  });

  it('has no empty message', async () => {
    await whole(new MODELS[api](transport), {
      messages: [
        USER,
        { role: 'assistant', content: '' },
        USER,
        ...turn('call_a').slice(0, 1),
        { role: 'tool', callId: 'call_a', tool: 'calculate', content: '' },
      ],
    });
    expect(wireOf().filter(({ content, output }) => content === '' || output === '')).toEqual([]);
  });

  it.each<{ what: string; error: Json; isRemembered: boolean }>([
    {
      what: 'cannot read',
      error: { code: 'invalid_encrypted_content', message: 'The encrypted content could not be verified.' },
      isRemembered: false,
    },
    {
      what: 'refuses',
      error: { message: "Unsupported item type 'reasoning', unknown field 'reasoning_content'" },
      isRemembered: true,
    },
  ])('has no returned data that the provider $what', async ({ error, isRemembered }) => {
    const data =
      api === 'chat'
        ? { message: { reasoning_content: 'sig' }, calls: [] }
        : { items: [{ type: 'reasoning', summary: [], encrypted_content: 'sig' }, { type: 'call' }] };
    const path = api === 'chat' ? 'chat/completions' : 'responses';
    const providerData = { source: `${upstream.url}/v1 ${path}`, data };
    const messages: ModelMessage[] = [
      USER,
      {
        role: 'assistant',
        content: '',
        toolCalls: [{ callId: 'call_a', name: 'calculate', arguments: '{}' }],
        providerData,
      },
      { role: 'tool', callId: 'call_a', tool: 'calculate', content: '2' },
    ];
    const model = new MODELS[api](transport);
    upstream.always({
      does: 'decide',
      by: (body) =>
        JSON.stringify(body).includes('"sig"') ? { does: 'refuse', status: 400, error } : { does: 'reply' },
    });
    for (const _ of [1, 2]) await whole(model, { messages: messages });
    expect(upstream.requests).toHaveLength(isRemembered ? 3 : 4);
  });

  it('has an answer in place of thoughts alone', async () => {
    const model = new MODELS[api](transport);
    const thoughts = { id: 'rs_1', type: 'reasoning', summary: [], encrypted_content: 'sig' };
    const body = api === 'chat' ? completion({ content: null, reasoning_content: 'Hm.' }) : response([thoughts]);
    upstream.next({ does: 'send', texts: [JSON.stringify(body)] });
    const { text, providerData } = await whole(model);
    expect(providerData).toBeUndefined();
    await whole(model, { messages: [USER, { role: 'assistant', content: text }, USER] });
    expect(wireOf()[1]).toMatchObject({ role: 'assistant', content: '(no answer)' });
  });

  it('has no half characters in the data that its provider wants back', async () => {
    const model = new MODELS[api](transport);
    const said = {
      id: 'm',
      type: 'message',
      phase: 'final_answer',
      content: [{ type: 'output_text', text: 'half \ud83d' }],
    };
    const call = { id: 'call_a', type: 'function', function: { name: 'calculate', arguments: '{}' } };
    const body =
      api === 'chat'
        ? completion({ content: null, reasoning_content: 'half \ud83d', tool_calls: [call] }, 'tool_calls')
        : response([said]);
    upstream.next({ does: 'send', texts: [JSON.stringify(body)] });
    const { providerData } = await whole(model);
    expect(JSON.stringify(providerData)).toContain('half \ufffd');
  });

  it('has the data that its provider wants back, unless another provider sent them', async () => {
    const model = new MODELS[api](transport);
    const sent =
      api === 'chat'
        ? completion(
            {
              content: null,
              reasoning_content: 'Hm.',
              tool_calls: [
                {
                  id: 'call_a',
                  type: 'function',
                  function: { name: 'calculate', arguments: '{}' },
                  extra_content: { google: { thought_signature: 'sig' } },
                },
              ],
            },
            'tool_calls',
          )
        : response([
            { id: 'rs_1', type: 'reasoning', summary: [], encrypted_content: 'sig' },
            { id: 'fc_1', type: 'function_call', call_id: 'call_a', name: 'calculate', arguments: '{}' },
          ]);
    upstream.next({ does: 'send', texts: [JSON.stringify(sent)] });
    const { toolCalls = [], providerData } = await whole(model);
    const messages = (data: typeof providerData): ModelMessage[] => [
      USER,
      { role: 'assistant', content: '', toolCalls, ...(data ? { providerData: data } : {}) },
      { role: 'tool', callId: 'call_a', tool: 'calculate', content: '2' },
    ];
    await whole(model, { messages: messages(providerData) });
    const [, turnSent, next] = wireOf();
    if (api === 'chat') {
      expect(turnSent).toMatchObject({
        reasoning_content: 'Hm.',
        tool_calls: [{ id: 'call_a', extra_content: { google: { thought_signature: 'sig' } } }],
      });
    } else {
      expect(turnSent).toMatchObject({ type: 'reasoning', encrypted_content: 'sig' });
      expect(turnSent).not.toHaveProperty('id');
      expect(next).toMatchObject({ type: 'function_call', call_id: 'call_a' });
    }
    await whole(model, { messages: messages(providerData && { ...providerData, source: 'another' }) });
    expect(JSON.stringify(wireOf())).not.toMatch(/sig|Hm\./);
  });
});
