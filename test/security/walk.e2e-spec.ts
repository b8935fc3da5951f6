import { openKeys } from '../../src/keys/open.keys.js';
import { SCOPES, type Scope } from '../../src/auth/scopes.js';
import { RpcController } from '../../src/rpc/index.js';
import { type Answer, send } from '../support/clients/client.js';
import { expectError } from '../support/clients/expect-error.js';
import { RpcCaller } from '../support/clients/rpc.js';
import { refusalOf, TestSocket } from '../support/clients/socket.js';
import { openStream } from '../support/clients/sse.js';
import { type Access, FRAME_REFUSALS, PATTERN_ACCESS, ROUTE_ACCESS, SENT_FRAMES } from '../support/contract/access.js';
import { inOwnForm } from '../support/contract/openai.answers.js';
import { call, type Route, routesOf } from '../support/contract/routes.js';
import { type Json, object, objects, string } from '../support/json.js';
import { WEBHOOK_SECRET } from '../support/servers/webhook.receiver.js';
import { removeServices, startPair } from '../support/service/service.js';
import { until } from '../support/until.js';

// Walks through every route, frame and message pattern with the credentials of others. `auth.e2e-spec.ts` walks through
// the routes with bad credentials and with too few scopes.
const API = '/api/v1/agent';
const MESSAGE = { message: 'of Ada' };
const PATTERN_METADATA = 'microservices:pattern';
const ALL_BUT_ADMIN = SCOPES.filter((scope) => scope !== 'admin');

type Headers = Record<string, string>;

const { service } = await startPair('chat', {
  AUTH_MODE: 'api-key',
  RPC_TRANSPORT: 'tcp',
  RPC_PORT: '0',
  WEBHOOK_SECRET,
  WEBHOOK_ALLOW_PRIVATE: 'true',
  RATE_LIMIT_REQUESTS: '100000',
  AUTH_FAILURE_LIMIT: '100000',
});
const opened = await openKeys(service.databaseUrl);
const rpc = RpcCaller.overTcp(Number(service.logs.find(({ msg }) => msg === 'listening for messages')?.port));
const routes = (await routesOf(service)).filter(({ isClosed }) => isClosed);
const [key, foreign] = [await keyFor(ALL_BUT_ADMIN), await keyFor(ALL_BUT_ADMIN, 'umbrella')];
/** A third tenant, which has its own session with the id of Ada's. */
const namesake = await keyFor(ALL_BUT_ADMIN, 'namesake');
const ada: Headers = { ...bearer(key), 'x-end-user': 'ada' };
const strangers = [
  ['another tenant', bearer(foreign)],
  ['another end user', { ...bearer(key), 'x-end-user': 'bob' }],
] as const;
const ids = await makeAll();
const badKeys = await makeBadKeys();

afterAll(async () => {
  await rpc.close();
  await opened.close();
  await removeServices();
});

/** The data of Ada stays, whatever the strangers do. */
afterEach(async () => {
  const session = await send(service, `GET ${API}/sessions/${ids.session_id}`, { headers: ada });
  expect(session.body).toMatchObject({ end_user: 'ada', message_count: 2 });
  expect((await send(service, `GET ${API}/tasks/${ids.task_id}`, { headers: ada })).body.status).toBe('completed');
});

it('knows every route, frame and message pattern', async () => {
  expect(Object.keys(ROUTE_ACCESS).toSorted()).toEqual(routes.map(nameOf).toSorted());
  const { body: document } = await send(service, 'GET /openapi.json');
  const frames = Object.keys(object(object(document.components).schemas)).filter((name) => name.endsWith('Frame'));
  expect(frames.toSorted()).toEqual([...Object.keys(FRAME_REFUSALS), ...SENT_FRAMES].toSorted());
  expect(Object.keys(PATTERN_ACCESS).toSorted()).toEqual(patternsOf(RpcController).toSorted());
});

describe.each(routes.map((route) => [nameOf(route), route] as const))('%s', (name, route) => {
  it.each(strangers)('keeps the data of an end user from %s', async (who, headers) => {
    const access = ROUTE_ACCESS[name];
    expect(access).toBeDefined();
    if (access !== undefined) await check(access, route, headers, who === 'another tenant');
  });
});

