import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { chat, historyOf, send } from '../support/clients/client.js';
import { breakingChanges, contractOf } from '../support/contract/contract.js';
import { expectError, expectRetryAfter } from '../support/clients/expect-error.js';
import { isObject, object, string, type Json } from '../support/json.js';
import {
  API_KEY,
  removeServices,
  startPair,
  startService,
  startToFail,
  type Settings,
  startPairProcess,
  startProcess,
} from '../support/service/service.js';
import { openStream, streamAll } from '../support/clients/sse.js';
import { Gate, until } from '../support/until.js';

const ORIGIN = 'https://app.example';
const PASSWORD = 'hunter2-in-clear';
const SECRETS: Settings = {
  OPENAI_API_KEY: `sk ${PASSWORD}`,
  OPENAI_BASE_URL: `ftp://user:${PASSWORD}@llm.example/v1?key=${PASSWORD}`,
  DATABASE_URL: `mysql://user:${PASSWORD}@db.example/rookery`,
};
/** Each setting is also refused alone; the unit tests of its parser cover that. */
const BAD_SETTINGS: Settings = {
  HOST: '0.0.0.0',
  PORT: '65536',
  ALLOWED_HOSTS: 'https://agents.example.com',
  CORS_ORIGINS: 'app',
  TRUST_PROXY: 'nonsense',
  OPENAI_BASE_URL: 'nowhere',
  MODEL_API: 'foo',
  AGENT_TIMEOUT_SECONDS: 'soon',
  TASK_TIMEOUT_SECONDS: '0',
  TASK_CONCURRENCY: 'all',
  TASK_CONCURRENCY_PER_CALLER: '0',
  PROCESS_ROLE: 'boss',
  STREAM_GRACE_SECONDS: '-1',
  SESSION_POLICY: 'fight',
  DATABASE_URL: 'mysql://localhost/rookery',
  RATE_LIMIT_REQUESTS: 'many',
  RATE_LIMIT_WINDOW_SECONDS: '0',
  MAX_CONCURRENT_RUNS: '-5',
  HISTORY_TOKENS: '1e',
  SUMMARIZE_HISTORY: 'perhaps',
  SHUTDOWN_TIMEOUT_SECONDS: '-1',
  LOG_LEVEL: 'loud',
};

const [plain, chatty, crossOrigin, trusting, trustless, underscored] = await Promise.all([
  startPair('chat'),
  startPair('responses', { LOG_LEVEL: 'debug' }),
  startProcess({
    HOST: '0.0.0.0',
    ALLOW_UNAUTHENTICATED: 'true',
    DATABASE_URL: 'file:./data/rookery.db',
    CORS_ORIGINS: `${ORIGIN},https://other.example`,
  }),
  startService({ RATE_LIMIT_REQUESTS: '2', TRUST_PROXY: '127.0.0.1' }),
  startService({ RATE_LIMIT_REQUESTS: '2' }),
  startService({
    OPENAI_BASE_URL: 'http://model_server:11434/v1',
    OPENAI_API_KEY: 'sk-planted',
    FALLBACK_MODELS: 'tiny@NEAR,big@FAR',
    NEAR_BASE_URL: 'http://127.0.0.1:1/v1',
    NEAR_API_KEY: 'sk-planted',
    FAR_BASE_URL: `http://user:${PASSWORD}@far.example/v1`,
    FAR_API_KEY: 'sk-planted',
  }),
]);
const { service, upstream } = plain;

afterAll(removeServices);

beforeEach(() => {
  upstream.clear();
  chatty.upstream.clear();
});

describe('health', () => {
  it('is {"status":"ok"}', async () => {
    const answer = await send(service, 'GET /health');

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ status: 'ok' });
  });

  it.each(['/health/live', '/health/ready'])('is 200 at %s', async (path) => {
    expect((await send(service, `GET ${path}`)).status).toBe(200);
  });
});

