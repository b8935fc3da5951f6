import { randomInt, randomUUID } from 'node:crypto';
import { openKeys, SCOPES, type Scope } from '../src/index.js';
import { send, type Answer } from './support/client.js';
import { expectError, expectRetryAfter } from './support/expect-error.js';
import { string, type Json } from './support/json.js';
import { call, routesOf } from './support/routes.js';
import { API_KEY, removeServices, startPair } from './support/service.js';
import { until } from './support/until.js';

// The OWASP API Security Top 10 of 2023, item by item. What other files test at length is here once, under its name.
const API = '/api/v1/agent';
const WEBHOOK_SECRET = `whsec_${Buffer.from('planted-webhook-secret-0123456789').toString('base64')}`;
const SAID = 'planted-message-7b1f';
const FAILURES = 5;
const KEY_ID = '0f1e2d3c4b5a6978';

const { service, upstream } = await startPair('chat', {
  AUTH_MODE: 'api-key',
  AUTH_FAILURE_LIMIT: String(FAILURES),
  DOCS_PUBLIC: 'false',
  TRUST_PROXY: '127.0.0.1',
  WEBHOOK_SECRET,
  TASK_CONCURRENCY_PER_CALLER: '1',
  LOG_LEVEL: 'trace',
});
const opened = await openKeys(service.databaseUrl);
/** All that proves somebody, and all that nobody but the callers should read. */
const planted = [API_KEY, WEBHOOK_SECRET, WEBHOOK_SECRET.slice('whsec_'.length), SAID];
const operator = await keyFor('operators', SCOPES);
const [ada, eve] = [await keyFor('acme', ordinary()), await keyFor('other', ordinary())];
const routes = await routesOf(service, operator);
const bodies: string[] = [];

afterAll(async () => {
  await opened.close();
  await removeServices();
});

beforeEach(() => upstream.clear());

function ordinary(): Scope[] {
  return SCOPES.filter((scope) => scope !== 'admin');
}

async function keyFor(tenant: string, scopes: readonly Scope[]): Promise<Record<string, string>> {
  const { key } = await opened.keys.create({ name: 'k', tenant, scopes }, 'test');
  planted.push(key, key.slice('rk_'.length + KEY_ID.length + '_'.length));
  return { authorization: `Bearer ${key}` };
}

async function ask(what: string, headers: Record<string, string>, body?: unknown): Promise<Answer> {
  const answer = await send(service, what, { headers, ...(body === undefined ? {} : { body }) });
  bodies.push(answer.text);
  return answer;
}

const chatAs = (who: Record<string, string>, body: Json) => ask(`POST ${API}/chat`, who, body);

describe('API1:2023 Broken Object Level Authorization', () => {
  it("finds nothing of another tenant's or another end user's, by whatever route", async () => {
    const [sessionId, user] = [randomUUID(), { 'x-end-user': 'ada' }];
    const { body } = await chatAs({ ...ada, ...user }, { message: SAID, session_id: sessionId });
    const { body: task } = await ask(`POST ${API}/tasks`, { ...ada, ...user }, { message: SAID });
    const ids = { session_id: sessionId, run_id: string(body.run_id), task_id: string(task.task_id) };
    const byId = routes.filter(({ path }) => /\{(session|run|task)_id\}/.test(path) && !path.includes('admin'));
    expect(byId.length).toBeGreaterThan(8);
    for (const route of byId) {
      for (const stranger of [eve, { ...ada, 'x-end-user': 'bob' }]) {
        expect((await call(service, route, stranger, ids)).status).toBe(404);
      }
    }
  });
});

describe('API2:2023 Broken Authentication', () => {
  it('is tried so often from an address and no more, while good keys go on working', async () => {
    const from = { 'x-forwarded-for': `203.0.113.${randomInt(256)}` };
    const forged = { ...from, authorization: `Bearer rk_${'0'.repeat(16)}_${'A'.repeat(43)}` };
    const answers: Answer[] = [];
    for (let count = 0; count < FAILURES + 2; count++) answers.push(await ask(`GET ${API}/roles`, forged));
    answers.slice(0, FAILURES).forEach((answer) => expectError(answer, 401, 'unauthenticated'));
    for (const answer of answers.slice(FAILURES)) {
      expectError(answer, 429, 'rate_limited');
      expectRetryAfter(answer);
    }
    expectError(await ask('GET /openapi.json', forged), 429, 'rate_limited');
    expect((await ask(`GET ${API}/roles`, { ...from, ...ada })).status).toBe(200);
  });
});

describe('API3:2023 Broken Object Property Level Authorization', () => {
  it.each(['tenant', 'end_user', 'status', 'tokens_used', 'run_id', 'scopes', 'model', 'attempt'])(
    'takes no %s from a caller',
    async (field) => {
      expectError(await chatAs(ada, { message: 'hello', [field]: 'x' }), 422, 'validation_failed');
      expectError(await ask(`POST ${API}/tasks`, ada, { message: 'hello', [field]: 'x' }), 422, 'validation_failed');
    },
  );
});

