import { randomUUID } from 'node:crypto';
import { openKeys, type OpenKeys } from '../../src/keys/open.keys.js';
import type { NewApiKey } from '../../src/keys/key.input.js';
import { runKeysCommand } from '../../src/service/keys.command.js';
import { readEnvironment } from '../../src/service/settings/environment.reader.js';
import { apiKeyText } from '../../src/auth/api-key.format.js';
import { SCOPES, type Scope } from '../../src/auth/scopes.js';
import { send, type Answer, type Target } from '../support/clients/client.js';
import { expectError } from '../support/clients/expect-error.js';
import { AUDIENCE, Issuer, unsigned } from '../support/servers/issuer.js';
import { WEBHOOK_SECRET } from '../support/servers/webhook.receiver.js';
import { objects, string } from '../support/json.js';
import { call, routesOf, type Route } from '../support/contract/routes.js';
import { callCommand, executeCommand } from '../support/service/commands.js';
import { removeServices, startPair, startService, type Pair } from '../support/service/service.js';
import { refusalOf, TestSocket } from '../support/clients/socket.js';
import { openStream } from '../support/clients/sse.js';
import { Gate, until } from '../support/until.js';

const API = '/api/v1/agent';
const MESSAGE = { message: 'hello' };

type Headers = Record<string, string>;

const issuer = await Issuer.start();
const JWT = {
  AUTH_MODE: 'jwt',
  JWT_ISSUER: issuer.url,
  JWT_AUDIENCE: AUDIENCE,
  JWKS_URI: issuer.jwksUri,
};
const [keyed, tokened, outward] = await Promise.all([
  startPair('chat', { AUTH_MODE: 'api-key', LOG_LEVEL: 'trace', WEBHOOK_SECRET }),
  startPair('chat', { ...JWT, LOG_LEVEL: 'trace' }),
  startService({ AUTH_MODE: 'api-key', HOST: '0.0.0.0', RATE_LIMIT_REQUESTS: '1000', DOCS_PUBLIC: 'false' }),
]);
const { service } = keyed;
const openTargets = new Map<Target, Promise<OpenKeys>>();
const opened: OpenKeys[] = [];
const { keys } = await keysOf(service);
const routes = await routesOf(service);
/** One key for each set of scopes that no test changes. */
const cachedKeys = new Map<string, Promise<string>>();
/** All secrets that any call has sent. */
const secrets: string[] = [];
const good = await keyFor({ scopes: SCOPES });
const expiresAt = new Date(Date.now() + 3000);
const expired = await keyFor({ scopes: SCOPES, expiresAt });
const [revoked, replaced] = [await keyFor({ scopes: SCOPES }), await keyFor({ scopes: SCOPES })];
await keys.revoke(string(revoked.split('_')[1]));
await keys.rotate(string(replaced.split('_')[1]));
await until('a key has expired', () => Date.now() > expiresAt.getTime());
const forged = apiKeyText({ id: string(good.split('_')[1]), secret: 'A'.repeat(43) });
const guarded = routes.filter(({ isClosed }) => isClosed);
const allClaims = { sub: 'ada', tenant: 'acme', scope: SCOPES.join(' ') };
const invalidTokens = [
  unsigned({ ...allClaims, iss: issuer.url, aud: AUDIENCE }),
  await issuer.confuse(allClaims),
  await issuer.sign(allClaims, { expiresIn: -60 }),
  await issuer.sign(allClaims, { issuer: 'https://evil.example' }),
  await issuer.sign(allClaims, { audience: 'billing' }),
  await issuer.sign({ ...allClaims, tenant: undefined }),
];
const lackingToken = await issuer.sign({ ...allClaims, scope: 'openid' });

afterAll(async () => {
  await Promise.all(opened.map((each) => each.close()));
  await removeServices();
  await issuer.close();
});

describe('the routes', () => {
  it('require credentials, except health', () => {
    expect(guarded.length).toBeGreaterThan(15);
    expect(routes.filter(({ isClosed, path }) => !isClosed && !path.startsWith('/health'))).toEqual([]);
    for (const route of guarded) {
      expect(route.statuses).toEqual(expect.arrayContaining(['401', '403']));
      expect(route.scope).toBe(scopeOf(route));
    }
  });

  it('are open for health and the documentation', async () => {
    for (const path of ['/health', '/health/live', '/health/ready', '/docs', '/openapi.json', '/v1/openapi.json']) {
      expect((await send(service, `GET ${path}`)).status).toBe(200);
    }
  });
});

