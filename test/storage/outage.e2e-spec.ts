import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type OpenKeys, openKeys, SCOPES } from '../../src/index.js';
import { type Answer, chat, send } from '../support/clients/client.js';
import { expectError, expectRetryAfter } from '../support/clients/expect-error.js';
import { AUDIENCE, Issuer } from '../support/servers/issuer.js';
import { type Json, object, string } from '../support/json.js';
import { call, type Route, routesOf } from '../support/contract/routes.js';
import { describeNats, RpcCaller, startNats } from '../support/clients/rpc.js';
import { CHILD_ENVIRONMENT } from '../support/service/child.environment.js';
import { API_KEY, modelAt, removeServices, type Service, startService } from '../support/service/service.js';
import { refusalOf, TestSocket } from '../support/clients/socket.js';
import { openStream, openStreamV2 } from '../support/clients/sse.js';
import { hasPostgres, postgres, redisUrl, type TestDatabase } from '../support/storage/stores.js';
import { TcpProxy } from '../support/servers/tcp.proxy.js';
import { Gate, until } from '../support/until.js';
import { Upstream } from '../support/servers/upstream.js';

const REDIS_URL = (await redisUrl()) ?? '';
const AWAY = 'storage_unavailable';
const KEYS_MAIN = fileURLToPath(new URL('../../dist/app/main.keys.js', import.meta.url));
/** Ids that the service looks up. */
const KNOWN = {
  end_user: 'ada',
  response_id: 'resp_unknown',
  conversation_id: 'conv_unknown',
  item_id: 'msg_unknown-0',
  model: 'assistant',
};
/** If a token identifies the caller, these need no database. */
const WITHOUT_DATABASE = [
  'GET /api/v1/admin/releases',
  'GET /health',
  'GET /health/live',
  'GET /api/v1/agent/roles',
  'GET /v1/models',
  'GET /v1/models/{model}',
  'GET /api/v1/agent/ws',
  'GET /v1/responses',
];

/** A service whose connection to PostgreSQL a test can cut. */
class Outage {
  private constructor(
    readonly database: TestDatabase,
    readonly proxy: TcpProxy,
    readonly databaseUrl: string,
    readonly service: Service,
  ) {}

  static async start(settings: Record<string, string> = {}): Promise<Outage> {
    const database = await postgres.create();
    const url = new URL(database.databaseUrl);
    const proxy = await TcpProxy.to(Number(url.port));
    url.port = String(proxy.port);
    return new Outage(database, proxy, url.href, await startService({ ...settings, DATABASE_URL: url.href }));
  }

  async keys(): Promise<OpenKeys> {
    return await openKeys(this.database.databaseUrl);
  }

  async cut(): Promise<void> {
    this.proxy.cut();
    await until('it is not ready', async () => (await send(this.service, 'GET /health/ready')).status === 503);
    // A key stays cached for a while.
    await until('the keys are unknown', async () => (await chat(this.service, { message: 'x' })).status >= 400);
  }

  async mend(): Promise<void> {
    this.proxy.mend();
    await until('it is ready', async () => (await send(this.service, 'GET /health/ready')).status === 200);
  }

  async end(): Promise<void> {
    await this.service.remove();
    await this.proxy.close();
    await this.database.drop();
  }
}

const describePostgres = hasPostgres ? describe : describe.skip;
/** Valid bodies of routes that refuse the examples of all fields at once. */
const BODIES: Readonly<Record<string, Json>> = {
  'POST /api/v1/agent/tasks': { message: 'hello' },
  'POST /api/v2/agent/chat': { input: 'hello' },
};
const filled = (route: Route): Route => ({ ...route, body: BODIES[nameOf(route)] ?? route.body });
const nameOf = ({ method, path }: Route): string => `${method} ${path}`;
const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

function expectAway(answer: Answer): void {
  expectError(answer, 503, AWAY);
  expectRetryAfter(answer);
  expect(answer.text).not.toMatch(/postgres|ECONN|terminated|127\.0\.0\.1/i);
}

async function newKey(outage: Outage, tokensPerMonth?: number): Promise<string> {
  const opened = await outage.keys();
  try {
    const scopes = [...SCOPES];
    return (await opened.keys.create({ name: 'test', tenant: 'acme', scopes, tokensPerMonth }, 'test')).key;
  } finally {
    await opened.close();
  }
}

afterAll(() => removeServices());

