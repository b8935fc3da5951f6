import { createAnthropic } from '@ai-sdk/anthropic';
import { defaultSettingsMiddleware, wrapLanguageModel } from 'ai';
import { AnthropicUpstream, type Block } from '../../../test/support/servers/anthropic.upstream.js';
import { CLOSED_PORT } from '../../../test/support/servers/free.port.js';
import { keepQuiet } from '../../../test/support/quiet.js';
import type { LanguageModel, ModelCall, ModelMessage, ModelReply, ModelRequest } from '../language.model.js';
import { fromAiSdk } from './index.js';

const REQUEST: ModelRequest = {
  model: 'ignored',
  instructions: 'Answer.',
  messages: [{ role: 'user', content: 'Is it warm in Oslo?' }],
  tools: [
    {
      name: 'forecast',
      description: 'Forecasts.',
      parameters: { type: 'object', properties: { city: { type: 'string' } } },
    },
  ],
  output: undefined,
  temperature: 0.7,
  maxOutputTokens: 2000,
};
const THOUGHT: Block = { type: 'thinking', thinking: 'I need the forecast.', signature: 'signed-1' };
const CALL: Block = { type: 'tool_use', id: 'toolu_1', name: 'forecast', input: { city: 'Oslo' } };

type Ask = (model: LanguageModel, request?: Partial<ModelRequest>) => Promise<ModelReply>;

const WAYS: readonly { way: string; ask: Ask }[] = [
  { way: 'whole', ask: (model, request) => model.reply({ ...REQUEST, ...request }, call()) },
  {
    way: 'streamed',
    ask: async (model, request) => {
      for await (const event of model.stream({ ...REQUEST, ...request }, call())) {
        if (event.type === 'reply') return event.reply;
      }
      throw new Error('The stream had no reply.');
    },
  },
];

const captured = keepQuiet();
let upstream: AnthropicUpstream;

beforeAll(async () => {
  upstream = await AnthropicUpstream.start();
});

beforeEach(() => upstream.clear());

afterAll(() => upstream.close());

function create(baseURL = upstream.url): LanguageModel {
  return fromAiSdk(createAnthropic({ baseURL, apiKey: 'sk-ant' })('claude-sonnet-4-5'));
}

function call(): ModelCall {
  const retries = { most: 1, longestWaitMs: 500 };
  return { signal: new AbortController().signal, deadlineAt: performance.now() + 5000, retries };
}

