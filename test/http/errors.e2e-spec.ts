import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { chat, historyOf, send, type Answer, type Said } from '../support/clients/client.js';
import { expectDetail, expectError, expectRetryAfter } from '../support/clients/expect-error.js';
import { object, string, type Json } from '../support/json.js';
import {
  API_KEY,
  modelAt,
  removeServices,
  startPair,
  startPairs,
  startService,
  type Pair,
} from '../support/service/service.js';
import { deltasOf, openStream, streamAll, type SseEvent } from '../support/clients/sse.js';
import { Gate, until } from '../support/until.js';
import { CLOSED_PORT } from '../support/servers/free.port.js';
import type { Received } from '../support/servers/upstream.js';
import type { Plan } from '../support/servers/upstream.plan.js';

const CHAT = 'POST /api/v1/agent/chat';
const STREAM = 'POST /api/v1/agent/chat/stream';
const JSON_TYPE = { 'content-type': 'application/json' };
const BODY_LIMIT = 256 * 1024;
const BEFORE: Said[] = [
  { role: 'user', content: 'before' },
  { role: 'assistant', content: 'Echo: before' },
];

const [pairs, impatientPairs, single, limited, hasty, unreachable, broken] = await Promise.all([
  startPairs({ AGENT_TIMEOUT_SECONDS: '10', STREAM_GRACE_SECONDS: '0' }),
  startPairs({ AGENT_TIMEOUT_SECONDS: '1' }),
  startPair('chat', { MAX_CONCURRENT_RUNS: '1' }),
  // Each test is a separate caller, by its X-Forwarded-For.
  startService({ RATE_LIMIT_REQUESTS: '3', TRUST_PROXY: '127.0.0.1' }),
  startService({ RATE_LIMIT_REQUESTS: '1', RATE_LIMIT_WINDOW_SECONDS: '1' }),
  startService({ ...modelAt({ url: `http://127.0.0.1:${CLOSED_PORT}` }), AGENT_TIMEOUT_SECONDS: '10' }),
  startService(),
]);
const [plain] = pairs;

afterAll(removeServices);