describe('SIGTERM', () => {
  it('lets active runs finish, refuses new ones, and ends with code 0', async () => {
    const pair = await startPairProcess('chat');
    const gate = new Gate();
    pair.upstream.always({ does: 'reply', hold: { afterDeltas: 1, until: gate.opened } });
    const running = chat(pair.service, { message: 'a chat' });
    const stream = await openStream(pair.service, { message: 'a stream' });
    await stream.readTo('message.delta');
    await until('the chat has called the model', () => pair.upstream.asked('a chat'));

    pair.service.signal('SIGTERM');

    await until('it is not ready', async () => (await send(pair.service, 'GET /health/ready')).status === 503);
    expect((await send(pair.service, 'GET /health/live')).status).toBe(200);
    for (const path of ['/chat', '/chat/stream']) {
      const refused = await send(pair.service, `POST /api/v1/agent${path}`, { body: { message: 'new' } });
      expectError(refused, 503, 'draining');
      expectRetryAfter(refused);
    }
    gate.open();
    expect(await running).toMatchObject({ status: 200, body: { reply: 'Echo: a chat' } });
    expect((await stream.rest()).at(-1)).toMatchObject({
      event: 'run.completed',
      data: { response: { reply: 'Echo: a stream' } },
    });
    expect(await pair.service.exited).toBe(0);
    expect(pair.upstream.asked('new')).toBeUndefined();
  });

  it('fails active runs with draining after SHUTDOWN_TIMEOUT_SECONDS, and ends with code 0', async () => {
    const pair = await startPairProcess('responses', { SHUTDOWN_TIMEOUT_SECONDS: '1' });
    await chat(pair.service, { message: 'before', session_id: 'kept' });
    pair.upstream.always({ does: 'stay silent' });
    const running = chat(pair.service, { message: 'a chat', session_id: 'kept' });
    const stream = await openStream(pair.service, { message: 'a stream' });
    await until('the model was called twice', () => pair.upstream.requests.length === 3);

    const began = performance.now();
    const exited = pair.service.stop('SIGTERM');

    expect((await stream.rest()).at(-1)).toMatchObject({
      event: 'run.failed',
      data: { error: { error: 'draining' } },
    });
    const answer = await running;
    expectError(answer, 503, 'draining');
    expectRetryAfter(answer);
    expect(await exited).toBe(0);
    expect(performance.now() - began).toBeGreaterThan(500);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(pair.upstream.asked('a chat')?.abandonedAt).toBeDefined();

    await pair.service.start();
    expect(await historyOf(pair.service, 'kept')).toHaveLength(2);
  });

  it('ends at once with code 0 without active runs, despite open connections', async () => {
    const idle = await startProcess();
    await (await fetch(`${idle.url}/health`)).text();
    const connected = connect(Number(new URL(idle.url).port), '127.0.0.1');
    connected.on('error', () => undefined);
    await once(connected, 'connect');
    await send(idle, 'GET /health');

    const began = performance.now();

    expect(await idle.stop('SIGTERM')).toBe(0);
    expect(performance.now() - began).toBeLessThan(8000);
    connected.destroy();
  });
});

