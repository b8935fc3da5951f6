import { once } from 'node:events';
import { createServer } from 'node:net';
import { setImmediate as settled } from 'node:timers/promises';
import { keepQuiet } from '../../test/support/quiet.js';
import { Gate } from '../../test/support/until.js';
import { Upstream } from '../../test/support/servers/upstream.js';
import type { Plan } from '../../test/support/servers/upstream.plan.js';
import { AgentError } from '../errors/agent.error.js';
import { FallbackModel } from './fallback.model.js';
import {
  LanguageModel,
  type ModelCall,
  type ModelChange,
  type ModelEvent,
  type ModelReply,
  type ModelRequest,
} from './language.model.js';
import { createModel, type ModelFallback, type ModelProviderOptions } from './model.factory.js';

const { jest } = import.meta;

const REQUEST: ModelRequest = {
  model: 'own',
  instructions: 'Answer.',
  messages: [{ role: 'user', content: 'hello' }],
  tools: [],
  output: undefined,
  temperature: 0.7,
  maxOutputTokens: undefined,
};
const OUTAGE: Plan = { does: 'refuse', status: 503, headers: { 'retry-after': '60' } };

interface Answered {
  readonly reply: ModelReply;
  readonly deltas: string;
}

type Ask = (model: LanguageModel, call?: ModelCall, request?: Partial<ModelRequest>) => Promise<Answered>;

const WAYS: readonly { way: string; ask: Ask }[] = [
  {
    way: 'whole',
    ask: async (model, asked = call(), request = {}) => {
      const reply = await model.reply({ ...REQUEST, ...request }, asked);
      return { reply, deltas: reply.text };
    },
  },
  {
    way: 'streamed',
    ask: async (model, asked = call(), request = {}) => {
      let deltas = '';
      for await (const event of model.stream({ ...REQUEST, ...request }, asked)) {
        if (event.type === 'reply') return { reply: event.reply, deltas };
        if (event.type === 'delta') deltas += event.text;
      }
      throw new Error('The stream had no reply.');
    },
  },
];

/** A host's own model: down until `isUp` is set. */
class EchoModel extends LanguageModel {
  isUp = false;
  isClosed = false;
  readonly deadlines: number[] = [];

  nameFor(model: string): string {
    return model;
  }

  async reply({ model }: ModelRequest, { deadlineAt }: ModelCall): Promise<ModelReply> {
    this.deadlines.push(deadlineAt);
    if (!this.isUp) throw new AgentError('model_unavailable');
    return { text: 'own', model, usage: { inputTokens: 0, outputTokens: 0 }, isTruncated: false };
  }

  async *stream(request: ModelRequest, asked: ModelCall): AsyncGenerator<ModelEvent> {
    yield { type: 'reply', reply: await this.reply(request, asked) };
  }

  onApplicationShutdown(): void {
    this.isClosed = true;
  }
}

const captured = keepQuiet();
const created: FallbackModel[] = [];
let primary: Upstream;
let other: Upstream;
let changes: ModelChange[];

beforeAll(async () => {
  [primary, other] = await Promise.all([Upstream.start(), Upstream.start()]);
});

beforeEach(() => {
  primary.clear();
  other.clear();
  changes = [];
});

afterEach(async () => {
  await Promise.all(created.splice(0).map((model) => model.onApplicationShutdown()));
});

afterAll(() => Promise.all([primary.close(), other.close()]));

function create(fallbacks: readonly ModelFallback[], model: LanguageModel | ModelProviderOptions = at(primary)) {
  const made = createModel({ model, fallbacks, connections: 20 });
  if (!(made instanceof FallbackModel)) throw new Error('The model has no fallback.');
  created.push(made);
  return made;
}

function at({ url }: { url: string }): ModelProviderOptions {
  return { baseUrl: `${url}/v1` };
}

/** The primary's model `own`, then `other` at the other upstream. */
function pair(): FallbackModel {
  return create([{ model: 'other', provider: at(other) }]);
}

function call(milliseconds = 20_000, signal: AbortSignal = AbortSignal.timeout(milliseconds)): ModelCall {
  const onFallback = (change: ModelChange): void => void changes.push(change);
  return { signal, deadlineAt: performance.now() + milliseconds, onFallback };
}

