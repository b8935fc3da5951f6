import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CanActivate, ForbiddenException, type INestApplication } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Agent, AgentModule, AgentRunnerService, type NewApiKey, openKeys } from '../../src/index.js';
import { readApiKey } from '../../src/auth/api-key.format.js';
import { RpcController, rpcServer, type RpcTransport } from '../../src/rpc/index.js';
import { ScriptedModel } from '../../src/testing/index.js';
import { chat, send } from '../support/clients/client.js';
import { object, string } from '../support/json.js';
import { OtlpCollector } from '../support/servers/otlp.collector.js';
import { describeOwnRedis, OwnRedis } from '../support/storage/redis.js';
import {
  describeNats,
  framed,
  itOnOwnNats,
  RpcCaller,
  sendBytes,
  startNats,
  startOwnNats,
} from '../support/clients/rpc.js';
import { removeServices, startPairProcess } from '../support/service/service.js';
import { Gate, until } from '../support/until.js';

const LIMIT_MS = 60_000;
const collector = await OtlpCollector.start();
const { service, upstream } = await startPairProcess('chat', {
  AUTH_MODE: 'api-key',
  AUTH_FAILURE_LIMIT: '10',
  RPC_TRANSPORT: 'tcp',
  RPC_PORT: '0',
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
});
const port = Number(service.logs.find(({ msg }) => msg === 'listening for messages')?.port);
const opened = await openKeys(service.databaseUrl);
const { keys } = opened;
const key = await keyFor({});
const caller = RpcCaller.overTcp(port);

afterAll(async () => {
  await caller.close();
  await opened.close();
  await removeServices();
});