describePostgres('while PostgreSQL is away', () => {
  let upstream: Upstream;
  let outage: Outage;

  beforeAll(async () => {
    upstream = await Upstream.start();
    outage = await Outage.start(modelAt(upstream));
  });

  afterEach(() => outage.mend());

  afterAll(async () => {
    await outage.end();
    await upstream.close();
  });

  it('answers an ordinary error for a stream that has not begun, in both versions', async () => {
    await outage.cut();
    for (const open of [
      () => openStream(outage.service, { message: 'hello' }),
      () => openStreamV2(outage.service, { input: 'hello' }),
    ]) {
      const stream = await open();
      expect(stream.status).toBe(503);
      expect(stream.headers.get('retry-after')).toBe('1');
      expect(await stream.body()).toMatchObject({ error: AWAY });
    }
  });

  it.each([
    ['version 1', () => openStream(outage.service, { message: 'long' })],
    ['version 2', () => openStreamV2(outage.service, { input: 'long' })],
  ])('ends a stream that has begun with run.failed afterwards, in %s', async (_, open) => {
    upstream.clear();
    const gate = new Gate();
    upstream.when('long', { does: 'reply', text: 'one two three four', hold: { afterDeltas: 2, until: gate.opened } });
    const stream = await open();
    await stream.readTo('message.delta');
    const logged = outage.service.logs.length;
    await outage.cut();
    gate.open();
    await until('the run has failed', () =>
      outage.service.logs.slice(logged).some(({ msg }) => string(msg).startsWith('failed to store the end of a run')),
    );
    await outage.mend();
    const events = await stream.rest();
    const last = events.at(-1);
    expect(last?.event).toBe('run.failed');
    expect(object(last?.data.error)).toMatchObject({ error: AWAY });
  });

  it('refuses frames of a WebSocket with the code, and keeps the socket open', async () => {
    const socket = await TestSocket.open(outage.service);
    await outage.cut();
    const frames: Json[] = [
      { type: 'chat', id: 'a', request: { message: 'hello' } },
      { type: 'subscribe', id: 'b', run_id: 'unknown' },
      { type: 'cancel', id: 'c', run_id: 'unknown' },
      { type: 'approve', id: 'd', run_id: 'unknown', approval_id: 'unknown', decision: 'approve' },
      { type: 'subscribe', id: 'e', task_id: 'unknown' },
    ];
    for (const frame of frames) {
      socket.send(frame);
      expect(await socket.error(string(frame.id))).toMatchObject({ error: AWAY });
    }
    await outage.mend();
    socket.send({ type: 'chat', id: 'f', request: { message: 'hello' } });
    await socket.frame('f', 'run.completed');
    socket.ws.close();
  });

  it('answers a repeat with the same key afterwards, and runs the agent once', async () => {
    const options = { headers: { 'idempotency-key': 'k-1' } };
    const body = { message: 'keyed' };
    // The commit of the run's start succeeds, but its answer is lost.
    outage.proxy.breakAfter('commit\0');
    expectAway(await chat(outage.service, body, options));
    await outage.mend();
    const answer = await until('it is answered', async () => {
      const repeated = await chat(outage.service, body, options);
      expect([200, 409, 503]).toContain(repeated.status);
      return repeated.status === 200 && repeated;
    });
    expect(answer.body).toMatchObject({ reply: 'Echo: keyed' });
    expect((await chat(outage.service, body, options)).body).toEqual(answer.body);
    expect(upstream.allAsked('keyed')).toHaveLength(1);
  });
});

describePostgres('while PostgreSQL is away, with tokens', () => {
  let issuer: Issuer;
  let outage: Outage;

  beforeAll(async () => {
    issuer = await Issuer.start();
    outage = await Outage.start({
      AUTH_MODE: 'jwt',
      JWT_ISSUER: issuer.url,
      JWT_AUDIENCE: AUDIENCE,
      JWKS_URI: issuer.jwksUri,
      // Without it, the service refuses to send a webhook again before it asks the database.
      WEBHOOK_SECRET: `whsec_${Buffer.alloc(32).toString('base64')}`,
    });
  });

  afterAll(async () => {
    await outage.end();
    await issuer.close();
  });

  it('answers 503 with Retry-After on every route that needs the database, and never 500', async () => {
    const operator = bearer(await issuer.sign({ sub: 'ada', tenant: 'acme', scope: SCOPES.join(' ') }));
    const routes = await routesOf(outage.service, operator);
    await outage.cut();
    const logged = outage.service.logs.length;
    const answered = new Map<string, Answer>();
    for (const route of routes) answered.set(nameOf(route), await call(outage.service, filled(route), operator, KNOWN));
    expect(answered.size).toBeGreaterThan(30);
    const ready = answered.get('GET /health/ready');
    expect(ready?.body).toMatchObject({ status: 'unavailable', database: 'down' });
    answered.delete('GET /health/ready');
    const others = [...answered].filter(([, { status, body }]) => status !== 503 || body.error !== AWAY);
    expect(others.map(([name]) => name).toSorted()).toEqual(WITHOUT_DATABASE.toSorted());
    for (const [, { status }] of others) expect([200, 400]).toContain(status);
    for (const [, answer] of answered) if (answer.status === 503) expectAway(answer);
    // The log has the reason, in one line per request, under its id.
    const id = string(answered.get('GET /api/v1/agent/sessions')?.headers['x-request-id']);
    const lines = await until('the log has it', () => {
      const found = outage.service.logsOf(id);
      return found.length >= 2 && found;
    });
    expect(new Set(lines.map(({ level }) => level))).toEqual(new Set(['info', 'warn']));
    expect(JSON.stringify(lines)).toContain('PostgreSQL cannot be reached');
    const all = outage.service.logs.slice(logged);
    expect(all.filter(({ level }) => level === 'error')).toEqual([]);
    expect(JSON.stringify(all)).not.toContain('"stack"');
  });
});