describe.each(WAYS)('FallbackModel, $way', ({ ask }) => {
  it("returns the own model's answer if it answers", async () => {
    const { reply, deltas } = await ask(pair());

    expect({ model: reply.model, deltas }).toEqual({ model: 'own', deltas: 'Echo: hello' });
    expect(other.requests).toEqual([]);
    expect(changes).toEqual([]);
  });

  it.each<{ what: string; plan: Plan; error: string }>([
    { what: 'is unavailable', plan: OUTAGE, error: 'model_unavailable' },
    {
      what: 'requests a wait',
      plan: { does: 'refuse', status: 429, headers: { 'retry-after': '3' } },
      error: 'model_rate_limited',
    },
    { what: 'does not know the key', plan: { does: 'refuse', status: 401 }, error: 'model_error' },
    { what: 'requires a payment', plan: { does: 'refuse', status: 402 }, error: 'model_error' },
    { what: 'forbids it', plan: { does: 'refuse', status: 403 }, error: 'model_error' },
    { what: 'does not have the model', plan: { does: 'refuse', status: 404 }, error: 'model_error' },
    { what: 'has waited too long', plan: { does: 'refuse', status: 408 }, error: 'model_error' },
    { what: 'answers with a page', plan: { does: 'answer html' }, error: 'model_error' },
    { what: 'breaks off at once', plan: { does: 'cut', afterDeltas: 0 }, error: 'model_error' },
  ])('falls back if the first $what, and logs it', async ({ what, plan, error }) => {
    primary.always(plan);

    const { reply, deltas } = await ask(pair());

    expect({ model: reply.model, deltas }).toEqual({ model: 'other', deltas: 'Echo: hello' });
    // A broken connection is tried once more, because nothing of the answer has arrived.
    expect(primary.requests).toHaveLength(what === 'breaks off at once' ? 2 : 1);
    expect(other.requests.map(({ body }) => body.model)).toEqual(['other']);
    expect(changes).toEqual([
      {
        from: { upstream: `${primary.url}/v1`, model: 'own' },
        to: { upstream: `${other.url}/v1`, model: 'other' },
        error: expect.objectContaining({ code: error }),
      },
    ]);
  });

  it('retries the first once after a transient failure', async () => {
    primary.always({ does: 'refuse', status: 500 });

    const { reply } = await ask(pair());

    expect(reply.model).toBe('other');
    expect(primary.requests).toHaveLength(2);
  });

  it('waits for the first if the wait is short', async () => {
    primary.next({ does: 'refuse', status: 429, headers: { 'retry-after-ms': '20' } });

    const { reply } = await ask(pair());

    expect(reply.model).toBe('own');
    expect(changes).toEqual([]);
  });

  it('falls back if the first refuses connections', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
    server.close();
    await once(server, 'close');

    const model = create([{ model: 'other', provider: at(other) }], { baseUrl: `http://127.0.0.1:${address.port}/v1` });

    expect((await ask(model)).reply.model).toBe('other');
  });

  it.each([400, 409, 413, 422])('does not fall back if the request is refused with %i', async (status) => {
    primary.always({ does: 'refuse', status });

    await expect(ask(pair())).rejects.toMatchObject({ code: 'model_error' });

    expect(primary.requests).toHaveLength(1);
    expect(other.requests).toEqual([]);
    expect(changes).toEqual([]);
  });

  it.each<{ code: string; plan: Plan }>([
    {
      code: 'content_filtered',
      plan: {
        does: 'answer with body',
        body: { choices: [{ message: { content: '' }, finish_reason: 'content_filter' }] },
        events: [{ model: 'own', choices: [{ delta: {}, finish_reason: 'content_filter' }] }],
      },
    },
    { code: 'content_filtered', plan: { does: 'refuse', status: 400, error: { code: 'content_filter' } } },
    {
      code: 'context_length_exceeded',
      plan: { does: 'refuse', status: 400, error: { code: 'context_length_exceeded' } },
    },
  ])('neither falls back nor counts the failure for the breaker with $code: $plan.does', async ({ code, plan }) => {
    primary.always(plan);
    const model = pair();

    for (let count = 0; count < 6; count++) await expect(ask(model)).rejects.toMatchObject({ code });

    expect(primary.requests).toHaveLength(6);
    expect(other.requests).toEqual([]);
    expect(model.breakers()).toMatchObject([{ state: 'closed' }, { state: 'closed' }]);
  });

  it('tries one model after the other, and fails with the error of the last', async () => {
    primary.always(OUTAGE);
    other.always({ does: 'refuse', status: 401 });
    const model = create([{ model: 'second' }, { model: 'other', provider: at(other) }]);

    await expect(ask(model)).rejects.toThrow('The model provider answered 401.');

    expect(primary.requests.map(({ body }) => body.model)).toEqual(['own', 'second']);
    expect(changes.map(({ from, to }) => `${from.model} ${to.model}`)).toEqual(['own second', 'second other']);
  });

  it('tries no model twice', async () => {
    primary.always(OUTAGE);
    const model = create([{ model: 'own' }, { model: 'other', provider: at(other) }]);

    expect((await ask(model)).reply.model).toBe('other');
    expect(primary.requests).toHaveLength(1);
  });

  it('leaves half of the time to the fallback if the first is silent', async () => {
    primary.always({ does: 'stay silent' });

    const { reply } = await ask(pair(), call(2200));

    expect(reply.model).toBe('other');
    expect(changes.map(({ error }) => error.code)).toEqual(['model_unavailable']);
  });

  it('does not fall back once the caller has left', async () => {
    primary.always({ does: 'stay silent' });
    const caller = new AbortController();
    const reason = new AgentError('client_closed_request');

    const asked = ask(pair(), call(20_000, caller.signal));
    setTimeout(() => caller.abort(reason), 20);

    await expect(asked).rejects.toBe(reason);
    expect(other.requests).toEqual([]);
    expect(changes).toEqual([]);
  });

  it('does not call a model that keeps failing, until it answers again', async () => {
    primary.always(OUTAGE);
    const model = pair();
    for (let count = 0; count < 5; count++) await ask(model);
    expect(model.breakers()).toEqual([
      { upstream: `${primary.url}/v1`, model: 'own', state: 'open' },
      { upstream: `${other.url}/v1`, model: 'other', state: 'closed' },
    ]);
    expect(captured.warnings.join()).toContain('circuit breaker opened');

    const { reply } = await ask(model);
    expect(reply.model).toBe('other');
    expect(primary.requests).toHaveLength(5);
    expect(changes).toHaveLength(6);

    const later = Date.now() + 10_000;
    jest.spyOn(Date, 'now').mockImplementation(() => later);
    primary.clear();
    expect((await ask(model)).reply.model).toBe('own');
    await settled();
    expect(model.breakers()[0]?.state).toBe('closed');
  });

  it('opens the breaker only of the failing model, not of others at its upstream', async () => {
    primary.always(OUTAGE);
    const model = pair();
    for (let count = 0; count < 5; count++) await ask(model);
    primary.clear();

    expect((await ask(model, call(), { model: 'sound' })).reply.model).toBe('sound');
    expect((await ask(model)).reply.model).toBe('other');
  });

  it('reports when to retry if all breakers are open', async () => {
    primary.always(OUTAGE);
    other.always(OUTAGE);
    const model = pair();
    for (let count = 0; count < 5; count++) await expect(ask(model)).rejects.toThrow();
    const asked = primary.requests.length + other.requests.length;

    const failure: unknown = await ask(model).catch((error: unknown) => error);

    if (!(failure instanceof AgentError)) throw failure;
    expect(failure.code).toBe('model_unavailable');
    expect(failure.retryAfterSeconds).toBeGreaterThan(1);
    expect(failure.retryAfterSeconds).toBeLessThanOrEqual(10);
    expect(primary.requests.length + other.requests.length).toBe(asked);
  });

  it('remembers for each upstream what its model refuses', async () => {
    primary.always({ does: 'refuse temperature' });
    const model = pair();
    await ask(model);
    primary.always(OUTAGE);

    await ask(model);

    expect(primary.requests.map(({ body }) => 'temperature' in body)).toEqual([true, false, false]);
    expect(other.requests.map(({ body }) => 'temperature' in body)).toEqual([true]);
  });
});