describe('agent.chat', () => {
  it('answers as POST /chat does', async () => {
    const { answer } = await caller.call('agent.chat', { message: 'one', session_id: 'rpc-1', credentials: key });
    const overHttp = await chat(service, { message: 'two', session_id: 'rpc-1' }, bearer());

    expect(answer).toMatchObject({ reply: 'Echo: one', session_id: 'rpc-1' });
    expect(Object.keys(answer ?? {}).toSorted()).toEqual(Object.keys(overHttp.body).toSorted());
    expect(upstream.asked('two')?.messages.map(({ content }) => content)).toContain('Echo: one');
  });

  it.each([
    ['as they are', () => key],
    ['as a header', () => ({ authorization: `Bearer ${key}` })],
    ['as a key', () => ({ api_key: key, end_user: 'ada' })],
  ])('accepts credentials %s', async (_, credentials) => {
    const { answer } = await caller.call('agent.chat', { message: 'hello', credentials: credentials() });
    expect(answer).toMatchObject({ reply: 'Echo: hello' });
  });

  it('repeats the first answer for the same key', async () => {
    const message = { message: 'once', idempotency_key: 'k-1', credentials: key };
    const [first, second] = [await caller.call('agent.chat', message), await caller.call('agent.chat', message)];

    expect(first.answer).toMatchObject({ reply: 'Echo: once' });
    expect(second).toEqual(first);
    expect(upstream.allAsked('once')).toHaveLength(1);
    const reused = await caller.call('agent.chat', { ...message, message: 'other' });
    expect(reused.error).toMatchObject({ error: 'idempotency_key_reused', status: 422 });
  });

  it('is cancelled if the socket of its caller closes', async () => {
    upstream.when('abandoned', { does: 'stay silent' });
    const data = { message: 'abandoned', credentials: key };
    const { socket } = await sendBytes(port, framed({ pattern: 'agent.chat', id: 'a', data }));
    await until('the model is called', () => upstream.asked('abandoned'));
    socket.destroy();

    await until('its socket is closed too', () => upstream.asked('abandoned')?.abandonedAt);
    await until('it is logged', () =>
      service.logs.find(({ pattern, status }) => pattern === 'agent.chat' && status === 499),
    );
  });

  it('is cancelled if a rotation replaces the key of its caller', async () => {
    upstream.when('of the old key', { does: 'stay silent' });
    const old = await keyFor({});
    const call = caller.call('agent.chat', { message: 'of the old key', credentials: old });
    await until('the model is called', () => upstream.asked('of the old key'));

    await keys.rotate(string(old.split('_')[1]));

    expect((await call).error).toMatchObject({ error: 'unauthenticated', status: 401 });
  });

  it('accepts a key of an earlier release until the end of its overlap, or its revocation', async () => {
    const [overlapping, revoked] = [await keyFor({}), await keyFor({})];
    const ask = (message: string, credentials: string) => caller.call('agent.chat', { message, credentials });
    for (const [made, message] of [
      [overlapping, 'of the overlapping key'],
      [revoked, 'of the revoked key'],
    ] as const) {
      const id = string(made.split('_')[1]);
      const old = `rk_${id}_${readApiKey(made)?.secret}`;
      upstream.when(message, { does: 'stay silent' });
      const call = ask(message, old);
      await until('the model is called', () => upstream.asked(message));

      if (made === revoked) await keys.revoke(id);
      else {
        await keys.rotate(id, 1000);
        expect((await ask('meanwhile', old)).answer).toMatchObject({ reply: 'Echo: meanwhile' });
      }

      expect((await call).error).toMatchObject({ error: expect.stringMatching(/^(unauthenticated|run_cancelled)$/) });
      // The revocation may end the run before the replica has read the key again.
      await until('it is refused', async () => (await ask('later', old)).error?.error === 'unauthenticated');
    }
  });

  it('belongs to the trace of its caller, and has a line in the log', async () => {
    const traceId = 'a'.repeat(32);
    const message = { message: 'traced', request_id: 'rpc-traced', traceparent: `00-${traceId}-${'b'.repeat(16)}-01` };
    await caller.call('agent.chat', { ...message, credentials: key });

    const spans = await until('the spans have arrived', () => {
      const all = collector.spans.filter((span) => span.traceId === traceId);
      return all.some(({ name }) => name === 'agent.chat') && all.some(({ name }) => name.startsWith('invoke')) && all;
    });
    const request = spans.find(({ name }) => name === 'agent.chat');
    expect(request?.parentId).toBe('b'.repeat(16));
    expect(spans.find(({ name }) => name.startsWith('invoke'))?.parentId).toBe(request?.spanId);
    expect(service.logsOf('rpc-traced').find(({ msg }) => msg === 'request')).toMatchObject({
      pattern: 'agent.chat',
      status: 200,
      duration_ms: expect.any(Number),
      trace_id: traceId,
    });
  });
});

describe('agent.tasks', () => {
  it('are created, read and cancelled', async () => {
    upstream.when('long', { does: 'stay silent' });
    const quick = await caller.call('agent.tasks.create', { message: 'quick', credentials: key });
    const long = await caller.call('agent.tasks.create', { message: 'long', credentials: key });
    expect(quick.answer).toMatchObject({ status: 'queued', task_id: expect.any(String) });
    const [quickId, longId] = [quick, long].map(({ answer }) => string(answer?.task_id));

    await until('it is done', async () => {
      const { answer } = await caller.call('agent.tasks.get', { task_id: quickId, credentials: key });
      return object(answer?.result).reply === 'Echo: quick';
    });
    await until('the model is called', () => upstream.asked('long'));
    const cancelled = await caller.call('agent.tasks.cancel', { task_id: longId, credentials: key });
    expect(cancelled.answer).toMatchObject({ task_id: longId, status: expect.stringMatching(/running|cancelled/) });
    await until('it is cancelled', async () => {
      const { answer } = await caller.call('agent.tasks.get', { task_id: longId, credentials: key });
      return answer?.status === 'cancelled';
    });
    const overHttp = await send(service, `GET /api/v1/agent/tasks/${longId}`, bearer());
    expect((await caller.call('agent.tasks.get', { task_id: longId, credentials: key })).answer).toEqual(overHttp.body);
    const late = await caller.call('agent.tasks.cancel', { task_id: quickId, credentials: key });
    expect(late.error).toMatchObject({ error: 'task_already_finished', status: 409 });
  });

  it('are hidden from another tenant, but not from the operator', async () => {
    const { answer } = await caller.call('agent.tasks.create', { message: 'mine', credentials: key });
    const task_id = answer?.task_id;
    const other = await keyFor({ tenant: 'umbrella' });
    const operator = await keyFor({ tenant: 'ops', scopes: ['admin'] });
    for (const pattern of ['agent.tasks.get', 'agent.tasks.cancel']) {
      const { error } = await caller.call(pattern, { task_id, credentials: other });
      expect(error).toMatchObject({ error: 'task_not_found', status: 404 });
      const named = await caller.call(pattern, { task_id, tenant: 'acme', credentials: other });
      expect(named.error).toMatchObject({ error: 'forbidden', status: 403 });
    }
    const found = await caller.call('agent.tasks.get', { task_id, tenant: 'acme', credentials: operator });
    expect(found.answer).toMatchObject({ task_id });
  });
});