describe.each(WAYS)('Anthropic by the AI SDK, $way', ({ ask }) => {
  it('thinks, calls a tool, and gets its signature back with the result', async () => {
    upstream.next({ does: 'reply', blocks: [THOUGHT, { type: 'text', text: 'I look it up.' }, CALL] });
    const model = create();

    const reply = await ask(model);

    expect(reply).toMatchObject({
      text: 'I look it up.',
      toolCalls: [{ callId: 'toolu_1', name: 'forecast', arguments: '{"city":"Oslo"}' }],
      model: 'claude-sonnet-4-5-2026',
      usage: { inputTokens: 8, outputTokens: 7, cachedTokens: 3 },
      isTruncated: false,
    });
    const { text, toolCalls = [], providerData } = reply;
    const answer: ModelMessage = { role: 'assistant', content: text, toolCalls, ...(providerData && { providerData }) };
    const result: ModelMessage = { role: 'tool', callId: 'toolu_1', tool: 'forecast', content: 'Error: no forecast' };
    expect((await ask(model, { messages: [...REQUEST.messages, answer, result] })).text).toBe('Hello.');
    expect(upstream.sentBlocks(1)).toEqual([THOUGHT, { type: 'text', text: 'I look it up.' }, CALL]);
    expect(JSON.stringify(upstream.requests[1]?.body.messages)).toContain('"is_error":true');
    expect(upstream.requests[0]).toMatchObject({ key: 'sk-ant', body: { max_tokens: 2000, temperature: 0.7 } });
  });

  it('has the arguments of its calls as it wrote them', async () => {
    const exact = '{"id": 9007199254740993, "ratio": 1e2}';
    upstream.next({ does: 'reply', blocks: [{ ...CALL, input: exact }] });
    expect((await ask(create())).toolCalls).toEqual([{ callId: 'toolu_1', name: 'forecast', arguments: exact }]);
  });

  it('gets no signature back that it can no longer verify', async () => {
    upstream.next({ does: 'reply', blocks: [THOUGHT, CALL] });
    const model = create();
    const { text, toolCalls = [], providerData } = await ask(model);
    const answer: ModelMessage = { role: 'assistant', content: text, toolCalls, ...(providerData && { providerData }) };
    const result: ModelMessage = { role: 'tool', callId: 'toolu_1', tool: 'forecast', content: 'Warm' };
    const message = 'messages.1.content.0: Invalid `signature` in `thinking` block';
    upstream.next({ does: 'refuse', status: 400, type: 'invalid_request_error', message });

    expect((await ask(model, { messages: [...REQUEST.messages, answer, result] })).text).toBe('Hello.');

    expect([upstream.sentBlocks(1), upstream.sentBlocks(2)]).toEqual([[THOUGHT, CALL], [CALL]]);
  });

  it('thinks with a setting of the model', async () => {
    const thinking = { type: 'enabled', budgetTokens: 1024 } as const;
    const middleware = defaultSettingsMiddleware({ settings: { providerOptions: { anthropic: { thinking } } } });
    const model = createAnthropic({ baseURL: upstream.url, apiKey: 'sk-ant' })('claude-sonnet-4-5');

    await ask(fromAiSdk(wrapLanguageModel({ model, middleware })));

    expect(upstream.requests[0]?.body.thinking).toEqual({ type: 'enabled', budget_tokens: 1024 });
    expect(upstream.requests[0]?.body).not.toHaveProperty('temperature');
    expect(captured.warnings).toEqual([expect.stringContaining('temperature')]);
  });

  it('answers as the schema says', async () => {
    upstream.next({ does: 'reply', blocks: [{ type: 'text', text: '{"warm":true}' }] });
    const output = { type: 'object', properties: { warm: { type: 'boolean' } }, additionalProperties: false };
    expect((await ask(create(), { output, tools: [] })).text).toBe('{"warm":true}');
    expect(JSON.stringify(upstream.requests[0]?.body)).toContain('"warm":{"type":"boolean"}');
  });

  it('is overloaded, and then answers', async () => {
    const headers = { 'retry-after-ms': '1' };
    upstream.next({ does: 'refuse', status: 529, type: 'overloaded_error', headers });
    expect((await ask(create())).text).toBe('Hello.');
    expect(upstream.requests).toHaveLength(2);
  });

  it('limits the rate', async () => {
    upstream.next({ does: 'refuse', status: 429, type: 'rate_limit_error', headers: { 'retry-after': '30' } });
    await expect(ask(create())).rejects.toMatchObject({
      code: 'model_rate_limited',
      retryAfterSeconds: 30,
      cause: { status: 429, type: 'rate_limit_error' },
    });
    expect(upstream.requests).toHaveLength(1);
  });

  it('refuses the key', async () => {
    upstream.next({ does: 'refuse', status: 401, type: 'authentication_error' });
    await expect(ask(create())).rejects.toMatchObject({ code: 'model_error', cause: { status: 401 } });
  });

  it('breaks off its answer', async () => {
    upstream.next(
      ...Array.from({ length: 2 }, () => ({ does: 'cut', blocks: [{ type: 'text', text: 'Half' }] }) as const),
    );
    await expect(ask(create())).rejects.toMatchObject({ code: 'model_error' });
  });

  it('breaks off before anything of its answer is out, and is asked again', async () => {
    upstream.next({ does: 'cut', blocks: [] });
    expect((await ask(create())).text).toBe('Hello.');
    expect(upstream.requests).toHaveLength(2);
  });

  it('refuses to answer', async () => {
    upstream.next({ does: 'reply', blocks: [{ type: 'text', text: 'I' }], stop: 'refusal' });
    await expect(ask(create())).rejects.toThrow(/content filter/);
  });

  it('cuts its answer at the limit', async () => {
    upstream.next({ does: 'reply', blocks: [{ type: 'text', text: 'Long' }], stop: 'max_tokens' });
    expect(await ask(create())).toMatchObject({ text: 'Long', isTruncated: true });
  });

  it('cannot be reached', async () => {
    await expect(ask(create(`http://127.0.0.1:${CLOSED_PORT}/v1`))).rejects.toMatchObject({
      code: 'model_unavailable',
      cause: { network_error: 'ECONNREFUSED' },
    });
  });
});

describe('Anthropic by the AI SDK', () => {
  it('is overloaded in place of a stream', async () => {
    upstream.next(...Array.from({ length: 2 }, () => ({ does: 'fail in stream', type: 'overloaded_error' }) as const));
    const [, streamed] = WAYS;
    await expect(streamed?.ask(create())).rejects.toMatchObject({ code: 'model_unavailable', cause: { status: 529 } });
    expect(upstream.requests).toHaveLength(2);
  });
});