describe.each(guarded)('$method $path', (route) => {
  const scope = scopeOf(route);

  it('refuses missing and invalid credentials', async () => {
    const bad: Headers[] = [
      {},
      { authorization: 'Bearer' },
      { authorization: 'Basic YTpi' },
      { authorization: 'Bearer nonsense' },
      ...[revoked, replaced, expired, forged].flatMap((key) => [
        { authorization: `Bearer ${key}` },
        { 'x-api-key': key },
      ]),
    ];
    for (const headers of bad) {
      const answer = await call(service, route, headers);
      expectError(answer, 401, 'unauthenticated');
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm=/);
      expect(answer.headers.ratelimit).toBeUndefined();
    }
  });

  it(`refuses callers without the scope ${scope}, and names it`, async () => {
    const sufficient = new Set<Scope>([scope, 'admin', ...alternativesOf(route)]);
    const lacking = SCOPES.filter((each) => !sufficient.has(each));
    const answer = await call(service, route, bearer(await cachedKey(lacking)));

    expectError(answer, 403, 'forbidden');
    expect(answer.body.detail).toBe(`These credentials lack the scope ${scope}.`);
  });

  it(`accepts callers with only ${scope}, and the operator`, async () => {
    for (const scopes of [scope, 'admin' as const, ...alternativesOf(route)].map((each) => [each])) {
      expect([401, 403]).not.toContain((await call(service, route, bearer(await cachedKey(scopes)))).status);
    }
  });

  it('refuses invalid tokens', async () => {
    for (const token of [...invalidTokens, good]) {
      expectError(await call(tokened.service, route, bearer(token)), 401, 'unauthenticated');
    }
    expectError(await call(tokened.service, route, bearer(lackingToken)), 403, 'forbidden');
  });
});

describe('the data of a tenant', () => {
  it('is not visible to another, over any route', async () => {
    const ids = await makeAll(keyed, bearer(await keyFor({ scopes: SCOPES, tenant: 'acme' })));
    const other = bearer(await keyFor({ scopes: SCOPES.filter((scope) => scope !== 'admin'), tenant: 'umbrella' }));
    const byId = guarded.filter(isOfTenant);
    expect(byId.length).toBeGreaterThan(8);

    for (const route of byId) {
      const answer = await call(service, route, other, ids);
      expectError(answer, 404, notFoundOf(route));
    }
    for (const path of ['sessions', 'tasks']) {
      expect((await send(service, `GET ${API}/${path}`, { headers: other })).body.items).toEqual([]);
    }
  });

  it('does not reserve its ids: another may use the same', async () => {
    const [one, other] = [bearer(await keyFor({ tenant: 't-1' })), bearer(await keyFor({ tenant: 't-2' }))];
    const body = { message: 'mine', session_id: 'same' };
    for (const headers of [one, other]) await send(service, `POST ${API}/chat`, { headers, body });

    const asked = keyed.upstream.requests.at(-1)?.messages.filter(({ role }) => role === 'user');
    expect(asked).toHaveLength(1);
  });

  it('is visible to the operator, who names the tenant', async () => {
    const ids = await makeAll(keyed, { ...bearer(await keyFor({ tenant: 'acme' })), 'x-end-user': 'ada' });
    const operator = bearer(await keyFor({ scopes: ['admin'], tenant: 'ops' }));
    const get = (path: string, headers = operator): Promise<Answer> => send(service, `GET ${API}${path}`, { headers });

    const sessions = objects((await get('/sessions?tenant=acme')).body.items);
    expect(sessions.map(({ session_id }) => session_id)).toContain(ids.session_id);
    expect((await get(`/sessions/${ids.session_id}?tenant=acme`)).body.end_user).toBe('ada');
    expect((await get(`/tasks/${ids.task_id}?tenant=acme`)).status).toBe(200);
    expect((await get(`/sessions/${ids.session_id}`)).status).toBe(404);
    expectError(await get('/sessions?tenant=acme', bearer(await keyFor({ tenant: 'umbrella' }))), 403, 'forbidden');
    expect((await get('/sessions?tenant=acme', bearer(await keyFor({ tenant: 'acme' })))).status).toBe(200);
    expectError(await get('/sessions?tenant=a%2Fb'), 422, 'validation_failed');
  });
});