describe('the WebSocket', () => {
  it.each(Object.keys(badKeys))('refuses the upgrade with %s', async (what) => {
    const bad = badKeys[what] ?? '';
    const ways = bad === '' ? [{}] : [{ headers: bearer(bad) }, { protocols: ['rookery', bad] }];
    for (const way of ways) expect((await refusalOf(service, way)).status).toBe(401);
  });

  it('refuses the upgrade without the scope chat, and tasks without theirs', async () => {
    const lacking = await keyFor(ALL_BUT_ADMIN.filter((scope) => scope !== 'chat'));
    expect((await refusalOf(service, { headers: bearer(lacking) })).status).toBe(403);
    const socket = await TestSocket.open(service, { headers: bearer(await keyFor(['chat'])) });
    socket.send({ type: 'subscribe', id: 'task', task_id: ids.task_id });
    socket.send({ type: 'subscribe', id: 'run', run_id: ids.task_id });
    socket.send({ type: 'cancel', id: 'cancel', run_id: ids.task_id });
    expect(await socket.error('task')).toMatchObject({ error: 'forbidden' });
    for (const id of ['run', 'cancel']) expect(await socket.error(id)).toMatchObject({ error: 'run_not_found' });
    socket.ws.close();
  });

  it.each(strangers)('keeps the data of an end user from %s, with every frame', async (who, headers) => {
    const socket = await TestSocket.open(service, { headers });
    const third = await TestSocket.open(service, { headers: bearer(namesake) });
    const { session_id, run_id = '', task_id = '' } = ids;
    const frames: Record<keyof typeof FRAME_REFUSALS, Json[]> = {
      ChatFrame: [{ type: 'chat', request: { ...MESSAGE, session_id } }],
      SubscribeFrame: [run_id, task_id].map((id) => ({ type: 'subscribe', run_id: id })),
      CancelFrame: [run_id, task_id].map((id) => ({ type: 'cancel', run_id: id })),
      ApproveFrame: [{ type: 'approve', run_id: task_id, approval_id: 'any', decision: 'approve' }],
    };
    for (const [name, refusal] of Object.entries(FRAME_REFUSALS)) {
      const sent = Object.entries(frames).find(([each]) => each === name)?.[1] ?? [];
      for (const [index, frame] of sent.entries()) {
        const id = `${name}-${index}`;
        const isOwn = name === 'ChatFrame' && who === 'another tenant';
        (isOwn ? third : socket).send({ ...frame, id });
        if (isOwn) await third.frame(id, 'run.completed');
        else expect(await socket.error(id)).toMatchObject({ error: refusal });
      }
    }
    socket.send({ type: 'subscribe', id: 'by-task', task_id });
    expect(await socket.error('by-task')).toMatchObject({ error: 'task_not_found' });
    for (const { ws } of [socket, third]) ws.close();
  });
});

describe.each(Object.entries(PATTERN_ACCESS))('the pattern %s', (pattern, { scope, refusal }) => {
  const payload = { ...(pattern.endsWith('.chat') || pattern.endsWith('.create') ? MESSAGE : {}) };
  const named = 'message' in payload ? { session_id: ids.session_id } : { task_id: ids.task_id };

  it.each(Object.keys(badKeys))('refuses a message with %s', async (what) => {
    const bad = badKeys[what];
    const credentials = bad === '' ? {} : { credentials: bad };
    const { error } = await rpc.call(pattern, { ...payload, ...named, ...credentials });
    expect(error).toMatchObject({ error: 'unauthenticated', status: 401 });
  });

  it(`refuses callers without the scope ${scope}`, async () => {
    const credentials = await keyFor(ALL_BUT_ADMIN.filter((each) => each !== scope));
    const { error } = await rpc.call(pattern, { ...payload, ...named, credentials });
    expect(error).toMatchObject({ error: 'forbidden', status: 403 });
  });

  it('keeps the data of an end user from another end user and another tenant', async () => {
    const bob = { api_key: key, end_user: 'bob' };
    const asBob = await rpc.call(pattern, { ...payload, ...named, credentials: bob });
    expect(asBob.error).toMatchObject({ error: refusal, status: 404 });
    const credentials = 'session_id' in named ? namesake : foreign;
    const asTenant = await rpc.call(pattern, { ...payload, ...named, credentials });
    if ('session_id' in named) expect(asTenant.error).toBeUndefined();
    else expect(asTenant.error).toMatchObject({ error: refusal, status: 404 });
  });
});

async function check(access: Access, route: Route, headers: Headers, isTenant: boolean): Promise<void> {
  if (access === 'start') return await checkStart(route, headers, isTenant);
  // The upgrade and its frames have their own tests.
  if (access === 'socket') return;
  const answer = await call(service, route, headers, ids);
  switch (access) {
    case 'operator':
      return expectError(answer, 403, 'forbidden');
    case 'id':
      return expect(answer.status).toBe(404);
    case 'usage':
      return isTenant ? expect(answer.body.items).toEqual([]) : expectError(answer, 403, 'forbidden');
    case 'end-user':
      if (!isTenant && route.path.includes('end-users')) return expectError(answer, 403, 'forbidden');
      // The other tenant has no end user of that name.
      return route.path.endsWith('export') ? expectError(answer, 404, 'not_found') : expectNothing(answer);
    case 'list':
    case 'shared':
      return expectNothing(answer);
  }
}

