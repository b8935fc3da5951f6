import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CanActivate, type ExecutionContext, type INestApplication, UnauthorizedException } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { WsAdapter } from '@nestjs/platform-ws';
import { Test } from '@nestjs/testing';
import { Agent, AgentModule, Tool } from '../../src/index.js';
import { ScriptedModel } from '../../src/testing/index.js';
import { ChatGateway } from '../../src/websocket/index.js';
import { historyOf, send } from '../support/clients/client.js';
import { object, string } from '../support/json.js';
import { removeServices, startPair, startService, startPairProcess } from '../support/service/service.js';
import { refusalOf, SOCKET_PATH, TestSocket } from '../support/clients/socket.js';
import { deltasOf, openStream } from '../support/clients/sse.js';
import { Gate, until } from '../support/until.js';

const ORIGIN = 'https://app.example';

const [pair, graceless, limited] = await Promise.all([
  startPair('chat'),
  startPair('chat', { STREAM_GRACE_SECONDS: '0', CORS_ORIGINS: ORIGIN }),
  startService({ RATE_LIMIT_REQUESTS: '3', TRUST_PROXY: '127.0.0.1' }),
]);
const { service, upstream } = pair;

afterAll(removeServices);

beforeEach(() => {
  upstream.clear();
  graceless.upstream.clear();
});

describe('a chat frame', () => {
  it('runs an agent and sends its events under its id, like a stream', async () => {
    const socket = await TestSocket.open(service);
    socket.send({ type: 'chat', id: 'a', request: { message: 'one two', session_id: 'ws-1' } });
    const completed = await socket.frame('a', 'run.completed');

    const events = socket.under('a');
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect(socket.typesUnder('a')[0]).toBe('run.started');
    expect(events.map(({ delta }) => string(delta)).join('')).toBe('Echo: one two');
    expect(completed.response).toMatchObject({ session_id: 'ws-1', reply: 'Echo: one two' });
    expect(await historyOf(service, 'ws-1')).toHaveLength(2);
  });

  it('runs beside others on the same socket', async () => {
    const gate = new Gate();
    upstream.when('slow', { does: 'reply', hold: { afterDeltas: 1, until: gate.opened } });
    const socket = await TestSocket.open(service);
    socket.send({ type: 'chat', id: 'slow', request: { message: 'slow' } });
    await socket.frame('slow', 'message.delta');
    socket.send({ type: 'chat', id: 'quick', request: { message: 'quick' } });
    await socket.frame('quick', 'run.completed');

    expect(socket.typesUnder('slow')).not.toContain('run.completed');
    gate.open();
    await socket.frame('slow', 'run.completed');
  });

  it('fails as an event once its run has started, and as an error before', async () => {
    upstream.when('broken', { does: 'refuse', status: 400 });
    const socket = await TestSocket.open(service);
    socket.send({ type: 'chat', id: 'late', request: { message: 'broken' } });
    socket.send({ type: 'chat', id: 'early', request: { message: 'a', agent_role: 'nobody' } });

    expect((await socket.frame('late', 'run.failed')).error).toMatchObject({ error: 'model_error' });
    expect(await socket.error('early')).toMatchObject({ error: 'validation_failed', request_id: expect.any(String) });
  });

  it('may not use an id in use, nor exceed 32 at once', async () => {
    const gate = new Gate();
    upstream.always({ does: 'reply', hold: { afterDeltas: 1, until: gate.opened } });
    const socket = await TestSocket.open(service);
    for (let n = 0; n < 33; n++) socket.send({ type: 'chat', id: `n${n}`, request: { message: 'a' } });
    expect(await socket.error('n32')).toMatchObject({ error: 'overloaded' });
    await socket.frame('n0', 'message.delta');
    socket.send({ type: 'chat', id: 'n0', request: { message: 'a' } });

    expect(await socket.error('n0')).toMatchObject({ error: 'validation_failed', errors: [{ field: 'id' }] });
    gate.open();
    await until('all are answered', () => socket.frames.filter(({ type }) => type === 'run.completed').length === 32);
    socket.send({ type: 'chat', id: 'n0', request: { message: 'again' } });
    await until(
      'the id is free again',
      () => socket.typesUnder('n0').filter((t) => t === 'run.completed').length === 2,
    );
  });
});