describe('the data of an end user', () => {
  it('is visible to them and their tenant, but not to another', async () => {
    const own = bearer(await keyFor({ tenant: 'shop' }));
    const ada = { ...own, 'x-end-user': 'ada' };
    const bob = { ...own, 'x-end-user': 'bob' };
    const ids = await makeAll(keyed, ada);
    const byId = guarded.filter(isOfTenant);

    for (const route of byId) expectError(await call(service, route, bob, ids), 404, notFoundOf(route));
    for (const headers of [own, ada]) {
      for (const path of [`sessions/${ids.session_id}`, `tasks/${ids.task_id}`]) {
        expect((await send(service, `GET ${API}/${path}`, { headers })).status).toBe(200);
      }
    }
    const tenants = await makeAll(keyed, own);
    expectError(
      await send(service, `GET ${API}/sessions/${tenants.session_id}`, { headers: ada }),
      404,
      'session_not_found',
    );
  });

  it.each(['/chat', '/chat/stream', '/tasks'])("is not continued by another's POST %s", async (path) => {
    const own = bearer(await keyFor({ tenant: 'shop' }));
    const body = { message: 'a secret', session_id: randomUUID() };
    await send(service, `POST ${API}/chat`, { headers: { ...own, 'x-end-user': 'ada' }, body });
    const asked = keyed.upstream.requests.length;

    const answer = await send(service, `POST ${API}${path}`, { headers: { ...own, 'x-end-user': 'bob' }, body });

    expectError(answer, 404, 'session_not_found');
    expect(keyed.upstream.requests).toHaveLength(asked);
    expect((await send(service, `POST ${API}/chat`, { headers: own, body })).status).toBe(200);
  });

  it('is not taken from them during their first run, despite SESSION_POLICY=interrupt', async () => {
    const pair = await startPair('chat', { AUTH_MODE: 'api-key', SESSION_POLICY: 'interrupt' });
    const own = bearer(await keyFor({ tenant: 'shop' }, pair.service));
    const gate = new Gate();
    pair.upstream.always({ does: 'reply', hold: { afterDeltas: 1, until: gate.opened } });
    const ask = (user: string): Promise<Answer> =>
      send(pair.service, `POST ${API}/chat`, {
        headers: { ...own, 'x-end-user': user },
        body: { message: `of ${user}`, session_id: 'first' },
      });
    const ada = ask('ada');
    await until('the model was called', () => pair.upstream.asked('of ada'));

    expectError(await ask('bob'), 409, 'session_busy');

    gate.open();
    expect((await ada).status).toBe(200);
    expectError(await ask('bob'), 404, 'session_not_found');
  });

  it('is listed and erased by their name', async () => {
    const own = bearer(await keyFor({ tenant: 'erasing' }));
    for (const user of ['ada', 'ada', 'bob']) {
      await send(service, `POST ${API}/chat`, { headers: { ...own, 'x-end-user': user }, body: MESSAGE });
    }
    const list = async (query: string, headers: Headers = own): Promise<string[]> => {
      const { body } = await send(service, `GET ${API}/sessions${query}`, { headers });
      return objects(body.items).map(({ end_user }) => string(end_user));
    };
    expect((await list('')).toSorted()).toEqual(['ada', 'ada', 'bob']);
    expect(await list('?end_user=ada')).toEqual(['ada', 'ada']);
    expect(await list('', { ...own, 'x-end-user': 'bob' })).toEqual(['bob']);
    expect(await list('?end_user=ada', { ...own, 'x-end-user': 'bob' })).toEqual([]);

    const erase = (headers: Headers): Promise<Answer> =>
      send(service, `DELETE ${API}/sessions?end_user=ada`, { headers });
    expect((await erase({ ...own, 'x-end-user': 'bob' })).status).toBe(204);
    expect(await list('')).toHaveLength(3);
    expect((await erase(own)).status).toBe(204);

    expect(await list('')).toEqual(['bob']);
    expectError(await send(service, `DELETE ${API}/sessions`, { headers: own }), 422, 'validation_failed');
  });

  it('is not returned to another with the same idempotency key', async () => {
    const own = { ...bearer(await keyFor({ tenant: 'shop' })), 'idempotency-key': randomUUID() };
    const ask = async (user: string): Promise<unknown> =>
      (await send(service, `POST ${API}/chat`, { headers: { ...own, 'x-end-user': user }, body: MESSAGE })).body.run_id;

    const ada = await ask('ada');

    expect(await ask('ada')).toBe(ada);
    expect(await ask('bob')).not.toBe(ada);
  });

  it('is identified by the sub of a token', async () => {
    const claims = { tenant: 'acme', scope: 'chat sessions:read' };
    const [ada, bob] = [
      bearer(await sign({ ...claims, sub: 'auth0|ada' })),
      bearer(await sign({ ...claims, sub: 'bob' })),
    ];
    const { body } = await send(tokened.service, `POST ${API}/chat`, { headers: ada, body: MESSAGE });
    const read = (headers: Headers): Promise<Answer> =>
      send(tokened.service, `GET ${API}/sessions/${string(body.session_id)}`, { headers });

    expect((await read(ada)).body.end_user).toBe('auth0|ada');
    expectError(await read(bob), 404, 'session_not_found');
  });
});