describe('API4:2023 Unrestricted Resource Consumption', () => {
  it('is bounded: bodies, depth, lists, pages, the length of what is said', async () => {
    expectError(await chatAs(ada, { message: 'x'.repeat(300_000) }), 413, 'payload_too_large');
    const deep = `{"message":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    const headers = { ...ada, 'content-type': 'application/json' };
    expect([400, 422]).toContain((await ask(`POST ${API}/chat`, headers, Buffer.from(deep))).status);
    expectError(await chatAs(ada, { message: 'x'.repeat(4001) }), 422, 'validation_failed');
    expectError(await ask(`GET ${API}/sessions?limit=101`, ada), 422, 'validation_failed');
    const input = Array.from({ length: 21 }, () => ({ type: 'text', text: 'x' }));
    expectError(await ask('POST /api/v2/agent/chat', ada, { input }), 422, 'validation_failed');
  });
});

describe('API5:2023 Broken Function Level Authorization', () => {
  it("keeps the operator's routes for the operator, and other tenants from those who name one", async () => {
    const admin = routes.filter(({ path }) => path.startsWith('/api/v1/admin/'));
    expect(admin.length).toBeGreaterThan(5);
    for (const route of admin) expectError(await call(service, route, ada), 403, 'forbidden');
    expectError(await ask(`GET ${API}/sessions?tenant=other`, ada), 403, 'forbidden');
    const disguised = { ...ada, 'x-http-method-override': 'DELETE' };
    expect((await ask(`GET ${API}/sessions/none`, disguised)).body.error).toBe('session_not_found');
  });
});

describe('API6:2023 Unrestricted Access to Sensitive Business Flows', () => {
  it('runs once what is asked twice, and pays once', async () => {
    const headers = { ...ada, 'idempotency-key': randomUUID() };
    const answers = [await chatAs(headers, { message: 'once' }), await chatAs(headers, { message: 'once' })];
    expect(new Set(answers.map(({ body }) => body.run_id)).size).toBe(1);
    expect(upstream.requests).toHaveLength(1);
  });
});

describe('API7:2023 Server Side Request Forgery', () => {
  it.each([
    'http://example.com/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://10.0.0.1/',
    'https://localhost./',
    'https://redis/',
    'https://metadata.google.internal/',
    'https://user:password@example.com/',
    'file:///etc/passwd',
  ])('refuses to be sent to %s', async (webhook_url) => {
    expectError(await ask(`POST ${API}/tasks`, ada, { message: 'hello', webhook_url }), 422, 'validation_failed');
  });

  it('leaves images to the provider, and takes none that it might fetch from here', async () => {
    for (const url of ['http://127.0.0.1/a.png', 'file:///etc/passwd', 'ftp://example.com/a.png']) {
      const input = [{ type: 'image_url', url }];
      expectError(await ask('POST /api/v2/agent/chat', ada, { input }), 422, 'validation_failed');
    }
  });
});

describe('API8:2023 Security Misconfiguration', () => {
  it('says nothing of its inside, and lets no page in that it was not told of', async () => {
    upstream.next({ does: 'refuse', status: 500 }, { does: 'refuse', status: 500 }, { does: 'refuse', status: 500 });
    const failed = await chatAs({ ...ada, origin: 'https://evil.example' }, { message: 'hello' });
    expect(failed.status).toBe(502);
    expect(failed.text).not.toMatch(/ at |node_modules|\.js:/);
    expect(failed.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    expect(failed.headers['access-control-allow-origin']).toBeUndefined();
    expect(failed.headers['x-powered-by']).toBeUndefined();
    for (const method of ['TRACE', 'PUT', 'PATCH']) {
      expect([400, 404, 405]).toContain((await ask(`${method} ${API}/chat`, ada)).status);
    }
  });
});

describe('API9:2023 Improper Inventory Management', () => {
  it('has no route beside those of the document, nor a version that nobody knows', async () => {
    for (const path of [
      '/api/v0/agent/chat',
      '/api/v3/agent/chat',
      '/api/agent/chat',
      '/admin',
      '/debug',
      '/metrics/x',
    ]) {
      expectError(await ask(`GET ${path}`, operator), 404, 'not_found');
    }
    for (const { method, path } of routes.filter((route) => route.isClosed)) {
      const filled = path.replace(/\{\w+\}/g, 'unknown');
      expect((await ask(`${method} ${filled}`, {})).status).toBeGreaterThanOrEqual(401);
    }
  });
});

describe('API10:2023 Unsafe Consumption of APIs', () => {
  it('follows no redirect with its key, and believes no answer that is none', async () => {
    const location = `${upstream.url}/elsewhere`;
    upstream.next({ does: 'refuse', status: 307, headers: { location } });
    expect((await chatAs(ada, { message: 'hello' })).status).toBe(502);
    expect(upstream.requests.map(({ path }) => path).filter((path) => path.includes('elsewhere'))).toEqual([]);
  });
});

describe('what is secret', () => {
  it('is in no log, at the chattiest level, and in no answer but to whoever said it', async () => {
    await until('the log has been written', () => service.logs.some(({ msg }) => msg === 'run finished'));
    const answers = bodies.join('\n');
    for (const secret of planted) {
      expect(service.output).not.toContain(secret);
      if (secret !== SAID) expect(answers).not.toContain(secret);
    }
  });
});
