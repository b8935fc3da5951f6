import { createOpenResponses } from '@ai-sdk/open-responses';
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, Output, stepCountIs, streamText, tool as toolOf } from 'ai';
import OpenAI from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { openKeys } from '../../src/keys/open.keys.js';
import { send } from '../support/clients/client.js';
import { object, objects } from '../support/json.js';
import { INPUT_TOKENS } from '../support/servers/upstream.js';
import { removeServices, startPair } from '../support/service/service.js';
import { Gate, until } from '../support/until.js';

const { service, upstream } = await startPair('chat', { AUTH_MODE: 'api-key' });
const opened = await openKeys(service.databaseUrl);
const { key } = await opened.keys.create({ name: 'k', tenant: 'acme', scopes: ['chat'] }, 'test');
const client = new OpenAI({ apiKey: key, baseURL: `${service.url}/v1`, maxRetries: 0 });
const headers = { authorization: `Bearer ${key}` };
const ask = { model: 'assistant', messages: [{ role: 'user' as const, content: 'one two three' }] };
const CALL = { id: 'call_1', name: 'get_weather', arguments: '{"city":"Oslo"}' };
const USAGE = {
  prompt_tokens: INPUT_TOKENS,
  completion_tokens: 4,
  total_tokens: INPUT_TOKENS + 4,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: {
    reasoning_tokens: 0,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
};

beforeEach(() => upstream.clear());

afterAll(async () => {
  await opened.close();
  await removeServices();
});

describe('a chat completion', () => {
  it('is the answer of the agent', async () => {
    expect(await client.chat.completions.create({ ...ask, temperature: 0.2 })).toEqual({
      id: expect.stringMatching(/^chatcmpl-/),
      object: 'chat.completion',
      created: expect.any(Number),
      model: 'assistant',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Echo: one two three', refusal: null, annotations: [] },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: USAGE,
      service_tier: 'default',
      system_fingerprint: null,
    });
    expect(upstream.requests[0]?.body).toMatchObject({ temperature: 0.2 });
  });

  it('streams chunks of the same text, and the usage only if it is asked for', async () => {
    const chunks = [];
    for await (const chunk of await client.chat.completions.create({ ...ask, stream: true })) chunks.push(chunk);
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: 'assistant', content: '', refusal: null });
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('Echo: one two three');
    expect(chunks.at(-1)?.choices[0]).toMatchObject({ delta: {}, finish_reason: 'stop' });
    expect(chunks.filter((chunk) => 'usage' in chunk)).toEqual([]);
    const stream_options = { include_usage: true };
    const body = { ...ask, stream: true, stream_options };
    const { text } = await send(service, 'POST /v1/chat/completions', { headers, body });
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    const counted = [];
    for await (const chunk of await client.chat.completions.create({ ...ask, stream: true, stream_options })) {
      counted.push(chunk);
    }
    expect(counted.at(-1)).toMatchObject({ choices: [], usage: USAGE });
    expect(counted.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
  });

  it('follows messages of the system, and settings of the request', async () => {
    const messages = [{ role: 'system' as const, content: 'Be brief.' }, ...ask.messages];
    await client.chat.completions.create({ ...ask, messages, top_p: 0.5, max_completion_tokens: 9 });
    const { body } = upstream.requests[0] ?? {};
    expect(body).toMatchObject({ top_p: 0.5, max_tokens: 9 });
    expect(objects(object(body).messages).slice(1)).toMatchObject([{ content: 'Be brief.' }, ask.messages[0]]);
  });

  it('calls functions of the client until the model is done', async () => {
    upstream.next({ does: 'reply', toolCalls: [CALL] });
    const called: unknown[] = [];
    const get_weather = (given: unknown): string => {
      called.push(given);
      return '7 degrees';
    };
    const parameters = { type: 'object', properties: { city: { type: 'string' } } };
    const tool = {
      name: 'get_weather',
      description: 'The weather',
      parse: JSON.parse,
      parameters,
      function: get_weather,
    };
    const runner = client.chat.completions.runTools({ ...ask, tools: [{ type: 'function', function: tool }] });
    expect(await runner.finalContent()).toBe('Echo: one two three');
    expect(called).toEqual([{ city: 'Oslo' }]);
    const sent = objects(object(upstream.requests.at(-1)?.body).messages);
    expect(sent.slice(1).map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
    upstream.next({ does: 'reply', toolCalls: [CALL] });
    const functions = { tools: [{ type: 'function' as const, function: { name: 'get_weather', parameters } }] };
    const chunks = [];
    for await (const chunk of await client.chat.completions.create({ ...ask, ...functions, stream: true })) {
      chunks.push(chunk);
    }
    const calls = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
    expect(calls).toMatchObject([{ index: 0, function: { name: 'get_weather', arguments: '{"city":"Oslo"}' } }]);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('tool_calls');
  });

  it('has the format of a schema, and says if it was cut', async () => {
    upstream.next({ does: 'reply', text: '{"city":"Oslo"}' });
    const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
    const response_format = { type: 'json_schema', json_schema: { name: 'city', schema } } as const;
    const { choices } = await client.chat.completions.create({ ...ask, response_format });
    expect(JSON.parse(choices[0]?.message.content ?? '')).toEqual({ city: 'Oslo' });
    upstream.next({ does: 'reply', finish: 'length' });
    expect((await client.chat.completions.create(ask)).choices[0]?.finish_reason).toBe('length');
  });

  it('has one text in its stream although the model had to write it again', async () => {
    upstream.next({ does: 'reply', text: 'no json' }, { does: 'reply', text: '{"city":"Oslo"}' });
    const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
    const response_format = { type: 'json_schema', json_schema: { name: 'city', schema } } as const;
    const chunks = [];
    for await (const chunk of await client.chat.completions.create({ ...ask, response_format, stream: true })) {
      chunks.push(chunk);
    }
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('{"city":"Oslo"}');
  });

  it('leaves nothing behind with store: false, and is cancelled when its reader leaves', async () => {
    const { id } = await client.chat.completions.create({ ...ask, store: false });
    const [, runId = ''] = id.split('chatcmpl-');
    const events = await send(service, `GET /api/v1/agent/runs/${runId}/events`, { headers });
    expect(events).toMatchObject({ status: 409, body: { error: 'answer_not_stored' } });
    const gate = new Gate();
    upstream.next({ does: 'reply', hold: { afterDeltas: 1, until: gate.opened } });
    for await (const _ of await client.chat.completions.create({ ...ask, stream: true })) break;
    await until('the run is cancelled', () => service.logs.some(({ status }) => status === 'cancelled'));
    gate.open();
  });

  it('fails as an error, or with an error in its stream', async () => {
    upstream.next({ does: 'refuse', status: 400 }, { does: 'refuse', status: 400 });
    await expect(client.chat.completions.create(ask)).rejects.toMatchObject({ status: 502, code: 'model_error' });
    const stream = await client.chat.completions.create({ ...ask, stream: true });
    await expect(
      (async () => {
        for await (const _ of stream) continue;
      })(),
    ).rejects.toMatchObject({ code: 'model_error', type: 'model_error' });
  });
});

const baseURL = `${service.url}/v1`;
const provider = createOpenAI({ baseURL, apiKey: key });
const openResponses = createOpenResponses({ name: 'rookery', url: `${baseURL}/responses`, apiKey: key });
const CITY = z.object({ city: z.string() });

describe.each([
  ['responses', provider.responses('assistant')],
  ['chat completions', provider.chat('assistant')],
  ['Open Responses', openResponses('assistant')],
])('the AI SDK with %s', (_, model) => {
  it('gets a text with its usage', async () => {
    const { text, usage, finishReason } = await generateText({ model, prompt: 'one two three' });
    expect({ text, finishReason }).toEqual({ text: 'Echo: one two three', finishReason: 'stop' });
    expect(usage).toMatchObject({ inputTokens: INPUT_TOKENS, outputTokens: 4 });
  });

  it('streams a text, and calls its tools', async () => {
    upstream.next({ does: 'reply', toolCalls: [CALL] });
    const get_weather = toolOf({ inputSchema: CITY, execute: async ({ city }) => `7 degrees in ${city}` });
    const { textStream, steps } = streamText({
      model,
      prompt: 'one two three',
      tools: { get_weather },
      stopWhen: stepCountIs(3),
    });
    expect((await Array.fromAsync(textStream)).join('')).toBe('Echo: one two three');
    expect((await steps).map(({ toolResults }) => toolResults.map(({ output }) => output))).toEqual([
      ['7 degrees in Oslo'],
      [],
    ]);
    expect(upstream.requests.at(-1)?.messages.at(-1)?.content).toBe('7 degrees in Oslo');
  });

  it('gets an object', async () => {
    upstream.next({ does: 'reply', text: '{"city":"Oslo"}' });
    const { output } = await generateText({ model, prompt: 'Where?', output: Output.object({ schema: CITY }) });
    expect(output).toEqual({ city: 'Oslo' });
  });

  it('gets an error', async () => {
    upstream.next({ does: 'refuse', status: 400 });
    await expect(generateText({ model, prompt: 'x', maxRetries: 0 })).rejects.toMatchObject({
      statusCode: 502,
    });
  });
});

it("parses answers with the helpers of OpenAI's client", async () => {
  const reply = { does: 'reply', text: '{"city":"Oslo"}' } as const;
  upstream.next(reply, reply);
  const completion = await client.chat.completions.parse({ ...ask, response_format: zodResponseFormat(CITY, 'city') });
  expect(completion.choices[0]?.message.parsed).toEqual({ city: 'Oslo' });
  const text = { format: zodTextFormat(CITY, 'city') };
  const response = await client.responses.parse({ model: 'assistant', input: 'Where?', text });
  expect(response.output_parsed).toEqual({ city: 'Oslo' });
});

it.each([
  ['no messages', { model: 'assistant' }, 'missing_required_parameter', 'messages'],
  [
    'an answer at the end',
    { ...ask, messages: [...ask.messages, { role: 'assistant', content: 'x' }] },
    'invalid_value',
    'messages',
  ],
  ['several choices', { ...ask, n: 2 }, 'unsupported_parameter', 'n'],
  ['stop sequences', { ...ask, stop: ['x'] }, 'unsupported_parameter', 'stop'],
  ['functions', { ...ask, functions: [{ name: 'x' }] }, 'unsupported_parameter', 'functions'],
  ['an unknown role', { ...ask, messages: [{ role: 'boss', content: 'x' }] }, 'invalid_value', 'messages[0].role'],
  [
    'audio',
    { ...ask, messages: [{ role: 'user', content: [{ type: 'input_audio' }] }] },
    'unsupported_parameter',
    'messages[0].content[0].type',
  ],
])('a request is refused with %s', async (_, body, code, param) => {
  const answer = await send(service, 'POST /v1/chat/completions', { headers, body });
  expect(answer).toMatchObject({ status: 400, body: { error: { code, param } } });
});