describe('credentials', () => {
  it('open a WebSocket, as a subprotocol too, and close it when they are revoked', async () => {
    for (const options of [{}, { protocols: ['rookery', forged] }]) {
      expect((await refusalOf(service, options)).status).toBe(401);
    }
    expect((await refusalOf(service, { headers: bearer(await keyFor({ scopes: ['metrics'] })) })).status).toBe(403);
    const key = await keyFor({ scopes: ['chat'] });
    const socket = await TestSocket.open(service, { protocols: ['rookery', key] });
    expect(socket.ws.protocol).toBe('rookery');
    socket.send({ type: 'chat', id: 'a', request: MESSAGE });
    await socket.frame('a', 'run.completed');
    socket.send({ type: 'subscribe', id: 'b', task_id: 'any' });
    expect(await socket.error('b')).toMatchObject({ error: 'forbidden' });

    await keys.revoke(string(key.split('_')[1]));

    expect(await socket.code()).toBe(1008);
  });

  it('end their streams when they are revoked', async () => {
    const key = await keyFor({ tenant: 'acme' });
    keyed.upstream.always({ does: 'reply', hold: { afterDeltas: 1, until: new Promise(() => undefined) } });
    const stream = await openStream(service, { message: 'long' }, { headers: bearer(key) });
    await stream.readTo('message.delta');
    keyed.upstream.clear();

    await keys.revoke(string(key.split('_')[1]));

    const revokedMs = performance.now();
    const events = await stream.rest();
    expect(performance.now() - revokedMs).toBeLessThan(5000);
    expect(events.map(({ event }) => event)).not.toContain('run.completed');
  });

  it('have their own limit', async () => {
    const [slow, other] = [bearer(await keyFor({ requestsPerMinute: 2 }, outward)), bearer(await keyFor({}, outward))];
    const ask = (headers: Headers): Promise<Answer> => send(outward, `GET ${API}/roles`, { headers });

    const first = await ask(slow);
    expect(first.headers['ratelimit-policy']).toBe('"default";q=2;w=60');
    await ask(slow);
    expectError(await ask(slow), 429, 'rate_limited');
    expect((await ask(other)).headers['ratelimit-policy']).toBe('"default";q=1000;w=60');
  });

  it('replace the check of the Host header and ALLOW_UNAUTHENTICATED', async () => {
    const headers = { ...bearer(await keyFor({}, outward)), host: 'api.example' };
    expect((await send(outward, `GET ${API}/roles`, { headers })).status).toBe(200);
    expectError(await send(outward, `GET ${API}/roles`, { headers: { host: 'api.example' } }), 401, 'unauthenticated');
  });

  it('open the documentation if DOCS_PUBLIC=false', async () => {
    const headers = bearer(await keyFor({ scopes: ['metrics'] }, outward));
    for (const path of ['/docs', '/%64ocs', '/docs/swagger-ui.css', '/openapi.json', '/openapi%2ejson']) {
      expectError(await send(outward, `GET ${path}`), 401, 'unauthenticated');
      expect((await send(outward, `GET ${path}`, { headers })).status).toBe(200);
    }
    expect((await send(outward, 'GET /health/ready')).status).toBe(200);
  });

  it('are checked with the newest keys of the issuer', async () => {
    const claims = { sub: 'ada', tenant: 'acme', scope: 'chat' };
    const ask = async (token: string): Promise<number> =>
      (await send(tokened.service, `GET ${API}/roles`, { headers: bearer(token) })).status;
    expect(await ask(await sign(claims))).toBe(200);

    await issuer.rotate();

    const next = await sign(claims);
    await until('the new key is known', async () => (await ask(next)) === 200, 8000);
  });
});