describePostgres('while PostgreSQL is away, and callers have keys', () => {
  let outage: Outage;
  let key: string;
  let routes: Route[];

  beforeAll(async () => {
    outage = await Outage.start({ AUTH_MODE: 'api-key', DOCS_PUBLIC: 'false', AUTH_FAILURE_LIMIT: '2' });
    key = await newKey(outage);
    routes = await routesOf(outage.service, bearer(key));
  });

  afterEach(() => outage.mend());

  afterAll(() => outage.end());

  it('answers 503 on every route, and counts no failed authentication', async () => {
    await outage.cut();
    const guarded = routes.filter(({ isClosed }) => isClosed);
    expect(guarded.length).toBeGreaterThan(20);
    await until('the key is no longer cached', async () => {
      const { status } = await send(outage.service, 'GET /api/v1/agent/roles', { headers: bearer(key) });
      return status === 503;
    });
    for (const route of guarded) expectAway(await call(outage.service, route, bearer(key)));
    for (const path of ['/docs', '/openapi.json', '/metrics', '/docs', '/openapi.json']) {
      expectAway(await send(outage.service, `GET ${path}`, { headers: bearer(key) }));
    }
    const refused = await refusalOf(outage.service, { headers: bearer(key) });
    expect(refused).toMatchObject({ status: 503, body: { error: AWAY } });
    expect(refused.headers['retry-after']).toBe('1');
    await outage.mend();
    expect((await send(outage.service, 'GET /docs', { headers: bearer(key) })).status).toBe(200);
    // If these failures counted, the service would refuse the address by now.
    expect((await send(outage.service, 'GET /docs', { headers: bearer('nonsense') })).status).toBe(401);
  });

  it('names the cause but not the password on the command line', async () => {
    await outage.cut();
    const url = outage.databaseUrl.replace('postgres@', 'postgres:hunter2@');
    const { promise, resolve } = Promise.withResolvers<{ code: unknown; output: string }>();
    const env = { ...CHILD_ENVIRONMENT, DATABASE_URL: url, OPENAI_API_KEY: API_KEY };
    execFile(process.execPath, [KEYS_MAIN, 'list'], { env }, (error, stdout, stderr) =>
      resolve({ code: error?.code, output: stdout + stderr }),
    );
    const { code, output } = await promise;
    expect(code).toBe(1);
    expect(output).toMatch(/^PostgreSQL cannot be reached: .*\n$/);
    expect(output).not.toContain('hunter2');
  });
});

describePostgres('messages while PostgreSQL is away', () => {
  const patterns: [string, Json][] = [
    ['agent.chat', { message: 'hello' }],
    ['agent.tasks.create', { message: 'hello' }],
    ['agent.tasks.get', { task_id: 'unknown' }],
    ['agent.tasks.cancel', { task_id: 'unknown' }],
  ];

  async function expectRefused(outage: Outage, caller: RpcCaller): Promise<void> {
    try {
      await caller.call('agent.tasks.get', { task_id: 'unknown' });
      await outage.cut();
      for (const [pattern, payload] of patterns) {
        const { error } = await caller.call(pattern, payload);
        expect(error).toMatchObject({ error: AWAY, status: 503, retry_after: 1 });
        expect(JSON.stringify(error)).not.toMatch(/postgres|ECONN/i);
      }
    } finally {
      await caller.close();
      await outage.end();
    }
  }

  it('fail with the code over TCP', async () => {
    const outage = await Outage.start({ RPC_TRANSPORT: 'tcp', RPC_PORT: '0' });
    const port = Number(outage.service.logs.find(({ msg }) => msg === 'listening for messages')?.port);
    await expectRefused(outage, RpcCaller.overTcp(port));
  });

  (REDIS_URL === '' ? it.skip : it)('fail with the code over Redis', async () => {
    const outage = await Outage.start({ RPC_TRANSPORT: 'redis', RPC_URL: REDIS_URL });
    await expectRefused(outage, RpcCaller.overRedis(REDIS_URL));
  });

  describeNats('with NATS', () => {
    it('fail with the code over NATS', async () => {
      const { url, own } = await startNats();
      const outage = await Outage.start({ RPC_TRANSPORT: 'nats', RPC_URL: url });
      await expectRefused(outage, RpcCaller.overNats(url));
      await own?.kill();
    });
  });
});