describe('an error', () => {
  it.each([
    { message: 'a', temperature: 5 },
    { message: '' },
    { message: 'a', more: 1 },
    { message: 1, session_id: '..' },
    { message: 'a', agent_role: 'nobody' },
  ])('has the same body as over HTTP: %j', async (body: object) => {
    const headers = { ...bearer().headers, 'x-request-id': 'same' };
    const overHttp = await send(service, 'POST /api/v1/agent/chat', { body, headers });
    const { error } = await caller.call('agent.chat', { ...body, request_id: 'same', credentials: key });

    expect(overHttp.status).toBe(422);
    expect(error).toEqual({ ...overHttp.body, status: 422 });
  });

  it.each(['{"message":"a","__proto__":{"b":1}}', '{"message":"a","constructor":{"prototype":1}}'])(
    'refuses the names that every object has: %s',
    async (text) => {
      const data = text.replace('{', `{"credentials":"${key}",`);
      const { socket, said } = await sendBytes(port, framed(`{"pattern":"agent.chat","id":"a","data":${data}}`));
      await until('it is answered', () => said().includes('"validation_failed"'));
      socket.destroy();
    },
  );

  it.each([
    [{}, 'unauthenticated', 401],
    [{ credentials: 'nonsense' }, 'unauthenticated', 401],
    [{ credentials: { api_key: 'rk_0_0' } }, 'unauthenticated', 401],
    [{ credentials: 1 }, 'validation_failed', 422],
    [{ credentials: { api_key: 1 } }, 'validation_failed', 422],
    [{ credentials: { password: 'a' } }, 'validation_failed', 422],
    [{ credentials: { authorization: ['a'] } }, 'validation_failed', 422],
  ])('names the fault of the credentials of %j', async (envelope, error, status) => {
    const refused = await caller.call('agent.chat', { message: 'a', ...envelope });
    expect(refused.error).toMatchObject({ error, status, request_id: expect.any(String) });
  });

  it('names the missing scope', async () => {
    const [chats, tasks] = [await keyFor({ scopes: ['chat'] }), await keyFor({ scopes: ['tasks'] })];
    const asked = { message: 'a', task_id: 'a' };
    const refused = [
      await caller.call('agent.chat', { ...asked, credentials: tasks }),
      await caller.call('agent.tasks.create', { ...asked, credentials: chats }),
      await caller.call('agent.tasks.get', { ...asked, credentials: chats }),
      await caller.call('agent.tasks.cancel', { ...asked, credentials: chats }),
    ];
    expect(refused.map(({ error }) => error?.error)).toEqual(Array.from(refused, () => 'forbidden'));
    expect(refused[0]?.error?.detail).toBe('These credentials lack the scope chat.');
  });

  it('reports when to retry, and shares its limit with HTTP', async () => {
    const credentials = await keyFor({ requestsPerMinute: 2 });
    await send(service, 'GET /api/v1/agent/roles', { headers: { authorization: `Bearer ${credentials}` } });
    expect((await caller.call('agent.chat', { message: 'a', credentials })).answer).toBeDefined();
    const { error } = await caller.call('agent.chat', { message: 'a', credentials });
    expect(error).toMatchObject({ error: 'rate_limited', status: 429, retry_after: expect.any(Number) });
  });

  it.each([
    ['agent.nothing', {}, 'not_found', 404],
    [{ agent: 'chat' }, {}, 'not_found', 404],
    ['agent.chat', 'a', 'malformed_request', 400],
    ['agent.chat', ['a'], 'malformed_request', 400],
    ['agent.chat', { message: 'ä'.repeat(140_000) }, 'payload_too_large', 413],
  ])('answers the pattern %j', async (pattern, payload, error, status) => {
    const { proxy } = caller;
    const refused = await new Promise((resolve) => {
      proxy.send(pattern, payload).subscribe({ error: resolve });
    });
    expect(refused).toMatchObject({ error, status, request_id: expect.any(String) });
  });

  it('also answers callers that fail too often', async () => {
    const codes = new Set<unknown>();
    for (let count = 0; count < 12; count++) {
      codes.add((await caller.call('agent.chat', { message: 'a', credentials: 'bad' })).error?.error);
    }
    expect(codes).toContain('rate_limited');
    expect((await caller.call('agent.chat', { message: 'a', credentials: key })).answer).toBeDefined();
  });

  it('hides the cause of an unexpected failure', async () => {
    upstream.when('broken', { does: 'answer html' });
    const { error } = await caller.call('agent.chat', { message: 'broken', credentials: key });
    expect(error).toMatchObject({ error: 'model_error', status: 502 });
    expect(JSON.stringify(error)).not.toContain('html');
  });
});