describe('a subscription', () => {
  it('replays a run from any event, over another socket', async () => {
    const first = await TestSocket.open(service);
    first.send({ type: 'chat', id: 'a', request: { message: 'one two three' } });
    const { run_id } = await first.frame('a', 'run.completed');
    const received = first.under('a');

    const second = await TestSocket.open(service);
    second.send({ type: 'subscribe', id: 'all', run_id });
    second.send({ type: 'subscribe', id: 'rest', run_id, after: 2 });
    await second.frame('all', 'run.completed');
    await second.frame('rest', 'run.completed');

    expect(second.under('all')).toEqual(received.map((event) => Object.assign({}, event, { id: 'all' })));
    expect(second.under('rest')).toEqual(received.slice(2).map((event) => Object.assign({}, event, { id: 'rest' })));
  });

  it('continues live, even for a run begun over HTTP', async () => {
    const gate = new Gate();
    upstream.always({ does: 'reply', hold: { afterDeltas: 1, until: gate.opened } });
    const stream = await openStream(service, { message: 'live' });
    const [started] = await stream.readTo('message.delta');
    const socket = await TestSocket.open(service);
    socket.send({ type: 'subscribe', id: 's', run_id: started?.data.run_id });
    await socket.frame('s', 'message.delta');
    gate.open();

    await socket.frame('s', 'run.completed');
    expect(
      socket
        .under('s')
        .map(({ delta }) => string(delta))
        .join(''),
    ).toBe(`Echo: live`);
    expect(deltasOf(await stream.rest())).not.toBe('');
  });

  it('keeps a run within the grace period after its socket has closed', async () => {
    const gate = new Gate();
    upstream.always({ does: 'reply', hold: { afterDeltas: 1, until: gate.opened } });
    const first = await TestSocket.open(service);
    first.send({ type: 'chat', id: 'a', request: { message: 'stay' } });
    const { run_id, sequence } = await first.frame('a', 'message.delta');
    first.ws.terminate();

    const second = await TestSocket.open(service);
    second.send({ type: 'subscribe', id: 'b', run_id, after: sequence });
    gate.open();
    expect((await second.frame('b', 'run.completed')).response).toMatchObject({ reply: 'Echo: stay' });
    expect(second.under('b')[0]?.sequence).toBe(Number(sequence) + 1);
  });

  it('follows a task by its run id or its task id', async () => {
    const task = await send(service, 'POST /api/v1/agent/tasks', { body: { message: 'later' } });
    const socket = await TestSocket.open(service);
    socket.send({ type: 'subscribe', id: 'task', task_id: task.body.task_id });
    socket.send({ type: 'subscribe', id: 'run', run_id: task.body.task_id });

    await socket.frame('task', 'run.completed');
    await socket.frame('run', 'run.completed');
  });

  it('returns the status of a finished run without more events', async () => {
    const socket = await TestSocket.open(service);
    socket.send({ type: 'chat', id: 'a', request: { message: 'done' } });
    const { run_id, sequence } = await socket.frame('a', 'run.completed');
    socket.send({ type: 'subscribe', id: 'b', run_id, after: sequence });

    expect(await socket.frame('b', 'run.state')).toEqual({ type: 'run.state', id: 'b', run_id, status: 'completed' });
  });

  it('is refused as over HTTP', async () => {
    const socket = await TestSocket.open(service);
    socket.send({ type: 'chat', id: 'a', request: { message: 'done' } });
    const { run_id, sequence } = await socket.frame('a', 'run.completed');
    const refused = {
      run_not_found: { run_id: randomUUID() },
      // The id of a run, not of a task.
      task_not_found: { task_id: run_id },
      validation_failed: { run_id, after: Number(sequence) + 1 },
    };

    for (const [error, frame] of Object.entries(refused)) {
      socket.send({ type: 'subscribe', id: error, ...frame });
      expect(await socket.error(error)).toMatchObject({ error });
    }
  });
});