describe('keys and tokens together', () => {
  it('each go to their authenticator, also in a WebSocket', async () => {
    const { JWKS_URI: _, ...discovered } = JWT;
    const both = await startService({ ...discovered, AUTH_MODE: 'api-key,jwt' });
    const key = await keyFor({ tenant: 'machines' }, both);
    const token = await sign({ sub: 'ada', tenant: 'people', scope: 'chat' });
    const roles = (headers: Headers): Promise<Answer> => send(both, `GET ${API}/roles`, { headers });

    for (const headers of [bearer(key), { 'x-api-key': key }, bearer(token)]) {
      expect((await roles(headers)).status).toBe(200);
    }
    for (const headers of [
      {},
      bearer('nonsense'),
      bearer(forged),
      { 'x-api-key': token },
      { authorization: 'Basic YTpi' },
    ]) {
      expectError(await roles(headers), 401, 'unauthenticated');
    }
    for (const credential of [key, token]) {
      const socket = await TestSocket.open(both, { protocols: ['rookery', credential] });
      expect(socket.ws.protocol).toBe('rookery');
    }
    expect(both.output).not.toContain(token);
  });

  it('get 503 for tokens while the issuer is away; keys still work', async () => {
    const gone = await Issuer.start();
    const settings = { ...JWT, JWT_ISSUER: gone.url, JWKS_URI: gone.jwksUri, AUTH_MODE: 'api-key,jwt' };
    const both = await startService(settings);
    const token = await gone.sign({ sub: 'ada', tenant: 'people', scope: 'chat' });
    await gone.close();

    const answer = await send(both, `GET ${API}/roles`, { headers: bearer(token) });

    expectError(answer, 503, 'identity_unavailable');
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect((await send(both, `GET ${API}/roles`, { headers: bearer(await keyFor({}, both)) })).status).toBe(200);
  });
});

describe('the routes of keys', () => {
  it('create, list, rotate and revoke them', async () => {
    const headers = bearer(await keyFor({ scopes: ['admin'], tenant: 'ops' }));
    const body = { name: 'shop', tenant: 'doors', scopes: ['chat'], requests_per_minute: 60 };
    const made = await send(service, 'POST /api/v1/admin/keys', { headers, body });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ ...body, created_by: expect.stringMatching(/^key:/) });
    const roles = async (key: unknown): Promise<number> =>
      (await send(service, `GET ${API}/roles`, { headers: bearer(string(key)) })).status;
    expect(await roles(made.body.key)).toBe(200);

    const path = `/api/v1/admin/keys/${string(made.body.key_id)}`;
    const rotated = await send(service, `POST ${path}/rotate`, { headers });
    expect([await roles(made.body.key), await roles(rotated.body.key)]).toEqual([401, 200]);

    const listed = await send(service, 'GET /api/v1/admin/keys?tenant=doors', { headers });
    expect(objects(listed.body.items)).toMatchObject([{ key_id: made.body.key_id, name: 'shop' }]);
    expect(listed.text).not.toContain('"key"');

    expectError(await send(service, `DELETE ${path}?keep_tasks=yes`, { headers }), 422, 'validation_failed');
    expect((await send(service, `DELETE ${path}?keep_tasks=true`, { headers })).status).toBe(204);
    expect(await roles(rotated.body.key)).toBe(401);
    expect((await send(service, `DELETE ${path}`, { headers })).status).toBe(204);
    const audit = await send(service, 'GET /api/v1/admin/audit?tenant=doors&action=key.revoked', { headers });
    expect(objects(audit.body.items).map(({ details }) => details)).toEqual([
      { tasks_cancelled: 0 },
      { tasks_kept: 0 },
    ]);
    expectError(await send(service, `POST ${path}/rotate`, { headers, body: {} }), 404, 'not_found');
    secrets.push(string(made.body.key), string(rotated.body.key));
  });

  it.each([
    { name: '' },
    { tenant: 'a b' },
    { scopes: [] },
    { scopes: ['root'] },
    { expires_at: 'soon' },
    { expires_at: '2001-01-01T00:00:00Z' },
    { requests_per_minute: 0 },
    { more: 1 },
  ])('refuse %j', async (fault) => {
    const headers = bearer(await keyFor({ scopes: ['admin'] }));
    const body = { name: 'shop', tenant: 'acme', scopes: ['chat'], ...fault };
    expectError(await send(service, 'POST /api/v1/admin/keys', { headers, body }), 422, 'validation_failed');
  });

  it('are closed without authentication', async () => {
    const plain = await startService();
    const body = { name: 'mine', tenant: 'acme', scopes: ['admin'] };
    expectError(await send(plain, 'POST /api/v1/admin/keys', { body }), 403, 'forbidden');
  });
});