describe('an invalid message', () => {
  it.each([
    ['bytes', Buffer.from([0, 255, 35, 128, 35, 7])],
    ['an invalid length', 'abc#{}'],
    ['a web page', 'POST / HTTP/1.1\r\nHost: a\r\n\r\n20#{"pattern":"a","id":1}'],
    ['half of a message', '3#{"pattern":"agent.chat"}'],
    ['no JSON', framed('{"pattern":')],
    ['a message beyond the limit', `400000#${'a'.repeat(400_000)}`],
  ])('ends its connection: %s', async (_, bytes) => {
    const { socket } = await sendBytes(port, bytes);
    await until('it is cut', () => socket.destroyed, LIMIT_MS);
  });

  it.each([
    ['null', framed('null')],
    ['a word', framed('"agent.chat"')],
    ['a number', framed('7')],
    ['a list', framed('[]')],
    ['depth', framed(`${'['.repeat(60_000)}${']'.repeat(60_000)}`)],
    ['a deep pattern', framed(`{"pattern":${'{"a":'.repeat(30_000)}1${'}'.repeat(30_000)},"id":1}`)],
    [
      'a deep body',
      framed(`{"pattern":"agent.chat","id":1,"data":{"message":${'['.repeat(60_000)}${']'.repeat(60_000)}}}`),
    ],
    ['an empty event', framed({ pattern: 'agent.chat', data: { message: 'event', credentials: key } })],
    ['a prototype', framed('{"__proto__":{"id":1},"pattern":"agent.chat"}')],
    ['a huge length', '999999999999#{'],
  ])('is ignored or answered: %s', async (_, bytes) => {
    const { socket } = await sendBytes(port, bytes);
    const { answer } = await caller.call('agent.chat', { message: 'alive', credentials: key });
    expect(answer).toMatchObject({ reply: 'Echo: alive' });
    socket.destroy();
  });

  it('does not start a run for an event', () => {
    expect(upstream.asked('event')).toBeUndefined();
  });

  it('is not logged as an error', () => {
    expect(service.logs.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

interface Replica {
  readonly app: INestApplication;
  readonly model: ScriptedModel;
}

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

/** A guard that a host may apply to all entry points. */
class MoodyGuard implements CanActivate {
  canActivate(context: { switchToRpc(): { getData(): unknown } }): boolean {
    const { message } = object(context.switchToRpc().getData());
    if (message === 'refused') throw new ForbiddenException('a secret');
    if (message === 'broken') throw new Error('a secret');
    return true;
  }
}

/** Hosts of the module that share a broker, each with its own database and model. */
class Hosts {
  readonly replicas: Replica[] = [];
  readonly #folders: string[] = [];

  constructor(private readonly transport: RpcTransport) {}

  /** The messages that the models received. */
  get asked(): string[] {
    return this.replicas.flatMap(({ model }) => model.requests.map(({ messages }) => messages.at(-1)?.content ?? ''));
  }

  async add(hold?: Promise<void>): Promise<Replica> {
    const folder = await mkdtemp(join(tmpdir(), 'rookery-rpc-'));
    this.#folders.push(folder);
    const model = new HeldModel(hold);
    const databaseUrl = `file:${join(folder, 'rookery.db')}`;
    const module = await Test.createTestingModule({
      imports: [
        AgentModule.forRoot({ model, databaseUrl, rpc: RpcController, rateLimit: { requests: 0, windowSeconds: 1 } }),
      ],
      providers: [AssistantAgent],
    }).compile();
    const app = module.createNestApplication(new FastifyAdapter(), { logger: false });
    app.useGlobalGuards(new MoodyGuard());
    app.connectMicroservice({ strategy: rpcServer(this.transport) }, { inheritAppConfig: true });
    await app.init();
    await app.startAllMicroservices();
    const replica = { app, model };
    this.replicas.push(replica);
    return replica;
  }

  async remove(): Promise<void> {
    await Promise.all(this.replicas.map(({ app }) => app.close()));
    await Promise.all(this.#folders.map((folder) => rm(folder, { recursive: true, force: true })));
  }
}

/** Answers with its message once the hold ends. */
class HeldModel extends ScriptedModel {
  constructor(private readonly hold: Promise<void> = Promise.resolve()) {
    super(
      ...Array.from(
        { length: 200 },
        () =>
          ({ messages }: { messages: readonly { content: string }[] }) =>
            `Heard: ${messages.at(-1)?.content}`,
      ),
    );
  }

  override async reply(...asked: Parameters<ScriptedModel['reply']>) {
    const reply = await super.reply(...asked);
    await this.hold;
    return reply;
  }
}

async function checkReplicas(transport: RpcTransport, client: RpcCaller): Promise<void> {
  const gate = new Gate();
  const hosts = new Hosts(transport);
  let refusals = 0;
  const hear = async (message: string): Promise<unknown> => {
    const { answer, error } = await client.call('agent.chat', { message });
    // A host that shuts down answers with `draining`; the caller retries.
    if (error?.error !== 'draining') return answer?.reply ?? error;
    refusals++;
    return hear(message);
  };
  const askAll = (count: number, name: string) => Array.from({ length: count }, (_, index) => hear(`${name}-${index}`));
  const heard = (count: number, name: string) => Array.from({ length: count }, (_, index) => `Heard: ${name}-${index}`);
  try {
    await hosts.add();
    const ending = await hosts.add(gate.opened);
    const held = askAll(4, 'held');
    await until('all are called', () => hosts.asked.length === held.length);
    const taken = ending.model.requests.length;

    // The service reports a host's refusals and failures with its own errors.
    const refused = await client.call('agent.chat', { message: 'refused', request_id: 'r-1' });
    expect(refused.error).toMatchObject({ error: 'forbidden', status: 403, request_id: 'r-1' });
    const broken = await client.call('agent.chat', { message: 'broken' });
    expect(broken.error).toMatchObject({ error: 'internal_error', status: 500 });
    expect(JSON.stringify([refused, broken])).not.toContain('a secret');

    // A host that shuts down finishes its accepted calls and leaves new ones to the others.
    const closed = ending.app.close();
    await until('it drains', () => ending.app.get(AgentRunnerService).isDraining);
    await hear('probe');
    refusals = 0;
    expect(await Promise.all(askAll(20, 'new'))).toEqual(heard(20, 'new'));
    expect(refusals).toBe(0);
    expect(ending.model.requests).toHaveLength(taken);
    gate.open();
    expect(await Promise.all(held)).toEqual(heard(held.length, 'held'));
    await closed;

    // Exactly one of the remaining hosts runs each call.
    await hosts.add();
    expect(await Promise.all(askAll(40, 'once'))).toEqual(heard(40, 'once'));
    const once = hosts.asked.filter((message) => message.startsWith('once'));
    expect(once).toHaveLength(new Set(once).size);
  } finally {
    gate.open();
    await client.close();
    await hosts.remove();
  }
}

describeOwnRedis('replicas by Redis', () => {
  it('reconnect after an outage, and shut down during one', async () => {
    const redis = await OwnRedis.start();
    await checkOutage({ transport: 'redis', url: redis.url }, redis, () => RpcCaller.overRedis(redis.url));
  });

  it('run each message once, and end without losing one', async () => {
    const redis = await OwnRedis.start();
    try {
      await checkReplicas({ transport: 'redis', url: redis.url }, RpcCaller.overRedis(redis.url));
    } finally {
      await redis.kill();
    }
  });
});

/** The broker goes away and comes back. */
async function checkOutage(
  transport: RpcTransport,
  broker: { kill(): Promise<void>; start(): Promise<void> },
  open: () => RpcCaller,
): Promise<void> {
  const hosts = new Hosts(transport);
  try {
    await hosts.add();
    await broker.kill();
    await broker.start();
    const message = { message: 'again' };
    await until('it answers again', async () => {
      const client = open();
      const { answer } = await client.call('agent.chat', message, 500);
      await client.close();
      return answer?.reply === 'Heard: again';
    });
    await broker.kill();
  } finally {
    // The host shuts down even without a broker.
    await hosts.remove();
  }
}

describeNats('replicas by NATS', () => {
  itOnOwnNats('reconnect after an outage, and shut down during one', async () => {
    const { url, own } = await startOwnNats();
    await checkOutage({ transport: 'nats', url }, own, () => RpcCaller.overNats(url));
  });

  it('run each message once, and end without losing one', async () => {
    const nats = await startNats();
    try {
      await checkReplicas({ transport: 'nats', url: nats.url }, RpcCaller.overNats(nats.url));
    } finally {
      await nats.own?.kill();
    }
  });
});

describe('SIGTERM', () => {
  it('answers accepted messages, refuses new ones, and ends with code 0', async () => {
    const gate = new Gate();
    upstream.when('last', { does: 'reply', hold: { afterDeltas: 1, until: gate.opened } });
    const running = caller.call('agent.chat', { message: 'last', credentials: key });
    await until('the model is called', () => upstream.asked('last'));
    service.signal('SIGTERM');
    await until('it is not ready', async () => (await send(service, 'GET /health/ready')).status === 503);

    for (const pattern of ['agent.chat', 'agent.tasks.create']) {
      const { error } = await caller.call(pattern, { message: 'new', credentials: key });
      expect(error).toMatchObject({ error: 'draining', status: 503, retry_after: expect.any(Number) });
    }
    gate.open();
    expect((await running).answer).toMatchObject({ reply: 'Echo: last' });
    expect(await service.exited).toBe(0);
    expect(upstream.asked('new')).toBeUndefined();
  });
});

async function keyFor(wanted: Partial<NewApiKey>): Promise<string> {
  const made = { name: 'rpc', tenant: 'acme', scopes: ['chat', 'tasks'] as const, ...wanted };
  return (await keys.create(made, 'test')).key;
}

function bearer(): { headers: Record<string, string> } {
  return { headers: { authorization: `Bearer ${key}` } };
}