/** Nothing of Ada is in the answer. */
function expectNothing(answer: Answer): void {
  expect([200, 204]).toContain(answer.status);
  for (const id of [ids.session_id, ids.run_id, ids.task_id, ids.webhook_id]) expect(answer.text).not.toContain(id);
}

async function checkStart(route: Route, headers: Headers, isTenant: boolean): Promise<void> {
  const body = startBodyOf(route);
  const caller = isTenant ? bearer(namesake) : headers;
  const answer = inOwnForm(await send(service, `${route.method} ${route.path}`, { headers: caller, body }));
  if (!isTenant) return expectError(answer, 404, 'session_not_found');
  // A task of the same tenant may still hold the session.
  expect([200, 202, 409]).toContain(answer.status);
}

/** A request that continues the session of Ada. */
function startBodyOf({ path }: Route): Json {
  const { session_id = '' } = ids;
  if (path.startsWith('/v1/')) return { model: 'assistant', input: 'mine', conversation: `conv_${session_id}` };
  return path.startsWith('/api/v2') ? { input: 'mine', session_id } : { message: 'mine', session_id };
}

/** A session, a stream, a finished task, a webhook and a response of Ada. */
async function makeAll(): Promise<Record<string, string>> {
  const stream = await openStream(service, MESSAGE, { headers: ada });
  const [started] = await stream.rest();
  const body = { ...MESSAGE, webhook_url: 'http://127.0.0.1:9/' };
  const { body: task } = await send(service, `POST ${API}/tasks`, { headers: ada, body });
  const task_id = string(task.task_id);
  await until('the task has ended', async () => {
    const { body: found } = await send(service, `GET ${API}/tasks/${task_id}`, { headers: ada });
    return found.status === 'completed';
  });
  const request = { model: 'assistant', input: 'of Ada' };
  const { body: response } = await send(service, 'POST /v1/responses', { headers: ada, body: request });
  const { body: webhooks } = await send(service, `GET ${API}/webhooks`, { headers: ada });
  return {
    session_id: string(started?.data.session_id),
    run_id: string(started?.data.run_id),
    task_id,
    webhook_id: string(objects(webhooks.items)[0]?.webhook_id),
    end_user: 'ada',
    tenant: 'acme',
    model: 'assistant',
    response_id: string(response.id),
    conversation_id: `conv_${string(started?.data.session_id)}`,
    item_id: `msg_${string(started?.data.run_id)}-0`,
  };
}

/** Keys that are refused, by what is wrong with them; empty: none is sent. */
async function makeBadKeys(): Promise<Record<string, string>> {
  const expiresAt = new Date(Date.now() + 2000);
  const { key: expired } = await opened.keys.create({ name: 'k', tenant: 'acme', scopes: SCOPES, expiresAt }, 'test');
  const [revoked, rotated] = [await keyFor(SCOPES), await keyFor(SCOPES)];
  await opened.keys.revoke(idOf(revoked));
  await opened.keys.rotate(idOf(rotated), 0, 'test');
  await until('a key has expired', () => Date.now() > expiresAt.getTime());
  const forged = key.slice(0, -4) + (key.endsWith('AAAA') ? 'BBBB' : 'AAAA');
  return {
    'no key': '',
    'no known key': `rk_${'0'.repeat(16)}_${'A'.repeat(43)}`,
    'a forged key': forged,
    'an expired key': expired,
    'a revoked key': revoked,
    'a rotated key': rotated,
  };
}

async function keyFor(scopes: readonly Scope[], tenant = 'acme'): Promise<string> {
  return (await opened.keys.create({ name: 'k', tenant, scopes }, 'test')).key;
}

function idOf(apiKey: string): string {
  return string(apiKey.split('_')[1]);
}

function bearer(apiKey: string): Headers {
  return { authorization: `Bearer ${apiKey}` };
}

function nameOf({ method, path }: Route): string {
  return `${method} ${path}`;
}

function patternsOf({ prototype }: typeof RpcController): string[] {
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const method: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
    const patterns: unknown = typeof method === 'function' ? Reflect.getMetadata(PATTERN_METADATA, method) : undefined;
    return Array.isArray(patterns) ? patterns.map(String) : [];
  });
}