describe('the command line', () => {
  /** Runs the command in a process of its own, or the function behind it. */
  const execute = (...words: string[]) => executeCommand('main.keys.js', service.databaseUrl, ...words);
  const run = (...words: string[]) => callCommand(runKeysCommand, service.databaseUrl, ...words);
  const lastLine = (output: string): string => output.trimEnd().split('\n').at(-1) ?? '';
  const roles = async (key: string): Promise<number> =>
    (await send(service, `GET ${API}/roles`, { headers: bearer(key) })).status;

  it('creates a key that it prints last, once, and revokes it while the service runs', async () => {
    const options = ['--name', 'by hand', '--tenant', 'typed', '--scopes', 'chat,tasks', '--expires', '90d'];
    const made = await execute('create', ...options, '--requests-per-minute', '60', '--tokens-per-month', '1000');
    expect(made).toMatchObject({ exitCode: 0, errors: '' });
    const key = lastLine(made.output);
    expect(made.output.split(key)).toHaveLength(2);
    expect(await roles(key)).toBe(200);
    const id = string(key.split('_')[1]);

    const listed = await run('list', '--tenant', 'typed');
    expect(listed.output).toMatch(new RegExp(`^${id} .*by hand.*chat,tasks.*60 requests.*1000 tokens.*expires`));
    expect(listed.output).not.toContain(key.slice(-43));

    const limited = await run(
      'update',
      id,
      '--agents',
      'assistant',
      '--ip-ranges',
      '127.0.0.1',
      '--tokens-per-month',
      '',
    );
    expect(limited.output).toMatch(/agents assistant {2}from 127\.0\.0\.1/);
    expect(limited.output).not.toContain('tokens');

    const rotated = lastLine((await run('rotate', id, '--overlap', '1h')).output);
    expect([await roles(key), await roles(rotated)]).toEqual([200, 200]);

    const kept = await run('revoke', id, '--keep-tasks');
    expect(kept).toMatchObject({ exitCode: 0, errors: '', output: `${id} is revoked. Its unfinished tasks go on.\n` });
    expect((await run('revoke', id)).output).toContain('Its unfinished tasks are cancelled.');
    await until('both are refused', async () => (await roles(key)) === 401 && (await roles(rotated)) === 401, 4000);
    secrets.push(key, rotated);
  });

  it.each([
    [[], 'Usage', run],
    [['revoke', 'unknown'], 'API key "unknown" does not exist', execute],
  ])('names the fault of %j', async (words, message, start) => {
    const ended = await start(...words);
    expect(ended).toMatchObject({ exitCode: 1, output: '' });
    expect(ended.errors).toContain(message);
    expect(ended.errors).not.toMatch(/^\s+at /m);
  });

  it('creates a missing database', async () => {
    const fresh = await openKeys(`file:${service.folder}/fresh/rookery.db`);
    await fresh.keys.create({ name: 'first', tenant: 'a', scopes: ['admin'] }, 'test');
    await fresh.close();
  });
});

describe('settings', () => {
  it('prevent the start if they are invalid', () => {
    expect(() => readEnvironment({ AUTH_MODE: 'jwt' })).toThrow(/JWT_ISSUER[^]*JWT_AUDIENCE/);
  });
});