describe('a cancel frame', () => {
  it('ends the run and its request to the provider', async () => {
    upstream.always({ does: 'reply', hold: { afterDeltas: 1, until: new Gate().opened } });
    const socket = await TestSocket.open(service);
    socket.send({ type: 'chat', id: 'a', request: { message: 'stop me' } });
    const { run_id } = await socket.frame('a', 'message.delta');
    socket.send({ type: 'cancel', id: 'c', run_id });

    expect(await socket.frame('c', 'run.state')).toMatchObject({ run_id });
    await socket.frame('a', 'run.cancelled');
    await until('the provider lost its caller', () => upstream.asked('stop me')?.abandonedAt);
  });

  it('is refused for a finished or unknown run', async () => {
    const socket = await TestSocket.open(service);
    socket.send({ type: 'chat', id: 'a', request: { message: 'done' } });
    const { run_id } = await socket.frame('a', 'run.completed');
    socket.send({ type: 'cancel', id: 'over', run_id });
    socket.send({ type: 'cancel', id: 'unknown', run_id: 'nothing' });

    expect(await socket.error('over')).toMatchObject({ error: 'task_already_finished' });
    expect(await socket.error('unknown')).toMatchObject({ error: 'run_not_found' });
  });
});

describe('a bad frame', () => {
  it.each([
    { frame: 'no json', id: null, error: 'malformed_request' },
    { frame: '[]', id: null, error: 'malformed_request' },
    { frame: 'null', id: null, error: 'malformed_request' },
    { frame: Buffer.from('{"type":"chat"}'), id: null, error: 'malformed_request' },
    { frame: '{}', id: null, error: 'validation_failed', field: 'type' },
    { frame: '{"type":"toString","id":"x"}', id: 'x', error: 'validation_failed', field: 'type' },
    { frame: '{"type":"chat","id":5,"request":{"message":"a"}}', id: null, error: 'validation_failed', field: 'id' },
    { frame: '{"type":"chat","request":{"message":"a"}}', id: null, error: 'validation_failed', field: 'id' },
    { frame: '{"type":"chat","id":"x"}', id: 'x', error: 'validation_failed', field: 'request' },
    { frame: '{"type":"chat","id":"x","request":[]}', id: 'x', error: 'validation_failed', field: 'request' },
    { frame: '{"type":"chat","id":"x","request":{}}', id: 'x', error: 'validation_failed', field: 'message' },
    {
      frame: '{"type":"chat","id":"x","request":{"message":"a","temperature":5}}',
      id: 'x',
      error: 'validation_failed',
      field: 'temperature',
    },
    {
      frame: '{"type":"chat","id":"x","request":{"message":"a","constructor":1}}',
      id: 'x',
      error: 'validation_failed',
      field: 'constructor',
    },
    {
      frame: '{"type":"chat","id":"x","request":{"message":"a"},"more":1}',
      id: 'x',
      error: 'validation_failed',
      field: 'more',
    },
    { frame: '{"type":"subscribe","id":"x"}', id: 'x', error: 'validation_failed', field: 'run_id' },
    {
      frame: '{"type":"subscribe","id":"x","run_id":"a","task_id":"b"}',
      id: 'x',
      error: 'validation_failed',
      field: 'run_id',
    },
    {
      frame: '{"type":"subscribe","id":"x","run_id":"a","after":-1}',
      id: 'x',
      error: 'validation_failed',
      field: 'after',
    },
    { frame: '{"type":"cancel","id":"x"}', id: 'x', error: 'validation_failed', field: 'run_id' },
    {
      frame: '{"type":"approve","id":"x","run_id":"a","approval_id":"b","decision":"maybe"}',
      id: 'x',
      error: 'validation_failed',
      field: 'decision',
    },
  ])('gets an error without closing the socket: $frame', async ({ frame, id, error, field }) => {
    const socket = await TestSocket.open(service);
    socket.ws.send(frame);

    const received = await socket.error(id);
    expect(received).toMatchObject({ error, detail: expect.any(String), request_id: expect.any(String) });
    if (field !== undefined) expect(received.errors).toMatchObject([{ field }]);
    socket.send({ type: 'chat', id: 'after', request: { message: 'still there' } });
    await socket.frame('after', 'run.completed');
    expect(upstream.requests).toHaveLength(1);
  });

  it('closes the socket with 1009 above 256 KiB', async () => {
    const socket = await TestSocket.open(service);
    socket.send({ type: 'chat', id: 'a', request: { message: 'x'.repeat(256 * 1024) } });

    expect(await socket.code()).toBe(1009);
    expect(service.logs.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('an upgrade', () => {
  it.each([
    { from: 'no page', status: 101 },
    { from: ORIGIN, status: 101 },
    { from: 'its own page', status: 101 },
    { from: 'https://evil.example', status: 403 },
    { from: 'null', status: 403 },
    { from: `${ORIGIN}.evil.example`, status: 403 },
  ])('is answered with $status if it comes from $from', async ({ from, status }) => {
    const origin = from === 'its own page' ? graceless.service.url : from;
    const options = from === 'no page' ? {} : { origin };
    if (status === 101) (await TestSocket.open(graceless.service, options)).ws.close();
    else expect(await refusalOf(graceless.service, options)).toMatchObject({ status, body: { error: 'forbidden' } });
  });

  it('is refused under the name of another machine', async () => {
    const { status, body, headers } = await refusalOf(service, { headers: { host: 'evil.example' } });

    expect({ status, body }).toMatchObject({ status: 403, body: { error: 'forbidden' } });
    expect(headers['x-request-id']).toBe(body.request_id);
  });

  it.each(['/nowhere', `${SOCKET_PATH}/more`])('does not exist at %s', async (path) => {
    expect(await refusalOf(service, { path })).toMatchObject({ status: 404, body: { error: 'not_found' } });
  });

  it('is ignored if it requests another protocol', async () => {
    const upgrade = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABk' };
    const answer = await send(service, 'POST /api/v1/agent/chat', { body: { message: 'plain' }, headers: upgrade });

    expect(answer).toMatchObject({ status: 200, body: { reply: 'Echo: plain' } });
  });

  it('carries the request id and the remaining limit, accepts `rookery`, and is logged', async () => {
    const socket = await TestSocket.open(limited, {
      protocols: ['rk_key', 'rookery'],
      headers: { 'x-request-id': 'up-1', 'x-forwarded-for': '10.0.0.1' },
    });

    expect(socket.ws.protocol).toBe('rookery');
    expect(socket.upgrade?.headers).toMatchObject({
      'x-request-id': 'up-1',
      ratelimit: expect.stringMatching(/r=2/),
      'ratelimit-policy': expect.stringMatching(/q=3/),
    });
    await until('it is logged', () => limited.logsOf('up-1').some(({ status }) => status === 101));
  });

  it('is malformed without a key, like a call without an upgrade', async () => {
    const headers = { connection: 'Upgrade', upgrade: 'websocket' };
    for (const options of [{ headers }, {}]) {
      const answer = await send(service, `GET ${SOCKET_PATH}`, options);
      expect(answer).toMatchObject({ status: 400, body: { error: 'malformed_request' } });
    }
  });
});

describe('the rate limit', () => {
  it('counts upgrades, frames and calls of a caller together, even invalid frames', async () => {
    const headers = { 'x-forwarded-for': '10.0.0.2' };
    const socket = await TestSocket.open(limited, { headers });
    socket.ws.send('bad');
    socket.send({ type: 'cancel', id: 'b', run_id: 'nothing' });
    socket.send({ type: 'cancel', id: 'c', run_id: 'nothing' });

    expect(await socket.error('b')).toMatchObject({ error: 'run_not_found' });
    expect(await socket.error('c')).toMatchObject({
      error: 'rate_limited',
      detail: expect.stringMatching(/Try again/),
    });
    expect((await send(limited, 'GET /api/v1/agent/roles', { headers })).status).toBe(429);
    expect(await refusalOf(limited, { headers })).toMatchObject({
      status: 429,
      body: { error: 'rate_limited' },
      headers: { 'retry-after': expect.any(String) },
    });
    // Another caller.
    (await TestSocket.open(limited, { headers: { 'x-forwarded-for': '10.0.0.3' } })).ws.close();
  });
});

describe('a socket that closes', () => {
  it('has its runs cancelled without a grace period', async () => {
    graceless.upstream.always({ does: 'reply', hold: { afterDeltas: 1, until: new Gate().opened } });
    const socket = await TestSocket.open(graceless.service);
    socket.send({ type: 'chat', id: 'a', request: { message: 'leave' } });
    const { run_id } = await socket.frame('a', 'message.delta');
    socket.ws.terminate();

    await until('the provider lost its caller', () => graceless.upstream.asked('leave')?.abandonedAt);
    const other = await TestSocket.open(graceless.service);
    other.send({ type: 'subscribe', id: 'b', run_id });
    await other.frame('b', 'run.cancelled');
  });
});

describe('a reader', () => {
  it('is disconnected with 1013 if it does not read, and its run is cancelled', async () => {
    const text = `${'x'.repeat(64 * 1024)} `.repeat(320);
    graceless.upstream.always({ does: 'reply', text, hold: { afterDeltas: 320, until: new Gate().opened } });
    const socket = await TestSocket.open(graceless.service);
    socket.send({ type: 'chat', id: 'a', request: { message: 'long' } });
    await socket.frame('a', 'run.started');
    socket.ws.pause();

    await until('the provider lost its caller', () => graceless.upstream.asked('long')?.abandonedAt);
    socket.ws.resume();
    expect(await socket.code()).toBe(1013);
    expect(socket.typesUnder('a')).not.toContain('run.completed');
    // The service still serves others.
    graceless.upstream.clear();
    const other = await TestSocket.open(graceless.service);
    other.send({ type: 'chat', id: 'b', request: { message: 'after' } });
    await other.frame('b', 'run.completed');
  });

  it('gets all of a long run, live and replayed', async () => {
    const text = `${'word'.repeat(200)} `.repeat(10_000);
    upstream.always({ does: 'reply', text });
    const socket = await TestSocket.open(service);
    socket.send({ type: 'chat', id: 'live', request: { message: 'much' } });
    const { run_id } = await until('it is complete', () => socket.under('live').find(isLast), 20_000);
    socket.send({ type: 'subscribe', id: 'again', run_id });
    await until('it is complete again', () => socket.under('again').find(isLast), 20_000);

    for (const id of ['live', 'again']) {
      const events = socket.under(id);
      expect(events.every(({ sequence }, index) => sequence === index + 1)).toBe(true);
      expect(events.map(({ delta }) => string(delta)).join('') === text).toBe(true);
    }
  });
});

describe('SIGTERM', () => {
  it('refuses new chats, finishes active ones, and closes sockets with 1001', async () => {
    const { service: ending, upstream: provider } = await startPairProcess('chat');
    const gate = new Gate();
    provider.always({ does: 'reply', hold: { afterDeltas: 1, until: gate.opened } });
    const [busy, idle] = await Promise.all([TestSocket.open(ending), TestSocket.open(ending)]);
    busy.send({ type: 'chat', id: 'a', request: { message: 'under way' } });
    await busy.frame('a', 'message.delta');

    ending.signal('SIGTERM');
    await until('it is not ready', async () => (await send(ending, 'GET /health/ready')).status === 503);
    idle.send({ type: 'chat', id: 'new', request: { message: 'new' } });
    expect(await idle.error('new')).toMatchObject({ error: 'draining' });
    expect(idle.closed).toBeUndefined();
    gate.open();

    expect((await busy.frame('a', 'run.completed')).response).toMatchObject({ reply: 'Echo: under way' });
    expect([await busy.code(), await idle.code()]).toEqual([1001, 1001]);
    expect(await ending.exited).toBe(0);
  });

  it('fails a longer run with draining, and closes its socket with 1001', async () => {
    const { service: ending, upstream: provider } = await startPairProcess('chat', { SHUTDOWN_TIMEOUT_SECONDS: '0.2' });
    provider.always({ does: 'reply', hold: { afterDeltas: 1, until: new Gate().opened } });
    const socket = await TestSocket.open(ending);
    socket.send({ type: 'chat', id: 'a', request: { message: 'too long' } });
    await socket.frame('a', 'message.delta');

    ending.signal('SIGTERM');

    expect((await socket.frame('a', 'run.failed')).error).toMatchObject({ error: 'draining' });
    expect(await socket.code()).toBe(1001);
    expect(await ending.exited).toBe(0);
  });
});

describe('the documentation', () => {
  it('describes the socket and its frames', async () => {
    const { body } = await send(service, 'GET /openapi.json');
    const operation = object(object(object(body.paths)[SOCKET_PATH]).get);

    expect(Object.keys(object(operation.responses))).toEqual(expect.arrayContaining(['101', '403', '429']));
    expect(Object.keys(object(object(body.components).schemas))).toEqual(
      expect.arrayContaining(['ChatFrame', 'SubscribeFrame', 'CancelFrame', 'ApproveFrame', 'RunStateFrame']),
    );
  });
});

@Agent({ role: 'assistant', description: 'Pays.', instructions: 'Pay.' })
class PayingAgent {
  @Tool({ description: 'Pays', needsApproval: true })
  pay(): string {
    return 'paid';
  }
}

class KeyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, unknown> }>();
    if (headers['x-key'] === 'good') return true;
    throw new UnauthorizedException('Bring a key.');
  }
}

const ADAPTERS = { express: () => new ExpressAdapter(), fastify: () => new FastifyAdapter() };

describe.each(['express', 'fastify'] as const)('a host on %s', (adapter) => {
  const headers = { 'x-key': 'good' };
  const model = new ScriptedModel([{ tool: 'pay' }], 'Paid.', [{ tool: 'pay' }], 'Refused.');
  let folder: string;
  let app: INestApplication;
  let host: { url: string };

  async function make(): Promise<INestApplication> {
    const module = await Test.createTestingModule({
      imports: [
        AgentModule.forRoot({
          model,
          webSocket: ChatGateway,
          corsOrigins: [ORIGIN],
          databaseUrl: `file:${join(folder, `${randomUUID()}.db`)}`,
        }),
      ],
      providers: [PayingAgent],
    }).compile();
    return module.createNestApplication(ADAPTERS[adapter](), { logger: false });
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rookery-socket-'));
    app = await make();
    app.setGlobalPrefix('backend');
    app.useGlobalGuards(new KeyGuard());
    app.useWebSocketAdapter(new WsAdapter(app));
    await app.listen(0, '127.0.0.1');
    host = { url: await app.getUrl() };
  });

  afterAll(async () => {
    await app.close();
    await rm(folder, { recursive: true });
  });

  it('decides an approval over the socket, once, if the routes are enabled', async () => {
    const socket = await TestSocket.open(host, { headers, origin: ORIGIN });
    socket.send({ type: 'chat', id: 'a', request: { message: 'Pay' } });
    const { run_id, approval_id } = await socket.frame('a', 'approval.required');
    socket.send({ type: 'approve', id: 'yes', run_id, approval_id, decision: 'approve' });
    expect(await socket.frame('yes', 'run.state')).toMatchObject({ run_id, status: 'running' });
    socket.send({ type: 'approve', id: 'again', run_id, approval_id, decision: 'approve' });
    socket.send({ type: 'approve', id: 'no', run_id, approval_id, decision: 'reject' });

    expect(await socket.frame('again', 'run.state')).toMatchObject({ run_id });
    expect(await socket.error('no')).toMatchObject({ error: 'approval_already_decided' });
    expect(await socket.frame('a', 'tool.completed')).toMatchObject({ output: 'paid' });
    await socket.frame('a', 'run.completed');
  });

  it('sends the model the reason of a rejected call', async () => {
    const socket = await TestSocket.open(host, { headers });
    socket.send({ type: 'chat', id: 'a', request: { message: 'Pay' } });
    const { run_id, approval_id } = await socket.frame('a', 'approval.required');
    socket.send({ type: 'approve', id: 'no', run_id, approval_id, decision: 'reject', reason: 'Too dear.' });

    await socket.frame('a', 'run.completed');
    expect(JSON.stringify(model.requests.at(-1)?.messages)).toContain('Too dear.');
  });

  it('applies the guards of the host and ours to the socket', async () => {
    expect(await refusalOf(host)).toMatchObject({ status: 401, body: { error: 'unauthenticated' } });
    expect(await refusalOf(host, { headers, origin: 'https://evil.example' })).toMatchObject({
      status: 403,
      body: { error: 'forbidden' },
    });
  });

  it('does not start without an adapter of the right kind', async () => {
    const other = await make();
    const deaf = {
      create: () => ({ on: () => undefined }),
      bindClientConnect: () => undefined,
      bindMessageHandlers: () => undefined,
      close: () => undefined,
      dispose: () => Promise.resolve(),
    };
    other.useWebSocketAdapter(deaf);

    await expect(other.init()).rejects.toThrow(/useWebSocketAdapter\(new WsAdapter\(app\)\)/);
    await other.close();
  });
});

function isLast({ type }: { type?: unknown }): boolean {
  return type === 'run.completed';
}
