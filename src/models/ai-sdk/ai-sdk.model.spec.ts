import {
  APICallError,
  type LanguageModelV4CallOptions,
  type LanguageModelV4Content,
  type LanguageModelV4FinishReason,
  type LanguageModelV4StreamPart,
  type LanguageModelV4Usage,
  LoadAPIKeyError,
  type SharedV4Warning,
  UnsupportedFunctionalityError,
} from '@ai-sdk/provider';
import { MockLanguageModelV3, MockLanguageModelV4 } from 'ai/test';
import { keepQuiet } from '../../../test/support/quiet.js';
import { AgentError } from '../../errors/agent.error.js';
import type { LanguageModel, ModelCall, ModelMessage, ModelReply, ModelRequest } from '../language.model.js';
import { isRetryableElsewhere, isTemporary } from '../openai/provider.failure.js';
import { fromAiSdk } from './index.js';

const REQUEST: ModelRequest = {
  model: 'ignored',
  instructions: 'Answer.',
  messages: [{ role: 'user', content: 'hello' }],
  tools: [],
  output: undefined,
  temperature: 0.7,
  maxOutputTokens: undefined,
};
const USAGE = {
  inputTokens: { total: 11, noCache: 8, cacheRead: 3, cacheWrite: 0 },
  outputTokens: { total: 7, text: 3, reasoning: 4 },
};
const SOURCE = 'ai-sdk acme.chat acme-1';
const HELLO: LanguageModelV4Content[] = [{ type: 'text', text: 'Hello.' }];

interface WholeAnswer {
  readonly content: readonly LanguageModelV4Content[];
  readonly finishReason: LanguageModelV4FinishReason;
  readonly usage: LanguageModelV4Usage;
  readonly warnings: SharedV4Warning[];
  readonly response?: { readonly modelId: string };
}
type Answer = Partial<WholeAnswer>;
type Begin = (options: LanguageModelV4CallOptions) => Answer | Promise<Answer>;
/** The parts of stored answers. */
const THOUGHT = [
  { type: 'reasoning', text: 'Hm.' },
  { type: 'text', length: 2 },
];
const SIGNED = [{ type: 'text', length: 2, providerOptions: { acme: { thoughtSignature: 'Hm.' } } }];

type Ask = (model: LanguageModel, request?: Partial<ModelRequest>, asked?: ModelCall) => Promise<ModelReply>;

interface Way {
  readonly way: string;
  readonly ask: Ask;
}

const WAYS: readonly Way[] = [
  {
    way: 'whole',
    ask: (model, request, asked = call()) => model.reply({ ...REQUEST, ...request }, asked),
  },
  {
    way: 'streamed',
    ask: async (model, request, asked = call()) => {
      let deltas = '';
      for await (const event of model.stream({ ...REQUEST, ...request }, asked)) {
        if (event.type === 'delta') deltas += event.text;
        else if (event.type === 'reply') {
          expect(deltas).toBe(event.reply.text);
          return event.reply;
        }
      }
      throw new Error('The stream had no reply.');
    },
  },
];

const captured = keepQuiet();

/** A mock whose answers begin as each function says; the last one repeats. */
function mockOf(...begins: (Answer | Begin)[]): MockLanguageModelV4 {
  let count = 0;
  const next = async (options: LanguageModelV4CallOptions) => {
    const begin = begins[Math.min(count++, begins.length - 1)] ?? {};
    return resultOf(typeof begin === 'function' ? await begin(options) : begin);
  };
  return new MockLanguageModelV4({
    provider: 'acme.chat',
    modelId: 'acme-1',
    doStream: async (options) => ({ stream: ReadableStream.from(partsOf(await next(options))) }),
  });
}

/** A mock that streams these parts. */
function streamOf(...parts: LanguageModelV4StreamPart[]): MockLanguageModelV4 {
  return new MockLanguageModelV4({ doStream: async () => ({ stream: ReadableStream.from(parts) }) });
}

function resultOf(answer: Answer): WholeAnswer {
  return { content: HELLO, finishReason: finish('stop'), usage: USAGE, warnings: [], ...answer };
}

function finish(unified: LanguageModelV4FinishReason['unified'], raw: string | undefined = unified) {
  return { unified, raw };
}

function* partsOf(result: WholeAnswer): Generator<LanguageModelV4StreamPart> {
  yield { type: 'stream-start', warnings: result.warnings };
  yield { type: 'response-metadata', ...result.response };
  for (const [index, part] of result.content.entries()) {
    if (part.type !== 'text' && part.type !== 'reasoning') {
      yield part;
      continue;
    }
    const id = String(index);
    const { providerMetadata } = part;
    yield { type: `${part.type}-start`, id };
    for (const delta of part.text.match(/\S+\s*/g) ?? []) yield { type: `${part.type}-delta`, id, delta };
    // Signatures arrive at the end.
    yield { type: `${part.type}-end`, id, ...(providerMetadata && { providerMetadata }) };
  }
  yield { type: 'finish', finishReason: result.finishReason, usage: result.usage };
}