describe('the log', () => {
  it('contains no credentials', async () => {
    expect(secrets.length).toBeGreaterThan(30);
    await until('the last line is written', () => service.output.includes('/api/v1/admin/keys'));
    for (const { output } of [service, tokened.service, outward]) {
      // A key's id may be public; the part after it is secret.
      expect(secrets.filter((secret) => output.includes(secret.slice(-40)))).toEqual([]);
      expect(output).not.toMatch(/(rk|rookery)_[0-9a-f]{16}_|eyJ[\w-]+\.eyJ/);
    }
  });
});

async function keysOf(target: { readonly databaseUrl: string }): Promise<OpenKeys> {
  const open = await openKeys(target.databaseUrl);
  opened.push(open);
  return open;
}

async function keyFor(
  wanted: Partial<NewApiKey>,
  target: Target & { readonly databaseUrl: string } = service,
): Promise<string> {
  const openTarget = target === service ? { keys } : await (openTargets.get(target) ?? openOnce(target));
  const callerScopes = SCOPES.filter((scope) => scope !== 'admin');
  const { key } = await openTarget.keys.create(
    { name: 'test', tenant: 'acme', scopes: callerScopes, ...wanted },
    'test',
  );
  secrets.push(key);
  return key;
}

function cachedKey(scopes: readonly Scope[]): Promise<string> {
  const name = scopes.join();
  const known = cachedKeys.get(name) ?? keyFor({ scopes });
  cachedKeys.set(name, known);
  return known;
}

function openOnce(target: Target & { readonly databaseUrl: string }): Promise<OpenKeys> {
  const openTarget = keysOf(target);
  openTargets.set(target, openTarget);
  return openTarget;
}

async function sign(claims: Parameters<Issuer['sign']>[0]): Promise<string> {
  const token = await issuer.sign(claims);
  secrets.push(token);
  return token;
}

function bearer(key: string): Headers {
  return { authorization: `Bearer ${key}` };
}

/** Creates a session, a stream's run and a task of that caller. */
async function makeAll({ service: target }: Pair, headers: Headers): Promise<Record<string, string>> {
  const stream = await openStream(target, MESSAGE, { headers });
  const started = (await stream.rest())[0]?.data;
  const task = await send(target, `POST ${API}/tasks`, { headers, body: MESSAGE });
  expect(task.status).toBe(202);
  return {
    session_id: string(started?.session_id),
    run_id: string(started?.run_id),
    task_id: string(task.body.task_id),
  };
}

/** The scopes that suffice as well. */
function alternativesOf({ path }: Route): readonly Scope[] {
  if (path.endsWith('/agent/approvals')) return ['chat', 'tasks'];
  return path.includes('/approvals/') ? ['approvals'] : [];
}

function scopeOf({ tag, method, path }: Route): Scope {
  if (path.endsWith('/agent/approvals')) return 'approvals';
  if (path.endsWith('/admin/budgets')) return 'admin';
  switch (tag) {
    case 'Chat':
    case 'Chat completions':
    case 'Models':
    case 'Runs':
      return 'chat';
    case 'Responses':
      return method === 'DELETE' ? 'sessions:write' : 'chat';
    case 'Conversations':
      if (path.endsWith('/conversations')) return 'chat';
      return method === 'GET' ? 'sessions:read' : 'sessions:write';
    case 'Tasks':
      return 'tasks';
    case 'Sessions':
      return method === 'GET' ? 'sessions:read' : 'sessions:write';
    case 'Privacy':
      if (path.startsWith('/api/v1/admin/')) return 'admin';
      return method === 'GET' ? 'sessions:read' : 'sessions:write';
    case 'Usage':
      return 'usage:read';
    case 'Keys':
    case 'Audit':
    case 'Releases':
    case 'Switches':
      return 'admin';
    default:
      throw new Error(`The test does not know the scope of ${method} ${path} (${tag}).`);
  }
}

/** Whether the path names a row of a tenant. Keys of the operator, tenants and end users do not count. */
function isOfTenant({ path, tag }: Route): boolean {
  return path.includes('{') && tag !== 'Keys' && !/\{(tenant|end_user)\}/.test(path);
}

function notFoundOf({ path }: Route): string {
  const name = /\{(session|run|task)_id\}/.exec(path)?.[1];
  return name === undefined ? 'not_found' : `${name}_not_found`;
}
