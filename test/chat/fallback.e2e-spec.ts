import { chat, send } from '../support/clients/client.js';
import { expectError } from '../support/clients/expect-error.js';
import { object } from '../support/json.js';
import { modelAt, removeServices, startService, startToFail } from '../support/service/service.js';
import { streamAll } from '../support/clients/sse.js';
import { until } from '../support/until.js';
import { Upstream } from '../support/servers/upstream.js';
import type { Plan } from '../support/servers/upstream.plan.js';

const OUTAGE: Plan = { does: 'refuse', status: 503, headers: { 'retry-after': '60' } };
const KEY = 'sk-of-the-spare-one';

const [primary, spare] = await Promise.all([Upstream.start(), Upstream.start()]);
const [service, misconfigured] = await Promise.all([
  startService({
    ...modelAt(primary),
    MODEL_API: 'responses',
    AGENT_MODEL: 'own',
    FALLBACK_MODELS: 'second,other@SPARE',
    SPARE_BASE_URL: `${spare.url}/v1`,
    SPARE_API_KEY: KEY,
  }),
  startToFail({ ...modelAt(primary), FALLBACK_MODELS: 'other@NOWHERE' }),
]);

afterAll(async () => {
  await removeServices();
  await Promise.all([primary.close(), spare.close()]);
});

beforeEach(() => {
  primary.clear();
  spare.clear();
});

/** Returns the logged fallbacks from one model to another. */
function changesOf(requestId: string): string[] {
  return service
    .logsOf(requestId)
    .filter(({ msg }) => msg === 'another model is asked instead')
    .map(({ level, from, to, error }) => `${String(level)}: ${String(from)} -> ${String(to)}: ${String(error)}`);
}

// The tests run in this order: failures count towards the service's circuit breakers.
describe('FALLBACK_MODELS', () => {
  it('is refused if a provider has no address', () => {
    expect(misconfigured.exitCode).not.toBe(0);
    expect(misconfigured.output).toContain('FALLBACK_MODELS names the provider NOWHERE, which needs NOWHERE_BASE_URL');
  });

  it('fails a stream that has begun, and no other model continues it', async () => {
    primary.always({ does: 'cut', afterDeltas: 1 });
    const events = await streamAll(service, { message: 'hello there' });

    expect(events.map(({ event }) => event)).toEqual(['run.started', 'message.delta', 'run.failed']);
    expect(object(events.at(-1)?.data.error).error).toBe('model_error');
    expect(primary.requests.map(({ body }) => body.model)).toEqual(['own']);
    expect(spare.requests).toEqual([]);
  });

  it('does not send a refused request to another model', async () => {
    primary.always({ does: 'refuse', status: 400 });
    expectError(await chat(service, { message: 'hello' }), 502, 'model_error');
    expect(primary.requests).toHaveLength(1);
    expect(spare.requests).toEqual([]);
  });

  it('answers a chat over another API with another key, and names the model', async () => {
    primary.always(OUTAGE);
    const answer = await chat(service, { message: 'hello' }, { headers: { 'x-request-id': 'chat-1' } });

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ reply: 'Echo: hello', model: 'other' });
    expect(primary.requests.map(({ api, body }) => `${api} ${String(body.model)}`)).toEqual([
      'responses own',
      'responses second',
    ]);
    expect(spare.requests.map(({ api, body }) => `${api} ${String(body.model)}`)).toEqual(['chat other']);
    expect(spare.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
    const changes = await until('both changes are logged', () => {
      const found = changesOf('chat-1');
      return found.length >= 2 && found;
    });
    expect(changes).toEqual([
      `warn: own at ${primary.url}/v1 -> second at ${primary.url}/v1: model_unavailable`,
      `warn: second at ${primary.url}/v1 -> other at ${spare.url}/v1: model_unavailable`,
    ]);
    expect(service.output).not.toContain(KEY);
  });

  it('answers a stream that has not sent a delta yet', async () => {
    primary.always({ does: 'cut', afterDeltas: 0 });
    const events = await streamAll(service, { message: 'hello' });

    expect(
      events
        .filter(({ event }) => event === 'message.delta')
        .map(({ data }) => data.delta)
        .join(''),
    ).toBe('Echo: hello');
    expect(events[0]?.data.model).toBe('own');
    expect(object(events.at(-1)?.data.response)).toMatchObject({ reply: 'Echo: hello', model: 'other' });
  });

  it('no longer calls a model that keeps failing', async () => {
    primary.always(OUTAGE);
    await until('the first is no longer called', async () => {
      const before = primary.requests.length;
      expect((await chat(service, { message: 'hello' })).body.model).toBe('other');
      return primary.requests.length === before;
    });
    const logged = await until('it is logged', () =>
      service.logs.find(({ msg }) => msg === 'circuit breaker opened: the model failed too often'),
    );
    expect(logged).toMatchObject({ level: 'warn', upstream: `${primary.url}/v1`, model: 'own' });
    // The service stays ready while one model fails.
    expect((await send(service, 'GET /health/ready')).status).toBe(200);
  });
});
