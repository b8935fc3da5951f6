import { openKeys } from '../../src/keys/open.keys.js';
import type { NewApiKey } from '../../src/keys/key.input.js';
import { send, type Answer } from '../support/clients/client.js';
import { expectError } from '../support/clients/expect-error.js';
import { RpcCaller } from '../support/clients/rpc.js';
import { refusalOf, TestSocket } from '../support/clients/socket.js';
import { objects, string } from '../support/json.js';
import { removeServices, startPair } from '../support/service/service.js';
import { until } from '../support/until.js';

const API = '/api/v1/agent';
const DAY_MS = 86_400_000;

const { service } = await startPair('chat', {
  AUTH_MODE: 'api-key',
  REQUIRE_END_USER: 'true',
  KEY_MAX_DAYS: '90',
  RPC_TRANSPORT: 'tcp',
  RPC_PORT: '0',
});
const opened = await openKeys(service.databaseUrl);
const operator = await headersOf({ scopes: ['admin'], tenant: 'ops' });
const rpc = RpcCaller.overTcp(Number(service.logs.find(({ msg }) => msg === 'listening for messages')?.port));

afterAll(async () => {
  await rpc.close();
  await opened.close();
  await removeServices();
});

async function headersOf(wanted: Partial<NewApiKey>): Promise<Record<string, string>> {
  const { key } = await opened.keys.create(
    { name: 'k', tenant: 'acme', scopes: ['chat', 'tasks', 'sessions:read'], ...wanted },
    'test',
  );
  return { 'x-api-key': key };
}

function post(path: string, headers: Record<string, string>, body: object): Promise<Answer> {
  return send(service, `POST ${path}`, { headers, body });
}

/** The status of each entry point for a request to that agent. */
async function statusesOf(headers: Record<string, string>, agent_role: string): Promise<unknown[]> {
  const body = { message: 'hello', agent_role };
  const paths = [`${API}/chat`, `${API}/chat/stream`, `${API}/tasks`];
  const answers = await Promise.all(paths.map((path) => post(path, headers, body)));
  const second = await post('/api/v2/agent/chat', headers, { input: 'hello', agent_role });
  const credentials = { api_key: headers['x-api-key'], end_user: headers['x-end-user'] };
  const { error } = await rpc.call('agent.chat', { ...body, credentials });
  const socket = await TestSocket.open(service, { headers });
  socket.send({ type: 'chat', id: 'a', request: body });
  const frame = await Promise.race([socket.error('a'), socket.frame('a', 'run.completed')]);
  return [...answers, second]
    .map(({ status }) => status)
    .concat(Number(error?.status ?? 200), frame.error === undefined ? 200 : 403);
}

describe('a key that may run one agent', () => {
  it('starts that agent at each entry point, and no other', async () => {
    const headers = { ...(await headersOf({ agentRoles: ['assistant'] })), 'x-end-user': 'ada' };
    expect(await statusesOf(headers, 'assistant')).toEqual([200, 200, 202, 200, 200, 200]);
    expect(await statusesOf(headers, 'coder')).toEqual([403, 403, 403, 403, 403, 403]);
  });

  it('sees only that agent, and cannot retry a task of another', async () => {
    const all = { ...(await headersOf({})), 'x-end-user': 'ada' };
    const few = { ...(await headersOf({ agentRoles: ['assistant'] })), 'x-end-user': 'ada' };
    const roles = async (headers: Record<string, string>): Promise<unknown[]> =>
      objects((await send(service, `GET ${API}/roles`, { headers })).body.items).map(({ role }) => role);
    expect((await roles(all)).length).toBeGreaterThan(1);
    expect(await roles(few)).toEqual(['assistant']);

    const { body: task } = await post(`${API}/tasks`, all, { message: 'run: for(;;);', agent_role: 'coder' });
    await post(`${API}/tasks/${string(task.task_id)}/cancel`, all, {});
    const retry = (headers: Record<string, string>): Promise<Answer> =>
      send(service, `POST ${API}/tasks/${string(task.task_id)}/retry`, { headers });
    await until('the task has ended', async () => (await retry(few)).body.error !== 'task_not_retryable');
    expectError(await retry(few), 403, 'forbidden');
  });
});

describe('REQUIRE_END_USER', () => {
  it('refuses calls without an end user at each entry point', async () => {
    const headers = await headersOf({});
    for (const path of [`${API}/sessions`, `${API}/tasks`, `${API}/roles`]) {
      expectError(await send(service, `GET ${path}`, { headers }), 422, 'validation_failed');
    }
    expect((await refusalOf(service, { headers })).status).toBe(422);
    const { error } = await rpc.call('agent.chat', { message: 'hello', credentials: headers['x-api-key'] });
    expect(error).toMatchObject({ status: 422 });
    const exempt = await headersOf({ endUser: 'optional' });
    expect((await send(service, `GET ${API}/sessions`, { headers: exempt })).status).toBe(200);
  });
});

describe('PATCH /admin/keys/{key_id}', () => {
  it('changes limits of a key that is in use', async () => {
    const body = { name: 'shop', tenant: 'acme', scopes: ['chat'], end_user: 'optional', agent_roles: ['coder'] };
    const made = await post('/api/v1/admin/keys', operator, body);
    expect(made.body).toMatchObject({ ...body, expires_at: expect.any(String) });
    expect(Date.parse(string(made.body.expires_at)) - Date.now()).toBeLessThanOrEqual(90 * DAY_MS);
    const headers = { 'x-api-key': string(made.body.key) };
    const patch = (changes: object): Promise<Answer> =>
      send(service, `PATCH /api/v1/admin/keys/${string(made.body.key_id)}`, { headers: operator, body: changes });
    const roles = async (): Promise<unknown> => (await send(service, `GET ${API}/roles`, { headers })).body.items;
    expect(await roles()).toHaveLength(1);

    const changed = await patch({ agent_roles: null, ip_ranges: ['127.0.0.0/8'] });

    expect(changed.body).toMatchObject({ ip_ranges: ['127.0.0.0/8'], name: 'shop' });
    expect(changed.body).not.toHaveProperty('agent_roles');
    expect(changed.body).not.toHaveProperty('key');
    expect(await roles()).not.toHaveLength(1);
    await patch({ ip_ranges: ['203.0.113.0/24'] });
    expectError(await send(service, `GET ${API}/roles`, { headers }), 403, 'forbidden');
  });

  it.each([
    {},
    { tenant: 'other' },
    { name: null },
    { ip_ranges: ['host'] },
    { agent_roles: [] },
    { expires_at: null },
  ])('refuses %j', async (changes) => {
    const made = await opened.keys.create({ name: 'k', tenant: 'acme', scopes: ['chat'] }, 'test');
    const path = `/api/v1/admin/keys/${made.key_id}`;
    expectError(await send(service, `PATCH ${path}`, { headers: operator, body: changes }), 422, 'validation_failed');
  });
});