describe('the log', () => {
  it('has request, run, role, status, duration and tokens of each call', async () => {
    const requestId = randomUUID();
    const { body } = await chat(
      service,
      { message: 'hello', agent_role: 'coder' },
      { headers: { 'x-request-id': requestId } },
    );

    await until('the call is logged', () => service.logsOf(requestId).some(({ status }) => status === 200));
    expect(fieldsOf(service.logsOf(requestId))).toEqual({
      runs: [body.run_id],
      roles: ['coder'],
      durations: expect.arrayContaining([expect.any(Number)]),
      tokens: [body.tokens_used],
    });
  });

  it('has the same for a stream', async () => {
    const requestId = randomUUID();
    const events = await streamAll(service, { message: 'hello' }, { headers: { 'x-request-id': requestId } });

    await until('the call is logged', () => service.logsOf(requestId).some(({ status }) => status === 200));
    expect(fieldsOf(service.logsOf(requestId))).toEqual({
      runs: [events[0]?.data.run_id],
      roles: ['assistant'],
      durations: expect.arrayContaining([expect.any(Number)]),
      tokens: [object(events.at(-1)?.data.response).tokens_used],
    });
  });

  it('has the status and the error code of a failed call', async () => {
    const requestId = randomUUID();
    upstream.next({ does: 'refuse', status: 400 });
    await chat(service, { message: 'hello' }, { headers: { 'x-request-id': requestId } });

    await until('the call is logged', () => service.logsOf(requestId).some(({ status }) => status === 502));
    expect(service.logsOf(requestId).map(({ error }) => error)).toContain('model_error');
  });

  it('contains only lines of JSON', () => {
    expect(service.logs.length).toBeGreaterThan(0);
    for (const line of service.logs) expect(line).toMatchObject({ level: expect.anything(), msg: expect.any(String) });
  });

  it('never has a message, a reply or the key, at any level', async () => {
    const marker = `marker${randomUUID()}`;
    const path = 'POST /api/v1/agent/chat';
    const headers = { 'content-type': 'application/json' };
    const quoted = { message: `Incorrect API key provided: ${API_KEY}, for ${marker}`, type: 'invalid_request_error' };
    for (const status of [400, 401, 429, 500]) {
      chatty.upstream.when(`${marker} ${status}`, { does: 'refuse', status, error: quoted });
    }
    chatty.upstream.when(`${marker} cut one two three`, { does: 'cut', afterDeltas: 3 });
    chatty.upstream.when(`${marker} midway`, { does: 'fail midway' });

    await Promise.all([
      chat(chatty.service, { message: marker }),
      streamAll(chatty.service, { message: marker }),
      ...[400, 401, 429, 500].map((status) => chat(chatty.service, { message: `${marker} ${status}` })),
      chat(chatty.service, { message: `${marker} cut one two three` }),
      streamAll(chatty.service, { message: `${marker} midway` }),
      chat(chatty.service, { message: marker.repeat(200) }),
      chat(chatty.service, { message: [marker] }),
      chat(chatty.service, { message: 'hello', agent_role: marker }),
      send(chatty.service, path, { body: `{"message":"${marker}`, headers }),
      send(chatty.service, path, { body: marker, headers }),
      send(chatty.service, path, { body: JSON.stringify({ message: marker }), headers: { 'content-type': 'text/x' } }),
    ]);
    const lastId = randomUUID();
    await send(chatty.service, 'GET /api/v1/agent/roles', { headers: { 'x-request-id': lastId } });

    await until('the last call is logged', () => chatty.service.logsOf(lastId).length > 0);
    const lines = chatty.service.output.split('\n');
    expect(lines.filter((line) => line.includes(marker))).toEqual([]);
    expect(lines.filter((line) => line.includes(API_KEY))).toEqual([]);
  });
});

describe('a bad setting', () => {
  it('prevents the start, and each is named', async () => {
    const [all, one] = await Promise.all([startToFail(BAD_SETTINGS), startToFail({ MODEL_API: 'foo' })]);

    for (const { exitCode } of [all, one]) {
      expect(exitCode).toEqual(expect.any(Number));
      expect(exitCode).not.toBe(0);
    }
    for (const name of [...Object.keys(BAD_SETTINGS), 'ALLOW_UNAUTHENTICATED']) expect(all.output).toContain(name);
    expect(one.output).toMatch(/MODEL_API.*responses/);
    expect(one.output).not.toContain('LOG_LEVEL');
    expect(all.output).toMatch(/LOG_LEVEL.*info/);
  });

  it('is logged without passwords and keys', async () => {
    const [bad, others] = await Promise.all([
      startToFail(SECRETS),
      startToFail({
        PORT: 'abc',
        OPENAI_API_KEY: PASSWORD,
        OPENAI_BASE_URL: `http://user:${PASSWORD}@llm.example/v1`,
        DATABASE_URL: `file:./${PASSWORD}.db`,
      }),
    ]);

    for (const name of Object.keys(SECRETS)) expect(bad.output).toContain(name);
    expect(others.output).toContain('PORT');
    expect(bad.output + others.output).not.toContain(PASSWORD);
  });

  it('does not include an underscore in the host name of OPENAI_BASE_URL', async () => {
    expect((await send(underscored, 'GET /health/ready')).status).toBe(200);
  });

  it('warns of providers whose key is sent in clear text, except on this machine', () => {
    const warnings = underscored.logs.filter(({ msg }) => String(msg).startsWith('the key of a model provider'));
    expect(warnings).toMatchObject([{ level: 'warn', host: 'model_server:11434' }, { host: 'far.example' }]);
    expect(underscored.output).not.toContain(PASSWORD);
  });
});