describe('FallbackModel', () => {
  it('gives the first half of the time, and all of it if the breaker of the fallback is open', async () => {
    const own = new EchoModel();
    other.always(OUTAGE);
    const model = create([{ model: 'other', provider: at(other) }], own);
    for (let count = 0; count < 5; count++) await expect(model.reply(REQUEST, call())).rejects.toThrow();
    const [first = 0] = own.deadlines;
    expect(first - performance.now()).toBeLessThanOrEqual(10_000);

    const asked = call();
    await expect(model.reply({ ...REQUEST, model: 'fresh' }, asked)).rejects.toThrow();
    expect(own.deadlines.at(-1)).toBe(asked.deadlineAt);
  });

  it.each<Plan>([{ does: 'cut', afterDeltas: 1 }, { does: 'fail midway' }, { does: 'end unfinished' }])(
    'does not fall back once a part of the answer is sent: %j',
    async (plan) => {
      primary.always(plan);
      const events: ModelEvent[] = [];
      const read = async (): Promise<void> => {
        for await (const event of pair().stream(REQUEST, call())) events.push(event);
      };

      await expect(read()).rejects.toMatchObject({ code: 'model_error' });

      expect(events.length).toBeGreaterThan(0);
      expect(events.every(({ type }) => type === 'delta')).toBe(true);
      expect(other.requests).toEqual([]);
      expect(changes).toEqual([]);
    },
  );

  it('falls back while the model thinks', async () => {
    const held = { afterThoughts: 1, until: Promise.resolve() };
    primary.always({ does: 'reply', reasoning: 'Hm. So.', hold: held, breaksOff: true });
    const events: ModelEvent[] = [];
    for await (const event of pair().stream(REQUEST, call())) events.push(event);
    expect(events.at(-1)).toMatchObject({ type: 'reply', reply: { model: 'other' } });
    expect(changes).toHaveLength(1);
  });

  it('opens the breaker of a model that keeps breaking off', async () => {
    primary.always({ does: 'cut', afterDeltas: 1 });
    const model = pair();
    const [, streamed] = WAYS;
    for (let count = 0; count < 5; count++) await expect(streamed?.ask(model)).rejects.toThrow();

    expect((await streamed?.ask(model))?.reply.model).toBe('other');
  });

  it('allows all calls again as soon as the answer to the probe begins', async () => {
    primary.always(OUTAGE);
    const model = pair();
    for (let count = 0; count < 5; count++) await model.reply(REQUEST, call());
    const later = Date.now() + 10_000;
    jest.spyOn(Date, 'now').mockImplementation(() => later);
    const gate = new Gate();
    primary.always({ does: 'reply', hold: { afterDeltas: 1, until: gate.opened } });

    const probe = model.stream(REQUEST, call());
    await probe.next();
    await settled();
    expect(model.breakers()[0]?.state).toBe('closed');
    gate.open();
    await probe.return(undefined);
  });

  it('does not fall back if the first fails after its caller has left', async () => {
    const caller = new AbortController();
    const reason = new AgentError('client_closed_request');
    const own = new EchoModel();
    jest.spyOn(own, 'reply').mockImplementation(async () => {
      caller.abort(reason);
      throw new AgentError('model_error');
    });
    const model = create([{ model: 'other', provider: at(other) }], own);

    await expect(model.reply(REQUEST, call(20_000, caller.signal))).rejects.toBe(reason);
    expect(changes).toEqual([]);
  });

  it('stops waiting for a model that ignores its signal when its caller does', async () => {
    const own = new EchoModel();
    const model = create([{ model: 'other', provider: at(other) }], own);
    for (let count = 0; count < 5; count++) await model.reply(REQUEST, call());
    const later = Date.now() + 10_000;
    jest.spyOn(Date, 'now').mockImplementation(() => later);
    jest.spyOn(own, 'reply').mockReturnValue(new Promise(() => undefined));
    const caller = new AbortController();

    void model.reply(REQUEST, call(20_000, caller.signal));
    expect((await model.reply(REQUEST, call())).model).toBe('other');
    expect(model.breakers()[0]?.state).toBe('half-open');
    caller.abort();
    await settled();
    expect(model.breakers()[0]?.state).toBe('open');
  });

  it('learns nothing about a model from a lost database', async () => {
    const own = new EchoModel();
    const model = create([{ model: 'other', provider: at(other) }], own);
    for (let count = 0; count < 5; count++) await model.reply(REQUEST, call());
    changes.length = 0;
    const later = Date.now() + 10_000;
    jest.spyOn(Date, 'now').mockImplementation(() => later);
    const away = new AgentError('storage_unavailable');
    jest.spyOn(own, 'reply').mockRejectedValue(away);

    await expect(model.reply(REQUEST, call())).rejects.toBe(away);
    expect(model.breakers()[0]?.state).toBe('open');
    expect(changes).toEqual([]);
  });

  it("accepts a host's own model as the first model and as a fallback", async () => {
    const [own, last] = [new EchoModel(), new EchoModel()];
    last.isUp = true;
    const model = create([{ model: 'last', provider: last }], own);

    expect((await model.reply(REQUEST, call())).model).toBe('last');
    expect(changes.map(({ from, to }) => [from.upstream, to.upstream])).toEqual([['EchoModel', 'EchoModel (2)']]);
    await model.onApplicationShutdown();
    expect([own.isClosed, last.isClosed]).toEqual([true, true]);
  });

  it('hides secret parts of a base URL', () => {
    const provider = { baseUrl: 'https://user:hunter2@llm.example/v1/?key=hunter2', apiKey: 'hunter2' };
    expect(create([{ model: 'm', provider }]).breakers()).toEqual([
      { upstream: 'https://llm.example/v1', model: 'm', state: 'closed' },
    ]);
  });

  it('shares sockets for equal settings, but not for another key', () => {
    const provider = { baseUrl: 'https://llm.example/v1', apiKey: 'a' };
    const model = create([
      { model: 'a', provider },
      { model: 'b', provider: { ...provider } },
      { model: 'c', provider: { ...provider, apiKey: 'b' } },
    ]);
    expect(model.breakers().map(({ upstream, model: name }) => `${name} ${upstream}`)).toEqual([
      'a https://llm.example/v1',
      'b https://llm.example/v1',
      'c https://llm.example/v1 (2)',
    ]);
  });
});