function call(signal: AbortSignal = AbortSignal.timeout(5000)): ModelCall {
  return { signal, deadlineAt: performance.now() + 5000 };
}

function refusal(statusCode: number | undefined, given: Partial<ConstructorParameters<typeof APICallError>[0]> = {}) {
  const base = { message: 'sk-secret is refused', url: 'https://acme.example', requestBodyValues: {} };
  return new APICallError({ ...base, ...(statusCode !== undefined && { statusCode }), ...given });
}

/** An earlier answer with data that its provider wants back. */
function thoughtful(parts: object[]): ModelMessage {
  return { role: 'assistant', content: 'A.', providerData: { source: SOURCE, data: { parts } } };
}

function fail(failure: unknown): Begin {
  return () => {
    throw failure;
  };
}

async function failureOf(asked: Promise<unknown>): Promise<AgentError> {
  const failure = await asked.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (failure instanceof AgentError) return failure;
  throw new Error('It did not fail with an AgentError.', { cause: failure });
}

describe.each(WAYS)('a model of the AI SDK, $way', ({ ask }) => {
  it('gets the instructions, messages of all roles, images, tools, the schema and the limits', async () => {
    const mock = mockOf({});
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    const messages: ModelMessage[] = [
      {
        role: 'user',
        content: 'Look.\n[image]\n[image]',
        parts: [
          { type: 'text', text: 'Look.' },
          { type: 'image_url', url: 'data:image/png;base64,iVBO' },
          { type: 'image_url', url: 'https://pictures.example/a.png' },
        ],
      },
      {
        role: 'assistant',
        content: 'Let me see.',
        toolCalls: [
          { callId: 'a', name: 'zoom', arguments: '{"by":2}' },
          { callId: 'b', name: 'zoom', arguments: '{"by":' },
        ],
      },
      { role: 'tool', callId: 'a', tool: 'zoom', content: 'A nest.' },
      { role: 'tool', callId: 'b', tool: 'zoom', content: 'Error: not JSON' },
      { role: 'assistant', content: '' },
      { role: 'user', content: 'And?' },
    ];
    const tools = [{ name: 'zoom', description: 'Zooms.', parameters: schema, isStrict: false }];
    const traceHeaders = { traceparent: '00-1' };
    const asked = { ...call(), traceHeaders };

    await ask(fromAiSdk(mock), { messages, tools, output: schema, maxOutputTokens: 50 }, asked);

    const { abortSignal, ...options } = mock.doStreamCalls[0] ?? {};
    expect(abortSignal).toBe(asked.signal);
    expect(options).toEqual({
      prompt: [
        { role: 'system', content: 'Answer.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look.' },
            { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'iVBO' } },
            {
              type: 'file',
              mediaType: 'image/*',
              data: { type: 'url', url: new URL('https://pictures.example/a.png') },
            },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'Let me see.' },
            { type: 'tool-call', toolCallId: 'a', toolName: 'zoom', input: { by: 2 } },
            { type: 'tool-call', toolCallId: 'b', toolName: 'zoom', input: {} },
          ],
        },
        {
          role: 'tool',
          content: [
            { type: 'tool-result', toolCallId: 'a', toolName: 'zoom', output: { type: 'text', value: 'A nest.' } },
            {
              type: 'tool-result',
              toolCallId: 'b',
              toolName: 'zoom',
              output: { type: 'error-text', value: 'Error: not JSON' },
            },
          ],
        },
        { role: 'assistant', content: [{ type: 'text', text: '(no answer)' }] },
        { role: 'user', content: [{ type: 'text', text: 'And?' }] },
      ],
      tools: [{ type: 'function', name: 'zoom', description: 'Zooms.', inputSchema: schema, strict: false }],
      responseFormat: { type: 'json', schema, name: 'answer' },
      temperature: 0.7,
      maxOutputTokens: 50,
      headers: traceHeaders,
    });
  });

  it('asks for no strict mode if the schema of the answer does not satisfy it', async () => {
    const mock = mockOf({});
    await ask(fromAiSdk(mock), { output: { type: 'object' }, isOutputStrict: false });
    expect(mock.doStreamCalls[0]?.providerOptions).toEqual({ acme: { strictJsonSchema: false } });
  });

  it('joins texts, never shows reasoning, and names the model that answered', async () => {
    const content: LanguageModelV4Content[] = [
      { type: 'reasoning', text: 'They greet me.' },
      { type: 'text', text: 'Good ' },
      { type: 'source', sourceType: 'url', id: 's', url: 'https://a.example' },
      { type: 'text', text: 'morning.' },
    ];
    const reply = await ask(fromAiSdk(mockOf({ content, response: { modelId: 'acme-1-2026' } })));

    expect(reply).toMatchObject({ text: 'Good morning.', toolCalls: [], model: 'acme-1-2026', isTruncated: false });
    expect(reply.usage).toEqual({ inputTokens: 11, outputTokens: 7, cachedTokens: 3, reasoningTokens: 4 });
  });

  it('names its own model if the provider does not', async () => {
    expect((await ask(fromAiSdk(mockOf({})))).model).toBe('acme-1');
  });

  it.each([
    {
      what: 'no usage',
      usage: { inputTokens: { ...USAGE.inputTokens, total: undefined }, outputTokens: USAGE.outputTokens },
    },
    { what: 'a broken count', usage: { ...USAGE, outputTokens: { ...USAGE.outputTokens, total: NaN } } },
  ])('estimates the usage if the provider sent $what', async ({ usage }) => {
    const reply = await ask(fromAiSdk(mockOf({ usage })));
    expect(reply.usage).toEqual({ inputTokens: expect.any(Number), outputTokens: expect.any(Number) });
    expect(reply.usage.outputTokens).toBeGreaterThan(0);
  });

  describe('with data that the provider wants back', () => {
    const signed = (signature: string) => ({ providerMetadata: { acme: { signature } } });
    const content: LanguageModelV4Content[] = [
      { type: 'reasoning', text: 'I need both.', ...signed('s1') },
      { type: 'text', text: 'One moment. ' },
      { type: 'tool-call', toolCallId: 'a', toolName: 'look', input: '{"at":1}', ...signed('s2') },
      { type: 'reasoning', text: '', ...signed('s3') },
      { type: 'text', text: 'And this.', ...signed('s4') },
      { type: 'tool-call', toolCallId: 'b', toolName: 'look', input: '{"at":2}' },
      { type: 'custom', kind: 'acme.compaction', ...signed('s5') },
    ];
    const results: ModelMessage[] = ['a', 'b'].map((callId) => ({ role: 'tool', callId, tool: 'look', content: '.' }));

    async function answered(): Promise<Extract<ModelMessage, { role: 'assistant' }>> {
      const { text, toolCalls, providerData } = await ask(
        fromAiSdk(mockOf({ content, finishReason: finish('tool-calls') })),
      );
      // A session stores it as JSON.
      return JSON.parse(JSON.stringify({ role: 'assistant', content: text, toolCalls, providerData }));
    }

    /** The parts of the answer in a later request. */
    async function sentAgain(message: ModelMessage, mock = mockOf({})) {
      await ask(fromAiSdk(mock), { messages: [...REQUEST.messages, message, ...results] });
      return mock.doStreamCalls[0]?.prompt.find(({ role }) => role === 'assistant')?.content;
    }

    it('sends it back, in order', async () => {
      const message = await answered();

      expect(message).toMatchObject({
        content: 'One moment. And this.',
        providerData: { source: SOURCE },
      });
      // The message has the texts and the calls already.
      expect(JSON.stringify(message.providerData)).not.toMatch(/moment|look/);
      const options = (signature: string) => ({ providerOptions: { acme: { signature } } });
      expect(await sentAgain(message)).toEqual([
        { type: 'reasoning', text: 'I need both.', ...options('s1') },
        { type: 'text', text: 'One moment. ' },
        { type: 'tool-call', toolCallId: 'a', toolName: 'look', input: { at: 1 }, ...options('s2') },
        { type: 'reasoning', text: '', ...options('s3') },
        { type: 'text', text: 'And this.', ...options('s4') },
        { type: 'tool-call', toolCallId: 'b', toolName: 'look', input: { at: 2 } },
        { type: 'custom', kind: 'acme.compaction', ...options('s5') },
      ]);
    });

    const plain = [
      { type: 'text', text: 'One moment. And this.' },
      { type: 'tool-call', toolCallId: 'a', toolName: 'look', input: { at: 1 } },
      { type: 'tool-call', toolCallId: 'b', toolName: 'look', input: { at: 2 } },
    ];

    it('keeps it from another provider', async () => {
      const mock = mockOf({});
      Object.assign(mock, { provider: 'other.chat' });
      expect(await sentAgain(await answered(), mock)).toEqual(plain);
    });

    it('keeps it from another endpoint whose names are equal', async () => {
      const eu = fromAiSdk(mockOf({ content, finishReason: finish('tool-calls') }), { endpoint: 'eu' });
      const { text, toolCalls = [], providerData } = await ask(eu);
      expect(providerData?.source).toBe(`${SOURCE} eu`);
      const earlier: ModelMessage = {
        role: 'assistant',
        content: text,
        toolCalls,
        ...(providerData && { providerData }),
      };
      expect(await sentAgain(earlier)).toEqual(plain);
      const mock = mockOf({});
      await ask(fromAiSdk(mock, { endpoint: 'eu' }), { messages: [...REQUEST.messages, earlier, ...results] });
      expect(JSON.stringify(mock.doStreamCalls[0]?.prompt)).toContain('s1');
    });

    it.each([
      {},
      { parts: [] },
      { parts: [{ type: 'text', length: 'all' }] },
      { parts: [{ type: 'text', length: 21 }] },
    ])('ignores data that does not match its message: %j', async (data) => {
      const message = await answered();
      expect(await sentAgain({ ...message, providerData: { source: SOURCE, data } })).toEqual(plain);
    });

    it('stores nothing without it', async () => {
      const look: LanguageModelV4Content = { type: 'tool-call', toolCallId: 'a', toolName: 'look', input: '{}' };
      expect(await ask(fromAiSdk(mockOf({ content: [...HELLO, look] })))).not.toHaveProperty('providerData');
    });

    it('stores no flood, and logs its size once for each answer', async () => {
      const flood: LanguageModelV4Content = { type: 'reasoning', text: 'secret'.repeat(2 ** 18) };
      const model = fromAiSdk(mockOf({ content: [flood, ...HELLO] }));
      expect(await ask(model)).not.toHaveProperty('providerData');
      expect(captured.warnings).toEqual([expect.stringMatching(/acme-1'[^]*characters: 1572\d{3}/)]);
      expect(captured.warnings[0]).not.toContain('secret');
      await ask(model);
      expect(captured.warnings).toHaveLength(2);
    });

    it('stores no half characters of it', async () => {
      const thought: LanguageModelV4Content = {
        type: 'reasoning',
        text: 'whole \ud83d\ude00 half \ud83d',
        ...signed('s\ude00'),
      };
      const { providerData } = await ask(fromAiSdk(mockOf({ content: [thought, ...HELLO] })));
      expect(JSON.stringify(providerData)).toMatch(/"whole \u{1f600} half \ufffd".*"s\ufffd"/u);
    });
  });

  describe('with tools', () => {
    const toolCall = (toolCallId: string, input: unknown, more: object = {}) => ({
      ...more,
      type: 'tool-call',
      toolCallId,
      toolName: 'look',
      input,
    });

    it('has the calls run, each with an id of its own', async () => {
      const content = [
        toolCall('a', '{"at":1}'),
        toolCall('a', { at: 2 }),
        toolCall('', ''),
        toolCall('d', '{', { dynamic: true }),
      ];
      const { toolCalls = [] } = await ask(
        fromAiSdk(mockOf({ content: Object(content), finishReason: finish('stop') })),
      );

      expect(toolCalls.map(({ name, arguments: text }) => `${name} ${text}`)).toEqual([
        'look {"at":1}',
        'look {"at":2}',
        'look {}',
        'look {',
      ]);
      expect(new Set(toolCalls.map(({ callId }) => callId)).size).toBe(4);
      expect(toolCalls[0]?.callId).toBe('a');
      expect(toolCalls.every(({ callId }) => /^[\w-]{1,64}$/.test(callId))).toBe(true);
    });

    it.each<{ input: unknown; isInexact: boolean }>([
      { input: { id: 9007199254740992 }, isInexact: true },
      { input: { ids: [{ id: -(2 ** 60) }] }, isInexact: true },
      { input: '{"id":1e+30}', isInexact: true },
      { input: '{"id":1000000000000000000000}', isInexact: false },
      { input: '{"id": 9007199254740992}', isInexact: false },
      { input: '{"id":"9007199254740992","ratio":0.5}', isInexact: false },
      { input: { id: 9007199254740991 }, isInexact: false },
    ])('marks arguments that the package may have rounded: $input', async ({ input, isInexact }) => {
      const content = Object([toolCall('a', input)]);
      const { toolCalls = [] } = await ask(fromAiSdk(mockOf({ content })));
      expect(toolCalls[0]?.isInexact).toBe(isInexact || undefined);
    });

    it("leaves the provider's own calls to the provider, and sends them back with their results", async () => {
      const content: LanguageModelV4Content[] = [
        { type: 'tool-call', toolCallId: 'p', toolName: 'web', input: '{"q":"nest"}', providerExecuted: true },
        { type: 'tool-result', toolCallId: 'p', toolName: 'web', result: { is: 'early' }, preliminary: true },
        { type: 'tool-result', toolCallId: 'p', toolName: 'web', result: { is: 'found' } },
        ...HELLO,
      ];
      const { text, toolCalls, providerData } = await ask(fromAiSdk(mockOf({ content })));
      expect({ text, toolCalls }).toEqual({ text: 'Hello.', toolCalls: [] });

      const mock = mockOf({});
      const earlier: ModelMessage = { role: 'assistant', content: text, ...(providerData && { providerData }) };
      await ask(fromAiSdk(mock), { messages: [...REQUEST.messages, earlier, ...REQUEST.messages] });
      expect(mock.doStreamCalls[0]?.prompt[2]?.content).toEqual([
        { type: 'tool-call', toolCallId: 'p', toolName: 'web', input: { q: 'nest' }, providerExecuted: true },
        { type: 'tool-result', toolCallId: 'p', toolName: 'web', output: { type: 'json', value: { is: 'found' } } },
        { type: 'text', text: 'Hello.' },
      ]);
    });

    it('fails if the calls or an approval of the provider are missing', async () => {
      const lost = await failureOf(ask(fromAiSdk(mockOf({ finishReason: finish('tool-calls') }))));
      expect(lost.code).toBe('model_error');
      const content: LanguageModelV4Content[] = [{ type: 'tool-approval-request', approvalId: 'x', toolCallId: 'p' }];
      expect((await failureOf(ask(fromAiSdk(mockOf({ content }))))).message).toMatch(/not supported/);
    });
  });

  it('marks an answer that the output limit cut off', async () => {
    expect(await ask(fromAiSdk(mockOf({ finishReason: finish('length') })))).toMatchObject({ isTruncated: true });
  });

  it.each(['error', 'other', 'interrupted', 'unknown'])('fails with an answer that ended as %s', async (reason) => {
    const failure = await failureOf(ask(fromAiSdk(mockOf({ finishReason: Object(finish('other', reason)) }))));
    expect(failure).toMatchObject({ code: 'model_error', cause: { finish_reason: reason } });
    expect(isRetryableElsewhere(failure)).toBe(true);
  });

  it('fails for good with an answer that a content filter stopped', async () => {
    const failure = await failureOf(ask(fromAiSdk(mockOf({ finishReason: finish('content-filter') }))));
    expect(failure.message).toMatch(/content filter/);
    expect(isRetryableElsewhere(failure)).toBe(false);
  });

  it('fails with an answer that has another form', async () => {
    const failure = await failureOf(ask(fromAiSdk(mockOf({ content: Object([null]) }))));
    expect(failure.code).toBe('model_error');
  });

  const NETWORK = (code: string) => new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
  const FINAL = { isRetryable: false };

  it.each<{ what: string; failure: unknown; code: string; calls: number; elsewhere?: boolean; later?: boolean }>([
    { what: 'status 401', failure: refusal(401), code: 'model_error', calls: 1 },
    { what: 'status 400', failure: refusal(400), code: 'model_error', calls: 1, elsewhere: false },
    { what: 'status 529', failure: refusal(529), code: 'model_unavailable', calls: 2 },
    { what: 'status 529, for good', failure: refusal(529, FINAL), code: 'model_unavailable', calls: 1, later: false },
    { what: 'status 408', failure: refusal(408), code: 'model_error', calls: 1, later: true },
    { what: 'status 500', failure: refusal(500), code: 'model_error', calls: 2 },
    {
      what: 'no address',
      failure: refusal(undefined, { cause: NETWORK('ENOTFOUND') }),
      code: 'model_unavailable',
      calls: 2,
    },
    { what: 'a reset', failure: NETWORK('ECONNRESET'), code: 'model_error', calls: 2 },
    { what: 'a time limit', failure: new DOMException('late', 'TimeoutError'), code: 'model_unavailable', calls: 2 },
    { what: 'a body that is not JSON', failure: refusal(200), code: 'model_error', calls: 1 },
    { what: 'no key', failure: new LoadAPIKeyError({ message: 'none' }), code: 'model_error', calls: 1 },
    { what: 'a fault', failure: new TypeError('x is undefined'), code: 'model_error', calls: 1 },
    {
      what: 'no support',
      failure: new UnsupportedFunctionalityError({ functionality: 'images' }),
      code: 'model_error',
      calls: 1,
      elsewhere: false,
    },
  ])('converts $what to $code', async ({ failure, code, calls, elsewhere = true, later = calls > 1 }) => {
    const mock = mockOf(fail(failure));
    const asked = { ...call(), retries: { most: 1, longestWaitMs: 500 } };

    const error = await failureOf(ask(fromAiSdk(mock), {}, asked));

    expect(error.code).toBe(code);
    expect(mock.doStreamCalls).toHaveLength(calls);
    expect([isRetryableElsewhere(error), isTemporary(error)]).toEqual([elsewhere, later]);
    expect(JSON.stringify([error.message, error.cause])).not.toContain('sk-secret');
  });

  it('passes on how long the provider wants to be left alone, and does not retry before', async () => {
    const mock = mockOf(fail(refusal(429, { responseHeaders: { 'retry-after': '7' } })));
    const error = await failureOf(ask(fromAiSdk(mock)));
    expect(error).toMatchObject({ code: 'model_rate_limited', retryAfterSeconds: 7 });
    expect(mock.doStreamCalls).toHaveLength(1);
  });

  it('retries a failure that passes', async () => {
    const busy = fail(refusal(429, { responseHeaders: { 'retry-after-ms': '1' } }));
    const mock = mockOf(busy, busy, {});
    expect((await ask(fromAiSdk(mock))).text).toBe('Hello.');
    expect(mock.doStreamCalls).toHaveLength(3);
  });

  it('repeats the request without a temperature that the model refuses, and omits it from then on', async () => {
    const unsupported = refusal(400, { message: '`temperature` is not supported with this model.' });
    const mock = mockOf((options) => {
      if ('temperature' in options) throw unsupported;
      return {};
    });
    const model = fromAiSdk(mock);

    await ask(model);
    await ask(model);

    expect(mock.doStreamCalls.map((options) => 'temperature' in options)).toEqual([true, false, false]);
  });

  it.each(['max_tokens', 'max_completion_tokens', 'max_output_tokens', 'maxOutputTokens'])(
    'repeats the request without a limit of the output that the model refuses as %s, unless a budget needs it',
    async (name) => {
      const mock = mockOf((options) => {
        if ('maxOutputTokens' in options) throw refusal(400, { message: `Unsupported parameter: '${name}'` });
        return {};
      });
      const model = fromAiSdk(mock);
      for (const _ of [1, 2]) await ask(model, { maxOutputTokens: 9 });
      const error = await failureOf(ask(model, { maxOutputTokens: 9, isOutputLimitRequired: true }));
      expect(mock.doStreamCalls.map((options) => 'maxOutputTokens' in options)).toEqual([true, false, false, true]);
      expect(error).toMatchObject({ code: 'model_error', message: expect.stringContaining('maxOutputTokens') });
    },
  );

  it.each([
    { part: 'strict', message: 'tools.0.custom.strict: Extra inputs are not permitted' },
    {
      part: 'responseFormat',
      message: "Function calling with a response mime type: 'application/json' is unsupported",
    },
    { part: 'responseFormat', message: 'output_format: Extra inputs are not permitted' },
  ])('repeats the request without what the model refuses: $message', async ({ part, message }) => {
    const mock = mockOf((options) => {
      if (JSON.stringify(options).includes(`"${part}":`)) throw refusal(400, { message });
      return {};
    });
    const model = fromAiSdk(mock);
    const output = { type: 'object', title: 'Weather' };
    const tools = [{ name: 'look', description: 'Looks.', parameters: { type: 'object' } }];
    for (const _ of [1, 2]) await ask(model, { output, tools });
    const sent = mock.doStreamCalls.map((options) => JSON.stringify(options));
    expect(sent.map((text) => text.includes(`"${part}":`))).toEqual([true, false, false]);
    expect(sent.every((text) => text.includes('Weather'))).toBe(true);
  });

  it('sends no text with only blanks, which providers refuse', async () => {
    const mock = mockOf({});
    const parts = [
      { type: 'reasoning', text: 'Hm.' },
      { type: 'text', length: 2 },
      { type: 'call', callId: 'b' },
    ];
    const turn = (callId: string, more: object = {}): ModelMessage[] => [
      { role: 'assistant', content: '\n\n', toolCalls: [{ callId, name: 'look', arguments: '{}' }], ...more },
      { role: 'tool', callId, tool: 'look', content: ' ' },
    ];
    const thought = turn('b', { providerData: { source: SOURCE, data: { parts } } });
    await ask(fromAiSdk(mock), { messages: [...REQUEST.messages, ...turn('a'), ...thought] });
    const sent = JSON.stringify(mock.doStreamCalls[0]?.prompt);
    expect(sent).not.toMatch(/"(text|value)":"(\\n| )*"/);
    expect(sent).toContain('"Hm."');
  });

  it('repeats no request whose limit of the output is too high', async () => {
    const mock = mockOf(fail(refusal(400, { message: 'max_tokens: 9 > 8, which is the maximum allowed' })));
    await failureOf(ask(fromAiSdk(mock), { maxOutputTokens: 9 }));
    expect(mock.doStreamCalls).toHaveLength(1);
  });

  it('keeps the temperature if the request without it fails too', async () => {
    const unsupported = fail(refusal(400, { message: '`temperature` is not supported with this model.' }));
    const mock = mockOf(unsupported, fail(refusal(400)), {});
    const model = fromAiSdk(mock);

    await failureOf(ask(model));
    await ask(model);

    expect(mock.doStreamCalls.map((options) => 'temperature' in options)).toEqual([true, false, true]);
  });

  it.each([
    'Only temperature 1 is supported.',
    'temperature: only the default is permitted when thinking is enabled',
    '`temperature` may only be set to 1 when thinking is enabled.',
    '`temperature` is deprecated for this model.',
  ])('understands that the model has a temperature of its own: %s', async (message) => {
    const mock = mockOf(fail(refusal(400, { message })), {});
    await ask(fromAiSdk(mock), { messages: [...REQUEST.messages, thoughtful(THOUGHT), ...REQUEST.messages] });
    expect(mock.doStreamCalls.map((options) => 'temperature' in options)).toEqual([true, false]);
    expect(JSON.stringify(mock.doStreamCalls[1]?.prompt)).toContain('Hm.');
  });

  it.each([
    'messages.1.content.0.tool_use.id: String should match pattern',
    "Value at 'messages.2.member.content.1.member.toolUse.toolUseId' must satisfy regular expression pattern",
  ])('repeats a request with short ids of calls if the provider refuses others: %s', async (message) => {
    const mock = mockOf(fail(refusal(400, { message })), {});
    const callId = 'functions.look:0';
    const toolCalls = [{ callId, name: 'look', arguments: '{}' }];
    const parts = [{ type: 'call', callId, providerOptions: { acme: { signature: 's' } } }];
    const providerData = { source: SOURCE, data: { parts } };
    const answer: ModelMessage = { role: 'assistant', content: '', toolCalls, providerData };
    const result: ModelMessage = { role: 'tool', callId, tool: 'look', content: '.' };
    await ask(fromAiSdk(mock), { messages: [...REQUEST.messages, answer, result] });
    const toolCallId: unknown = expect.stringMatching(/^[A-Za-z0-9]{9}$/);
    expect(mock.doStreamCalls[1]?.prompt.slice(2)).toMatchObject([
      { content: [{ toolCallId, providerOptions: { acme: { signature: 's' } } }] },
      { content: [{ toolCallId }] },
    ]);
  });

  it.each([
    { parts: THOUGHT, message: 'Invalid `signature` in `thinking` block' },
    { parts: SIGNED, message: 'Thought signature is not valid.' },
    { parts: THOUGHT, message: '`thinking` blocks in the latest assistant message cannot be modified.' },
    { parts: SIGNED, message: 'The encrypted content could not be decrypted.' },
  ])('repeats a request without the data that the provider refuses: $message', async ({ parts, message }) => {
    const mock = mockOf(fail(refusal(400, { message })), {});
    const model = fromAiSdk(mock);
    const messages = [...REQUEST.messages, thoughtful(parts), ...REQUEST.messages];
    await ask(model, { messages });
    await ask(model, { messages });
    // Other data may be readable.
    const had = mock.doStreamCalls.map(({ prompt }) => JSON.stringify(prompt).includes('Hm.'));
    expect(had).toEqual([true, false, true]);
  });

  it.each(['', ' and the model ignores it'])("throws the signal's reason if the call is aborted%s", async (how) => {
    const controller = new AbortController();
    const reason = new AgentError('run_cancelled');
    const mock = mockOf(({ abortSignal }) => {
      controller.abort(reason);
      return how === '' ? Promise.reject(Object(abortSignal?.reason)) : new Promise<never>(() => undefined);
    });

    await expect(ask(fromAiSdk(mock), {}, call(controller.signal))).rejects.toBe(reason);
    expect(mock.doStreamCalls).toHaveLength(1);
  });

  it('sends what the caller of the run sets, and fails by its name if the provider refuses or ignores it', async () => {
    const tools = [{ name: 'look', description: 'Looks.', parameters: { type: 'object' } }];
    const controls = { topP: 0.5, reasoningEffort: 'low' } as const;
    const mock = mockOf({});
    const model = fromAiSdk(mock);
    await ask(model, { tools, ...controls, toolChoice: { name: 'look' } });
    await ask(model, { tools, toolChoice: 'none' });
    expect(mock.doStreamCalls).toMatchObject([
      { topP: 0.5, reasoning: 'low', toolChoice: { type: 'tool', toolName: 'look' } },
      { toolChoice: { type: 'none' } },
    ]);
    expect(model.supports('reasoning_effort', 'any')).toBe(true);
    expect(model.supports('parallel_tool_calls', 'any')).toBe(false);

    const ignored = fromAiSdk(mockOf({ warnings: [{ type: 'unsupported', feature: 'topP' }] }));
    const message = expect.stringContaining('does not support top_p');
    expect(await failureOf(ask(ignored, controls))).toMatchObject({ code: 'model_error', message });
    const refused = fromAiSdk(mockOf(fail(refusal(400, { message: '`top_p` is not supported with this model.' }))));
    expect(await failureOf(ask(refused, controls))).toMatchObject({ code: 'model_error', message });
  });

  it('logs each warning of the provider once', async () => {
    const warnings = [{ type: 'unsupported', feature: 'temperature', details: 'It thinks.' }] as const;
    const model = fromAiSdk(mockOf({ warnings: [...warnings] }));

    await ask(model);
    await ask(model);

    expect(captured.warnings).toEqual([expect.stringContaining('It thinks.')]);
  });

  it('may be of version 3, which has files as they are and no custom parts', async () => {
    const v4 = mockOf({ finishReason: finish('length') });
    const mock = new MockLanguageModelV3({ provider: 'acme.chat', modelId: 'acme-1' });
    Object.assign(mock, { doStream: v4.doStream });
    const data = {
      parts: [
        { type: 'custom', kind: 'a.b' },
        { type: 'text', length: 2 },
      ],
    };
    const messages: ModelMessage[] = [
      { role: 'user', content: '[image]', parts: [{ type: 'image_url', url: 'data:image/png;base64,iVBO' }] },
      { role: 'assistant', content: 'A.', providerData: { source: SOURCE, data } },
      { role: 'user', content: 'And?' },
    ];

    const reply = await ask(fromAiSdk(mock), { messages });

    expect(reply).toMatchObject({ text: 'Hello.', model: 'acme-1', isTruncated: true });
    expect(v4.doStreamCalls[0]?.prompt.slice(1, 3)).toEqual([
      { role: 'user', content: [{ type: 'file', mediaType: 'image/png', data: 'iVBO' }] },
      { role: 'assistant', content: [{ type: 'text', text: 'A.' }] },
    ]);
  });
});

describe('a stream of the AI SDK', () => {
  const [, { ask }] = [WAYS[0], WAYS[1] ?? { ask: () => Promise.reject(new Error('no way')) }];
  const text = (delta: string, id = 't'): LanguageModelV4StreamPart => ({ type: 'text-delta', id, delta });
  const START: LanguageModelV4StreamPart = { type: 'stream-start', warnings: [] };
  const FINISH: LanguageModelV4StreamPart = { type: 'finish', finishReason: finish('stop'), usage: USAGE };

  it('fails if it ends without a finish', async () => {
    expect((await failureOf(ask(fromAiSdk(streamOf(START, text('Half')))))).code).toBe('model_error');
    expect((await failureOf(ask(fromAiSdk(streamOf())))).code).toBe('model_error');
  });

  it('is complete although its connection breaks after its end', async () => {
    const broken = async function* (): AsyncGenerator<LanguageModelV4StreamPart> {
      yield* [START, text('Whole'), FINISH];
      throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
    };
    const mock = new MockLanguageModelV4({ doStream: async () => ({ stream: ReadableStream.from(broken()) }) });
    expect((await ask(fromAiSdk(mock))).text).toBe('Whole');
  });

  it('keeps texts that arrive alternately in their order', async () => {
    const reply = await ask(fromAiSdk(streamOf(text('a'), text('b', 'u'), text('c'), FINISH)));
    expect(reply.text).toBe('abc');
  });

  it('retries a failure in place of an answer, but not in the middle of one', async () => {
    const error: LanguageModelV4StreamPart = { type: 'error', error: refusal(529) };
    const streams = [
      [START, error],
      [START, text('Half'), error, FINISH],
      [text('Whole'), FINISH],
    ];
    const mock = new MockLanguageModelV4({
      doStream: async () => ({ stream: ReadableStream.from(streams.shift() ?? []) }),
    });

    const failure = await failureOf(ask(fromAiSdk(mock)));

    expect(failure.code).toBe('model_unavailable');
    expect(mock.doStreamCalls).toHaveLength(2);
    expect((await ask(fromAiSdk(mock))).text).toBe('Whole');
  });

  it('is closed if its reader leaves', async () => {
    let isClosed = false;
    const stream = new ReadableStream<LanguageModelV4StreamPart>({
      pull: (controller) => controller.enqueue(text('more ')),
      cancel: () => void (isClosed = true),
    });
    const model = fromAiSdk(new MockLanguageModelV4({ doStream: async () => ({ stream }) }));
    for await (const event of model.stream(REQUEST, call())) if (event.type === 'delta') break;
    expect(isClosed).toBe(true);
  });
});

describe('fromAiSdk', () => {
  it.each([
    ['anthropic.messages', 'anthropic'],
    ['openai.responses', 'openai'],
    ['google.generative-ai', 'gcp.gemini'],
    ['google.vertex.chat', 'gcp.vertex_ai'],
    ['amazon-bedrock', 'aws.bedrock'],
    ['azure-openai.chat', 'azure.ai.openai'],
    ['xai.chat', 'x_ai'],
    ['mistralish', 'mistralish'],
  ])('has for the provider %s the name %s of OpenTelemetry', (provider, name) => {
    const model = fromAiSdk(new MockLanguageModelV4({ provider, modelId: 'm-1' }));
    expect([model.provider, model.nameFor('any')]).toEqual([name, 'm-1']);
  });

  it('refuses a model of version 2 and says what to update', () => {
    const old = { specificationVersion: 'v2', provider: 'acme', modelId: 'm-1' };
    expect(() => Reflect.apply(fromAiSdk, undefined, [old])).toThrow(
      "The model m-1 of acme has the AI SDK's specification v2, but fromAiSdk needs v3 or v4. Update the package",
    );
  });

  it.each(['', 'x'.repeat(201), 'a\nb', 7, null])('refuses the endpoint %j', (endpoint) => {
    const model = new MockLanguageModelV4();
    expect(() => Reflect.apply(fromAiSdk, undefined, [model, { endpoint }])).toThrow(
      'The option endpoint of fromAiSdk needs 1 to 200 printable characters.',
    );
  });

  it('refuses an unknown option', () => {
    const model = new MockLanguageModelV4();
    expect(() => Reflect.apply(fromAiSdk, undefined, [model, { endpiont: 'eu' }])).toThrow(
      'fromAiSdk has no option endpiont. Its option is endpoint.',
    );
  });

  it('refuses the name of a model', () => {
    expect(() => Reflect.apply(fromAiSdk, undefined, ['anthropic/claude'])).toThrow('not anthropic/claude.');
  });
});