describe('one database file', () => {
  it('serves one service: a second one refuses to start and says why', async () => {
    const second = await startToFail({ DATABASE_URL: service.databaseUrl });

    expect(second.exitCode).toEqual(expect.any(Number));
    expect(second.exitCode).not.toBe(0);
    expect(second.output).toContain('rookery.db');
    expect(second.output).toMatch(/another|already|in use|second/i);
    expect((await chat(service, { message: 'hello' })).status).toBe(200);
  });

  it('is created with its folder if it is missing', () => {
    expect(existsSync(join(crossOrigin.folder, 'data', 'rookery.db'))).toBe(true);
  });
});

describe('HOST beyond loopback', () => {
  it('is bound with ALLOW_UNAUTHENTICATED=true', async () => {
    const url = `http://127.0.0.1:${new URL(crossOrigin.url).port}`;

    expect((await chat({ url }, { message: 'hello' })).status).toBe(200);
  });
});

describe('the Host header', () => {
  const roles = (host: string) => send(service, 'GET /api/v1/agent/roles', { headers: { host } });
  const port = new URL(service.url).port;

  it.each(['localhost', `localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, 'foo.localhost', 'LOCALHOST'])(
    'can be %s',
    async (host) => {
      expect((await roles(host)).status).toBe(200);
    },
  );

  it.each([
    'evil.example',
    `evil.example:${port}`,
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evillocalhost',
    'localhost@evil.example',
    '192.168.0.1',
  ])('cannot be %s without authentication', async (host) => {
    expectError(await roles(host), 403, 'forbidden');
  });
});

describe('security headers', () => {
  it.each(['GET /health', 'GET /api/v1/agent/roles', 'GET /nowhere', 'POST /api/v1/agent/chat'])(
    'are on the answer to %s',
    async (call) => {
      const { headers } = await send(service, call);

      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['content-security-policy']).toEqual(expect.any(String));
      expect(headers['referrer-policy']).toEqual(expect.any(String));
      expect(headers).not.toHaveProperty('x-powered-by');
    },
  );

  it('are on a stream too', async () => {
    const stream = await openStream(service, { message: 'hello' });
    await stream.rest();

    expect(stream.headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('Cache-Control', () => {
  it.each([
    'GET /api/v1/agent/roles',
    'GET /%61pi/v1/agent/roles',
    'GET /api/v1/agent/sessions',
    'GET /api/v1/agent/sessions/unknown',
    'DELETE /api/v1/agent/sessions/unknown',
    'GET /api/v1/agent/nowhere',
    'PUT /api/v1/agent/chat',
    'POST /api/v1/agent/chat',
  ])('forbids to store the answer to %s', async (call) => {
    expect((await send(service, call)).headers['cache-control']).toBe('no-store');
  });

  it('forbids to store a successful answer', async () => {
    expect((await chat(service, { message: 'hello' })).headers['cache-control']).toBe('no-store');
  });

  it('forbids proxies to store, change or delay a stream', async () => {
    const stream = await openStream(service, { message: 'hello' });
    await stream.rest();

    expect(stream.headers.get('cache-control')).toMatch(/no-cache.*no-transform/);
    expect(stream.headers.get('x-accel-buffering')).toBe('no');
  });
});

describe('CORS', () => {
  const EXPOSED = ['x-request-id', 'ratelimit', 'ratelimit-policy', 'retry-after'];

  it('lets pages read the headers of the contract', async () => {
    const headers = { origin: ORIGIN };
    const answers = [
      await chat(crossOrigin, { message: 'hello' }, { headers }),
      await chat(crossOrigin, {}, { headers }),
      await send(crossOrigin, 'GET /nowhere', { headers }),
    ];

    for (const answer of answers) {
      const exposed = string(answer.headers['access-control-expose-headers']).toLowerCase().split(/, */);
      expect(exposed).toEqual(expect.arrayContaining(EXPOSED));
    }
  });

  it.each([{}, { origin: ORIGIN }, { origin: 'https://evil.example' }])(
    'answers OPTIONS with %j, which is not a preflight request, without an error in plain text',
    async (headers) => {
      const answer = await send(crossOrigin, 'OPTIONS /api/v1/agent/chat', { headers });

      if (answer.status >= 400) expectError(answer, 405, 'method_not_allowed');
      else expect([answer.status, answer.text]).toEqual([204, '']);
    },
  );

  it('is off by default', async () => {
    const asked = await send(service, 'OPTIONS /api/v1/agent/chat', preflight(ORIGIN));
    const answer = await chat(service, { message: 'hello' }, { headers: { origin: ORIGIN } });

    expect(asked.headers).not.toHaveProperty('access-control-allow-origin');
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it.each([ORIGIN, 'https://other.example'])('allows %s, which CORS_ORIGINS lists', async (origin) => {
    const asked = await send(crossOrigin, 'OPTIONS /api/v1/agent/chat', preflight(origin));
    const answer = await chat(crossOrigin, { message: 'hello' }, { headers: { origin } });
    const stream = await openStream(crossOrigin, { message: 'hello' }, { headers: { origin } });

    expect(asked.status).toBeLessThan(300);
    expect(asked.headers['access-control-allow-origin']).toBe(origin);
    expect(asked.headers['access-control-allow-methods']).toMatch(/POST/);
    expect(asked.headers['access-control-allow-headers']).toMatch(/content-type/i);
    expect(answer.headers['access-control-allow-origin']).toBe(origin);
    expect(answer.headers.vary).toMatch(/origin/i);
    expect(stream.headers.get('access-control-allow-origin')).toBe(origin);
    await stream.rest();
  });

  it('lets a listed origin read errors too', async () => {
    const headers = { origin: ORIGIN };

    expect((await chat(crossOrigin, {}, { headers })).headers['access-control-allow-origin']).toBe(ORIGIN);
    expect((await send(crossOrigin, 'GET /nowhere', { headers })).headers['access-control-allow-origin']).toBe(ORIGIN);
  });

  it.each(['https://evil.example', 'http://app.example', 'https://app.example.evil.example', 'null'])(
    'refuses %s',
    async (origin) => {
      const asked = await send(crossOrigin, 'OPTIONS /api/v1/agent/chat', preflight(origin));
      const answer = await chat(crossOrigin, { message: 'hello' }, { headers: { origin } });

      expect(asked.headers['access-control-allow-origin']).not.toBe(origin);
      expect(answer.headers['access-control-allow-origin']).not.toBe(origin);
      expect(answer.headers['access-control-allow-origin']).not.toBe('*');
    },
  );
});

describe('X-Forwarded-For', () => {
  it('distinguishes callers behind TRUST_PROXY', async () => {
    const statuses: number[] = [];
    for (const caller of ['10.2.0.1', '10.2.0.1', '10.2.0.1', '10.2.0.2']) {
      statuses.push((await chat(trusting, { message: 'hello' }, from(caller))).status);
    }

    expect(statuses).toEqual([200, 200, 429, 200]);
  });

  it('uses only the entry of the trusted proxy', async () => {
    const statuses: number[] = [];
    for (const invented of ['10.3.0.1', '10.3.0.2', '10.3.0.3']) {
      statuses.push((await chat(trusting, { message: 'hello' }, from(`${invented}, 10.3.0.9`))).status);
    }

    expect(statuses).toEqual([200, 200, 429]);
  });

  it('is ignored without TRUST_PROXY', async () => {
    const statuses: number[] = [];
    for (const caller of ['10.4.0.1', '10.4.0.2', '10.4.0.3']) {
      statuses.push((await chat(trustless, { message: 'hello' }, from(caller))).status);
    }

    expect(statuses).toEqual([200, 200, 429]);
  });
});

describe('/openapi.json', () => {
  interface Operation {
    name: string;
    spec: Json;
  }
  let document: Json;
  let operations: Operation[];

  beforeAll(async () => {
    document = (await send(service, 'GET /openapi.json')).body;
    operations = Object.entries(object(document.paths)).flatMap(([path, methods]) =>
      Object.entries(object(methods)).flatMap(([method, spec]) =>
        isObject(spec) && METHODS.has(method) ? [{ name: `${method.toUpperCase()} ${path}`, spec }] : [],
      ),
    );
  });

  const underApi = () => operations.filter(({ name }) => name.includes(' /api/'));
  const resolve = (value: unknown): Json => {
    const at = string(object(value).$ref);
    if (!at) return object(value);
    return at
      .split('/')
      .slice(1)
      .reduce((place, key) => object(place[key]), document);
  };

  it('is OpenAPI 3.1', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
  });

  it('keeps the contract of version 1', () => {
    const stored = readFileSync(new URL('../../docs/openapi.v1.json', import.meta.url), 'utf8');
    expect(breakingChanges(object(JSON.parse(stored)), contractOf(document))).toEqual([]);
  });

  it('has every call of the contract', () => {
    expect(operations.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'POST /api/v2/agent/chat',
        'GET /api/v2/agent/runs/{run_id}/events',
        'POST /api/v1/agent/chat',
        'POST /api/v1/agent/chat/stream',
        'GET /api/v1/agent/roles',
        'GET /api/v1/agent/sessions',
        'GET /api/v1/agent/sessions/{session_id}',
        'GET /api/v1/agent/sessions/{session_id}/messages',
        'DELETE /api/v1/agent/sessions/{session_id}',
        'GET /health',
      ]),
    );
  });

  it('gives every operation its own id, a summary and tags', () => {
    for (const { spec } of operations) {
      expect(spec).toMatchObject({
        operationId: expect.any(String),
        summary: expect.stringMatching(/\S/),
        tags: [expect.any(String)],
      });
    }
    expect(new Set(operations.map(({ spec }) => spec.operationId)).size).toBe(operations.length);
  });

  it('describes every error as an ErrorResponse, with an example', () => {
    for (const { name, spec } of underApi()) {
      const errors = Object.entries(object(spec.responses)).filter(([status]) => /^[45]/.test(status));
      expect([name, errors.length]).not.toEqual([name, 0]);
      for (const [status, response] of errors) {
        const media = object(object(resolve(response).content)['application/json']);
        expect([name, status, object(media.schema).$ref]).toEqual([
          name,
          status,
          expect.stringMatching(/\/ErrorResponse/),
        ]);
        expect([name, status, media.example ?? media.examples]).toEqual([name, status, expect.anything()]);
      }
    }
  });

  it.each(['POST /api/v1/agent/chat', 'POST /api/v1/agent/chat/stream'])('lists the possible errors of %s', (call) => {
    const responses = object(operations.find(({ name }) => name === call)?.spec.responses);

    expect(Object.keys(responses)).toEqual(
      expect.arrayContaining(['200', '400', '409', '413', '415', '422', '429', '503']),
    );
  });

  it('allows no fields in a request but those it describes', () => {
    const bodies = operations.filter(({ spec }) => spec.requestBody);

    expect(bodies.length).toBeGreaterThanOrEqual(2);
    for (const { spec } of bodies) {
      const media = object(object(resolve(spec.requestBody).content)['application/json']);
      expect(resolve(media.schema).additionalProperties).toBe(false);
    }
  });

  it('bounds the fields of AgentRequest as the contract does', () => {
    const spec = operations.find(({ name }) => name === 'POST /api/v1/agent/chat')?.spec;
    const schema = resolve(object(object(resolve(spec?.requestBody).content)['application/json']).schema);

    expect(schema.required).toEqual(['message']);
    expect(schema.properties).toMatchObject({
      message: { type: 'string', minLength: 1, maxLength: 4000 },
      session_id: { type: 'string', maxLength: 128 },
      temperature: { type: 'number', minimum: 0, maximum: 2, default: 0.7 },
    });
  });

  it('bounds every string, number and list', () => {
    expect(unbounded(document, '')).toEqual([]);
  });

  it('has no dangling references', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, at]) => at);

    expect(references.length).toBeGreaterThan(0);
    for (const at of references) expect([at, Object.keys(resolve({ $ref: at })).length]).not.toEqual([at, 0]);
  });
});

describe('/docs', () => {
  it('is a page whose scripts and styles exist', async () => {
    const response = await fetch(`${service.url}/docs`);
    const page = await response.text();

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    const assets = [...page.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(([, path]) => path ?? '');
    expect(assets.length).toBeGreaterThan(0);
    for (const path of assets) {
      const asset = await fetch(new URL(path, response.url));
      expect([path, asset.status]).toEqual([path, 200]);
      await asset.text();
    }
  });
});

describe('a Range', () => {
  it.each(['bytes=99999999-', 'bytes=99999999-999999999'])('is a 4xx beyond the end of a file: %s', async (range) => {
    const answer = await send(service, 'GET /docs/swagger-ui.css', { headers: { range } });

    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expectError(answer, answer.status, 'malformed_request');
  });

  it.each(['bytes=0-9', 'nonsense', 'bytes=9-0', 'lines=0-9'])('does not fail: %s', async (range) => {
    const answer = await send(service, 'GET /docs/swagger-ui.css', { headers: { range } });

    expect([200, 206, 416]).toContain(answer.status);
  });
});

/** Returns the schemas below a place in the document that have no upper bound. */
function unbounded(place: unknown, path: string): string[] {
  if (typeof place !== 'object' || place === null) return [];
  const entries = Object.entries(place);
  const schema = new Map<string, unknown>(entries);
  const missing = [schema.get('type')].flat().filter((type) => {
    if (type === 'string') return !schema.has('maxLength') && !schema.has('enum');
    if (type === 'number' || type === 'integer') return !schema.has('maximum');
    return type === 'array' && !schema.has('maxItems');
  });
  const below = entries
    .filter(([name]) => name !== 'example' && name !== 'examples')
    .flatMap(([name, child]) => unbounded(child, `${path}/${name}`));
  return [...missing.map((type) => `${path}: ${String(type)}`), ...below];
}

const METHODS = new Set(['get', 'put', 'post', 'delete', 'patch', 'head', 'options', 'trace']);

/** Returns options of a call that was forwarded for that caller. */
function from(caller: string) {
  return { headers: { 'x-forwarded-for': caller } };
}

/** Returns options of a browser's preflight request before a cross-origin POST. */
function preflight(origin: string) {
  return {
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,x-request-id',
    },
  };
}

/** Collects the facts about a run from the log lines of one call, each fact once. */
function fieldsOf(lines: readonly Json[]) {
  const all = (name: RegExp) => {
    const values = lines.flatMap((line) => Object.entries(line).filter(([key]) => name.test(key)));
    return [...new Set(values.map(([, value]) => value))];
  };
  return { runs: all(/^run_id$/), roles: all(/role$/), durations: all(/duration/), tokens: all(/tokens/) };
}