describe('an invalid request', () => {
  const NOT_JSON = 'The body is not valid JSON.';
  // cmd.exe sends single quotes, and PowerShell removes double quotes.
  const UNQUOTED = `${NOT_JSON} Names and texts need double quotes; some shells remove them.`;
  it.each([
    ['', 'The body is empty.'],
    ...['{"message":', 'undefined', '{"message":"a\nb"}', '{"message":"x"}}', 'NaN'].map((body) => [body, NOT_JSON]),
    ...["{'message':'x'}", "'{message:", '{message: hi}', '{\\"message\\":\\"x\\"}'].map((body) => [body, UNQUOTED]),
  ])('is a malformed_request with the body %p', async (body = '', detail = '') => {
    const answer = await send(plain.service, CHAT, { body, headers: JSON_TYPE });
    expectError(answer, 400, 'malformed_request');
    expect(answer.body.detail).toBe(detail);
    expectError(await send(plain.service, STREAM, { body, headers: JSON_TYPE }), 400, 'malformed_request');
  });

  it.each(['GET /nowhere', 'POST /api/v1/agent/chats', 'GET /api/v1/agent', 'POST /api/v2/chat', 'GET //'])(
    'is not_found for %s',
    async (call) => {
      expectError(await send(plain.service, call), 404, 'not_found');
    },
  );

  it.each([
    { call: 'GET /api/v1/agent/chat', allowed: ['POST'] },
    { call: 'DELETE /api/v1/agent/chat/stream', allowed: ['POST'] },
    { call: 'POST /api/v1/agent/roles', allowed: ['GET'] },
    { call: 'PATCH /api/v1/agent/sessions', allowed: ['DELETE', 'GET'] },
    { call: 'PUT /api/v1/agent/sessions/some', allowed: ['DELETE', 'GET'] },
    { call: 'POST /api/v1/agent/sessions/some/messages', allowed: ['GET'] },
    { call: 'POST /health', allowed: ['GET'] },
  ])('is method_not_allowed for $call, with the allowed methods', async ({ call, allowed }) => {
    const answer = await send(plain.service, call);

    expectError(answer, 405, 'method_not_allowed');
    const methods = string(answer.headers.allow).split(/, */);
    expect(methods.filter((method) => !['HEAD', 'OPTIONS'].includes(method)).toSorted()).toEqual(allowed);
  });

  it('is payload_too_large from one byte beyond 256 KiB', async () => {
    for (const call of [CHAT, STREAM]) {
      const beyond = await send(plain.service, call, { body: bodyOf(BODY_LIMIT + 1), headers: JSON_TYPE });
      const within = await send(plain.service, call, { body: bodyOf(BODY_LIMIT), headers: JSON_TYPE });

      expectError(beyond, 413, 'payload_too_large');
      expectError(within, 422, 'validation_failed');
    }
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonx'])(
    'is unsupported_media_type as %s',
    async (type) => {
      const headers = { 'content-type': type };
      for (const call of [CHAT, STREAM]) {
        const answer = await send(plain.service, call, { body: '{"message":"hello"}', headers });
        expectError(answer, 415, 'unsupported_media_type');
      }
    },
  );

  it('is unsupported_media_type if its body has no type', async () => {
    expectError(await send(plain.service, CHAT, { body: '{"message":"hello"}' }), 415, 'unsupported_media_type');
  });

  it('is validation_failed with a message for each field', async () => {
    const answer = await chat(plain.service, { message: 'hello', temperature: 5.0 });

    expectError(answer, 422, 'validation_failed');
    expect(answer.body.errors).toEqual([{ field: 'temperature', message: expect.any(String) }]);
  });

  it('never reaches a model', async () => {
    plain.upstream.clear();
    await chat(plain.service, { message: 'hello', temperature: 5.0 });
    await send(plain.service, STREAM, { body: '{', headers: JSON_TYPE });

    expect(plain.upstream.requests).toHaveLength(0);
  });
});

describe('Accept: application/problem+json', () => {
  const headers = { accept: 'application/problem+json' };

  it.each([
    { call: CHAT, body: { message: '' }, status: 422, error: 'validation_failed' },
    { call: STREAM, body: { message: '' }, status: 422, error: 'validation_failed' },
    { call: 'GET /nowhere', status: 404, error: 'not_found' },
    { call: 'GET /api/v1/agent/chat', status: 405, error: 'method_not_allowed' },
    { call: 'GET /api/v1/agent/sessions/unknown', status: 404, error: 'session_not_found' },
  ])('gets the problem details of a failed $call', async ({ call, body, status, error }) => {
    const answer = await send(plain.service, call, { body, headers });

    expectProblem(answer, status, error);
  });

  it('gets the problem details of a body that is not JSON and of a failed provider', async () => {
    plain.upstream.clear();
    plain.upstream.always({ does: 'refuse', status: 400 });

    const malformed = await send(plain.service, CHAT, { body: '{', headers: { ...headers, ...JSON_TYPE } });
    expectProblem(malformed, 400, 'malformed_request');
    expectProblem(await chat(plain.service, { message: 'hello' }, { headers }), 502, 'model_error');
  });

  it('gets the fields of a validation too', async () => {
    const ordinary = await chat(plain.service, { message: '' });
    const problem = await chat(plain.service, { message: '' }, { headers });

    expect(problem.body.errors).toEqual(ordinary.body.errors);
    expect(problem.body.detail).toEqual(ordinary.body.detail);
  });

  it('does not change an answer that succeeds', async () => {
    plain.upstream.clear();
    const answer = await chat(plain.service, { message: 'hello' }, { headers });

    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
  });
});

describe('rate_limited', () => {
  it('counts down on every answer, even errors, and refuses the fourth request of three', async () => {
    const caller = from('10.1.0.1');
    const answers = [
      await chat(limited, { message: 'hello' }, caller),
      await chat(limited, { message: '' }, caller),
      await send(limited, 'GET /api/v1/agent/sessions/unknown', caller),
      await chat(limited, { message: 'hello' }, caller),
    ];

    expect(answers.map(({ status }) => status)).toEqual([200, 422, 404, 429]);
    expect(answers.map(({ headers }) => rateLimitOf(headers.ratelimit).remaining)).toEqual([2, 1, 0, 0]);
    for (const { headers } of answers) {
      expect(headers['ratelimit-policy']).toMatch(/^"[^"]+";q=3;w=60$/);
      const { seconds, policy } = rateLimitOf(headers.ratelimit);
      expect(string(headers['ratelimit-policy'])).toContain(`"${policy}"`);
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(60);
    }
    const refused = answers[3];
    if (!refused) throw new Error('unreachable');
    expectError(refused, 429, 'rate_limited');
    expectRetryAfter(refused);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
  });

  it('counts a stream as well', async () => {
    const caller = from('10.1.0.2');
    for (const remaining of ['2', '1', '0']) {
      const stream = await openStream(limited, { message: 'hello' }, caller);
      expect(stream.headers.get('ratelimit')).toContain(`;r=${remaining};`);
      await stream.rest();
    }

    expect((await openStream(limited, { message: 'hello' }, caller)).status).toBe(429);
  });

  it('counts each caller by itself', async () => {
    const first = await chat(limited, { message: 'hello' }, from('10.1.0.3'));
    const second = await chat(limited, { message: 'hello' }, from('10.1.0.4'));

    expect([first, second].map(({ headers }) => rateLimitOf(headers.ratelimit).remaining)).toEqual([2, 2]);
  });

  it('refuses exactly the excess of concurrent requests', async () => {
    const calls = Array.from({ length: 10 }, () => chat(limited, { message: 'hello' }, from('10.1.0.5')));

    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(3);
    expect(statuses.filter((status) => status === 429)).toHaveLength(7);
  });

  it('accepts the caller again after the window', async () => {
    await until('the limit is reached', async () => (await chat(hasty, { message: 'hello' })).status === 429);

    await until('the caller is accepted', async () => (await chat(hasty, { message: 'hello' })).status === 200);
  });

  it('does not count routes outside /api', async () => {
    for (const path of ['/health', '/health', '/health/live', '/health/ready', '/openapi.json']) {
      const answer = await send(limited, `GET ${path}`, from('10.1.0.6'));
      expect(answer.status).toBe(200);
      expect(answer.headers).not.toHaveProperty('ratelimit');
      expect(answer.headers).not.toHaveProperty('ratelimit-policy');
    }
  });

  it('sends no header of it without limits', async () => {
    const answer = await send(plain.service, 'GET /api/v1/agent/roles');

    expect(answer.headers).not.toHaveProperty('ratelimit');
    expect(answer.headers).not.toHaveProperty('ratelimit-policy');
  });
});

describe('overloaded', () => {
  it('refuses a run beyond MAX_CONCURRENT_RUNS, and accepts one after another has ended', async () => {
    const gate = new Gate();
    single.upstream.clear();
    single.upstream.next({ does: 'reply', hold: { afterDeltas: 0, until: gate.opened } });
    const running = chat(single.service, { message: 'first' });
    await until('the model was called', () => single.upstream.asked('first'));

    for (const call of [CHAT, STREAM]) {
      const answer = await send(single.service, call, { body: { message: 'second' } });
      expectError(answer, 503, 'overloaded');
      expectRetryAfter(answer);
    }
    expect((await send(single.service, 'GET /api/v1/agent/roles')).status).toBe(200);

    gate.open();
    expect((await running).status).toBe(200);
    expect((await chat(single.service, { message: 'third' })).status).toBe(200);
  });

  it('ends after runs that failed', async () => {
    single.upstream.clear();
    single.upstream.next({ does: 'refuse', status: 400 }, { does: 'cut', afterDeltas: 1 });

    expect((await chat(single.service, { message: 'first' })).status).toBe(502);
    await streamAll(single.service, { message: 'second' });

    expect((await chat(single.service, { message: 'third' })).status).toBe(200);
  });
});

describe('model_unavailable', () => {
  it('is the answer if no server listens at the base URL', async () => {
    const [answer, events] = await Promise.all([
      chat(unreachable, { message: 'hello' }),
      streamAll(unreachable, { message: 'hello' }),
    ]);

    expectError(answer, 503, 'model_unavailable');
    expectRetryAfter(answer);
    expectFailed(events, 'model_unavailable');
  });
});

describe('internal_error', () => {
  it('shows its cause only in the log, under the id of the request', async () => {
    dropAllTables(join(broken.folder, 'rookery.db'));

    const answer = await chat(broken, { message: 'hello' });

    expectError(answer, 500, 'internal_error');
    expect(answer.text).not.toMatch(/sqlite|no such table|stack|\.js/i);
    const requestId = string(answer.headers['x-request-id']);
    await until('the cause is logged', () =>
      broken.logsOf(requestId).some((line) => JSON.stringify(line).includes('no such table')),
    );
  });
});

describe.each(pairs)('the Retry-After of a provider, with MODEL_API=$api', ({ service, upstream }) => {
  beforeEach(() => upstream.clear());

  it.each([
    { status: 503, received: '120', error: 'model_unavailable', forwarded: '120' },
    { status: 503, received: '10000000', error: 'model_unavailable', forwarded: '86400' },
    { status: 429, received: '77.5', error: 'model_rate_limited', forwarded: '78' },
    {
      status: 429,
      received: new Date(Date.now() + 9e9).toUTCString(),
      error: 'model_rate_limited',
      forwarded: '86400',
    },
    { status: 503, received: 'soon', error: 'model_unavailable', forwarded: '1' },
  ])('is forwarded: $received with $status becomes $forwarded', async ({ status, received, error, forwarded }) => {
    upstream.always({ does: 'refuse', status, headers: { 'retry-after': received } });

    const answer = await chat(service, { message: 'hello' });

    expectError(answer, 503, error);
    expect(answer.headers['retry-after']).toBe(forwarded);
  });
});

describe('an unusual answer', () => {
  const [chatPair, responsesPair] = pairs;
  const call = { id: 'c', type: 'function', function: { name: 'nothing', arguments: '{}' } };
  const completion = (message: Json, finish = 'stop') => ({ choices: [{ message, finish_reason: finish }] });
  const odd: { what: string; pair: Pair; body: Json; status: number }[] = [
    { what: 'usage {}', pair: chatPair, body: { ...completion({ content: 'fine' }), usage: {} }, status: 200 },
    { what: 'tool_calls null', pair: chatPair, body: completion({ content: 'fine', tool_calls: null }), status: 200 },
    { what: 'a list as content', pair: chatPair, body: completion({ content: [{ text: 'fine' }] }), status: 200 },
    { what: 'a number as content', pair: chatPair, body: completion({ content: 5 }), status: 502 },
    { what: 'tool_calls without calls', pair: chatPair, body: completion({}, 'tool_calls'), status: 502 },
    {
      what: 'a tool call without an id',
      pair: chatPair,
      body: completion({ content: null, tool_calls: [{ ...call, id: undefined }] }, 'tool_calls'),
      status: 0,
    },
    {
      what: 'a tool call without a name',
      pair: chatPair,
      body: completion({ content: null, tool_calls: [{ ...call, function: {} }] }, 'tool_calls'),
      status: 0,
    },
    {
      what: 'no model',
      pair: responsesPair,
      body: { status: 'completed', output: [{ type: 'message', content: [{ type: 'output_text', text: 'fine' }] }] },
      status: 200,
    },
    { what: 'output null', pair: responsesPair, body: { status: 'completed', output: null }, status: 502 },
    {
      what: 'a call without a name',
      pair: responsesPair,
      body: { status: 'completed', output: [{ type: 'function_call', call_id: 'c', arguments: '{}' }] },
      status: 0,
    },
  ];

  it.each(odd)('is not a failure of the service with $what', async ({ pair, body, status }) => {
    pair.upstream.clear();
    pair.upstream.next({ does: 'answer with body', body });

    const answer = await chat(pair.service, { message: 'hello' });

    if (status === 200) expect(answer.body).toMatchObject({ reply: 'fine', model: 'gpt-4o' });
    // The service may repair an unreadable answer by a second model request.
    else if (status === 502 || answer.status !== 200) expectError(answer, 502, 'model_error');
  });
});

interface Fault {
  what: string;
  plan: Plan;
  status: number;
  error: string;
  /** The least and the most requests to the provider. */
  asked: [least: number, most: number];
  /** For whole answers, if it differs: nothing of them is out before their end. */
  askedWhole?: [least: number, most: number];
  /** The number of deltas before the stream fails, if the plan fixes it. */
  deltas?: number;
}

const FAULTS: Fault[] = [
  {
    what: '500 each time',
    plan: { does: 'refuse', status: 500 },
    status: 502,
    error: 'model_error',
    asked: [3, 3],
  },
  {
    what: '503 each time',
    plan: { does: 'refuse', status: 503 },
    status: 503,
    error: 'model_unavailable',
    asked: [3, 3],
  },
  {
    what: '429 each time',
    plan: { does: 'refuse', status: 429, headers: { 'retry-after': '0' } },
    status: 503,
    error: 'model_rate_limited',
    asked: [3, 3],
  },
  {
    what: '429 with a Retry-After beyond the deadline',
    plan: { does: 'refuse', status: 429, headers: { 'retry-after': '60' } },
    status: 503,
    error: 'model_rate_limited',
    asked: [1, 1],
  },
  {
    what: '429 with a Retry-After date beyond the deadline',
    plan: { does: 'refuse', status: 429, headers: { 'retry-after': new Date(Date.now() + 90_000).toUTCString() } },
    status: 503,
    error: 'model_rate_limited',
    asked: [1, 1],
  },
  { what: '401', plan: { does: 'refuse', status: 401 }, status: 502, error: 'model_error', asked: [1, 1] },
  { what: '400', plan: { does: 'refuse', status: 400 }, status: 502, error: 'model_error', asked: [1, 1] },
  { what: 'a reset connection', plan: { does: 'reset' }, status: 502, error: 'model_error', asked: [1, 3] },
  { what: 'HTML with 200', plan: { does: 'answer html' }, status: 502, error: 'model_error', asked: [1, 3] },
  {
    what: 'wrong JSON with 200',
    plan: { does: 'answer wrong json' },
    status: 502,
    error: 'model_error',
    asked: [1, 3],
  },
  {
    what: 'a cut before the first delta',
    plan: { does: 'cut', afterDeltas: 0 },
    status: 502,
    error: 'model_error',
    asked: [1, 3],
    deltas: 0,
  },
  {
    what: 'a cut after five deltas',
    plan: { does: 'cut', afterDeltas: 5 },
    status: 502,
    error: 'model_error',
    askedWhole: [1, 3],
    asked: [1, 1],
    deltas: 5,
  },
  {
    what: 'an end without a finish',
    plan: { does: 'end unfinished' },
    status: 502,
    error: 'model_error',
    asked: [1, 1],
  },
  {
    what: 'a reply cut by its content filter',
    plan: { does: 'reply', finish: 'filter' },
    status: 422,
    error: 'content_filtered',
    asked: [1, 1],
  },
  {
    what: 'a failure reported midway',
    plan: { does: 'fail midway' },
    status: 502,
    error: 'model_error',
    askedWhole: [1, 3],
    asked: [1, 1],
    deltas: 2,
  },
];

const faulty = new Map<string, Promise<Outcome>>();

// Runs all at once, over both APIs: their retries would take minutes one after the other.
beforeAll(async () => {
  for (const pair of pairs) pair.upstream.clear();
  await provokeAll(faulty, pairs, FAULTS);
});

describe.each(pairs)('a provider at fault, with MODEL_API=$api', ({ api }) => {
  it.each(FAULTS)('fails a chat with $status $error if it sends $what', async (fault) => {
    const { answer, requests } = await outcomeOf(faulty, api, fault.what);

    expectError(answer, fault.status, fault.error);
    if (fault.status === 503) expectRetryAfter(answer);
    expect(answer.text).not.toContain(API_KEY);
    const [least, most] = fault.askedWhole ?? fault.asked;
    expect(requests[0].length).toBeGreaterThanOrEqual(least);
    expect(requests[0].length).toBeLessThanOrEqual(most);
  });

  it.each(FAULTS)('ends a stream with run.failed $error if it sends $what', async (fault) => {
    const { events, requests } = await outcomeOf(faulty, api, fault.what);

    expectFailed(events, fault.error);
    expect(requests[1].length).toBeGreaterThanOrEqual(fault.asked[0]);
    expect(requests[1].length).toBeLessThanOrEqual(fault.asked[1]);
    if (fault.deltas !== undefined) expect(wordCount(deltasOf(events))).toBe(fault.deltas);
  });

  it.each(FAULTS)('leaves the history as it was if it sends $what', async (fault) => {
    const { histories } = await outcomeOf(faulty, api, fault.what);

    expect(histories).toEqual([BEFORE, BEFORE]);
  });
});

describe.each(pairs)('retries, with MODEL_API=$api', (pair) => {
  beforeEach(() => pair.upstream.clear());

  it('waits as long as a 429 requests and then succeeds', async () => {
    pair.upstream.next({ does: 'refuse', status: 429, headers: { 'retry-after': '1' } });

    const answer = await chat(pair.service, { message: 'hello' });

    expect(answer.status).toBe(200);
    const [first, second, ...more] = pair.upstream.requests.map(({ receivedAt }) => receivedAt);
    expect(more).toEqual([]);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(700);
  });

  it('succeeds with the third request, and has the reply once', async () => {
    const failures: Plan[] = [
      { does: 'refuse', status: 500 },
      { does: 'refuse', status: 503 },
    ];
    pair.upstream.next(...failures);
    const answer = await chat(pair.service, { message: 'hello' });
    pair.upstream.next(...failures);
    const events = await streamAll(pair.service, { message: 'hello' });

    expect(answer.body.reply).toBe('Echo: hello');
    expect(deltasOf(events)).toBe('Echo: hello');
    expect(events.at(-1)?.event).toBe('run.completed');
    expect(pair.upstream.requests).toHaveLength(6);
  });
});

const SLOW: { what: string; plan: Plan }[] = [
  { what: 'stays silent', plan: { does: 'stay silent' } },
  { what: 'begins and sends nothing', plan: { does: 'reply', hold: { afterDeltas: 0, until: new Gate().opened } } },
  { what: 'stops midway', plan: { does: 'reply', hold: { afterDeltas: 2, until: new Gate().opened } } },
  { what: 'talks on and on', plan: { does: 'reply', text: 'on and '.repeat(1000), betweenDeltasMs: 20 } },
];

const slow = new Map<string, Promise<Outcome>>();

// Runs all at once: each takes its whole second.
beforeAll(() => provokeAll(slow, impatientPairs, SLOW));

describe.each(impatientPairs)('agent_timeout, with MODEL_API=$api', ({ api }) => {
  it.each(SLOW)('ends a chat and a stream whose model $what, and closes the socket', async ({ what }) => {
    const { answer, events, requests, histories } = await outcomeOf(slow, api, what);

    expectError(answer, 504, 'agent_timeout');
    expectFailed(events, 'agent_timeout');
    expect(requests.map(({ length }) => length)).toEqual([1, 1]);
    for (const { receivedAt, abandonedAt } of requests.flat()) {
      // On a busy machine the provider notes the request late.
      expect((abandonedAt ?? Infinity) - receivedAt).toBeGreaterThan(400);
      expect((abandonedAt ?? Infinity) - receivedAt).toBeLessThan(5000);
    }
    expect(histories).toEqual([BEFORE, BEFORE]);
  });
});

describe.each(pairs)('a caller that leaves, with MODEL_API=$api', ({ service, upstream }) => {
  beforeEach(() => upstream.clear());

  it('cancels its chat and the request to the provider, and is logged as 499', async () => {
    const requestId = randomUUID();
    const caller = new AbortController();
    upstream.always({ does: 'stay silent' });
    const headers = { 'x-request-id': requestId };
    const left = chat(service, { message: 'goodbye' }, { headers, signal: caller.signal }).catch(() => 'left');
    await until('the model was called', () => upstream.asked('goodbye'));

    caller.abort();

    expect(await left).toBe('left');
    await until('the provider lost its caller', () => upstream.asked('goodbye')?.abandonedAt, 4000);
    await until('the call is logged', () => service.logsOf(requestId).some(({ status }) => status === 499));
    expect(upstream.requests).toHaveLength(1);
  });

  it('cancels its stream and the request to the provider, and is logged as 499', async () => {
    const requestId = randomUUID();
    upstream.always({ does: 'reply', hold: { afterDeltas: 1, until: new Gate().opened } });
    const stream = await openStream(service, { message: 'goodbye' }, { headers: { 'x-request-id': requestId } });
    await stream.readTo('message.delta');

    stream.leave();

    await until('the provider lost its caller', () => upstream.asked('goodbye')?.abandonedAt, 4000);
    await until('the call is logged', () => service.logsOf(requestId).some(({ status }) => status === 499));
    expect(upstream.requests).toHaveLength(1);
  });

  it('cancels a run that waits to retry its provider', async () => {
    const caller = new AbortController();
    upstream.always({ does: 'refuse', status: 429, headers: { 'retry-after': '1' } });
    const left = chat(service, { message: 'goodbye' }, { signal: caller.signal }).catch(() => 'left');
    await until('the model was called', () => upstream.asked('goodbye'));

    caller.abort();
    await left;

    const again = until('the model is called again', () => upstream.requests.length > 1, 1200);
    await expect(again).rejects.toThrow('in vain');
  });
});

/** How a chat and a stream ended; in lists, the chat comes first. */
interface Outcome {
  answer: Answer;
  events: SseEvent[];
  requests: [Received[], Received[]];
  histories: Said[][];
}

type Outcomes = Map<string, Promise<Outcome>>;

function outcomeOf(outcomes: Outcomes, api: string, what: string): Promise<Outcome> {
  return outcomes.get(`${api}: ${what}`) ?? Promise.reject(new Error(`${what} was not provoked`));
}

async function provokeAll(
  outcomes: Outcomes,
  asked: readonly Pair[],
  faults: readonly Pick<Fault, 'what' | 'plan'>[],
): Promise<void> {
  for (const pair of asked) {
    for (const fault of faults) outcomes.set(`${pair.api}: ${fault.what}`, provoke(pair, fault));
  }
  await Promise.allSettled(outcomes.values());
}

/** Provokes the fault in a chat and in a stream. Each has a session with one earlier turn. */
async function provoke({ service, upstream }: Pair, { what, plan }: Pick<Fault, 'what' | 'plan'>): Promise<Outcome> {
  const [chatSession, streamSession] = [randomUUID(), randomUUID()];
  const [chatMessage, streamMessage] = [`${what}, one two three in a chat`, `${what}, one two three in a stream`];
  await Promise.all([chatSession, streamSession].map((id) => chat(service, { message: 'before', session_id: id })));
  upstream.when(chatMessage, plan);
  upstream.when(streamMessage, plan);
  const [answer, events] = await Promise.all([
    chat(service, { message: chatMessage, session_id: chatSession }),
    streamAll(service, { message: streamMessage, session_id: streamSession }),
  ]);
  return {
    answer,
    events,
    requests: [upstream.allAsked(chatMessage), upstream.allAsked(streamMessage)],
    histories: await Promise.all([chatSession, streamSession].map((id) => historyOf(service, id))),
  };
}

/** Expects a stream from run.started to run.failed with that code, numbered without gaps. */
function expectFailed(events: readonly SseEvent[], error: string): void {
  expect(events.map(({ event }) => event)).toEqual([
    'run.started',
    ...events.slice(1, -1).map(() => 'message.delta'),
    'run.failed',
  ]);
  expect(events.map(({ id }) => Number(id))).toEqual(events.map((_, index) => index + 1));
  const failure = object(events.at(-1)?.data.error);
  expect(failure).toEqual({ error, detail: failure.detail, request_id: expect.stringMatching(/\S/) });
  expectDetail(failure.detail);
}

function expectProblem(answer: Answer, status: number, error: string): void {
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(answer.body).toMatchObject({
    type: expect.any(String),
    title: expect.stringMatching(/\S/),
    status,
    error,
    request_id: answer.headers['x-request-id'],
  });
  expectDetail(answer.body.detail ?? null);
}

/** Returns options of a call that was forwarded for that caller. */
function from(caller: string) {
  return { headers: { 'x-forwarded-for': caller } };
}

/** Parses a RateLimit header of draft 11: `"default";r=2;t=60`. */
function rateLimitOf(header: unknown): { policy: string; remaining: number; seconds: number } {
  const [, policy = '', remaining, seconds] = /^"([^"]+)";r=(\d+);t=(\d+)$/.exec(String(header)) ?? [];
  return { policy, remaining: Number(remaining), seconds: Number(seconds) };
}

function wordCount(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

/** Returns a body of exactly that many bytes, whose message is too long. */
function bodyOf(bytes: number): string {
  const frame = JSON.stringify({ message: '' });
  return JSON.stringify({ message: 'x'.repeat(bytes - frame.length) });
}

function dropAllTables(file: string): void {
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'");
  for (const { name } of tables.all()) database.exec(`DROP TABLE "${string(name)}"`);
  database.close();
}
