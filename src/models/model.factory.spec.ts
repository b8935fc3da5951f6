import dns from 'node:dns';
import { Upstream } from '../../test/support/servers/upstream.js';
import { LanguageModel, type ModelCall, type ModelRequest } from './language.model.js';
import { createModel, type ModelProviderOptions } from './model.factory.js';
import { OfflineModel } from './offline/offline.model.js';
import { OpenAIChatModel } from './openai/openai-chat.model.js';
import { OpenAIModel } from './openai/openai.model.js';
import { OpenAIResponsesModel } from './openai/openai-responses.model.js';

const { jest } = import.meta;

const REQUEST: ModelRequest = {
  model: 'gpt-4o',
  instructions: 'Answer.',
  messages: [{ role: 'user', content: 'hello' }],
  tools: [],
  output: undefined,
  temperature: 0.7,
  maxOutputTokens: undefined,
};

let upstream: Upstream;
const created: LanguageModel[] = [];

beforeAll(async () => {
  upstream = await Upstream.start();
});

afterAll(async () => {
  for (const model of created) if (model instanceof OpenAIModel) await model.onApplicationShutdown();
  await upstream.close();
});

beforeEach(() => upstream.clear());

function create(options: ModelProviderOptions): LanguageModel {
  const model = createModel({ model: options, connections: 5 });
  created.push(model);
  return model;
}

function call(): ModelCall {
  return { signal: AbortSignal.timeout(5000), deadlineAt: performance.now() + 5000 };
}

describe('createModel', () => {
  it('returns the model of the host unchanged', () => {
    const own = new OfflineModel();
    expect(createModel({ model: own, connections: 5 })).toBe(own);
  });

  it('returns an offline model that names the options of a provider as their user does', async () => {
    const names = { apiKey: 'OPENAI_API_KEY', baseUrl: 'OPENAI_BASE_URL', api: 'MODEL_API', model: 'AGENT_MODEL' };
    const request = { messages: [], tools: [], model: 'any', instructions: '', output: undefined, temperature: 0.7 };
    const ofService = await create({ names }).reply({ ...request, maxOutputTokens: undefined }, call());
    const ofHost = await create({}).reply({ ...request, maxOutputTokens: undefined }, call());
    expect(ofService.text).toContain('Set OPENAI_API_KEY, or OPENAI_BASE_URL for a provider of your own');
    expect(ofHost.text).toContain('Set `model.apiKey` of AgentModule, or `model.baseUrl` for a provider of your own');
  });

  it('returns the offline model without a key and base URL, for each API', () => {
    expect(create({})).toBeInstanceOf(OfflineModel);
    expect(create({ api: 'chat' })).toBeInstanceOf(OfflineModel);
  });

  it.each([
    [{ apiKey: 'k' }],
    [{ apiKey: 'k', baseUrl: 'https://api.openai.com/v1' }],
    [{ apiKey: 'k', baseUrl: 'https://API.OpenAI.com/v1/' }],
    [{ apiKey: 'k', baseUrl: 'https://llm.example/v1', api: 'responses' as const }],
    [{ baseUrl: 'http://127.0.0.1:1/v1', api: 'responses' as const }],
  ])('speaks Responses with %j', (options) => {
    expect(create(options)).toBeInstanceOf(OpenAIResponsesModel);
  });

  it.each([
    [{ baseUrl: 'http://127.0.0.1:11434/v1' }],
    [{ apiKey: 'k', baseUrl: 'https://api.openai.com.llm.example/v1' }],
    [{ apiKey: 'k', baseUrl: 'https://llm.example/api.openai.com/v1' }],
    [{ apiKey: 'k', baseUrl: 'https://my.openai.azure.com/openai/v1' }],
    [{ apiKey: 'k', api: 'chat' as const }],
  ])('speaks Chat Completions with %j', (options) => {
    expect(create(options)).toBeInstanceOf(OpenAIChatModel);
  });

  it.each([
    ['/v1', '/v1/chat/completions'],
    ['/v1/', '/v1/chat/completions'],
    ['/v1?api-version=2026-01-01&x=a%20b', '/v1/chat/completions?api-version=2026-01-01&x=a%20b'],
    ['/v1/?api-version=1', '/v1/chat/completions?api-version=1'],
  ])('extends the base URL %s to %s', async (base, path) => {
    await create({ baseUrl: `${upstream.url}${base}` }).reply(REQUEST, call());
    expect(upstream.requests.map((request) => request.path)).toEqual([path]);
  });

  it('keeps the query string for Responses too', async () => {
    await create({ baseUrl: `${upstream.url}/v1?api-version=1`, api: 'responses' }).reply(REQUEST, call());
    expect(upstream.requests[0]?.path).toBe('/v1/responses?api-version=1');
  });

  it('sends no credentials without a key, else the key as a bearer', async () => {
    await create({ baseUrl: `${upstream.url}/v1` }).reply(REQUEST, call());
    await create({ baseUrl: `${upstream.url}/v1`, apiKey: 'sk-1' }).reply(REQUEST, call());

    const [without, withKey] = upstream.requests;
    expect(without?.headers).not.toHaveProperty('authorization');
    expect(without?.headers).not.toHaveProperty('api-key');
    expect(withKey?.headers).toMatchObject({ authorization: 'Bearer sk-1' });
    expect(withKey?.headers).not.toHaveProperty('api-key');
  });

  describe('at a custom host', () => {
    // Every name resolves to this machine, so that the upstream can replace any host.
    beforeEach(() => {
      const loopback = [{ address: '127.0.0.1', family: 4 }];
      jest.spyOn(dns, 'lookup').mockImplementation((...parts: unknown[]) => {
        const done = parts.at(-1);
        if (typeof done === 'function') done(null, loopback);
      });
    });

    afterEach(() => void jest.restoreAllMocks());

    it.each(['my.openai.azure.com', 'my.services.ai.azure.com'])(
      'sends an api-key to %s, which is Azure',
      async (host) => {
        await create({ apiKey: 'secret', baseUrl: `http://${host}:${new URL(upstream.url).port}/v1` }).reply(
          REQUEST,
          call(),
        );

        expect(upstream.requests[0]?.headers).toMatchObject({ 'api-key': 'secret' });
        expect(upstream.requests[0]?.headers).not.toHaveProperty('authorization');
      },
    );

    it.each(['azure.com.llm.example', 'notazure.com'])('sends a bearer to %s, which is not Azure', async (host) => {
      await create({ apiKey: 'secret', baseUrl: `http://${host}:${new URL(upstream.url).port}/v1` }).reply(
        REQUEST,
        call(),
      );

      expect(upstream.requests[0]?.headers).toMatchObject({ authorization: 'Bearer secret' });
      expect(upstream.requests[0]?.headers).not.toHaveProperty('api-key');
    });
  });
});
