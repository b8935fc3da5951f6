import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { MockLanguageModelV4 } from 'ai/test';
import { keepQuiet } from '../../test/support/quiet.js';
import { Upstream } from '../../test/support/servers/upstream.js';
import { ScriptedModel } from '../testing/index.js';
import { fromAiSdk } from './ai-sdk/index.js';
import { FallbackModel } from './fallback.model.js';
import type { LanguageModel, ModelCall, ModelRequest } from './language.model.js';
import { createModel, type ModelFallback, type ModelProviderOptions, type NamedModel } from './model.factory.js';
import { RoutedModel } from './routed.model.js';

const REQUEST: ModelRequest = {
  model: 'own',
  instructions: 'Answer.',
  messages: [{ role: 'user', content: 'hello' }],
  tools: [],
  output: undefined,
  temperature: 0.7,
  maxOutputTokens: undefined,
};

keepQuiet();
const created: RoutedModel[] = [];
let primary: Upstream;
let other: Upstream;

beforeAll(async () => {
  [primary, other] = await Promise.all([Upstream.start(), Upstream.start()]);
});

beforeEach(() => {
  primary.clear();
  other.clear();
});

afterEach(async () => {
  await Promise.all(created.splice(0).map((model) => model.onApplicationShutdown()));
});

afterAll(() => Promise.all([primary.close(), other.close()]));

function create(models: Record<string, LanguageModel | NamedModel>, fallbacks?: readonly ModelFallback[]): RoutedModel {
  const made = createModel({ model: at(primary), models, ...(fallbacks && { fallbacks }), connections: 5 });
  if (!(made instanceof RoutedModel)) throw new Error('The models have no names.');
  created.push(made);
  return made;
}

function at({ url }: { url: string }): ModelProviderOptions {
  return { baseUrl: `${url}/v1` };
}

function call(): ModelCall {
  return { signal: AbortSignal.timeout(5000), deadlineAt: performance.now() + 5000 };
}

/** A model of the AI SDK that answers while `isUp`. */
function claude(state = { isUp: true }): LanguageModel {
  const usage = {
    inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: 1, text: 1, reasoning: 0 },
  };
  const doStream = async () => {
    if (!state.isUp) throw new Error('out of order');
    const finishReason = { unified: 'stop', raw: 'stop' } as const;
    const parts: LanguageModelV4StreamPart[] = [
      { type: 'text-delta', id: 't', delta: 'Yes.' },
      { type: 'finish', finishReason, usage },
    ];
    return { stream: ReadableStream.from(parts) };
  };
  return fromAiSdk(new MockLanguageModelV4({ provider: 'anthropic.messages', modelId: 'claude-1', doStream }));
}

async function answeredBy(model: LanguageModel, name: string): Promise<string> {
  return (await model.reply({ ...REQUEST, model: name }, call())).model;
}

describe('RoutedModel', () => {
  it('calls the model of a name, and the provider of its own for any other', async () => {
    const models = {
      fast: { model: 'tiny', provider: at(other) },
      big: { model: 'huge' },
      claude: claude(),
    };
    const model = create(models);

    expect(await answeredBy(model, 'fast')).toBe('tiny');
    expect(await answeredBy(model, 'big')).toBe('huge');
    expect(await answeredBy(model, 'claude')).toBe('claude-1');
    expect(await answeredBy(model, 'constructor')).toBe('constructor');
    for await (const event of model.stream({ ...REQUEST, model: 'fast' }, call())) {
      if (event.type === 'reply') expect(event.reply.model).toBe('tiny');
    }
    expect(primary.requests.map(({ body }) => body.model)).toEqual(['huge', 'constructor']);
    expect(other.requests.map(({ body }) => body.model)).toEqual(['tiny', 'tiny']);
  });

  it("has the provider's names for callers, traces and prices", () => {
    const model = create({ fast: { model: 'tiny', provider: at(other) }, claude: claude() });

    expect(['fast', 'claude', 'gpt-4o'].map((name) => model.nameFor(name))).toEqual(['tiny', 'claude-1', 'gpt-4o']);
    expect(model.targetOf('fast')).toEqual({ provider: 'openai', model: 'tiny' });
    expect(model.targetOf('claude')).toEqual({ provider: 'anthropic', model: 'claude-1' });
    expect(model.targetOf('gpt-4o')).toEqual({ provider: 'openai', model: 'gpt-4o' });
  });

  it('gives a model of the host its name', async () => {
    const own = new ScriptedModel('Hi.');
    await answeredBy(create({ mine: own }), 'mine');
    expect(own.requests.map(({ model }) => model)).toEqual(['mine']);
  });

  it('remembers for equal providers together that a model refuses temperature', async () => {
    const model = create({
      fast: { model: 'tiny', provider: at(other) },
      also: { model: 'tiny', provider: at(other) },
    });
    other.always({ does: 'refuse temperature' });

    await answeredBy(model, 'fast');
    await answeredBy(model, 'also');

    expect(other.requests.map(({ body }) => 'temperature' in body)).toEqual([true, false, false]);
  });
});

describe('FallbackModel with names', () => {
  const breakersOf = (model: RoutedModel) => (model instanceof FallbackModel ? model.breakers() : []);

  it('falls back to a name, and from it', async () => {
    const state = { isUp: true };
    const model = create({ claude: claude(state) }, [{ model: 'claude' }, { model: 'spare' }]);

    primary.next({ does: 'refuse', status: 401 });
    expect(await answeredBy(model, 'own')).toBe('claude-1');
    state.isUp = false;
    expect(await answeredBy(model, 'claude')).toBe('spare');
    expect(primary.requests.map(({ body }) => body.model)).toEqual(['own', 'spare']);
  });

  it('has one breaker for a model, whatever its name, and tries it once', async () => {
    const state = { isUp: false };
    const one = claude(state);
    const fast = { model: 'tiny', provider: at(other) };
    const models = { claude: one, smart: one, fast, quick: fast };
    const model = create(models, [{ model: 'smart' }, { model: 'claude' }, { model: 'quick' }]);

    expect(await answeredBy(model, 'claude')).toBe('tiny');
    expect(await answeredBy(model, 'fast')).toBe('tiny');

    expect(breakersOf(model)).toEqual([
      { upstream: 'anthropic', model: 'claude-1', state: 'closed' },
      { upstream: `${other.url}/v1`, model: 'tiny', state: 'closed' },
    ]);
    for (let count = 0; count < 5; count++) await answeredBy(model, 'smart');
    expect(breakersOf(model)[0]?.state).toBe('open');
  });

  it('means the model of a provider that is given, not the name', async () => {
    const model = create({ tiny: claude() }, [{ model: 'tiny', provider: at(other) }]);
    primary.next({ does: 'refuse', status: 401 });
    expect(await answeredBy(model, 'own')).toBe('tiny');
    expect(other.requests).toHaveLength(1);
  });
});
